"""Take a ticket away from whoever holds it."""

from app.engine.decide import promises
from app.engine.decide.decider import Decider
from app.engine.events import OfferWithdrawn, TicketResumed, TicketReturned
from app.engine.ids import TicketId
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
