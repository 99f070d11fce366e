"""An agent who was asked answers, or does not."""

from app.engine.commands import AnswerOffer, OfferDue
from app.engine.decide.decider import Decider
from app.engine.decide.facts import AnsweredOffer
from app.engine.decide.routing import route, shared, who_may
from app.engine.events import OfferAccepted, OfferDeclined, OfferExpired, TicketAssigned
from app.engine.ids import AgentId, AssignmentId, OfferId, TicketId
from app.engine.refusals import NotYours, OfferEnded, OfferNotFound
from app.engine.tickets import OpenOffer
from app.engine.vocabulary import ActorType

_ASSIGNMENT = 2


def answer(decider: Decider, command: AnswerOffer) -> None:
    """Accepted: the ticket is theirs. Declined: the next one is asked. Said again, it stays as it is.

    Raises:
        OfferNotFound: no such ticket.
        OfferEnded: it was answered, lapsed or withdrawn.
        NotYours: another agent was asked.

    """
    said = decider.facts.answered.get(command.offer)
    if said is not None and said.accepted is command.accept:
        _only_theirs(decider, said.agent)
        decider.decided.result.ticket = command.ticket
        return
    slot, offer = _find(decider, command.ticket, command.offer)
    decider.decided.result.ticket = command.ticket
    agent = decider.state.agents.ids[offer.agent]
    _only_theirs(decider, agent)
    if decider.now > offer.expires_at:
        raise OfferEnded("The offer's time is up.", expired_at=offer.expires_at)
    decider.state.journal.put_key(decider.facts.answered, command.offer, AnsweredOffer(agent, command.accept))
    if not command.accept:
        decider.emit(OfferDeclined(offer.id, command.ticket, agent))
        decider.freed.add(offer.agent)
        route(decider, slot)
        return
    queue = decider.queue(decider.state.requirement(slot).queue)
    decider.emit(OfferAccepted(offer.id, command.ticket, agent))
    eligible = {*who_may(decider.state, slot, queue).slots.tolist(), offer.agent}
    assignment = AssignmentId(decider.new_id(_ASSIGNMENT))
    decider.emit(
        TicketAssigned(command.ticket, agent, assignment, "accepted", shared=shared(decider.state, queue, sorted(eligible)))
    )


def due(decider: Decider, command: OfferDue) -> None:
    """Nobody answered in time. A firing that comes too early or too late has no effect."""
    slot = decider.state.tickets.slot_of.get(command.ticket)
    offer = decider.state.tickets.offers.get(slot) if slot is not None else None
    if slot is None or offer is None or offer.id != command.offer or decider.now < offer.expires_at:
        return
    decider.emit(OfferExpired(offer.id, command.ticket, decider.state.agents.ids[offer.agent]))
    decider.freed.add(offer.agent)
    route(decider, slot)


def _only_theirs(decider: Decider, agent: AgentId) -> None:
    if decider.actor.type is ActorType.AGENT and decider.actor.agent != agent:
        raise NotYours("The offer was made to somebody else.")


def _find(decider: Decider, ticket: TicketId, wanted: OfferId) -> tuple[int, OpenOffer]:
    slot = decider.state.tickets.slot_of.get(ticket)
    if slot is None and ticket not in decider.facts.ended:
        raise OfferNotFound("There is no such offer.")
    offer = decider.state.tickets.offers.get(slot) if slot is not None else None
    if slot is None or offer is None or offer.id != wanted:
        raise OfferEnded("The offer was answered, lapsed or withdrawn.")
    return slot, offer
