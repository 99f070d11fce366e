"""Fields of a ticket change. Rules are not asked again: whoever changes a field means what is written."""

from dataclasses import replace
from typing import Any

from app.engine.commands import Changes, UpdateTicket
from app.engine.decide.decider import Decider
from app.engine.decide.facts import Details
from app.engine.decide.holding import withdraw
from app.engine.decide.lifecycle import find, wrong_state
from app.engine.decide.routing import route
from app.engine.decide.submit import levels
from app.engine.events import Changed, TicketUpdated
from app.engine.free_data import check_size, differs, merged
from app.engine.ids import TicketId
from app.engine.tickets import NONE
from app.engine.vocabulary import Status

_UNTOLD = ("subject", "text", "tags", "attributes", "metadata")


def update(decider: Decider, command: UpdateTicket) -> None:
    """Change what differs. A ticket that waits is decided about anew where it asks for somebody else now; an owner keeps it.

    Raises:
        UnknownReference: a skill is not configured.
        TooMuchData: attributes and metadata would become too large.
        WrongState: it is closed or cancelled.

    """
    slot, status = find(decider, command)
    decider.check_owner(slot)
    before = decider.facts.details[command.ticket]
    after = _details(command.changes, before)
    changed = _changed(decider, slot, command.changes, before, after)
    if not changed:
        return
    decider.check_version(slot, command.expected_version)
    if status in (Status.CLOSED, Status.CANCELLED):
        raise wrong_state(status, "changed")
    check_size(after.attributes, after.metadata)
    decider.decided.result.details = after
    decider.state.journal.put_key(decider.facts.details, command.ticket, after)
    asked = decider.state.tickets.requirement[slot]
    decider.emit(TicketUpdated(command.ticket, changed))
    if decider.state.tickets.requirement[slot] != asked:
        _find_again(decider, slot, command.ticket)


def _find_again(decider: Decider, slot: int, ticket: TicketId) -> None:
    """It asks for somebody else: the waiting one is routed, an offer stands if whoever was asked may still take it."""
    state = decider.state
    if state.tickets.status[slot] == NONE:
        route(decider, slot)
        return
    offer = state.tickets.offers.get(slot)
    if offer is None:
        return
    number = state.tickets.requirement[slot]
    wanted = state.requirements[number]
    if not state.fits.of(number, state.agents, wanted, decider.queue(wanted.queue)).mask[offer.agent]:
        withdraw(decider, slot, ticket)
        route(decider, slot)


def _details(changes: Changes, before: Details) -> Details:
    told: dict[str, Any] = {
        name: getattr(changes, name) for name in ("subject", "text", "category", "tags") if name in changes.named
    }
    for name in ("attributes", "metadata"):
        if name in changes.named:
            told[name] = merged(getattr(before, name), getattr(changes, name))
    return replace(before, **told)


def _changed(decider: Decider, slot: int, changes: Changes, before: Details, after: Details) -> dict[str, Changed]:
    """Field → (old, new) of routing facts; None for whatever else differs."""
    named, wanted = changes.named, decider.state.requirement(slot)
    pairs: dict[str, tuple[Any, Any]] = {"category": (before.category, after.category)}
    if "priority" in named:
        pairs["priority"] = decider.state.tickets.priority_of(slot), changes.priority
    if "language" in named:
        pairs["language"] = wanted.language, changes.language
    if "area" in named:
        pairs["area"] = wanted.area, changes.area
    if "require_skills" in named:
        pairs["require_skills"] = wanted.skills, levels(decider, changes.skills, {}, "/require_skills")
    if "wish_skills" in named:
        pairs["wish_skills"] = wanted.wishes, levels(decider, changes.wishes, {}, "/wish_skills")
    found: dict[str, Changed] = {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
    untold = [name for name in _UNTOLD if name in named and differs(getattr(before, name), getattr(after, name))]
    return found | dict.fromkeys(untold)
