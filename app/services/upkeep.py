"""What the owner of the tables does to all workspaces: raise their epoch, raise their format. One transaction each."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncEngine

from app.errors import Conflict
from app.queries import workspaces as queries
from app.queries.heads import NEWEST_FORMAT

__all__ = ["NEWEST_FORMAT", "begin_epoch", "finish_upgrade", "formats"]


@dataclass(frozen=True, slots=True)
class Head:
    """What a workspace's head says of its rows."""

    workspace_id: UUID
    format: int
    epoch: int


async def begin_epoch(owner: AsyncEngine) -> list[int]:
    """The new epoch of each workspace. All get the same one, above every epoch so far: it may be said again after a crash."""
    heads = await _heads(owner)
    epoch = max((head.epoch for head in heads), default=0) + 1
    return [await _set(owner, head.workspace_id, queries.RAISE_EPOCH, epoch) for head in heads]


async def formats(owner: AsyncEngine) -> dict[int, int]:
    """Workspaces per format."""
    found: dict[int, int] = {}
    for head in await _heads(owner):
        found[head.format] = found.get(head.format, 0) + 1
    return dict(sorted(found.items()))


async def finish_upgrade(owner: AsyncEngine) -> int:
    """How many workspaces were written in an older format until now. Raises Conflict where one is newer than this code."""
    heads = await _heads(owner)
    if any(head.format > NEWEST_FORMAT for head in heads):
        raise Conflict("conflict", f"Some workspaces are newer than this code, which knows formats up to {NEWEST_FORMAT}.")
    older = [head for head in heads if head.format < NEWEST_FORMAT]
    for head in older:
        await _set(owner, head.workspace_id, queries.RAISE_FORMAT, NEWEST_FORMAT)
    return len(older)


async def _heads(owner: AsyncEngine) -> list[Head]:
    async with owner.connect() as connection:
        rows = await connection.execute(queries.ALL_HEADS)
        return [Head(row.workspace_id, row.format, row.epoch) for row in rows]


async def _set(owner: AsyncEngine, workspace: UUID, statement: TextClause, value: int) -> int:
    """The value that is there now: a higher one stays."""
    async with owner.begin() as connection:
        found: int | None = await connection.scalar(statement, {"workspace_id": workspace, "value": value})
    return value if found is None else found
