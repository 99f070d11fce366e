"""Fields of a ticket change: what moves it, what does not, and what the log may say."""

import json
from dataclasses import replace
from typing import Any

import pytest

from app.engine.commands import CloseTicket, ResolveTicket
from app.engine.event_data import from_data, to_data
from app.engine.events import OfferCreated, OfferWithdrawn, SkillLevel, TicketUpdated
from app.engine.refusals import NotYours, TooMuchData, UnknownReference, VersionMismatch, WrongState
from app.engine.vocabulary import Handover, Order, Priority, Status
from tests.engine.worlds import SYSTEM, World, as_agent, policy, setting, skill_id, sla
from tests.engine.worlds import queue as a_queue


def busy(**fields: Any) -> World:
    """Ani has one place, and it is taken."""
    world = World(setting("ani", capacity=1), **fields)
    world.submit()
    return world


def test_what_is_so_already_is_no_event_even_under_an_old_version() -> None:
    world = World(setting("ani"))
    ticket = world.submit(priority=Priority.HIGH, language="id")
    world.update(ticket, expected_version=1, priority=Priority.HIGH, language="id", subject="", tags=())
    assert world.types() == []
    assert world.decided.result.ticket == ticket


def test_a_stale_version_is_refused() -> None:
    world = World(setting("ani"))
    ticket = world.submit()
    refusal = world.refuse(world.change(ticket, expected_version=1, priority=Priority.HIGH), VersionMismatch)
    assert refusal.facts["version"] == 2
    world.update(ticket, expected_version=2, priority=Priority.HIGH)
    assert world.types() == ["ticket.updated"]


def test_facts_are_told_with_old_and_new_and_others_by_name() -> None:
    world = World(setting("ani"))
    ticket = world.submit(category="billing", attributes={"a": 1, "b": 2})
    world.update(
        ticket, priority=Priority.URGENT, category=None, skills=(("law", 3),), subject="Halo", text="Apa kabar",
        tags=("x",), attributes={"a": None, "c": True}, metadata={"m": "1"},
    )  # fmt: skip
    event = world.first(TicketUpdated)
    assert event.changed == {
        "category": ("billing", None),
        "priority": (Priority.MEDIUM, Priority.URGENT),
        "require_skills": ((), (SkillLevel(skill_id("law"), 3),)),
        **dict.fromkeys(("subject", "text", "tags", "attributes", "metadata")),
    }
    assert from_data(event.type, json.loads(json.dumps(to_data(event)))) == event
    details = world.facts.details[ticket]
    assert (details.category, details.attributes, details.metadata) == (None, {"b": 2, "c": True}, {"m": "1"})
    assert world.decided.result.details == details


def test_one_is_not_true() -> None:
    world = World(setting("ani"))
    ticket = world.submit(attributes={"a": 1})
    world.update(ticket, attributes={"a": True})
    assert world.types() == ["ticket.updated"]
    assert world.facts.details[ticket].attributes["a"] is True


def test_a_higher_priority_goes_ahead_and_moves_nobody() -> None:
    world = busy(routing_policies=[policy(order=Order.PRIORITY)])
    first, second = world.submit(after=1), world.submit(after=1)
    world.update(second, priority=Priority.URGENT)
    assert world.types() == ["ticket.updated"]
    order = world.state.waiting.in_order(world.state.tickets.requirement[world.slot(first)])
    assert order == [world.slot(second), world.slot(first)]


def test_a_priority_by_hand_keeps_the_promises_made() -> None:
    targets = {"medium": {"first_response_seconds": 100}, "urgent": {"first_response_seconds": 10}}
    world = busy(sla_policies=[sla(targets=targets)], queues=[a_queue(sla_policy="promise")])
    ticket = world.submit()
    world.update(ticket, priority=Priority.URGENT)
    assert world.types() == ["ticket.updated"]


