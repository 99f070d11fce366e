"""What becomes of a promise. Each change counts the timer's version, so that a firing that comes late has no effect."""

from app.engine import events
from app.engine.state import State
from app.engine.tickets import NONE, TIMER_STATE_INDEX, Timers
from app.engine.vocabulary import Metric, TimerState


def started(state: State, event: events.SlaStarted, at: int) -> None:
    """The clocks run. The version starts anew, whether or not a reopened ticket still had its former clocks."""
    slot = state.tickets.slot_of[event.ticket]
    for timer in event.timers:
        timers = _touch(state, slot, timer.metric)
        _put(state, timers, slot, TimerState.RUNNING, timer.due_at, timer.next_at)
        state.journal.put(timers.step, slot, timer.step)
        state.journal.put(timers.started, slot, at)
        state.journal.put(timers.version, slot, 1)
    state.reorder(slot)


def stepped(state: State, event: events.SlaWarned | events.SlaStepped, at: int) -> None:  # noqa: ARG001  # one shape for all
    """On to the next step."""
    slot = state.tickets.slot_of[event.ticket]
    timers = _touch(state, slot, event.metric)
    state.journal.put(timers.next, slot, _or_none(event.next_at))
    state.journal.put(timers.step, slot, event.step)


def breached(state: State, event: events.SlaBreached, at: int) -> None:  # noqa: ARG001  # one shape for all
    """The deadline has passed; it no longer orders the queue."""
    slot = state.tickets.slot_of[event.ticket]
    timers = _touch(state, slot, event.metric)
    _put(state, timers, slot, TimerState.BREACHED, event.due_at, _or_none(event.next_at))
    state.journal.put(timers.step, slot, event.step)
    state.reorder(slot)


def met(state: State, event: events.SlaMet, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Fulfilled, in time or late."""
    slot = state.tickets.slot_of[event.ticket]
    timers = _touch(state, slot, event.metric)
    _put(state, timers, slot, TimerState.MET if event.in_time else TimerState.MISSED, timers.due[slot], NONE)
    state.reorder(slot)


def paused(state: State, event: events.SlaPaused, at: int) -> None:  # noqa: ARG001  # one shape for all
    """What is left is kept instead of moments."""
    slot = state.tickets.slot_of[event.ticket]
    timers = _touch(state, slot, event.metric)
    _put(state, timers, slot, TimerState.PAUSED, event.left_ms, _or_none(event.next_left_ms))
    state.reorder(slot)


def resumed(state: State, event: events.SlaResumed, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Moments again."""
    slot = state.tickets.slot_of[event.ticket]
    timers = _touch(state, slot, event.metric)
    _put(state, timers, slot, TimerState.RUNNING, event.due_at, _or_none(event.next_at))
    state.reorder(slot)


def cancelled(state: State, event: events.SlaCancelled, at: int) -> None:  # noqa: ARG001  # one shape for all
    """No longer promised."""
    slot = state.tickets.slot_of[event.ticket]
    timers = _touch(state, slot, event.metric)
    _put(state, timers, slot, TimerState.CANCELLED, timers.due[slot], NONE)


def parked(state: State, event: events.TimerParked, at: int) -> None:  # noqa: ARG001  # one shape for all
    """It no longer fires."""
    slot = state.tickets.slot_of.get(event.ticket)
    if slot is not None:
        state.journal.put(_touch(state, slot, event.metric).next, slot, NONE)


def _or_none(moment: int | None) -> int:
    return NONE if moment is None else moment


def _touch(state: State, slot: int, metric: Metric) -> Timers:
    timers = state.tickets.timers[metric]
    state.journal.put(timers.version, slot, max(timers.version[slot], 0) + 1)
    state.journal.add(state.touched.timers, (slot, metric))
    return timers


def _put(state: State, timers: Timers, slot: int, now: TimerState, due: int, following: int) -> None:
    put = state.journal.put
    put(timers.state, slot, TIMER_STATE_INDEX[now])
    put(timers.due, slot, due)
    put(timers.next, slot, following)
