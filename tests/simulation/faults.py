"""Faults put into a day on purpose, one at a time, to prove that the checks bite. Each is a mistake that somebody could make."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from app.dispatch import attempt, batch
from app.dispatch.answers import Answers
from app.dispatch.outcome import Bulk, ItemRefused
from app.dispatch.record import together
from app.dispatch.record.batch import Statement
from app.engine import candidates, decide
from app.engine.commands import OfferDue, TimerDue
from app.engine.decide import lifecycle, offers, timers, updating
from app.engine.decide.decider import Decider
from app.engine.decide.drain import drain_freed
from app.engine.events import TicketQueued, TicketResolved
from app.engine.filters.presence import is_available
from app.engine.journal import Journal
from app.engine.state import State
from app.engine.tickets import NONE
from app.queries import recording
from tests.simulation import statements
from tests.simulation.connections import Connection

Patch = AbstractContextManager[Any]
_undo, _order_key, _decide_bulk = Journal.undo, State.order_key, batch.Attempt._decide_bulk


class _Forgetful(Answers):
    """Looks up nothing, shares nothing, keeps nothing."""

    def settle(self, verdict: Any) -> bool:  # noqa: ARG002  (as Answers has it)
        return False

    def settled(self, batch: Any, verdicts: Any) -> Iterator[Statement]:
        for text, *values in super().settled(batch, verdicts):
            if text not in (recording.STORE_ANSWERS, recording.TOUCH_ANSWERS):
                yield text, *values


async def _forgotten(*_: Any) -> Answers:
    return _Forgetful({})


async def _not_found(*_: Any) -> bool:
    return False


async def _not_caught_up(*_: Any) -> int:
    return 0


async def _as_it_was(*given: Any) -> Any:
    return given[4]


def _drain_but_after_resolve(decider: Decider) -> None:
    if isinstance(decider.decided.events[-1], TicketResolved):
        decider.freed.clear()
    drain_freed(decider)


def _twice(decider: Decider, command: TimerDue) -> None:
    timers.due(decider, command)
    if decider.decided.events:
        _too_early(decider, command)


def _too_early(decider: Decider, command: TimerDue) -> None:
    """The next step is taken as if its version had been named and its time had come."""
    tickets, now = decider.state.tickets, decider.now
    slot, clock = tickets.slot_of.get(command.ticket), tickets.timers[command.metric]
    if slot is not None and clock.next[slot] != NONE:
        decider.now = max(now, clock.next[slot])
        timers.due(decider, replace(command, version=clock.version[slot]))
        decider.now = now


def _offer_too_early(decider: Decider, command: OfferDue) -> None:
    slot, now = decider.state.tickets.slot_of.get(command.ticket), decider.now
    offer = decider.state.tickets.offers.get(slot) if slot is not None else None
    decider.now = now if offer is None else max(now, offer.expires_at)
    offers.due(decider, command)
    decider.now = now


def _all_but_one(journal: Journal, mark: int = 0) -> None:
    """The first change is not taken back."""
    _undo(journal, min(mark + 1, journal.mark))
    del journal._entries[mark:]


def _last_comes_first(state: State, slot: int) -> int:
    return -_order_key(state, slot)


def _told_but_not_kept(connection: Connection, transaction: Any) -> None:
    """COMMIT is answered, and now and then nothing was committed."""
    if transaction.appended and transaction.appended[-1]["seq"] % 40 == 0:
        transaction.end()
    else:
        _commit(connection, transaction)


async def _a_part_stays(attempt: batch.Attempt, verdict: Any, bulk: Bulk, facts: Any) -> float:
    """What came before the item that was refused is kept."""
    others = await _decide_bulk(attempt, verdict, bulk, facts)
    if isinstance(verdict.error, ItemRefused):
        before, verdict.error = bulk.items[: verdict.error.index], None
        others += await _decide_bulk(attempt, verdict, Bulk(before, atomic=True), facts)
    return others


async def _not_undone(attempt: batch.Attempt, verdict: Any, bulk: Bulk, facts: Any) -> float:
    with patch.object(Journal, "undo", _keep):
        return await _decide_bulk(attempt, verdict, bulk, facts)


def _waits_again(decider: Decider, slot: int) -> bool:
    """Nobody is looked for."""
    ticket = decider.state.tickets.ids[slot]
    assert ticket is not None
    decider.emit(TicketQueued(ticket, decider.state.requirement(slot).queue, None))
    return False


def _keep(*_: Any) -> None:
    """Does nothing."""


def _unwritten(text: str) -> Patch:
    return patch.dict(statements._WRITES, {statements._bare(text): _keep})


def _no_index_says_so() -> Patch:
    return _unwritten(recording.INSERT_ASSIGNMENTS)


_commit = Connection._commit_now
FAULTS: dict[str, Callable[[], list[Patch]]] = {
    "idempotency keys are ignored": lambda: [patch.object(batch, "known_answers", _forgotten)],
    "an unknown commit is taken for lost": lambda: [patch.object(attempt.Context, "_found", _not_found)],
    "a stale state is not caught up": lambda: [patch.object(attempt, "catch_up", _not_caught_up)],
    "undo leaves something": lambda: [patch.object(Journal, "undo", _all_but_one)],
    "a commit is answered and lost": lambda: [patch.object(Connection, "_commit_now", _told_but_not_kept)],
    "a row is not written": lambda: [_unwritten(recording.UPDATE_AGENTS)],
    "the head is not told what is due": lambda: [patch.object(batch, "next_due", _as_it_was)],
    "nobody is asked after a ticket is resolved": lambda: [patch.object(decide, "drain_freed", _drain_but_after_resolve)],
    "a timer fires twice": lambda: [patch.dict(decide._HANDLERS, {TimerDue: ("escalated", _twice)})],
    "a timer fires early": lambda: [patch.dict(decide._HANDLERS, {TimerDue: ("escalated", _too_early)})],
    "an offer ends early": lambda: [patch.dict(decide._HANDLERS, {OfferDue: ("offer_expired", _offer_too_early)})],
    "capacity is not looked at": lambda: [patch.object(candidates, "MOMENTARY", (is_available,))],
    "a takeover leaves the first owner": lambda: [patch.object(lifecycle, "free", _keep), _no_index_says_so()],
    "a part of an atomic bulk stays": lambda: [patch.object(batch.Attempt, "_decide_bulk", _a_part_stays)],
    "a refused bulk stays in the state": lambda: [patch.object(batch.Attempt, "_decide_bulk", _not_undone)],
    "a changed ticket is not decided anew": lambda: [patch.object(updating, "route", _waits_again)],
    "an offer outlives a change": lambda: [patch.object(updating, "withdraw", _keep), patch.object(updating, "route", _keep)],
    "changed fields are written beside the ticket": lambda: [
        patch.object(together, "APART", together.APART - {recording.UPDATE_DETAILS})
    ],
    "changed fields are not written": lambda: [_unwritten(recording.UPDATE_DETAILS)],
    "the last comes first": lambda: [patch.object(State, "order_key", _last_comes_first)],
}


@contextmanager
def injected(fault: str | None) -> Iterator[None]:
    """While this lasts the code has the fault; none for None."""
    with ExitStack() as stack:
        if fault is not None:
            for each in FAULTS[fault]():
                stack.enter_context(each)
        yield
