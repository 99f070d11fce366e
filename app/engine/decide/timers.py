"""A timer's moment has come: warn, record the breach, take the next level. Each step takes effect once, by its version."""

from app.engine.agents import CHANNEL_INDEX
from app.engine.commands import ParkTimer, TimerDue
from app.engine.configuration import Escalation
from app.engine.decide.decider import Decider
from app.engine.decide.holding import free
from app.engine.decide.promises import BREACH, FIRST_LEVEL, WARNING, policy_of
from app.engine.decide.routing import route
from app.engine.events import (
    SlaBreached,
    SlaStepped,
    SlaWarned,
    TicketAssigned,
    TicketEscalated,
    TicketTransferred,
    TicketUpdated,
    TimerParked,
)
from app.engine.ids import AssignmentId, TicketId
from app.engine.tickets import NONE, PRIORITIES, TIMER_STATE_INDEX
from app.engine.vocabulary import Metric, TimerState

_ASSIGNMENT = 2
_TICKING = (TIMER_STATE_INDEX[TimerState.RUNNING], TIMER_STATE_INDEX[TimerState.BREACHED])


def due(decider: Decider, command: TimerDue) -> None:
    """Take one step. A firing of another version, or before its time, has no effect."""
    tickets = decider.state.tickets
    slot = tickets.slot_of.get(command.ticket)
    timers = tickets.timers[command.metric]
    if slot is None or timers.version[slot] != command.version or timers.state[slot] not in _TICKING:
        return
    next_at, step = timers.next[slot], timers.step[slot]
    if next_at == NONE or next_at > decider.now:
        return
    decider.decided.result.ticket = command.ticket
    ticket, metric, due_at, late = command.ticket, command.metric, timers.due[slot], decider.now - next_at
    levels = _levels(decider, slot, metric)
    if step == WARNING:
        decider.emit(SlaWarned(ticket, metric, due_at, due_at, BREACH, late))
    elif step == BREACH:
        decider.emit(SlaBreached(ticket, metric, due_at, _moment(levels, 0, due_at), FIRST_LEVEL, late))
    else:
        level = step - FIRST_LEVEL
        decider.emit(SlaStepped(ticket, metric, _moment(levels, level + 1, due_at), step + 1, late))
        if level < len(levels):
            decider.emit(TicketEscalated(ticket, metric, level + 1))
            _escalate(decider, slot, ticket, levels[level])


def park(decider: Decider, command: ParkTimer) -> None:
    """Stop a timer that failed too often."""
    slot = decider.state.tickets.slot_of.get(command.ticket)
    timers = decider.state.tickets.timers[command.metric]
    if slot is not None and timers.state[slot] in _TICKING and timers.next[slot] != NONE:
        decider.emit(TimerParked(command.ticket, command.metric))


def _levels(decider: Decider, slot: int, metric: Metric) -> tuple[Escalation, ...]:
    policy = policy_of(decider, slot)
    return policy.escalations[metric] if policy else ()


def _moment(levels: tuple[Escalation, ...], level: int, due_at: int) -> int | None:
    return due_at + levels[level].after_ms if level < len(levels) else None


def _escalate(decider: Decider, slot: int, ticket: TicketId, step: Escalation) -> None:
    tickets = decider.state.tickets
    if step.raise_priority and tickets.priority[slot] + 1 < len(PRIORITIES):
        old, new = PRIORITIES[tickets.priority[slot]], PRIORITIES[tickets.priority[slot] + 1]
        decider.emit(TicketUpdated(ticket, {"priority": (old, new)}))
    if step.team is not None and decider.state.requirement(slot).team != step.team:
        free(decider, slot, ticket, "escalated")
        decider.emit(TicketTransferred(ticket, step.team, "escalated"))
        route(decider, slot)
    elif step.agent is not None:
        _hand_to(decider, slot, ticket, step)


def _hand_to(decider: Decider, slot: int, ticket: TicketId, step: Escalation) -> None:
    """A named manager gets it, even above capacity; that is recorded. Somebody who has left gets nothing."""
    agents = decider.state.agents
    agent = agents.slot_of.get(step.agent) if step.agent is not None else None
    if agent is None or step.agent is None:
        return
    if decider.state.tickets.agent[slot] == agent and slot not in decider.state.tickets.offers:
        return
    free(decider, slot, ticket, "escalated")
    wanted = decider.state.requirement(slot)
    forced = agents.units_left(agent, CHANNEL_INDEX[wanted.channel]) < wanted.cost
    assignment = AssignmentId(decider.new_id(_ASSIGNMENT))
    decider.emit(TicketAssigned(ticket, step.agent, assignment, "escalation", forced=forced))
