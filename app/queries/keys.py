"""Keys of the API, in a transaction of the key's workspace."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import agents, api_keys
from app.models.columns import AT, ID

Row = dict[str, Any]

# All but the hashes, which no reader of a key needs.
COLUMNS = tuple(
    api_keys.c[name]
    for name in (
        "id", "kind", "name", "role", "scopes", "agent_id", "last_four", "rate_limit", "previous_until", "created_at", "updated_at",
        "last_used_at", "expires_at", "revoked_at", "version",
    )
)  # fmt: skip
_WITH_AGENT = api_keys.outerjoin(
    agents, (agents.c.workspace_id == api_keys.c.workspace_id) & (agents.c.id == api_keys.c.agent_id)
)

# One row, with the workspace's mode because a key of the other mode is no key.
FIND = text("""
    SELECT k.secret_hash, k.previous_hash, k.previous_until, k.role, k.scopes, k.agent_id, k.expires_at, k.revoked_at,
           k.rate_limit, w.mode
    FROM api_keys k JOIN workspaces w ON w.workspace_id = k.workspace_id
    WHERE k.workspace_id = :workspace_id AND k.id = :id AND k.kind <> 'login'
""").bindparams(bindparam("workspace_id", type_=ID), bindparam("id", type_=ID))

LOGIN = text("""
    SELECT k.id, k.secret_hash, k.name, k.role, k.agent_id, w.mode
    FROM api_keys k JOIN workspaces w ON w.workspace_id = k.workspace_id
    WHERE k.workspace_id = :workspace_id AND k.id = :id AND k.kind = 'login' AND k.revoked_at IS NULL AND k.expires_at > :at
    FOR UPDATE OF k
""").bindparams(bindparam("workspace_id", type_=ID), bindparam("id", type_=ID), bindparam("at", type_=AT))

# However many processes see a key used: at most one writes it down within a minute. It never goes back.
USED = text("""
    UPDATE api_keys SET last_used_at = :at
    WHERE workspace_id = :workspace_id AND id = :id AND (last_used_at IS NULL OR last_used_at < :at - interval '1 minute')
""").bindparams(bindparam("workspace_id", type_=ID), bindparam("id", type_=ID), bindparam("at", type_=AT))

AGENT_BY_NAME = text("""
    SELECT id FROM agents WHERE workspace_id = :workspace_id AND name = :name AND deleted_at IS NULL
""").bindparams(bindparam("workspace_id", type_=ID))


async def create(connection: AsyncConnection, values: Mapping[str, Any]) -> Row:
    """The new row; `values` are those of its columns that are not NULL."""
    made = await connection.execute(insert(api_keys).values(dict(values)).returning(*COLUMNS))
    return {**made.mappings().one()}


async def one(connection: AsyncConnection, workspace: UUID, key: UUID, *, locked: bool = False) -> Row | None:
    """The key, revoked or not; `locked` until the end of the transaction."""
    statement = select(*COLUMNS).where(api_keys.c.workspace_id == workspace, api_keys.c.id == key)
    found = (await connection.execute(statement.with_for_update() if locked else statement)).mappings().first()
    return None if found is None else {**found}


async def page(
    connection: AsyncConnection,
    workspace: UUID,
    *,
    roles: Sequence[str],
    kinds: Sequence[str],
    after: UUID | None,
    limit: int | None,
) -> list[Row]:
    """Keys in the order in which they were made, with the name of their agent; without `roles` or `kinds` all of them."""
    statement = (
        select(*COLUMNS, agents.c.name.label("agent")).select_from(_WITH_AGENT).where(api_keys.c.workspace_id == workspace)
    )
    if roles:
        statement = statement.where(api_keys.c.role.in_(roles))
    if kinds:
        statement = statement.where(api_keys.c.kind.in_(kinds))
    if after is not None:
        statement = statement.where(api_keys.c.id > after)
    rows = (await connection.execute(statement.order_by(api_keys.c.id).limit(limit))).mappings().all()
    return [{**row} for row in rows]


async def change(connection: AsyncConnection, workspace: UUID, key: UUID, values: Mapping[str, Any]) -> Row:
    """The row with other values, one version on."""
    statement = (
        update(api_keys)
        .where(api_keys.c.workspace_id == workspace, api_keys.c.id == key)
        .values({**values, "version": api_keys.c.version + 1})
        .returning(*COLUMNS)
    )
    return {**(await connection.execute(statement)).mappings().one()}


async def renew(connection: AsyncConnection, workspace: UUID, key: UUID, values: Mapping[str, Any], *, until: datetime) -> Row:
    """Another secret; the present one stays right until then, and no earlier one."""
    return await change(connection, workspace, key, {**values, "previous_hash": api_keys.c.secret_hash, "previous_until": until})


async def usable_admins(connection: AsyncConnection, workspace: UUID, *, at: datetime) -> list[Row]:
    """Keys of the role admin that open at this moment, locked until the end of the transaction, always in the same order."""
    statement = (
        select(api_keys.c.id, api_keys.c.scopes)
        .where(
            api_keys.c.workspace_id == workspace,
            api_keys.c.role == "admin",
            api_keys.c.kind == "key",
            api_keys.c.revoked_at.is_(None),
            or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > at),
        )
        .order_by(api_keys.c.id)
        .with_for_update()
    )
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]
