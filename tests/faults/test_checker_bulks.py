"""The checker bites into bulks too: see test_checker.py."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.identifiers import encode
from tests.faults.book import KeyRow
from tests.faults.bulks import BULK, NOWHERE, create
from tests.faults.case import Case
from tests.faults.cases import AGENT, good, happen, ticket_row, wanted
from tests.faults.invariants import check
from tests.faults.ledger import Answer, Call, digest_of


def good_bulks() -> Case:
    """As `good`, and three bulks: two tickets and one item that must be refused, two tickets or nothing, and one with things done."""
    case = good()
    bad = create({**wanted("bad"), "queue": NOWHERE})
    _bulk(case, "many", [create(wanted("m0")), bad, create(wanted("m1"))], {0: 3, 2: 4})
    _bulk(case, "whole", [create(wanted("w0")), create(wanted("w1"))], {0: 5, 1: 6}, atomic=True)
    about = {"id": "ext:ext-d0"}
    things = [
        create(wanted("d0")),
        {"operation": "update", **about, "changes": {"subject": "Diubah d0"}},
        {"operation": "assign", **about, "agent_id": encode("agt", AGENT)},
        {"operation": "resolve", **about},
        {"operation": "close", **about},
    ]
    _bulk(case, "done", things, dict.fromkeys((0, 1, 3, 4), 7))
    for kind in ("ticket.resolved", "ticket.closed"):
        happen(case, kind, batch=_batch("done"), ticket=id_of(7).hex())
    case.book.tickets = [*case.book.tickets[:-1], replace(case.book.tickets[-1], subject="Diubah d0", status="closed")]
    refused = Call(8, "never", "POST", BULK, {"items": [create(wanted("n0")), bad], "atomic": True}, [0.5], [])
    refused.answers.append(Answer(422, 1.0, {"code": "unknown_reference"}, "r"))
    case.calls = [*case.calls, refused]
    return case


def _bulk(case: Case, key: str, items: list[Any], made: dict[int, int], *, atomic: bool = False) -> None:
    """A bulk and its answer; `made` has the number of the ticket that each item that was done is about."""
    results: list[dict[str, Any]] = []
    for place, item in enumerate(items):
        if place not in made:
            code, status = ("agent_at_capacity", 409) if item["operation"] == "assign" else ("unknown_reference", 422)
            results.append({"index": place, "status": status, "code": code})
            continue
        number, new = made[place], item["operation"] == "create"
        ticket = {"id": encode("tkt", id_of(number)), "number": number, "version": 1}
        results.append({"index": place, "status": 201 if new else 200, "ticket": ticket})
        if new:
            token = item["ticket"]["metadata"]["token"]
            case.book.tickets = [*case.book.tickets, ticket_row(id_of(number), number, token, "closed")]
            case.book.last_number = number
            happen(case, "ticket.created", batch=_batch(key), ticket=id_of(number).hex())
    said = key.encode()
    answer = Answer(200, 1.0, {"results": results}, digest_of(said))
    case.calls = [*case.calls, Call(len(case.calls) + 1, key, "POST", BULK, {"items": items, "atomic": atomic}, [0.5], [answer])]
    case.book.keys = [*case.book.keys, KeyRow(key, 200, None, said)]


def id_of(number: int) -> bytes:
    return bytes([number]) * 16


def _batch(key: str) -> bytes:
    return key.encode().ljust(16)


def _without(case: Case, *numbers: int) -> None:
    """The tickets were never made."""
    case.book.tickets = [ticket for ticket in case.book.tickets if ticket.number not in numbers]
    case.book.last_number = max(ticket.number for ticket in case.book.tickets)


def _called(case: Case, key: str) -> Call:
    return next(call for call in case.calls if call.key == key)


def _results(case: Case, key: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = _called(case, key).answers[0].body["results"]
    return results


def item_lost(case: Case) -> None:
    _without(case, 4)


def item_doubled(case: Case) -> None:
    case.book.tickets = [*case.book.tickets, replace(case.book.tickets[3], id=b"8" * 16, number=8, external_id=None)]
    case.book.last_number = 8


def item_with_another_text(case: Case) -> None:
    case.book.tickets = [replace(one, subject="Tagihan w0") if one.number == 6 else one for one in case.book.tickets]


def item_without_its_external_id(case: Case) -> None:
    case.book.tickets = [replace(one, external_id=None) if one.number == 6 else one for one in case.book.tickets]


def item_with_another_number(case: Case) -> None:
    _results(case, "whole")[1]["ticket"]["number"] = 5


def _unanswered(case: Case, key: str) -> None:
    _called(case, key).answers[:] = [Answer(None, 1.0)]
    case.settled = False


def half_an_atomic_bulk(case: Case) -> None:
    _unanswered(case, "whole")
    _without(case, 6)


def half_a_bulk(case: Case) -> None:
    _unanswered(case, "many")
    _without(case, 3)


def refused_bulk_left_something(case: Case) -> None:
    case.book.tickets = [*case.book.tickets, ticket_row(id_of(8), 8, "n0", "closed")]
    case.book.last_number = 8


def unanswered_bulk_that_must_be_refused_left_something(case: Case) -> None:
    _unanswered(case, "never")
    refused_bulk_left_something(case)


def refused_item_is_there(case: Case) -> None:
    case.book.tickets = [*case.book.tickets, ticket_row(id_of(8), 8, "bad", "closed")]
    case.book.last_number = 8


def refused_item_was_accepted(case: Case) -> None:
    _results(case, "many")[1] = {"index": 1, "status": 201, "ticket": dict(_results(case, "many")[0]["ticket"])}


def atomic_bulk_with_a_bad_item_was_accepted(case: Case) -> None:
    _called(case, "many").body["atomic"] = True


def good_bulk_refused(case: Case) -> None:
    _called(case, "whole").answers.append(Answer(409, 3.0, {"code": "x"}, "x"))


def good_item_refused(case: Case) -> None:
    _results(case, "done")[3] = {"index": 3, "status": 409, "code": "ticket_wrong_state"}


def doubtful_item_refused_for_no_reason(case: Case) -> None:
    _results(case, "done")[2]["status"] = 422


def bad_item_is_our_bug(case: Case) -> None:
    _results(case, "many")[1] = {"index": 1, "status": 500, "code": "internal_error"}


def atomic_bulk_refused_for_another_reason(case: Case) -> None:
    _called(case, "never").answers[:] = [Answer(401, 1.0, {"code": "unauthorized"}, "r")]


def results_in_another_order(case: Case) -> None:
    _results(case, "whole").reverse()


def results_renumbered_in_another_order(case: Case) -> None:
    first, second = _results(case, "whole")
    first["ticket"], second["ticket"] = second["ticket"], first["ticket"]


def result_missing(case: Case) -> None:
    _results(case, "whole").pop()


def result_about_another_ticket(case: Case) -> None:
    _results(case, "done")[3]["ticket"] = dict(_results(case, "whole")[0]["ticket"])


def _undone(case: Case, kind: str) -> None:
    case.book.events = [replace(event, type="ticket.updated") if event.type == kind else event for event in case.book.events]
    case.feed = [(event.seq, encode("evt", event.id), event.type) for event in case.book.events]


def resolving_item_lost(case: Case) -> None:
    _undone(case, "ticket.resolved")


def closing_item_lost(case: Case) -> None:
    _undone(case, "ticket.closed")


def assigning_item_lost(case: Case) -> None:
    _results(case, "done")[2] = {"index": 2, "status": 200, "ticket": dict(_results(case, "done")[0]["ticket"])}


def updating_item_lost(case: Case) -> None:
    case.book.tickets = [replace(one, subject="Tagihan d0") if one.number == 7 else one for one in case.book.tickets]


def bulk_in_two_transactions(case: Case) -> None:
    case.book.events = [
        replace(event, batch=b"Z" * 16) if event.data.get("ticket") == id_of(6).hex() else event for event in case.book.events
    ]


def numbers_against_the_order_of_items(case: Case) -> None:
    swapped = {3: 4, 4: 3}
    case.book.tickets = [replace(one, number=swapped.get(one.number, one.number)) for one in case.book.tickets]
    for result in _results(case, "many"):
        if "ticket" in result:
            result["ticket"]["number"] = swapped[result["ticket"]["number"]]


def bulk_with_two_answers(case: Case) -> None:
    _called(case, "whole").answers.append(replace(_called(case, "whole").answers[0], digest="another"))


def bulk_whose_answer_is_not_stored(case: Case) -> None:
    case.book.keys = [row for row in case.book.keys if row.key != "many"]


def accepted_and_refused(case: Case) -> None:
    _called(case, "never").answers.append(Answer(200, 2.0, {"results": []}, "d"))


def bulk_from_elsewhere(case: Case) -> None:
    case.calls = [call for call in case.calls if call.key != "whole"]


def bulk_never_settled(case: Case) -> None:
    _called(case, "whole").answers[:] = [Answer(503, 1.0)]


BROKEN_BULKS = {
    "I1 nothing lost": [
        item_lost, item_doubled, item_with_another_text, item_without_its_external_id, item_with_another_number,
        half_an_atomic_bulk, half_a_bulk, refused_bulk_left_something, unanswered_bulk_that_must_be_refused_left_something,
        refused_item_is_there, refused_item_was_accepted, atomic_bulk_with_a_bad_item_was_accepted, good_bulk_refused,
        good_item_refused, doubtful_item_refused_for_no_reason, bad_item_is_our_bug, atomic_bulk_refused_for_another_reason, results_in_another_order, results_renumbered_in_another_order,
        result_missing, result_about_another_ticket, resolving_item_lost, closing_item_lost, assigning_item_lost,
        updating_item_lost,
    ],
    "I4 feed is whole": [bulk_in_two_transactions, numbers_against_the_order_of_items],
    "I6 same key, same answer": [bulk_with_two_answers, bulk_whose_answer_is_not_stored, accepted_and_refused],
    "I7 own rows only": [bulk_from_elsewhere],
    "I8 heals itself": [bulk_never_settled],
}  # fmt: skip
EACH_BULK = [pytest.param(name, doctor, id=doctor.__name__) for name, doctors in BROKEN_BULKS.items() for doctor in doctors]


def test_a_good_case_with_bulks_passes() -> None:
    assert check(good_bulks()) == []


@pytest.mark.parametrize(("invariant", "doctor"), EACH_BULK)
def test_a_doctored_bulk_is_found(invariant: str, doctor: Callable[[Case], None]) -> None:
    case = good_bulks()
    doctor(case)
    assert invariant in {violation.invariant for violation in check(case)}


def test_an_unknown_bulk_may_have_happened_whole_or_not_at_all() -> None:
    for happened in (True, False):
        case = good_bulks()
        _unanswered(case, "done")
        if not happened:
            _without(case, 7)
            case.book.keys = [row for row in case.book.keys if row.key != "done"]
        assert check(case) == []
