"""The workspace again, in plain Python: dicts, loops and sorted(), written apart from the engine's columns.

It plays every accepted command in the order of the log and says which events it expects: who got what, who waits, which promise
began, was kept or broken, what was changed. Versions are not modelled; refusals are checked by what they leave behind: nothing.
"""

from collections.abc import Sequence
from dataclasses import fields

from app.engine import events
from app.engine.commands import Command
from app.engine.events import Event
from tests.engine.plain import Asked
from tests.simulation.model.choosing import drain_freed
from tests.simulation.model.desk import Desk, Said
from tests.simulation.model.doing import DOING
from tests.simulation.model.updating import in_order

ASKED = tuple(field.name for field in fields(Asked))
# What of each event the model foretells, where that is not everything but ids of decisions, assignments and offers.
TOLD: dict[type[Event], tuple[str, ...]] = {
    events.TicketCreated: ("ticket", "number", "queue", "priority", "asked"),
    events.TicketReopened: ("ticket", "queue", "priority", "asked", "reopened", "escalated", "transferred"),
    events.TicketQueued: ("ticket", "queue"),
    events.TicketAssigned: ("ticket", "agent", "how", "forced", "shared"),
    events.TicketUpdated: ("ticket", "changed"),
    events.TicketClosed: ("ticket",),
    events.OfferCreated: ("ticket", "agent", "expires_at"),
    **dict.fromkeys(
        (events.OfferAccepted, events.OfferDeclined, events.OfferExpired, events.OfferWithdrawn), ("ticket", "agent")
    ),
    events.CustomerMerged: ("customer", "into", "ticket_count"),
    events.CustomerUnmerged: ("customer", "survivor", "ticket_count"),
    events.AgentCreated: ("agent", "number"),
    events.AgentUpdated: ("agent",),
}


def essence(event: Event) -> Said:
    """An event as the model says it."""
    names = TOLD.get(type(event)) or tuple(field.name for field in fields(event))
    return (event.type, *(_fact(event, name) for name in names))


def _fact(event: Event, name: str) -> object:
    if name == "asked":
        return Asked(*(getattr(event, field) for field in ASKED))
    if isinstance(event, events.TicketUpdated | events.CustomerUpdated) and name == "changed":
        return in_order(event.changed)
    value = getattr(event, name)
    if isinstance(event, events.SlaStarted) and name == "timers":
        return tuple((timer.metric, timer.due_at, timer.next_at, timer.step) for timer in value)
    return value


class Model:
    """One workspace."""

    def __init__(self) -> None:
        self.desk = Desk()

    def play(self, command: Command, *, at: int) -> list[Said]:
        """What must happen when this command is accepted at `at` (ms)."""
        desk = self.desk
        desk.now, desk.said = at, []
        desk.freed.clear()
        DOING[type(command)](desk, command)
        drain_freed(desk)
        return desk.said

    def hear(self, happened: Sequence[Event]) -> None:
        """Learn the ids of offers, which are the engine's to give."""
        for event in happened:
            if isinstance(event, events.OfferCreated):
                self.desk.tickets[event.ticket].offer = event.offer
