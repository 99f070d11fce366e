"""What is paused or drained now."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import switches


async def all_of(connection: AsyncConnection, workspace: UUID) -> dict[UUID, dict[str, Any]]:
    """State and since by subject: a queue's id, or the workspace's own."""
    statement = select(switches.c.subject_id, switches.c.state, switches.c.since).where(switches.c.workspace_id == workspace)
    return {row["subject_id"]: {**row} for row in (await connection.execute(statement)).mappings()}
