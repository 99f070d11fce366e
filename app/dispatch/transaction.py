"""One transaction of the writer: opened in one round trip, on asyncpg's own connection out of SQLAlchemy's pool.

The writer speaks to asyncpg directly because each statement through the ORM's cursor costs as much as a routed ticket.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.connections import BROKEN, doubt
from app.db import set_workspace
from app.engine.ids import WorkspaceId

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED; "
UNLIMITED = "SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'"
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "


class NotReplicated(ConnectionError):  # noqa: N818  (named as the situation)
    """Committed here, and perhaps nowhere else."""


class Transaction:
    """An open transaction. `connection` is asyncpg's; `committing` is true from the moment COMMIT was sent."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.committing = False
        self.over = False

    async def commit(self, last: str = "") -> None:
        """Send the statement `last` and COMMIT in one message. Returns when PostgreSQL has said so; else the outcome is unknown.

        A COMMIT that is cancelled while it waits for a synchronous standby says success, with a warning before it: the
        change may be on this server alone, and lost when another takes over.
        """
        self.committing = True
        self.connection.warning = None
        status = await self.connection.execute(f"{last}; COMMIT" if last else "COMMIT")
        self.over = True
        if self.connection.warning is not None:
            raise NotReplicated(f"COMMIT warned of {self.connection.warning}")
        if status != "COMMIT":
            raise asyncpg.InFailedSQLTransactionError(f"COMMIT answered {status}")


@asynccontextmanager
async def transaction(engine: AsyncEngine, workspace: WorkspaceId, *, snapshot: bool = False) -> AsyncIterator[Transaction]:
    """A transaction that sees one workspace; rolled back unless it was committed. A broken connection leaves the pool."""
    async with engine.connect() as pooled:
        raw = await pooled.get_raw_connection()
        connection = raw.driver_connection
        opened = Transaction(connection)
        try:
            await opened.connection.execute((_SNAPSHOT if snapshot else _BEGIN) + set_workspace(workspace))
            yield opened
        except BaseException as error:
            await _abandon(opened, pooled, error)
            raise
        if not opened.over:
            await opened.connection.execute("ROLLBACK")


async def _abandon(opened: Transaction, pooled: AsyncConnection, error: BaseException) -> None:
    """A connection that broke or fell silent is ended at once; whoever wants one next may find another server."""
    if isinstance(error, BROKEN):
        _distrust(pooled, error)
        await doubt(pooled)
        await pooled.invalidate()
        return
    if opened.over:
        return
    try:
        await opened.connection.execute("ROLLBACK", timeout=2)
    except (*BROKEN, asyncpg.PostgresError):
        await pooled.invalidate()


def _distrust(pooled: AsyncConnection, error: Exception) -> None:
    """All connections that are as old as this one are replaced before they are used, as SQLAlchemy does when one breaks:
    where one is silent or gone the others are, and each would cost a time-out or a try of its own.
    """
    connection = pooled.sync_connection
    if connection is not None:
        connection.engine.pool._invalidate(connection.connection, error, _checkin=False)  # noqa: SLF001
