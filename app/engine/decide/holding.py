"""Take a ticket away from whoever holds it, and see whether another has room for it."""

from app.engine.agents import CHANNEL_INDEX
from app.engine.decide import promises
from app.engine.decide.decider import Decider
from app.engine.events import OfferWithdrawn, TicketResumed, TicketReturned
from app.engine.ids import TicketId
from app.engine.refusals import AgentAtCapacity
from app.engine.tickets import NONE
from app.engine.vocabulary import OWNED, Status


def withdraw(decider: Decider, slot: int, ticket: TicketId) -> None:
    """End a pending offer without an answer."""
    offer = decider.state.tickets.offers.get(slot)
    if offer is None:
        return
    decider.emit(OfferWithdrawn(offer.id, ticket, decider.state.agents.ids[offer.agent]))
    decider.freed.add(offer.agent)


def free(decider: Decider, slot: int, ticket: TicketId, reason: str) -> None:
    """The owner, or the one who was asked, no longer has it; clocks that stood still run again."""
    status = decider.state.tickets.status_of(slot)
    if status is Status.OFFERED:
        withdraw(decider, slot, ticket)
        return
    if status not in OWNED:
        return
    if status is Status.PENDING:
        decider.emit(TicketResumed(ticket))
        promises.resume(decider, slot, ticket)
    agent = decider.state.tickets.agent[slot]
    if agent != NONE:
        decider.emit(TicketReturned(ticket, decider.state.agents.ids[agent], reason))
        decider.freed.add(agent)


def check_room(decider: Decider, slot: int, agent: int, *, force: bool) -> bool:
    """Whether the agent at slot `agent` can hold the ticket only by `force`. What an offer of it has reserved there is room.

    Raises:
        AgentAtCapacity: there is no room, and no force.

    """
    state = decider.state
    wanted = state.requirement(slot)
    offer = state.tickets.offers.get(slot)
    room = state.agents.units_left(agent, CHANNEL_INDEX[wanted.channel])
    if offer is not None and offer.agent == agent:
        room += wanted.cost
    if room < wanted.cost and not force:
        load, capacity = int(state.agents.load[agent]), int(state.agents.capacity[agent])
        said = (
            f"The agent holds {load} of {capacity} units and has {max(room, 0)} left for {wanted.channel}, {wanted.cost} needed."
        )
        raise AgentAtCapacity(said, load=load, capacity=capacity)
    return room < wanted.cost
