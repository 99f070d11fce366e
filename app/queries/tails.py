"""How far the logs of several workspaces have come: one statement for all readers of a process."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

LAST_SEQS = "SELECT workspace_id, last_seq FROM workspace_heads WHERE workspace_id = ANY($1::uuid[])"


async def last_seqs(engine: AsyncEngine, workspaces: Iterable[bytes]) -> dict[bytes, int]:
    """Workspaces that do not exist are missing."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        rows = await connection.exec_driver_sql(LAST_SEQS, ([UUID(bytes=workspace) for workspace in workspaces],))
        return {row.workspace_id.bytes: row.last_seq for row in rows}
