"""The log as its readers see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import events, workspace_heads

Row = dict[str, Any]

COLUMNS = tuple(
    events.c[name]
    for name in ("seq", "id", "type", "subject_type", "subject_id", "data", "at", "actor_type", "actor_id", "request_id")
)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a workspace stands; times in milliseconds are the sandbox's lead over the real clock."""

    mode: str
    last_seq: int
    configuration_version: int
    clock_offset_ms: int
    epoch: int


async def head(connection: AsyncConnection, workspace: UUID) -> Head:
    """The counters of the workspace as this transaction sees them."""
    statement = select(
        workspace_heads.c.mode,
        workspace_heads.c.last_seq,
        workspace_heads.c.configuration_version,
        workspace_heads.c.clock_offset_ms,
        workspace_heads.c.epoch,
    ).where(workspace_heads.c.workspace_id == workspace)
    row = (await connection.execute(statement)).one()
    return Head(row.mode, row.last_seq, row.configuration_version, row.clock_offset_ms, row.epoch)


async def last_seq(connection: AsyncConnection, workspace: UUID) -> int:
    """The last event that this transaction sees."""
    return (await head(connection, workspace)).last_seq


async def oldest_seq(connection: AsyncConnection, workspace: UUID) -> int | None:
    """The first event that is still kept."""
    statement = select(events.c.seq).where(events.c.workspace_id == workspace).order_by(events.c.seq).limit(1)
    found: int | None = await connection.scalar(statement)
    return found


async def page(
    connection: AsyncConnection, workspace: UUID, *, after: int, until: int, types: Collection[str] | None, limit: int
) -> list[Row]:
    """Events after one position and not after another, in order; `types` None means all."""
    statement = select(*COLUMNS).where(events.c.workspace_id == workspace, events.c.seq > after, events.c.seq <= until)
    if types is not None:
        statement = statement.where(events.c.type.in_(sorted(types)))
    rows = (await connection.execute(statement.order_by(events.c.seq).limit(limit))).mappings().all()
    return [{**row} for row in rows]


async def of_subject(connection: AsyncConnection, workspace: UUID, subject: UUID, *, prefix: str) -> list[Row]:
    """What happened to one thing, oldest first: events whose type starts with `prefix`."""
    statement = (
        select(*COLUMNS)
        .where(events.c.workspace_id == workspace, events.c.subject_id == subject, events.c.type.startswith(prefix))
        .order_by(events.c.seq)
        .limit(1000)
    )
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]


async def concerns_agent(
    connection: AsyncConnection, workspace: UUID, agent: UUID, *, tickets: Sequence[UUID], after: int
) -> bool:
    """Whether an event after `after` is about the agent, an offer to them, or one of these tickets."""
    statement = (
        select(events.c.seq)
        .where(
            events.c.workspace_id == workspace,
            events.c.seq > after,
            or_(events.c.subject_id.in_([agent, *tickets]), events.c.data["agent"].astext == agent.hex),
        )
        .limit(1)
    )
    return await connection.scalar(statement) is not None
