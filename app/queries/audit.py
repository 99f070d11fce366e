"""The audit: written in the transaction of a change, read by administrators, forgotten by the owner's function only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import workspace_transaction
from app.models import audit_entries

Row = dict[str, Any]

# The writer's: several commands of one request make one entry. Times are the real clock's, a sandbox's too.
APPEND = """
INSERT INTO audit_entries (workspace_id, id, at, operation, outcome, actor_type, actor_id, key_id, person, subject_type,
                           subject_id, event_type, changed, seq, times, ip, user_agent, request_id)
SELECT w.workspace_id, $2, now(), $8, 'done', $9, $10, $11, $12, $3, $4, $5, $6::jsonb, $7, 1, $13, $14, $15
FROM workspace_heads w WHERE w.workspace_id = $1
ON CONFLICT DO NOTHING
"""

PRUNE = "SELECT prune_audit($1, $2, $3)"


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to list; what is None is not asked for. `since` is in, `until` is not."""

    actor_id: str | None = None
    subject_id: str | None = None
    operation: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def append(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """An entry; one of the same id stays as it is."""
    await connection.execute(insert(audit_entries).values(dict(values)).on_conflict_do_nothing())


async def page(
    connection: AsyncConnection, workspace: UUID, wanted: AuditFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """Entries, the newest first, before that place."""
    rows = await connection.execute(selected(workspace, wanted, before=before, limit=limit))
    return [{**row} for row in rows.mappings().all()]


def selected(workspace: UUID, wanted: AuditFilter, *, before: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """The statement of `page`."""
    table = audit_entries.c
    statement = select(audit_entries).where(table.workspace_id == workspace)
    for column in ("actor_id", "subject_id", "operation", "outcome"):
        if (value := getattr(wanted, column)) is not None:
            statement = statement.where(table[column] == value)
    if wanted.since is not None:
        statement = statement.where(table.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(table.at < wanted.until)
    if before is not None:
        statement = statement.where(tuple_(table.at, table.id) < tuple_(*before))
    return statement.order_by(table.at.desc(), table.id.desc()).limit(limit)


async def one(connection: AsyncConnection, workspace: UUID, entry: UUID) -> Row | None:
    """An entry by its id."""
    statement = select(audit_entries).where(audit_entries.c.workspace_id == workspace, audit_entries.c.id == entry)
    found = (await connection.execute(statement)).mappings().first()
    return None if found is None else {**found}


async def prune(engine: AsyncEngine, workspace: bytes, *, kept_days: int, limit: int) -> int:
    """Forget at most `limit` of the oldest entries, committed by itself; how many there were."""
    async with workspace_transaction(engine, workspace) as connection:
        arguments = (UUID(bytes=workspace), kept_days, limit)
        count: int = (await connection.exec_driver_sql(PRUNE, arguments)).scalar_one()
        return count
