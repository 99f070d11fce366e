"""Agents take work from a queue themselves."""

from typing import Any

from app.engine.agents import PRESENCES
from app.engine.commands import TakeNext, TakeTicket
from app.engine.decide.decider import Decider
from app.engine.decide.drain import next_in
from app.engine.decide.lifecycle import find, wrong_state
from app.engine.decide.routing import give, why_not
from app.engine.filters.reason import Reason
from app.engine.ids import AgentId
from app.engine.refusals import AgentAtCapacity, AgentNotEligible, AgentNotFound, NotYours, QueueNotFound, TicketAlreadyAssigned
from app.engine.vocabulary import OWNED, ActorType, Presence, Rejection, Status

_SAID = {
    Rejection.TEAM: "The agent is in none of the teams that may take the ticket.",
    Rejection.SKILL: "The agent lacks a skill at the level that the ticket needs.",
    Rejection.LANGUAGE: "The agent does not speak the ticket's language.",
    Rejection.AREA: "The agent does not serve the ticket's area.",
    Rejection.OFFLINE: "The agent is offline.",
    Rejection.AWAY: "The agent is away.",
    Rejection.BUSY: "The agent is busy.",
    Rejection.CAPACITY: "The agent has not enough room.",
    Rejection.CHANNEL_CAPACITY: "The agent has not enough room on the ticket's channel.",
}


def take(decider: Decider, command: TakeTicket) -> None:
    """A ticket that waits becomes the agent's where every filter agrees; whether they declined it before does not count.

    Raises:
        NotYours: an agent takes for somebody else.
        AgentNotFound: there is no such agent.
        TicketAlreadyAssigned: somebody else owns it.
        WrongState: it does not wait.
        AgentNotEligible: a filter says no; `reason` says which.

    """
    slot, status = find(decider, command)
    agent = _taker(decider, command.agent)
    state = decider.state
    if status in OWNED and state.tickets.agent[slot] == agent:
        return
    decider.check_version(slot, command.expected_version)
    if status in OWNED:
        raise TicketAlreadyAssigned("Somebody else owns the ticket.", agent_id=state.agents.ids[state.tickets.agent[slot]])
    if status is not Status.WAITING:
        raise wrong_state(status, "taken")
    reason = why_not(state, slot, decider.queue(state.requirement(slot).queue), agent)
    if reason is not None:
        raise AgentNotEligible(_SAID[reason.rejection], reason=reason.rejection, **_about(reason))
    give(decider, slot, agent)


def take_next(decider: Decider, command: TakeNext) -> None:
    """The first in the queue's order that the agent may take and has not declined; nothing happens where there is none.

    Raises:
        NotYours: an agent takes for somebody else.
        QueueNotFound: there is no such queue.
        AgentNotFound: there is no such agent.
        AgentNotEligible: the agent is not available.
        AgentAtCapacity: the agent has no room for anything.

    """
    agent = _taker(decider, command.agent)
    state = decider.state
    queue = state.configuration.queue_names.get(command.queue)
    if queue is None:
        raise QueueNotFound("There is no such queue in this workspace.")
    presence = PRESENCES[state.agents.presence[agent]]
    if presence is not Presence.AVAILABLE:
        reason = Rejection(presence)
        raise AgentNotEligible(_SAID[reason], reason=reason)
    if state.agents.free[agent] <= 0:
        load, capacity = int(state.agents.load[agent]), int(state.agents.capacity[agent])
        raise AgentAtCapacity(f"The agent holds {load} of {capacity} units.", load=load, capacity=capacity)
    slot = next_in(decider, queue, agent)
    if slot is not None:
        decider.decided.result.ticket = state.tickets.ids[slot]
        give(decider, slot, agent)


def _taker(decider: Decider, agent: AgentId) -> int:
    if decider.actor.type is ActorType.AGENT and decider.actor.agent != agent:
        raise NotYours("An agent takes work only for themselves.")
    slot = decider.state.agents.slot_of.get(agent)
    if slot is None:
        raise AgentNotFound("There is no such agent.")
    return slot


def _about(reason: Reason) -> dict[str, Any]:
    about = dict(reason.about)
    facts: dict[str, Any] = {}
    if (skill := about.pop("skill", None)) is not None:
        facts["skill_id"] = bytes.fromhex(skill)
    if (teams := about.pop("teams", None)) is not None:
        facts["team_ids"] = [bytes.fromhex(team) for team in teams]
    return {**facts, **about}
