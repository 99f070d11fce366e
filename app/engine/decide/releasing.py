"""All work of an agent who cannot go on is moved at once."""

from app.engine.agents import PRESENCES
from app.engine.commands import ReleaseAgent
from app.engine.decide.agents import held_by, offered_to
from app.engine.decide.decider import Decider
from app.engine.decide.handing import Place, hand_on, place_of
from app.engine.decide.holding import free, withdraw
from app.engine.decide.routing import route
from app.engine.events import AgentPresenceChanged
from app.engine.ids import TicketId
from app.engine.refusals import AgentAtCapacity, AgentNotFound, UnknownReference, VersionMismatch
from app.engine.vocabulary import Presence


def release(decider: Decider, command: ReleaseAgent) -> None:
    """Ticket by ticket, oldest number first. Where a named agent has no more room, the rest goes back to its queues.

    Raises:
        AgentNotFound: there is no such agent.
        UnknownReference: the work is to go to whom it comes from, or the configuration has no such queue or team.
        VersionMismatch: the agent has changed since the caller read it.

    """
    state = decider.state
    agent = state.agents.slot_of.get(command.agent)
    if agent is None:
        raise AgentNotFound("There is no such agent.")
    named = (command.queue, command.team, command.to_agent)
    place = None if named == (None, None, None) else place_of(decider, *named)
    if command.to_agent == command.agent:
        raise UnknownReference("The work goes to somebody else.", pointer="/agent_id")
    version = int(state.agents.version[agent])
    if command.expected_version not in (None, version):
        raise VersionMismatch(
            f"The agent is at version {version}, not {command.expected_version}. Read it again.", version=version
        )
    before = PRESENCES[state.agents.presence[agent]]
    if command.offline and before is not Presence.OFFLINE:
        decider.emit(AgentPresenceChanged(command.agent, before, Presence.OFFLINE))
        for slot, ticket in offered_to(decider, agent):
            withdraw(decider, slot, ticket)
            route(decider, slot)
    owned = [(slot, ticket) for slot, ticket in held_by(decider, agent) if slot not in state.tickets.offers]
    for slot, ticket in owned:
        _move(decider, slot, ticket, place)
    decider.decided.result.moved = tuple((ticket, state.requirement(slot).queue) for slot, ticket in owned)


def _move(decider: Decider, slot: int, ticket: TicketId, place: Place | None) -> None:
    if place is not None:
        try:
            hand_on(decider, slot, ticket, place, "released")
        except AgentAtCapacity:
            place = None
    if place is None:
        free(decider, slot, ticket, "released")
        route(decider, slot)
