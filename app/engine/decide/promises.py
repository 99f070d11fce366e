"""Promises: start them, keep them, miss them, let them stand still."""

from app.engine.configuration import SlaPolicy
from app.engine.decide.decider import Decider
from app.engine.events import (
    SlaBreached,
    SlaCancelled,
    SlaMet,
    SlaPaused,
    SlaResumed,
    SlaStarted,
    StartedTimer,
)
from app.engine.ids import TicketId
from app.engine.tickets import METRICS, NONE, TIMER_STATES
from app.engine.vocabulary import Metric, TimerState

WARNING, BREACH, FIRST_LEVEL = 0, 1, 2
_LIVE = (TimerState.RUNNING, TimerState.PAUSED, TimerState.BREACHED)


def policy_of(decider: Decider, slot: int) -> SlaPolicy | None:
    """The SLA policy of the ticket's queue."""
    queue = decider.state.queue_of(slot)
    return queue.sla if queue else None


def state_of(decider: Decider, slot: int, metric: Metric) -> TimerState | None:
    """What has become of one promise; None where nothing was promised."""
    index = decider.state.tickets.timers[metric].state[slot]
    return None if index < 0 else TIMER_STATES[index]


def start(decider: Decider, slot: int, ticket: TicketId, metrics: tuple[Metric, ...] = METRICS) -> None:
    """Begin the promises of the queue's policy for the ticket's priority."""
    policy = policy_of(decider, slot)
    if policy is None:
        return
    targets = policy.targets.get(decider.state.tickets.priority_of(slot), {})
    timers = []
    for metric in metrics:
        allowed = targets.get(metric)
        if allowed is None:
            continue
        due_at = decider.now + allowed
        if policy.warn_percent is None:
            timers.append(StartedTimer(metric, due_at, due_at, BREACH))
        else:
            timers.append(StartedTimer(metric, due_at, decider.now + allowed * policy.warn_percent // 100, WARNING))
    if timers:
        decider.emit(SlaStarted(ticket, tuple(timers)))


def begin_missing(decider: Decider, slot: int, ticket: TicketId) -> None:
    """Under another policy: what runs keeps its deadline, and what was not promised yet is promised from now.

    A first response is promised once in a ticket's life.
    """
    tickets = decider.state.tickets
    missing = [metric for metric in METRICS if state_of(decider, slot, metric) not in _LIVE]
    if tickets.responded_at[slot] != NONE or tickets.reopened[slot]:
        missing = [metric for metric in missing if metric is not Metric.FIRST_RESPONSE]
    start(decider, slot, ticket, tuple(missing))


def fulfil(decider: Decider, slot: int, ticket: TicketId, metric: Metric) -> None:
    """What was promised has been done. A deadline that passed unseen is first recorded as breached."""
    now = state_of(decider, slot, metric)
    if now not in _LIVE:
        return
    due_at = decider.state.tickets.timers[metric].due[slot]
    if now is TimerState.PAUSED:
        due_at += decider.now
    late = decider.now - due_at
    if now is not TimerState.BREACHED and late > 0:
        decider.emit(SlaBreached(ticket, metric, due_at, None, FIRST_LEVEL, late))
        now = TimerState.BREACHED
    decider.emit(SlaMet(ticket, metric, in_time=now is not TimerState.BREACHED))


def pause(decider: Decider, slot: int, ticket: TicketId) -> None:
    """Stop the clocks that stand still while a ticket is pending."""
    policy = policy_of(decider, slot)
    for metric in METRICS:
        if policy and metric in policy.paused_by_pending and state_of(decider, slot, metric) is TimerState.RUNNING:
            timers = decider.state.tickets.timers[metric]
            next_at = timers.next[slot]
            next_left = None if next_at == NONE else max(next_at - decider.now, 0)
            decider.emit(SlaPaused(ticket, metric, timers.due[slot] - decider.now, next_left))


def resume(decider: Decider, slot: int, ticket: TicketId) -> None:
    """Let every clock that stands still run again."""
    for metric in METRICS:
        if state_of(decider, slot, metric) is TimerState.PAUSED:
            timers = decider.state.tickets.timers[metric]
            next_left = timers.next[slot]
            next_at = None if next_left == NONE else decider.now + next_left
            decider.emit(SlaResumed(ticket, metric, decider.now + timers.due[slot], next_at))


def cancel(decider: Decider, slot: int, ticket: TicketId) -> None:
    """Nothing is promised any more."""
    for metric in METRICS:
        if state_of(decider, slot, metric) in _LIVE:
            decider.emit(SlaCancelled(ticket, metric))
