"""The way of a batch: lock, catch up, gather, decide, record, commit, answer; and what happens when one of them fails."""

import asyncio
import gc
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from app import telemetry
from app.connections import BROKEN
from app.dispatch.batch import Attempt, Done
from app.dispatch.catch_up import RELOAD_BEYOND, LogBroken, catch_up
from app.dispatch.inbox import Envelope, overloaded
from app.dispatch.load import load
from app.dispatch.moments import uuid_of
from app.dispatch.outcome import Wake
from app.dispatch.transaction import UNLIMITED, Transaction, transaction
from app.dispatch.workspace import Workspace
from app.engine.ids import WorkspaceId
from app.errors import Problem
from app.queries import heads, log
from app.queries.heads import NEWEST_FORMAT


class StateOutdated(RuntimeError):  # noqa: N818  (named as the situation)
    """The state cannot be caught up from this log: it must be loaded anew."""


RETRY_SECONDS = (0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
LOOK_SECONDS = (2.0, 2.0, 2.0, 2.0)
AWAY = (*BROKEN, asyncpg.IdleInTransactionSessionTimeoutError)
AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, StateOutdated)
BUSY = (PoolTimeout, asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, asyncpg.TooManyConnectionsError)
FULL = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError)

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Context:
    """What every workspace's task shares: connections, the wake-up, and how many may wait for a lock at once."""

    engine: AsyncEngine
    wake: Wake
    waiters: asyncio.Semaphore

    async def work(self, held: Workspace) -> None:
        """Take batches until the inbox is empty. Nothing a batch does may end the task with callers unanswered."""
        loop = asyncio.get_running_loop()
        while envelopes := await held.inbox.gathered(loop.time):
            try:
                await self._batch(held, envelopes)
            except BaseException as error:
                held.state = None
                for envelope in envelopes:
                    envelope.refuse(_internal(error))
                logger.exception("batch_failed", workspace=held.id.hex(), commands=len(envelopes))
                if not isinstance(error, Exception):
                    raise

    async def load(self, held: Workspace) -> None:
        """Have a state, from one snapshot of the rows; others wait for the same load."""
        async with held.loading:
            if held.state is None:
                async with transaction(self.engine, held.id, snapshot=True) as opened:
                    await opened.connection.execute(UNLIMITED)  # it holds no lock, and a large workspace takes its time
                    head = await opened.connection.fetchrow(heads.READ, uuid_of(held.id))
                    held.basis = _basis(opened, head)
                    held.state = await load(opened.connection, held.id)
                telemetry.STATES_LOADED.inc()
                held.settled()
                gc.collect()  # what is garbage by now would be frozen too, and stay
                gc.freeze()  # a state is long-lived: the collector need not walk it again and again

    async def _batch(self, held: Workspace, envelopes: list[Envelope], *, alone: bool = False) -> None:
        """One transaction for all, and for those who come while it waits for the lock, unless it is to stay `alone`.

        If one command breaks it, each gets a transaction of its own.
        """
        try:
            done = await self._persistently(held, envelopes, alone=alone)
        except Problem as problem:
            for envelope in envelopes:
                envelope.refuse(problem)
            return
        except Exception as error:
            if len(envelopes) == 1:
                logger.exception("command_failed", command=type(envelopes[0].command).__name__)
                envelopes[0].refuse(_internal(error))
                return
            logger.warning("batch_split", commands=len(envelopes), error=type(error).__name__)
            for envelope in envelopes:
                await self._batch(held, [envelope], alone=True)
            return
        held.inbox.put_back(done.left)
        for envelope, outcome in done.outcomes:
            if isinstance(outcome, BaseException):
                envelope.refuse(outcome)
            else:
                envelope.accept(outcome)
        if done.seq is not None:
            self.wake(held.id, done.seq, done.next_due_ms)

    async def _persistently(self, held: Workspace, envelopes: list[Envelope], *, alone: bool) -> Done:
        """Run the whole transaction until it is settled or the earliest deadline has passed: every batch is safe to repeat."""
        loop = asyncio.get_running_loop()
        deadline = min(envelope.deadline for envelope in envelopes)
        for tries in range(1_000):
            pause = RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)]
            try:
                return await self._once(held, envelopes, alone=alone)
            except AGAIN:
                held.state = None
            except LogBroken:
                held.state = None
                logger.exception("log_broken", workspace=held.id.hex())
            except BUSY as error:
                raise overloaded("The database is too busy. Try again shortly; nothing was changed.") from error
            except FULL as error:
                raise overloaded("The database has no space left. Nothing was changed.", seconds=10) from error
            except (*AWAY, SQLAlchemyError) as error:
                if isinstance(error, SQLAlchemyError) and not isinstance(error, PoolTimeout | DBAPIError):
                    raise
                telemetry.DATABASE_RETRIES.inc()
                logger.warning("database_away", error=type(error).__name__, tries=tries + 1)
            if loop.time() + pause >= deadline:
                raise overloaded("The database does not answer. Try again with the same Idempotency-Key.", seconds=2)
            await asyncio.sleep(pause)
        raise overloaded("The command could not be settled. Try again with the same Idempotency-Key.", seconds=2)

    async def _once(self, held: Workspace, envelopes: list[Envelope], *, alone: bool) -> Done:
        if held.state is None:
            await self.load(held)
        state = held.state
        assert state is not None  # noqa: S101  # load returned
        attempt = Attempt(state, envelopes, uuid4())
        committing = False
        try:
            async with self.waiters, transaction(self.engine, held.id) as opened:
                await self._lock(held, opened, attempt)
                if not alone:
                    held.inbox.join(envelopes, asyncio.get_running_loop().time())  # where others have the lock, many come
                await attempt.decide_and_record(opened.connection)
                committing = bool(attempt.batch.accepted)
                await opened.commit(attempt.closing)
        except BaseException as error:
            if committing and opened.committing and isinstance(error, (*AWAY, asyncio.CancelledError)):
                held.state = None  # whatever becomes of the search: a picture that is in doubt is not kept
                if await self._found(held.id, attempt):
                    held.state = state
                    return self._stands(held, attempt)
                held.state = state
            self._wind_back(held, attempt)
            raise
        return self._stands(held, attempt)

    async def _lock(self, held: Workspace, opened: Transaction, attempt: Attempt) -> None:
        """Take the head row, read the clock, and evolve what others have done meanwhile."""
        key = uuid_of(held.id)
        head = await opened.connection.fetchrow(heads.LOCK_AND_CLOCK, key)
        if _basis(opened, head) != held.basis or not 0 <= head["last_seq"] - attempt.state.seq <= RELOAD_BEYOND:
            raise StateOutdated("of another server, of another epoch, ahead, or too far behind")
        telemetry.CATCH_UP_EVENTS.observe(await catch_up(opened.connection, attempt.state, head["last_seq"]))
        held.settled()
        attempt.head = head

    async def _found(self, workspace: WorkspaceId, attempt: Attempt) -> bool:
        """COMMIT was sent and no answer came: look for the batch, once the old backend has let go of the head.

        What is found may not have reached the standby yet. The head's row was written here, so this COMMIT waits for all
        that was before it.
        """
        telemetry.UNKNOWN_OUTCOMES.inc()
        loop = asyncio.get_running_loop()
        deadline = min(envelope.deadline for envelope in attempt.envelopes)
        for pause in (*RETRY_SECONDS, *LOOK_SECONDS):
            try:
                async with transaction(self.engine, workspace) as opened:
                    await opened.connection.fetchrow(heads.LOCK, uuid_of(workspace))
                    found = await opened.connection.fetchval(
                        log.BATCH_OF, uuid_of(workspace), attempt.batch.accepted[0].first_seq
                    )
                    await opened.commit()
                    return bool(found == attempt.batch.batch_id)
            except (*AWAY, SQLAlchemyError, asyncpg.PostgresError):
                if loop.time() + pause >= deadline:
                    break
                await asyncio.sleep(pause)
        raise overloaded("The database does not answer. Try again with the same Idempotency-Key.", seconds=2)

    def _stands(self, held: Workspace, attempt: Attempt) -> Done:
        for waited in attempt.waits():
            telemetry.WAITED_SECONDS.observe(waited / 1000)
        attempt.state.settle()
        held.settled()
        telemetry.BATCH_COMMANDS.observe(len(attempt.envelopes))
        return attempt.done()

    def _wind_back(self, held: Workspace, attempt: Attempt) -> None:
        """Take the state back to what PostgreSQL has; if even that fails, load it anew."""
        try:
            attempt.undo()
        except Exception:
            logger.exception("undo_failed")
            held.state = None


def _basis(opened: Transaction, head: Any) -> tuple[Any, ...]:
    """What a state rests on: it is of no use on another server, or after a restore.

    Raises:
        LookupError: there is no such workspace.
        Unavailable: newer code writes there what this code could not read.

    """
    if head is None:
        raise LookupError("no such workspace")
    if head["format"] > NEWEST_FORMAT:
        raise overloaded("A newer version of the service has taken over this workspace. Upgrade this process.", seconds=30)
    return opened.connection.home, head["epoch"]


def _internal(error: BaseException) -> Problem:
    return (
        Problem("internal_error", "Something went wrong on our side. The request id helps us to find it.")
        if isinstance(error, Exception)
        else overloaded("The service is shutting down; nothing was changed.")
    )