def test_one_who_asks_for_less_is_taken_at_once() -> None:
    world = World(setting("ani"))
    ticket = world.submit(skills=(("law", 3),), after=1)
    since = world.state.tickets.waiting_since[world.slot(ticket)]
    world.update(ticket, skills=(), wishes=(("law", 3),), after=1)
    assert world.types() == ["ticket.updated", "ticket.assigned"]
    assert (world.decided.decisions[0].cause, world.decided.decisions[0].outcome) == ("updated", "assigned")
    assert world.state.tickets.waiting_since[world.slot(ticket)] == since


def test_one_who_asks_for_more_waits_on_with_the_reason_and_the_time_it_had() -> None:
    world = busy()
    ticket = world.submit(after=1)
    since = world.state.tickets.waiting_since[world.slot(ticket)]
    world.update(ticket, language="id", area="depok", after=1)
    assert world.types() == ["ticket.updated", "ticket.queued"]
    assert world.body()["requirement"]["language"] == "id"
    assert [entry["reason"] for entry in world.body()["rejected"]] == ["language"]
    assert world.state.tickets.waiting_since[world.slot(ticket)] == since


def test_an_owner_keeps_what_would_now_ask_for_somebody_else() -> None:
    world = World(setting("ani"))
    ticket = world.submit()
    world.update(ticket, language="id")
    assert world.types() == ["ticket.updated"]
    assert (world.owner(ticket), world.load("ani")) == ("ani", 1)


@pytest.mark.parametrize(("language", "asked"), [("id", "ani"), ("en", "budi")])
def test_an_offer_stands_while_whoever_was_asked_may_take_it(language: str, asked: str) -> None:
    people = setting("ani", languages=("id",)), setting("budi", languages=("en",))
    world = World(*people, routing_policies=[policy(handover=Handover.OFFER)])
    ticket = world.submit()
    assert world.owner(ticket) == "ani"
    world.update(ticket, language=language)
    moved = [type(event) for event in world.decided.events if isinstance(event, OfferWithdrawn | OfferCreated)]
    assert moved == ([] if asked == "ani" else [OfferWithdrawn, OfferCreated])
    assert (world.status(ticket), world.owner(ticket)) == (Status.OFFERED, asked)


def test_a_resolved_ticket_may_be_corrected_and_a_closed_one_not() -> None:
    world = World(setting("ani"))
    ticket = world.submit()
    world.do(ResolveTicket(SYSTEM, ticket))
    world.update(ticket, category="billing", language="id")
    assert world.types() == ["ticket.updated"]
    assert world.status(ticket) is Status.RESOLVED
    world.do(CloseTicket(SYSTEM, ticket))
    assert world.refuse(world.change(ticket, category="other"), WrongState).facts == {"ticket_status": "closed"}
    world.update(ticket, category="billing")
    assert world.types() == []


def test_free_data_is_measured_with_what_is_there() -> None:
    world = World(setting("ani"))
    ticket = world.submit(attributes={f"a{n}": n for n in range(50)})
    assert world.refuse(world.change(ticket, attributes={"b": 1}), TooMuchData).facts == {"pointer": "/attributes"}
    world.update(ticket, attributes={"a1": None, "b": 1})
    world.update(ticket, metadata={"m": "x" * 9000})
    world.refuse(world.change(ticket, metadata={"n": "x" * 9000}), TooMuchData)
    world.update(ticket, metadata={"m": None, "n": "x" * 9000})
    assert set(world.facts.details[ticket].metadata) == {"n"}


def test_a_skill_that_is_not_configured_is_named() -> None:
    world = World(setting("ani"))
    ticket = world.submit()
    refusal = world.refuse(world.change(ticket, skills=(("law", 1), ("nonesuch", 1))), UnknownReference)
    assert refusal.facts["pointer"] == "/require_skills/1/skill"


def test_an_agent_changes_only_their_own() -> None:
    world = World(setting("ani"), setting("budi"))
    ticket = world.submit()
    change = world.change(ticket, category="x")
    world.refuse(replace(change, actor=as_agent("budi")), NotYours)
    world.do(replace(change, actor=as_agent("ani")))
    assert world.types() == ["ticket.updated"]
