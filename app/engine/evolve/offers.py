"""What becomes of an offer: its units are reserved on the agent until it ends."""

from app.engine import events
from app.engine.state import State
from app.engine.tickets import NONE, OpenOffer
from app.engine.vocabulary import Status


def created(state: State, event: events.OfferCreated, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Shown to one agent."""
    slot = state.tickets.slot_of[event.ticket]
    agent = state.agents.slot_of[event.agent]
    state.leave(slot)
    state.journal.put(state.tickets.agent, slot, agent)
    state.journal.put_key(state.tickets.offers, slot, OpenOffer(event.offer, agent, event.expires_at))
    state.put_status(slot, Status.OFFERED)
    state.take(slot, agent)


def accepted(state: State, event: events.OfferAccepted, at: int) -> None:  # noqa: ARG001  # one shape for all
    """The assignment that follows takes the units again."""
    _end(state, state.tickets.slot_of[event.ticket])


def turned_down(state: State, event: events.OfferDeclined | events.OfferExpired, at: int) -> None:  # noqa: ARG001
    """Declined or lapsed: this agent is not asked again for this ticket."""
    slot = state.tickets.slot_of[event.ticket]
    _end(state, slot)
    state.journal.put_key(state.tickets.declined, slot, (*state.tickets.declined.get(slot, ()), event.agent))


def withdrawn(state: State, event: events.OfferWithdrawn, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Ended without an answer."""
    _end(state, state.tickets.slot_of[event.ticket])


def _end(state: State, slot: int) -> None:
    state.take(slot, state.tickets.agent[slot], back=True)
    state.journal.put(state.tickets.agent, slot, NONE)
    state.journal.put(state.tickets.status, slot, NONE)
    state.journal.drop_key(state.tickets.offers, slot)
    state.bump(slot)
