"""The parts of the play, without servers: who works on what, what is sent again, and whether the books are compared."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from examples.demo import api as calls
from examples.demo.api import Api, RefusedError
from examples.demo.checks import differences
from examples.demo.clock import SandboxClock
from examples.demo.floor import Floor
from examples.demo.incidents import Incident, read_day
from examples.demo.ledger import Case, Happened, Ledger
from examples.demo.people import handling_minutes

INCIDENT = read_day(first=1)[0]
Planned = list[tuple[int, str, int]]


def case(name: str, *, priority: str = "medium", incident: Incident = INCIDENT) -> Case:
    return Case(replace(incident, external_id=name), name, priority, "general", priority)


@pytest.fixture
def planned() -> Planned:
    return []


@pytest.fixture
def floor(planned: Planned) -> Floor:
    return Floor(
        plan_answer=lambda _minute, _case, _spell: None,
        plan_resolve=lambda minute, case, spell: planned.append((minute, case.id, spell)),
    )


def test_an_agent_works_on_one_ticket_after_the_other_the_most_pressing_first(floor: Floor, planned: Planned) -> None:
    first, second, third = case("first"), case("second"), case("third", priority="urgent")
    for number, ticket in enumerate((first, second, third)):
        floor.give(ticket, "ani", number)
    assert [name for _, name, _ in planned] == ["first"]
    floor.take(first, 100)
    floor.take(third, 200)
    assert [name for _, name, _ in planned] == ["first", "third", "second"]
    assert planned[1][0] >= 100 + handling_minutes(third.incident, 1)


def test_a_ticket_is_resolved_after_it_was_answered(floor: Floor, planned: Planned) -> None:
    for number in range(50):
        ticket = case(f"ticket-{number}")
        floor.give(ticket, f"agent-{number}", 0)
        assert planned[-1][0] > ticket.answer_at > 0


def test_who_loses_a_ticket_goes_on_with_the_next_and_what_was_planned_is_void(floor: Floor, planned: Planned) -> None:
    first, second = case("first"), case("second")
    floor.give(first, "ani", 0)
    floor.give(second, "ani", 0)
    floor.give(first, "budi", 30)
    assert first.owner == "budi"
    assert first.spell == 2
    assert [(name, spell) for _, name, spell in planned] == [("first", 1), ("second", 1), ("first", 2)]


def serve(handler: Callable[[httpx.Request], httpx.Response], monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setattr(calls, "PAUSE_SECONDS", 0)
    return Api("http://giliran", "glr_test_key", transport=httpx.MockTransport(handler))


def test_what_has_a_key_is_sent_again_until_the_api_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [None, httpx.Response(503, headers={"Retry-After": "0"}), httpx.Response(201, json={"id": "tkt_1"})]

    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["Idempotency-Key"] == "arrival-1"
        answer = answers.pop(0)
        if answer is None:
            raise httpx.ConnectError("away")
        return answer

    assert serve(handler, monkeypatch).post("/tickets", {}, key="arrival-1") == {"id": "tkt_1"}


def test_what_has_no_key_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return httpx.Response(503, json={"code": "overloaded", "detail": "Too much."})

    with pytest.raises(RefusedError, match=r"POST /v1/sandbox/clock/advance → 503 overloaded: Too much\."):
        serve(handler, monkeypatch).post("/sandbox/clock/advance", {"seconds": 1})
    assert sent == ["/v1/sandbox/clock/advance"]


def test_the_play_begins_on_the_next_monday_in_jakarta(monkeypatch: pytest.MonkeyPatch) -> None:
    api = serve(lambda _: httpx.Response(200, json={"now": "2026-11-29T17:30:00.000Z"}), monkeypatch)
    clock = SandboxClock(api)
    assert clock.monday.isoformat() == "2026-12-07T00:00:00+07:00"
    assert clock.minute_of(clock.at(61)) == 61


def books() -> tuple[Ledger, dict[str, Any], list[dict[str, Any]]]:
    """One ticket that was answered too late, as ledger, report and list of tickets; all agree."""
    ticket = case("one")
    ticket.resolved = True
    for kind, data in (
        ("sla.breached", {"metric": "first_response"}),
        ("ticket.assigned", {"agent_id": "agt_ani"}),
        ("sla.met", {"metric": "first_response"}),
        ("sla.met", {"metric": "resolution"}),
    ):
        ticket.history.append(Happened(0, kind, data))
    report = {
        "queues": [{"queue": "general", "received": 1, "assigned": 1, "waiting": 0, "escalated": 0, "resolved": 1}],
        "promises": [
            {"priority": "medium", "metric": "first_response", "met": 0, "broken": 1},
            {"priority": "medium", "metric": "resolution", "met": 1, "broken": 0},
        ],
    }
    listed = {"id": "one", "external_id": "one", "number": 1, "agent_id": "agt_ani", "status": "resolved"}
    return Ledger({"one": ticket}), report, [listed]


def found(ledger: Ledger, report: dict[str, Any], tickets: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    api = serve(lambda _: httpx.Response(200, json={"data": tickets, "next_cursor": None}), monkeypatch)
    return list(differences(api, ledger, report, 1))


def test_books_that_agree_have_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(*books(), monkeypatch) == []


def test_a_lost_ticket_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, report, _ = books()
    assert found(ledger, report, [], monkeypatch) == [
        "1 incidents were sent, but there are 0 tickets with 0 different external ids"
    ]


def test_another_owner_and_another_count_are_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, report, tickets = books()
    tickets[0]["agent_id"] = "agt_budi"
    report["queues"][0]["escalated"] = 1
    report["promises"][0]["broken"] = 0
    assert found(ledger, report, tickets, monkeypatch) == [
        "ticket 1 is owned by agt_budi, the feed said agt_ani",
        "general: the report has 1 escalated, the player 0",
        "medium first_response broken: the report has 0, the player 1",
    ]


def test_two_owners_at_a_time_are_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, report, tickets = books()
    ledger.cases["one"].history.append(Happened(7, "ticket.assigned", {"agent_id": "agt_ani"}))
    assert found(ledger, report, tickets, monkeypatch) == ["one was given away in minute 7 while somebody owned it"]
