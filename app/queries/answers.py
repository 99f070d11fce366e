"""Answers under an Idempotency-Key, for changes that do not go through the writer."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import idempotency_keys, workspace_heads
from app.models.columns import ID

# By the workspace's clock, as the writer's: pruning goes by it.
_KEEP = text("""
    INSERT INTO idempotency_keys (workspace_id, key, fingerprint, status, body, headers, created_at, touched_at)
    SELECT h.workspace_id, :key, :fingerprint, :status, :body, :headers, n.at, n.at
    FROM workspace_heads h, LATERAL (SELECT now() + h.clock_offset_ms * interval '1 millisecond' AS at) n
    WHERE h.workspace_id = :workspace_id
""").bindparams(bindparam("workspace_id", type_=ID), bindparam("headers", type_=JSONB))

_TOUCH = text("""
    UPDATE idempotency_keys k SET touched_at = now() + h.clock_offset_ms * interval '1 millisecond'
    FROM workspace_heads h
    WHERE k.workspace_id = :workspace_id AND h.workspace_id = k.workspace_id AND k.key = :key
""").bindparams(bindparam("workspace_id", type_=ID))


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    fingerprint: bytes
    status: int
    body: bytes
    headers: dict[str, str]


async def known(connection: AsyncConnection, workspace: UUID, key: str) -> Kept | None:
    """What was answered under the key."""
    table = idempotency_keys.c
    statement = select(table.fingerprint, table.status, table.body, table.headers).where(
        table.workspace_id == workspace, table.key == key
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Kept(bytes(row.fingerprint), row.status, bytes(row.body), row.headers)


async def lock(connection: AsyncConnection, workspace: UUID) -> None:
    """Hold the workspace until the end of the transaction, as the writer does."""
    head = select(workspace_heads.c.workspace_id).where(workspace_heads.c.workspace_id == workspace)
    await connection.execute(head.with_for_update())


async def keep(connection: AsyncConnection, workspace: UUID, key: str, answer: Kept) -> None:
    """Keep what is answered under a key that nobody has used."""
    values = {"fingerprint": answer.fingerprint, "status": answer.status, "body": answer.body, "headers": answer.headers}
    await connection.execute(_KEEP, {"workspace_id": workspace, "key": key, **values})


async def touch(connection: AsyncConnection, workspace: UUID, key: str) -> None:
    """The answer was given again."""
    await connection.execute(_TOUCH, {"workspace_id": workspace, "key": key})
