"""Connections of a simulated world: what the dispatcher has instead of SQLAlchemy's pool and asyncpg's connection, with their ways to fail.

A connection that breaks while COMMIT is under way may have committed, may not have, or may commit a moment later while it still
holds the head: the dispatcher has to find out, as it would with a real one.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, Protocol

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.dispatch.transaction import UNLIMITED
from app.queries import heads
from tests.simulation import statements
from tests.simulation.chance import ODDS, Chance
from tests.simulation.tables import Broken, Clock, Row, Rows, Transaction

LOCK_SECONDS = 2.0
IDLE_SECONDS = 3.0
TRANSACTION_SECONDS = 10.0


class Dead(BaseException):
    """The process was killed: nothing in it goes on, not even its error handling."""


class Base(Protocol):
    """The database as connections see it. `home` is the server, `committed` hears of every commit."""

    home: tuple[str, int, int]
    clock: Clock
    chance: Chance

    def rows(self, key: str) -> Rows: ...
    def committed(self, transaction: Transaction) -> None: ...
    def fail(self, broken: Broken) -> None: ...


class Pool:
    """What `app.dispatch` asks of an engine. `dead` is set when its process is killed."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.dead = False
        self.busy = asyncio.Event()
        self.open: list[Connection] = []
        self.pool = self

    def size(self) -> int:
        return 8

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["Pooled"]:
        if self.dead:
            raise Dead
        if self.base.chance.happens("errors", ODDS.no_connection):
            raise PoolTimeout("simulated: no connection free")
        connection = Connection(self)
        self.open.append(connection)
        self.busy.set()
        try:
            yield Pooled(connection)
        finally:
            connection.close()
            self.open.remove(connection)
            if not self.open:
                self.busy.clear()

    def kill(self) -> None:
        self.dead = True
        self.cut()

    def cut(self) -> None:
        """Every connection breaks."""
        for connection in self.open:
            connection.close()


class Pooled:
    """SQLAlchemy's side of a connection. There is no pool of SQLAlchemy's behind it whose other connections could be distrusted."""

    sync_connection = None

    def __init__(self, connection: "Connection") -> None:
        self.driver_connection = connection

    async def get_raw_connection(self) -> "Pooled":
        return self

    async def invalidate(self) -> None:
        self.driver_connection.close()


