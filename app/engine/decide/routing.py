"""The choice itself: who may, who is best, and the record of it."""

from typing import Any

import numpy as np

from app.engine import keys
from app.engine.agents import Ints
from app.engine.candidates import Candidates, candidates
from app.engine.configuration import Queue
from app.engine.decide.decider import Decider, Decision
from app.engine.events import OfferCreated, TicketAssigned, TicketQueued
from app.engine.filters import MOMENTARY
from app.engine.filters.reason import Reason
from app.engine.ids import AssignmentId, DecisionId, OfferId
from app.engine.ranking import Ranked, best, keys_of, names_of, tie_break
from app.engine.requirements import Requirement
from app.engine.shortlist import Shortlist
from app.engine.state import State
from app.engine.tickets import STATUS_INDEX
from app.engine.vocabulary import Handover, Status, Strategy

_WAITING = STATUS_INDEX[Status.WAITING]
_DECISION, _ASSIGNMENT, _OFFER = 1, 2, 3


def route(decider: Decider, slot: int) -> bool:
    """Give the ticket at `slot` to the best agent who may take it now, or let it wait. Returns whether somebody got it."""
    state = decider.state
    wanted = state.requirement(slot)
    queue = decider.queue(wanted.queue)
    found = who_may(state, slot, queue)
    compared = keys_of(queue.policy)
    ranked: list[Ranked] = []
    held = state.held(queue.id)
    if len(found.slots) and held is None:
        question = keys.Question(state.agents, state.turns_of(queue.id), wanted, queue)
        ranked = _best(state, slot, question, found.slots, compared)
    elif state.tickets.status[slot] == _WAITING:
        return False
    offered = queue.policy.handover is Handover.OFFER
    outcome = "waiting" if not ranked else "offered" if offered else "assigned"
    decision = _record(decider, slot, queue, wanted, found, ranked, outcome)
    if held is not None:
        decision.body["held"] = held
    ticket = decision.ticket
    if not ranked:
        decider.emit(TicketQueued(ticket, queue.id, decision.id))
        return False
    agent = state.agents.ids[ranked[0].slot]
    if offered:
        expires_at = decider.now + queue.policy.offer_ms
        decider.emit(OfferCreated(OfferId(decider.new_id(_OFFER)), ticket, agent, decision.id, expires_at))
    else:
        assignment = AssignmentId(decider.new_id(_ASSIGNMENT))
        decider.emit(TicketAssigned(ticket, agent, assignment, "routed", decision.id, shared=shared(state, queue, found.slots)))
    return True


def who_may(state: State, slot: int, queue: Queue) -> Candidates:
    """Ask all filters for the ticket at `slot`."""
    number = state.tickets.requirement[slot]
    wanted = state.requirements[number]
    fit = state.fits.of(number, state.agents, wanted, queue)
    declined = state.tickets.declined.get(slot)
    if declined:
        return candidates(state.agents, wanted, fit, declined)
    now = state.agents.with_units(wanted.cost)
    if fit.asked is None or fit.asked[0] is not now:
        fit.asked = now, candidates(state.agents, wanted, fit)
    found: Candidates = fit.asked[1]
    return found


def _best(state: State, slot: int, question: keys.Question, slots: Ints, compared: tuple[keys.Key, ...]) -> list[Ranked]:
    if slot in state.tickets.declined:
        return best(question, slots, compared)
    fit = state.fits.of(state.tickets.requirement[slot], state.agents, question.wanted, question.queue)
    if fit.shortlist is None:
        fit.shortlist = Shortlist(compared)
    return fit.shortlist.best(question, slots)


def why_not(state: State, slot: int, queue: Queue, agent: int) -> Reason | None:
    """The first filter that the agent at slot `agent` fails for the ticket at `slot`; that it was declined before is none."""
    number = state.tickets.requirement[slot]
    wanted = state.requirements[number]
    for reason, failing, _ in state.fits.of(number, state.agents, wanted, queue).rejected:
        if failing[agent]:
            return reason
    for momentary in MOMENTARY:
        for reason, failing in momentary(state.agents, wanted):
            if failing[agent]:
                return reason
    return None


def give(decider: Decider, slot: int, agent: int) -> None:
    """The agent took the ticket from its queue: recorded like a choice, and no turn moves."""
    state = decider.state
    wanted = state.requirement(slot)
    queue = decider.queue(wanted.queue)
    question = keys.Question(state.agents, state.turns_of(queue.id), wanted, queue)
    ranked = best(question, np.array([agent]), keys_of(queue.policy))
    decision = _record(decider, slot, queue, wanted, who_may(state, slot, queue), ranked, "assigned")
    decision.body["tie_break"] = "taken"
    assignment = AssignmentId(decider.new_id(_ASSIGNMENT))
    decider.emit(TicketAssigned(decision.ticket, state.agents.ids[agent], assignment, "taken", decision.id))


def shared(state: State, queue: Queue, slots: Any) -> tuple[int, ...]:
    """The creation numbers of all who could have taken the ticket, where the queue keeps fair shares."""
    if queue.policy.strategy is not Strategy.FAIR_SHARE:
        return ()
    return tuple(sorted(state.agents.number[slots].tolist()))


def _record(
    decider: Decider, slot: int, queue: Queue, wanted: Requirement, found: Candidates, ranked: list[Ranked], outcome: str
) -> Decision:
    state = decider.state
    compared = keys_of(queue.policy)
    ticket = state.tickets.ids[slot]
    assert ticket is not None  # noqa: S101  # a slot that is routed is in use
    agents = state.agents
    decision = Decision(
        id=DecisionId(decider.new_id(_DECISION)),
        ticket=ticket,
        queue=queue.id,
        seq=state.seq + 1,
        cause=decider.cause,
        outcome=outcome,
        agent=agents.ids[ranked[0].slot] if ranked else None,
        configuration=state.configuration.version,
        body={
            "strategy": queue.policy.strategy,
            "handover": queue.policy.handover,
            "requirement": requirement_data(wanted),
            "priority": state.tickets.priority_of(slot),
            "considered": found.considered,
            "eligible": len(found.slots),
            "rejected": [
                {"reason": reason.rejection, **reason.about, "agents": count}
                for reason, count in zip(found.reasons, found.counts, strict=True)
            ],
            "keys": list(names_of(compared)),
            "ranked": [[entry.load, entry.capacity, *entry.values] for entry in ranked],
            "tie_break": tie_break(ranked, compared) if ranked else None,
        },
        codes=found.codes,
    )
    decider.decided.decisions.append(decision)
    return decision


def requirement_data(wanted: Requirement) -> dict[str, Any]:
    """What a decision's record keeps of it: JSON, ids as hex."""
    return {
        "channel": wanted.channel,
        "cost": wanted.cost,
        "team": wanted.team.hex() if wanted.team else None,
        "skills": [[need.skill.hex(), need.level] for need in wanted.skills],
        "wishes": [[need.skill.hex(), need.level] for need in wanted.wishes],
        "language": wanted.language,
        "area": wanted.area,
        "tier": wanted.tier,
    }


def anybody(state: State, slot: int, queue: Queue) -> bool:
    """Whether somebody may take the ticket at `slot` now, and it is given out."""
    return state.held(queue.id) is None and len(who_may(state, slot, queue).slots) > 0
