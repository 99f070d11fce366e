"""The checker bites: a good case passes, and each doctored one is found for what it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.identifiers import encode
from tests.faults.book import KeyRow
from tests.faults.case import Case
from tests.faults.cases import AGENT, FIRST, NOW, OTHER, SECOND, call_of, good, happen, ticket_row, wanted
from tests.faults.invariants import SKIPPED, check, idle
from tests.faults.ledger import Answer, Call, Ledger


def lost(case: Case) -> None:
    case.book.tickets = case.book.tickets[:1]
    case.book.last_number = 1


def doubled(case: Case) -> None:
    case.book.tickets = [*case.book.tickets, replace(case.book.tickets[1], id=b"3" * 16, number=3, external_id=None)]
    case.book.last_number = 3


def other_text(case: Case) -> None:
    case.book.tickets = [replace(case.book.tickets[0], subject="Something else"), case.book.tickets[1]]


def effect_lost(case: Case) -> None:
    answer = Answer(200, 2.0, {"id": encode("tkt", FIRST), "version": 2}, "d")
    case.calls = [*case.calls, Call(3, "key-3", "POST", f"/v1/tickets/{encode('tkt', FIRST)}/resolve", {}, [1.5], [answer])]
    case.book.keys = [*case.book.keys, KeyRow("key-3", 200, FIRST, b"d")]


def good_ticket_refused(case: Case) -> None:
    case.calls[0].answers.append(Answer(422, 3.0, {"code": "invalid_body"}, "x"))


def our_bug(case: Case) -> None:
    case.calls[0].answers.append(Answer(500, 3.0, {"code": "internal_error"}, "x"))


def never_settled(case: Case) -> None:
    case.calls = [
        *case.calls,
        Call(9, "key-9", "POST", "/v1/tickets", wanted("nine"), [1.0], [Answer(503, 1.0)]),
    ]


def two_open(case: Case) -> None:
    case.book.assignments = [*case.book.assignments, replace(case.book.assignments[0], id=b"H" * 16, agent=OTHER, started=901)]


def two_owners_in_the_log(case: Case) -> None:
    happen(case, "ticket.assigned", ticket=FIRST.hex(), agent=OTHER.hex(), assignment="h", how="by_hand", forced=True)


def overlapping(case: Case) -> None:
    before = replace(case.book.assignments[0], id=b"H" * 16, agent=OTHER, started=800, ended=905)
    case.book.assignments = [before, *case.book.assignments]


def owner_without_assignment(case: Case) -> None:
    case.book.assignments = []
    case.book.agents = [replace(case.book.agents[0], load=1), case.book.agents[1]]


def accepted_twice(case: Case) -> None:
    for _ in range(2):
        happen(case, "offer.accepted", offer=(b"P" * 16).hex(), ticket=SECOND.hex(), agent=AGENT.hex())


def load_too_small(case: Case) -> None:
    case.book.agents = [replace(case.book.agents[0], load=1), case.book.agents[1]]


def above_capacity(case: Case) -> None:
    case.book.agents = [replace(case.book.agents[0], capacity=1), case.book.agents[1]]


def above_capacity_for_a_moment(case: Case) -> None:
    happen(case, "ticket.assigned", ticket="33", agent=OTHER.hex(), assignment="h", how="routed")
    happen(case, "ticket.resolved", ticket="33", agent=OTHER.hex())


def gap(case: Case) -> None:
    events = list(case.book.events)
    del events[2]
    case.book.events = events


def last_event_lost(case: Case) -> None:
    case.book.events = case.book.events[:-1]
    case.feed = (case.feed or [])[:-1]


def out_of_order_in_time(case: Case) -> None:
    case.book.events = [*case.book.events[:-1], replace(case.book.events[-1], at=1)]


def feed_misses_one(case: Case) -> None:
    feed = list(case.feed or [])
    case.feed = feed[:3] + feed[4:]


def feed_repeats_one(case: Case) -> None:
    feed = list(case.feed or [])
    case.feed = [*feed[:3], *feed[2:]]


def batch_in_two_pieces(case: Case) -> None:
    events = list(case.book.events)
    events[3] = replace(events[3], batch=b"Z" * 16)
    case.book.events = events


def number_twice(case: Case) -> None:
    case.book.tickets = [case.book.tickets[0], replace(case.book.tickets[1], number=1)]


def step_twice(case: Case) -> None:
    happen(case, "sla.warned", ticket=FIRST.hex(), metric="resolution", step=1, late_ms=40)


def step_early(case: Case) -> None:
    happen(case, "sla.breached", ticket=FIRST.hex(), metric="resolution", step=2, late_ms=-1)


def step_very_late(case: Case) -> None:
    happen(case, "sla.breached", ticket=FIRST.hex(), metric="resolution", step=2, late_ms=60_000)


def step_never(case: Case) -> None:
    case.book.timers = [replace(case.book.timers[0], next=NOW - 60_000)]


def offer_never_ends(case: Case) -> None:
    case.book.offers = [replace(case.book.offers[0], expires=NOW - 60_000)]


def offer_ends_twice(case: Case) -> None:
    for kind in ("offer.expired", "offer.withdrawn"):
        happen(case, kind, offer=(b"P" * 16).hex(), ticket=SECOND.hex(), agent=AGENT.hex())


def another_answer(case: Case) -> None:
    case.calls[0].answers.append(replace(case.calls[0].answers[0], digest="another"))


def another_answer_is_stored(case: Case) -> None:
    case.book.keys = [replace(case.book.keys[0], body=b"another"), case.book.keys[1]]


def external_id_twice(case: Case) -> None:
    case.book.tickets = [case.book.tickets[0], replace(case.book.tickets[1], external_id="ext-one")]


def from_elsewhere(case: Case) -> None:
    case.book.tickets = [*case.book.tickets, ticket_row(b"3" * 16, 3, "of another workspace", "resolved")]
    case.book.last_number = 3


def waits_for_nothing(case: Case) -> None:
    case.book.tickets = [*case.book.tickets, ticket_row(b"3" * 16, 3, "three", "waiting")]
    case.book.last_number = 3
    case.calls = [*case.calls, call_of(3, "three", b"3" * 16, b"third")]
    case.book.keys = [*case.book.keys, KeyRow("key-three", 201, b"3" * 16, b"third")]
    case.book.agents = [case.book.agents[0], replace(case.book.agents[1], capacity=1)]


BROKEN = {
    "I1 nothing lost": [lost, doubled, other_text, effect_lost, good_ticket_refused, our_bug],
    "I2 one owner": [two_open, two_owners_in_the_log, overlapping, owner_without_assignment, accepted_twice],
    "I3 load is true": [load_too_small, above_capacity, above_capacity_for_a_moment],
    "I4 feed is whole": [
        gap, last_event_lost, out_of_order_in_time, feed_misses_one, feed_repeats_one, batch_in_two_pieces, number_twice,
    ],
    "I5 each step once": [step_twice, step_early, step_very_late, step_never, offer_never_ends, offer_ends_twice],
    "I6 same key, same answer": [another_answer, another_answer_is_stored, external_id_twice],
    "I7 own rows only": [from_elsewhere],
    "I8 heals itself": [never_settled],
    "I10 nobody waits for nothing": [waits_for_nothing],
}  # fmt: skip
EACH = [pytest.param(name, doctor, id=doctor.__name__) for name, doctors in BROKEN.items() for doctor in doctors]


def test_a_good_case_passes() -> None:
    assert check(good()) == []


@pytest.mark.parametrize(("invariant", "doctor"), EACH)
def test_a_doctored_case_is_found(invariant: str, doctor: Callable[[Case], None]) -> None:
    case = good()
    doctor(case)
    assert invariant in {violation.invariant for violation in check(case)}


def test_what_a_fault_excuses_passes() -> None:
    case = good()
    above_capacity(case)
    case.lowered = frozenset({AGENT})
    happen(case, "sla.breached", ticket=FIRST.hex(), metric="resolution", step=2, late_ms=60_000)
    case.outage_ms = 60_000
    assert check(case) == []


def test_only_what_stands_behind_many_that_were_declined_is_left_to_the_sweep() -> None:
    for declined, behind in ((SKIPPED - 1, False), (SKIPPED, True)):
        case = good()
        waits_for_nothing(case)
        last = case.book.tickets[-1]
        before = [replace(last, id=bytes([n]) * 16, number=n, declined=(OTHER,)) for n in range(100, 100 + declined)]
        case.book.tickets = [*case.book.tickets[:-1], *before, replace(last, number=200)]
        assert list(idle(case.book)) == [(200, OTHER, behind)]


def test_an_unknown_call_may_have_happened_once_or_not_at_all() -> None:
    for happened in (True, False):
        case = good()
        case.settled = False
        case.calls[1].answers[:] = [Answer(None, 1.0)]
        if not happened:
            lost(case)
            case.book.offers, case.book.keys = [], case.book.keys[:1]
            case.book.agents = [replace(case.book.agents[0], load=1), case.book.agents[1]]
        assert check(case) == []


def test_the_ledger_outlives_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    with Ledger(path) as ledger:
        call = ledger.begin("k", "POST", "/v1/tickets", {"subject": "é", "metadata": {"token": "t"}})
        ledger.sent(call)
        ledger.answered(call, Answer(None, 1.0))
        ledger.sent(call)
        ledger.answered(call, Answer(201, 2.0, {"id": "tkt_1"}, "d"))
        ledger.sent(ledger.begin("late", "POST", "/v1/tickets", {}))
    with path.open("ab") as file:
        file.write(b'{"n":3,"key":"torn')
    first, late = Ledger.read(path)
    assert (first.settled, first.settled_by_repeating, first.accepted) == (True, True, [Answer(201, 2.0, {"id": "tkt_1"}, "d")])
    assert (late.settled, [answer.status for answer in late.answers]) == (False, [None])
