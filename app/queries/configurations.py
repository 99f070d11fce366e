"""Versions of the configuration."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import configurations

Row = dict[str, Any]


async def one(connection: AsyncConnection, workspace: UUID, version: int) -> Row | None:
    """A version as it was applied: version, document, applied_at."""
    statement = select(configurations.c.version, configurations.c.document, configurations.c.applied_at).where(
        configurations.c.workspace_id == workspace, configurations.c.version == version
    )
    found = (await connection.execute(statement)).mappings().first()
    return None if found is None else dict(found)


async def documents(connection: AsyncConnection, workspace: UUID, versions: Collection[int]) -> dict[int, dict[str, Any]]:
    """Documents by version."""
    if not versions:
        return {}
    statement = select(configurations.c.version, configurations.c.document).where(
        configurations.c.workspace_id == workspace, configurations.c.version.in_(sorted(versions))
    )
    return {row.version: row.document for row in await connection.execute(statement)}
