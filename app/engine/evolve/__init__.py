"""`evolve(state, event)` makes so what an event says: the same for live work, catch-up, replay and simulation."""

from collections.abc import Callable, Mapping
from typing import Any

from app.engine import events
from app.engine.configuration import Configuration
from app.engine.events import Event
from app.engine.evolve import agents, customers, offers, sla, switches, tickets
from app.engine.evolve.configuration import configuration_applied
from app.engine.state import State

Applier = Callable[[State, Any, int], None]

_APPLIERS: dict[type[Event], Applier] = {
    events.TicketCreated: tickets.created,
    events.TicketQueued: tickets.queued,
    events.TicketAssigned: tickets.assigned,
    events.TicketStarted: tickets.started,
    events.TicketResponded: tickets.responded,
    events.TicketMessageReceived: tickets.message_received,
    events.TicketPaused: tickets.paused,
    events.TicketResumed: tickets.resumed,
    events.TicketReturned: tickets.returned,
    events.TicketTransferred: tickets.transferred,
    events.TicketUpdated: tickets.updated,
    events.TicketEscalated: tickets.escalated,
    events.TicketFollowerAdded: tickets.told,
    events.TicketFollowerRemoved: tickets.told,
    events.TicketResolved: tickets.resolved,
    events.TicketClosed: tickets.closed,
    events.TicketCancelled: tickets.cancelled,
    events.TicketReopened: tickets.reopened,
    events.OfferCreated: offers.created,
    events.OfferAccepted: offers.accepted,
    events.OfferDeclined: offers.turned_down,
    events.OfferExpired: offers.turned_down,
    events.OfferWithdrawn: offers.withdrawn,
    events.SlaStarted: sla.started,
    events.SlaWarned: sla.stepped,
    events.SlaBreached: sla.breached,
    events.SlaStepped: sla.stepped,
    events.SlaMet: sla.met,
    events.SlaPaused: sla.paused,
    events.SlaResumed: sla.resumed,
    events.SlaCancelled: sla.cancelled,
    events.TimerParked: sla.parked,
    events.QueuePaused: switches.queue_paused,
    events.QueueDrainStarted: switches.queue_drain_started,
    events.QueueResumed: switches.queue_resumed,
    events.WorkspacePaused: switches.workspace_paused,
    events.WorkspaceResumed: switches.workspace_resumed,
    events.AgentCreated: agents.created,
    events.AgentUpdated: agents.updated,
    events.AgentDeleted: agents.deleted,
    events.AgentPresenceChanged: agents.presence_changed,
    events.CustomerCreated: customers.nobody,
    events.CustomerUpdated: customers.nobody,
    events.CustomerMerged: customers.moved,
    events.CustomerUnmerged: customers.moved,
    events.CustomerDeleted: customers.nobody,
}


def evolve(state: State, event: Event, *, at: int, documents: Mapping[int, Configuration]) -> None:
    """Apply the event that follows `state.seq`. `at` is its time in ms, `documents` the configurations that events may name.

    Raises:
        KeyError: a configuration that the event names is not among `documents`.

    """
    state.journal.put_attribute(state, "seq", state.seq + 1)
    if at > state.at:
        state.journal.put_attribute(state, "at", at)
    if isinstance(event, events.ConfigurationApplied):
        configuration_applied(state, documents[event.version])
    elif not isinstance(event, events.ClockAdvanced):
        _APPLIERS[type(event)](state, event, at)
