"""One look at one workspace: what is due there becomes commands, in due order.

Any number of workers may do this at once. Each command names what it saw (a timer's version, an offer), so whoever comes
second changes nothing. A step that cannot be decided is counted, and parked when that happens too often; the others go on.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol
from uuid import uuid4

import structlog
from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.outcome import Outcome
from app.engine.commands import Actor, Command, ParkTimer
from app.engine.ids import WorkspaceId
from app.engine.vocabulary import ActorType
from app.errors import Unavailable
from app.queries.due import Due, count_attempt, look

log = structlog.get_logger()

WORKER = Actor(ActorType.SYSTEM, "worker")
AT_ONCE = 200
MOST_ATTEMPTS = 5
COMMAND_SECONDS = 5.0
LONGEST_REST_SECONDS = 60.0
FORGET_SECONDS = 300.0
# Of SQLSTATE: connections, transactions, resources, wrong state of an object, operator, system, internal errors.
OUTAGES = frozenset({"08", "25", "40", "53", "55", "57", "58", "XX"})


class Dispatches(Protocol):
    """What a sweep asks of the dispatcher."""

    async def submit(self, workspace: WorkspaceId, command: Command, *, request_id: str, deadline: float) -> Outcome: ...
    async def refresh_due(self, workspace: WorkspaceId) -> None: ...


@dataclass(frozen=True, slots=True)
class Meters:
    """Who counts: seconds a step was late, steps that failed, steps that were parked."""

    late: Callable[[float], None] = lambda _seconds: None
    failed: Callable[[], None] = lambda: None
    parked: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Round:
    """Whether more may be due at once; else in how many ms something will be, None when nothing is planned."""

    more: bool
    in_ms: int | None = None


class _Fired(Enum):
    TAKEN = auto()  # it had an effect
    NOTHING = auto()  # somebody else was quicker, or it makes no sense any more
    FAILED = auto()
    AWAY = auto()  # the database was, or is


class _Rests:
    """What failed or had no effect rests before it is tried again: 1 s, or twice as long each time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[tuple[bytes, str, int], tuple[float, int]] = {}

    def __len__(self) -> int:
        return len(self._until)

    def rests(self, due: Due) -> bool:
        return self._until.get(due.key, (0.0, 0))[0] > time.monotonic()

    def add(self, due: Due, *, longer: bool) -> None:
        times = self._until.get(due.key, (0.0, 0))[1]
        seconds = min(self._seconds * (2**times if longer else 1), LONGEST_REST_SECONDS)
        self._until[due.key] = time.monotonic() + seconds, min(times + 1, 10)

    def forget(self) -> None:
        before = time.monotonic() - FORGET_SECONDS
        for key in [key for key, (until, _) in self._until.items() if until < before]:
            del self._until[key]


