"""What becomes of an agent."""

from app.engine import events
from app.engine.agents import PRESENCE_INDEX, Profile
from app.engine.state import State
from app.engine.vocabulary import Presence


def created(state: State, event: events.AgentCreated, at: int) -> None:
    """A newcomer, offline."""
    slot = state.agents.create(event.agent, event.number, Profile.of(event), at)
    if event.number > state.agent_number:
        state.journal.put_attribute(state, "agent_number", event.number)
    _forget_fits(state)
    state.journal.add(state.touched.agents, slot)


def updated(state: State, event: events.AgentUpdated, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Other teams, skills or limits; the work in hand stays, even above a lowered capacity."""
    slot = state.agents.slot_of[event.agent]
    state.agents.update(slot, Profile.of(event))
    _forget_fits(state)
    state.join_turns(slot)
    state.journal.add(state.touched.agents, slot)


def deleted(state: State, event: events.AgentDeleted, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Gone, with all turns."""
    slot = state.agents.slot_of[event.agent]
    state.agents.delete(slot)
    for turns in state.turns.values():
        turns.fit(state.agents.room)
        turns.clear(slot)
    _forget_fits(state)


def presence_changed(state: State, event: events.AgentPresenceChanged, at: int) -> None:
    """Whoever comes (back) starts at the present pass."""
    agents, put = state.agents, state.journal.put
    slot = agents.slot_of[event.agent]
    put(agents.presence, slot, PRESENCE_INDEX[event.presence])
    put(agents.presence_at, slot, at)
    put(agents.version, slot, agents.version[slot] + 1)
    agents.changed()
    agents.moves.note(slot)
    if event.presence is Presence.AVAILABLE:
        state.join_turns(slot)
    state.journal.add(state.touched.agents, slot)


def _forget_fits(state: State) -> None:
    state.fits.clear()
    state.journal.on_undo(state.fits.clear)
