"""Work in hand is handed on, or given back."""

from app.engine.commands import ReturnTicket, TransferTicket
from app.engine.decide import promises
from app.engine.decide.decider import Decider
from app.engine.decide.holding import check_room, free
from app.engine.decide.lifecycle import find, wrong_state
from app.engine.decide.routing import route
from app.engine.events import TicketAssigned, TicketTransferred
from app.engine.frozen import frozen
from app.engine.ids import AgentId, AssignmentId, QueueId, TeamId, TicketId
from app.engine.refusals import AgentNotFound, QueueDraining
from app.engine.tickets import NONE
from app.engine.vocabulary import ENDED, OWNED, ActorType, QueueState, Status

_ASSIGNMENT = 2


@frozen
class Place:
    """Where a ticket is to go: exactly one is set."""

    queue: QueueId | None = None
    team: TeamId | None = None
    agent: AgentId | None = None


def transfer(decider: Decider, command: TransferTicket) -> None:
    """To a queue or team it is routed there at once, under that queue's policy; an agent has it at once. No turn moves.

    Raises:
        UnknownReference: the configuration has no such queue or team.
        AgentNotFound: there is no such agent.
        NotYours: an agent hands on the work of somebody else.
        AgentAtCapacity: the agent has no room, and no force.
        WrongState: it is over.

    """
    slot, status = find(decider, command)
    place = place_of(decider, command.queue, command.team, command.agent)
    if _is_there(decider, slot, status, place) and _may_know(decider, slot):
        return
    decider.check_owner(slot)
    decider.check_version(slot, command.expected_version)
    if status in ENDED:
        raise wrong_state(status, "transferred")
    hand_on(decider, slot, command.ticket, place, "transferred", force=command.force)


def give_back(decider: Decider, command: ReturnTicket) -> None:
    """It waits where it did, in the place that it had; whoever gave it back is not given it again by routing.

    Raises:
        NotYours: an agent gives back the work of somebody else.
        WrongState: nobody owns it.

    """
    slot, status = find(decider, command)
    if status is Status.WAITING and _may_know(decider, slot):
        return
    decider.check_owner(slot)
    decider.check_version(slot, command.expected_version)
    if status not in OWNED:
        raise wrong_state(status, "returned")
    free(decider, slot, command.ticket, "returned")
    route(decider, slot)


def hand_on(decider: Decider, slot: int, ticket: TicketId, place: Place, reason: str, *, force: bool = False) -> None:
    """Take it from whoever has it and bring it to its new place."""
    state = decider.state
    agent = None if place.agent is None else state.agents.slot_of[place.agent]
    forced = agent is not None and check_room(decider, slot, agent, force=force)
    free(decider, slot, ticket, reason)
    from_queue = None if place.queue is None else state.requirement(slot).queue
    decider.emit(TicketTransferred(ticket, place.team, reason, place.queue, from_queue, place.agent))
    if place.queue is not None:
        promises.begin_missing(decider, slot, ticket)
    if place.agent is None or agent is None:
        route(decider, slot)
        return
    assignment = AssignmentId(decider.new_id(_ASSIGNMENT))
    decider.emit(TicketAssigned(ticket, place.agent, assignment, "transferred", forced=forced))
    decider.freed.discard(agent)


def place_of(decider: Decider, queue: str | None, team: str | None, agent: AgentId | None) -> Place:
    """What is named, as it is known here."""
    configuration = decider.state.configuration
    if queue is not None:
        place = Place(queue=QueueId(decider.named(configuration.queue_names, queue, "/queue")))
        if place.queue is not None and decider.state.queue_state(place.queue) is QueueState.DRAINING:
            raise QueueDraining("The queue is being drained and takes nothing in. Choose another, or resume it.")
        return place
    if team is not None:
        return Place(team=TeamId(decider.named(configuration.team_names, team, "/team")))
    if agent is None or agent not in decider.state.agents.slot_of:
        raise AgentNotFound("There is no such agent.")
    return Place(agent=agent)


def _is_there(decider: Decider, slot: int, status: Status, place: Place) -> bool:
    """Whether it waits there already, or is that agent's."""
    wanted = decider.state.requirement(slot)
    if place.agent is not None:
        return status in OWNED and decider.state.agent_id(slot) == place.agent
    if status is not Status.WAITING:
        return False
    return wanted.team == place.team if place.queue is None else (wanted.queue, wanted.team) == (place.queue, None)


def _may_know(decider: Decider, slot: int) -> bool:
    """An agent who has to do with it: the owner, or who gave it away."""
    agent = decider.actor.agent
    if decider.actor.type is not ActorType.AGENT or agent is None:
        return True
    tickets = decider.state.tickets
    owns = tickets.agent[slot] != NONE and slot not in tickets.offers and decider.state.agent_id(slot) == agent
    return owns or agent in tickets.declined.get(slot, ())