class Sweep:
    """`rest_seconds` is how long a step that failed is left alone; an interval of the sweep suits."""

    def __init__(
        self, engine: AsyncEngine, dispatcher: Dispatches, *, rest_seconds: float = 1.0, meters: Meters | None = None
    ) -> None:
        self._engine = engine
        self._dispatcher = dispatcher
        self._rest_seconds = rest_seconds
        self._rests: dict[WorkspaceId, _Rests] = {}
        self._meters = meters or Meters()

    async def round(self, workspace: WorkspaceId) -> Round:
        """Fires at most 200 steps. Raises what the database raises."""
        rests = self._resting(workspace)
        found = await look(self._engine, workspace, limit=AT_ONCE + len(rests))
        if found is None:
            return Round(more=False)
        head, everything = found
        batch = _in_order([due for due in everything if not rests.rests(due)][:AT_ONCE])
        if batch:
            request_id = f"sweep_{uuid4().hex}"
            fired = await asyncio.gather(*(self._fire(workspace, due, request_id) for due in batch))
            self._let_rest(workspace, rests, zip(batch, fired, strict=True))
            return Round(more=_Fired.AWAY not in fired)
        if head.overdue and not everything:
            await self._dispatcher.refresh_due(workspace)
            return Round(more=False)
        return Round(more=False, in_ms=None if head.overdue or head.next_due is None else head.next_due - head.now)

    def _resting(self, workspace: WorkspaceId) -> _Rests:
        rests = self._rests.get(workspace)
        if rests is None:
            return _Rests(self._rest_seconds)
        rests.forget()
        if not rests:
            del self._rests[workspace]
        return rests

    def _let_rest(self, workspace: WorkspaceId, rests: _Rests, results: "zip[tuple[Due, _Fired]]") -> None:
        for due, fired in results:
            if fired is _Fired.FAILED or fired is _Fired.NOTHING:
                rests.add(due, longer=fired is _Fired.NOTHING or due.metric is None or due.attempts >= MOST_ATTEMPTS)
        if rests:
            self._rests[workspace] = rests

    async def _fire(self, workspace: WorkspaceId, due: Due, request_id: str) -> _Fired:
        if due.metric is not None and due.attempts >= MOST_ATTEMPTS:
            return await self._park(workspace, due, request_id)
        try:
            outcome = await self._dispatcher.submit(
                workspace, due.command(WORKER), request_id=request_id, deadline=COMMAND_SECONDS
            )
        except Exception as error:  # noqa: BLE001  (whatever one step raises, the others go on)
            if passes(error):
                return _Fired.AWAY
            return await self._failed(workspace, due, error, request_id)
        for event in outcome.events:
            if (late_ms := getattr(event, "late_ms", None)) is not None:
                self._meters.late(late_ms / 1000)
        return _Fired.TAKEN if outcome.events else _Fired.NOTHING

    async def _failed(self, workspace: WorkspaceId, due: Due, error: Exception, request_id: str) -> _Fired:
        self._meters.failed()
        attempts = None
        try:
            if due.metric is not None:
                attempts = await count_attempt(self._engine, workspace, due)
        except Exception as second:  # noqa: BLE001  (not counted is only tried once more)
            log.warning("timer_attempt_not_counted", workspace=workspace.hex(), error=type(second).__name__)
        log.error(
            "timer_failed" if due.metric else "offer_failed" if due.offer else "wake_failed",
            workspace=workspace.hex(),
            ticket=due.ticket.hex(),
            metric=due.metric,
            attempts=attempts,
            error=type(error.__cause__ or error).__name__,
        )
        if attempts is not None and attempts >= MOST_ATTEMPTS:
            return await self._park(workspace, due, request_id)
        return _Fired.FAILED

    async def _park(self, workspace: WorkspaceId, due: Due, request_id: str) -> _Fired:
        if due.metric is None:
            return _Fired.FAILED
        try:
            command = ParkTimer(WORKER, due.ticket, due.metric)
            outcome = await self._dispatcher.submit(workspace, command, request_id=request_id, deadline=COMMAND_SECONDS)
        except Exception as error:  # noqa: BLE001  (tried again after a rest)
            log.error("timer_not_parked", workspace=workspace.hex(), ticket=due.ticket.hex(), error=type(error).__name__)  # noqa: TRY400
            return _Fired.AWAY if passes(error) else _Fired.FAILED
        if not outcome.events:
            return _Fired.NOTHING
        self._meters.parked()
        log.error("timer_parked", workspace=workspace.hex(), ticket=due.ticket.hex(), metric=due.metric)
        return _Fired.TAKEN


def passes(error: Exception) -> bool:
    """Whether it is an outage that passes, not the step, that made a command fail."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, DBAPIError | PostgresError):
        state = getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
        return (state or "08")[:2] in OUTAGES
    return isinstance(error, Unavailable | NoConnectionFree | InterfaceError | InternalClientError | OSError | TimeoutError)


def _in_order(due: Sequence[Due]) -> Sequence[Due]:
    """Up to where a warning of this very batch has its breach, which is not a row yet: that would come too late."""
    ends = min((item.then for item in due if item.then is not None), default=None)
    if ends is None:
        return due
    return [item for item in due if item.at < ends] or due[:1]