class Connection:
    """Asyncpg's side. One workspace at a time, named by `SET LOCAL giliran.workspace`."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.base = pool.base
        self.transaction: Transaction | None = None
        self.closed = False
        self.failed = False
        self.under_way = False
        self.home = pool.base.home
        self.warning: str | None = None
        self.ends_at: float | None = None

    def is_closed(self) -> bool:
        return self.closed

    def close(self) -> None:
        """PostgreSQL notices, and what was not committed is gone."""
        self.closed = True
        self._abort()

    async def execute(self, text: str, *parameters: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109, ARG002  (as asyncpg has it)
        with self._alone():
            if text.startswith("BEGIN"):
                return await self._begin(text)
            if text == UNLIMITED:
                self.ends_at = None
                return "SELECT 1"
            if text == "ROLLBACK":
                self._abort()
                return text
            if text.endswith("COMMIT"):
                return await self._commit(text.removesuffix("COMMIT").removesuffix("; "))
            return await self._write(text, parameters)

    async def _write(self, text: str, parameters: tuple[Any, ...]) -> str:
        transaction = await self._reach(text, parameters)
        if self.base.chance.world.random() < ODDS.slow:
            await asyncio.sleep(0.002)
            self._usable()
        if self.base.chance.happens("errors", ODDS.error):
            self.failed = True
            raise self.base.chance.world.choice((asyncpg.DeadlockDetectedError, asyncpg.DiskFullError, asyncpg.DataError))(
                "simulated"
            )
        try:
            statements.write(transaction, text, parameters)
        except Broken as broken:
            self.base.fail(broken)  # the dispatcher would try the commands of the batch one by one
            raise
        return "OK"

    async def fetch(self, text: str, *parameters: Any) -> list[Row]:
        with self._alone():
            return statements.read(await self._reach(text, parameters), text, parameters)

    async def fetchrow(self, text: str, *parameters: Any) -> Row | None:
        transaction = await self._reach(text, parameters)
        if text == heads.LOCK_AND_CLOCK:
            await self._lock(transaction)
            return {**transaction.read_head(), "clock": self.base.clock.moment()}
        if text == heads.LOCK:
            await self._lock(transaction)
        rows = statements.read(transaction, text, parameters)
        return rows[0] if rows else None

    async def fetchval(self, text: str, *parameters: Any) -> Any:
        if text == heads.CLOCK:
            await self._reach(text, ())
            return self.base.clock.moment()
        rows = statements.read(await self._reach(text, parameters), text, parameters)
        return next(iter(rows[0].values())) if rows else None

    # -- transactions ----------------------------------------------------------------------------------------------

    async def _begin(self, text: str) -> str:
        await self._travel()
        workspace = text.rpartition("'")[0].rpartition("'")[2]
        self.ends_at = asyncio.get_running_loop().time() + TRANSACTION_SECONDS
        self.transaction = Transaction(self.base.rows(workspace), snapshot="REPEATABLE READ" in text)
        return "BEGIN"

    async def _commit(self, last: str) -> str:
        transaction, chance = self._usable(), self.base.chance
        await asyncio.sleep(chance.world.uniform(0.001, 0.02))
        self._usable()
        if self.failed:
            self._abort()
            return "ROLLBACK"
        if last:
            statements.move(transaction, last)
        if chance.happens("cuts", ODDS.commit_cut):
            self.closed = True
            how = chance.world.randrange(3)
            if how == 0:
                self._abort()
            else:
                self.transaction = None
                late = 0 if how == 1 else chance.world.uniform(0, 1.8)
                asyncio.get_running_loop().call_later(late, partial(self._commit_now, transaction))
            raise asyncpg.ConnectionDoesNotExistError("simulated: cut while COMMIT was under way")
        self._commit_now(transaction)
        self.transaction = None
        if chance.happens("errors", ODDS.warning):
            self.warning = "01000"
        await asyncio.sleep(chance.world.uniform(0.001, 0.02))
        if self.closed:
            raise asyncpg.ConnectionDoesNotExistError("simulated: gone before the answer")
        return "COMMIT"

    def _commit_now(self, transaction: Transaction) -> None:
        transaction.commit()
        try:
            self.base.committed(transaction)
        finally:
            transaction.end()

    async def _lock(self, transaction: Transaction) -> None:
        rows = transaction.rows
        if rows.holder is None:
            rows.holder = transaction
            return
        free = asyncio.get_running_loop().create_future()

        def mine() -> None:
            if free.done() or transaction.over:
                if rows.waiting:
                    rows.waiting.popleft()()
                return
            rows.holder = transaction
            free.set_result(None)

        rows.waiting.append(mine)
        try:
            await asyncio.wait_for(free, LOCK_SECONDS)
        except TimeoutError:
            self.failed = True
            raise asyncpg.LockNotAvailableError("simulated: lock timeout") from None

    def _abort(self) -> None:
        if self.transaction is not None:
            self.transaction.end()
            self.transaction = None

    # -- the way to the server -------------------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Asyncpg takes one statement at a time, and says so."""
        if self.under_way and not self.pool.dead:
            self.base.fail(Broken("nothing_unforeseen", "two statements at once on one connection"))
        self.under_way = True
        try:
            yield
        finally:
            self.under_way = False

    def _usable(self) -> Transaction:
        if self.pool.dead:
            raise Dead
        if self.ends_at is not None and self.ends_at < asyncio.get_running_loop().time():
            self.close()
        if self.closed or self.transaction is None:
            raise asyncpg.ConnectionDoesNotExistError("simulated: the connection is gone")
        return self.transaction

    async def _reach(self, text: str, parameters: tuple[Any, ...]) -> Transaction:
        transaction, chance = self._usable(), self.base.chance
        if self.failed:
            raise asyncpg.InFailedSQLTransactionError("simulated")
        if parameters and any(named.bytes != transaction.rows.key for named in statements.workspace_of(text, parameters)):
            broken = Broken("own_rows_only", f"a statement names another workspace than the transaction's: {text}")
            self.base.fail(broken)
            raise broken
        if chance.happens("cuts", ODDS.cut):
            self.close()
            raise asyncpg.ConnectionDoesNotExistError("simulated: cut")
        if chance.happens("pauses", ODDS.pause):
            await self._stand_still(chance.world.choice((0.5, 2.5, 10.0, 60.0)))
        return self._usable()

    async def _stand_still(self, seconds: float) -> None:
        """The process is stopped. PostgreSQL ends a transaction that is idle for three seconds, whoever holds it."""
        if seconds > IDLE_SECONDS:
            asyncio.get_running_loop().call_later(IDLE_SECONDS, self.close)
        await asyncio.sleep(seconds)

    async def _travel(self) -> None:
        """To the server, which takes a moment; so commands gather while others are under way."""
        if self.pool.dead:
            raise Dead
        await asyncio.sleep(self.base.chance.world.uniform(0.0005, 0.004))
        if self.pool.dead:
            raise Dead
        if self.base.chance.happens("cuts", ODDS.cut):
            self.close()
            raise asyncpg.ConnectionDoesNotExistError("simulated: cut")
