"""Fields of a ticket change, plainly: a waiting ticket that asks for somebody else is decided about anew, an owner keeps it."""

from dataclasses import replace
from typing import Any

from app.engine.commands import Changes, UpdateTicket
from tests.simulation.model import promising
from tests.simulation.model.choosing import route
from tests.simulation.model.desk import Desk, Ticket
from tests.simulation.model.submitting import levels

ASKED = {"language": "language", "area": "area", "require_skills": "skills", "wish_skills": "wishes"}
LASTING = ("team", "skill", "language", "area")


def update(desk: Desk, command: UpdateTicket) -> None:
    ticket = desk.tickets[command.ticket]
    told = _told(desk, ticket, command.changes)
    words = {
        name: value for name, value in _words(ticket, command.changes).items() if _as_sent(value) != _as_sent(ticket.words[name])
    }
    if not told and not words:
        return
    desk.say("ticket.updated", ticket.id, in_order({**told, **dict.fromkeys(words)}))
    ticket.words |= words
    if "priority" in told:
        ticket.priority = told["priority"][1]
    if "category" in told:
        ticket.category = told["category"][1]
    asked = {ASKED[name]: new for name, (_, new) in told.items() if name in ASKED}
    if asked:
        ticket.asked = replace(ticket.asked, **asked)
        _find_again(desk, ticket)


def in_order(changed: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(changed.items(), key=lambda pair: pair[0]))


def _told(desk: Desk, ticket: Ticket, changes: Changes) -> dict[str, tuple[Any, Any]]:
    """What differs of what an event tells: the old and the new."""
    asked = ticket.asked
    pairs = {
        "priority": (ticket.priority, changes.priority),
        "category": (ticket.category, changes.category),
        "language": (asked.language, changes.language),
        "area": (asked.area, changes.area),
        "require_skills": (asked.skills, levels(desk, changes.skills)),
        "wish_skills": (asked.wishes, levels(desk, changes.wishes)),
    }
    return {name: (old, new) for name, (old, new) in pairs.items() if name in changes.named and old != new}


def _words(ticket: Ticket, changes: Changes) -> dict[str, Any]:
    """What only people read, as it is to be."""
    new: dict[str, Any] = {name: getattr(changes, name) for name in ("subject", "text", "tags") if name in changes.named}
    for name in ("attributes", "metadata"):
        if name in changes.named:
            patch = getattr(changes, name)
            merged = {} if patch is None else {**ticket.words[name], **patch}
            new[name] = {key: value for key, value in merged.items() if value is not None}
    return new


def _as_sent(value: Any) -> Any:
    """True is not 1 to whoever sent it."""
    return {key: (type(each), each) for key, each in value.items()} if isinstance(value, dict) else value


def _find_again(desk: Desk, ticket: Ticket) -> None:
    if ticket.status == "waiting":
        ticket.status = ""
        route(desk, ticket)
    elif ticket.status == "offered":
        agent = desk.agent(ticket.agent) if ticket.agent else None
        assert agent is not None
        if desk.queues[ticket.queue].why_not(agent, ticket.asked) in LASTING:
            promising.withdraw(desk, ticket)
            route(desk, ticket)
