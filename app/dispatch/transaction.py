"""One transaction of the writer: opened in one round trip, on asyncpg's own connection out of SQLAlchemy's pool.

The writer speaks to asyncpg directly because each statement through the ORM's cursor costs as much as a routed ticket.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import set_workspace
from app.engine.ids import WorkspaceId

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED; "
UNLIMITED = "SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'"
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "


class CommitUnsure(RuntimeError):  # noqa: N818  # named as the situation
    """COMMIT succeeded with a warning: the wait for a standby was cut short, and a failover may lose what was committed."""


class Transaction:
    """An open transaction. `connection` is asyncpg's; `committing` is true from the moment COMMIT was sent."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.committing = False
        self.over = False

    async def commit(self, last: str = "") -> None:
        """Send the statement `last` and COMMIT in one message. Returns when PostgreSQL has said so; anything else leaves the
        outcome unknown.

        Raises:
            CommitUnsure: it is committed, but with a warning.

        """
        self.committing = True
        self.connection.warned = False
        status = await self.connection.execute(f"{last}; COMMIT" if last else "COMMIT")
        self.over = True
        if status != "COMMIT":
            raise asyncpg.InFailedSQLTransactionError(f"COMMIT answered {status}")
        if self.connection.warned:
            raise CommitUnsure


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
    if opened.over:
        return
    try:
        if isinstance(error, TimeoutError):
            _distrust(pooled, error)
        if opened.connection.is_closed():
            await pooled.invalidate()
        else:
            await opened.connection.execute("ROLLBACK", timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        await pooled.invalidate()


def _distrust(pooled: AsyncConnection, error: TimeoutError) -> None:
    """All connections that are as old as this one are replaced before they are used, as SQLAlchemy does when one breaks:
    where one is silent the others are, and each would cost a time-out of its own.
    """
    connection = pooled.sync_connection
    if connection is not None:
        connection.engine.pool._invalidate(connection.connection, error, _checkin=False)  # noqa: SLF001
