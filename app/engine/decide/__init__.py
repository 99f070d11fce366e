"""`decide(state, command)` says what happens. It leaves the state evolved by its events; a refused command leaves no trace."""

from collections.abc import Callable, Generator
from typing import Any

from app.engine import commands
from app.engine.commands import Command
from app.engine.decide import (
    agents,
    clock,
    configuration,
    customers,
    following,
    handing,
    lifecycle,
    merging,
    offers,
    releasing,
    submit,
    switching,
    taking,
    timers,
    updating,
)
from app.engine.decide.decider import Decided, Decider, Decision, Result
from app.engine.decide.drain import drain_all, drain_freed
from app.engine.decide.facts import AnsweredOffer, Details, EndedTicket, Facts
from app.engine.state import State

Handler = Callable[[Decider, Any], Generator[None, None, None] | None]
LONG = frozenset({commands.ApplyConfiguration})
"""Commands that may take long, each with a handler that pauses: see `in_turns`."""

_HANDLERS: dict[type[Command], tuple[str, Handler]] = {
    commands.SubmitTicket: ("submitted", submit.submit),
    commands.UpdateTicket: ("updated", updating.update),
    commands.AssignTicket: ("assigned_by_hand", lifecycle.assign),
    commands.TransferTicket: ("transferred", handing.transfer),
    commands.ReturnTicket: ("returned", handing.give_back),
    commands.TakeTicket: ("taken", taking.take),
    commands.TakeNext: ("taken", taking.take_next),
    commands.StartTicket: ("started", lifecycle.start),
    commands.RespondTicket: ("responded", lifecycle.respond),
    commands.AddMessage: ("message", lifecycle.add_message),
    commands.PendTicket: ("pending", lifecycle.pend),
    commands.SnoozeTicket: ("snoozed", lifecycle.snooze),
    commands.WakeTicket: ("woken", lifecycle.wake),
    commands.FollowTicket: ("followed", following.follow),
    commands.ResolveTicket: ("resolved", lifecycle.resolve),
    commands.ReopenTicket: ("reopened", lifecycle.reopen),
    commands.CloseTicket: ("closed", lifecycle.close),
    commands.CancelTicket: ("cancelled", lifecycle.cancel),
    commands.AnswerOffer: ("offer_answered", offers.answer),
    commands.OfferDue: ("offer_expired", offers.due),
    commands.TimerDue: ("escalated", timers.due),
    commands.ParkTimer: ("parked", timers.park),
    commands.SetPresence: ("agent_freed", agents.set_presence),
    commands.ReleaseAgent: ("released", releasing.release),
    commands.SwitchQueue: ("resumed", switching.switch_queue),
    commands.SwitchWorkspace: ("resumed", switching.switch_workspace),
    commands.CreateCustomer: ("customer", customers.create),
    commands.PutCustomer: ("customer", customers.put),
    commands.UpdateCustomer: ("customer", customers.update),
    commands.MergeCustomers: ("customer", merging.merge),
    commands.UnmergeCustomer: ("customer", merging.unmerge),
    commands.DeleteCustomer: ("customer", customers.delete),
    commands.ApplyConfiguration: ("configuration_applied", configuration.apply),
    commands.AdvanceClock: ("clock", clock.advance),
    commands.Drain: ("swept", lambda decider, command: drain_all(decider)),  # noqa: ARG005  # one shape for all
}


def decide(state: State, command: Command, facts: Facts, *, now: int) -> Decided:
    """Decide one command at `now` (ms). On return the state is after the events; wind back by `state.journal.undo(mark)`.

    Raises:
        Refusal: the command cannot be done; state and facts are as before.

    """
    if type(command) in LONG:
        return _whole(in_turns(state, command, facts, now=now))
    cause, handler = _HANDLERS[type(command)]
    mark = state.journal.mark
    decider = Decider(state, facts, actor=command.actor, now=now, cause=cause)
    try:
        handler(decider, command)
        if decider.freed:
            decider.cause = "agent_freed"
            drain_freed(decider)
    except BaseException:
        state.journal.undo(mark)
        raise
    return decider.decided


def in_turns(state: State, command: Command, facts: Facts, *, now: int) -> Generator[None, None, Decided]:
    """As `decide`, for a command of `LONG`: it pauses where others may work who do not look at this state.

    Closed before its end, it leaves no trace either.
    """
    cause, handler = _HANDLERS[type(command)]
    mark = state.journal.mark
    decider = Decider(state, facts, actor=command.actor, now=now, cause=cause)
    try:
        yield from handler(decider, command) or ()
    except BaseException:
        state.journal.undo(mark)
        raise
    return decider.decided


def _whole(turns: Generator[None, None, Decided]) -> Decided:
    while True:
        try:
            next(turns)
        except StopIteration as done:
            decided: Decided = done.value
            return decided


__all__ = ["LONG", "AnsweredOffer", "Decided", "Decision", "Details", "EndedTicket", "Facts", "Result", "decide", "in_turns"]
