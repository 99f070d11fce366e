"""What an object of the configuration was in earlier versions, read out of their documents, and how often a rule matched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, desc, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import configurations

Row = dict[str, Any]

# The newest version before one that has the object; of contiguous ones the first that is looked at.
LAST = text("""
SELECT c.version, found.item, found.place
FROM configurations c,
     LATERAL (SELECT one.item, one.place FROM jsonb_array_elements(c.document -> :section) WITH ORDINALITY AS one (item, place)
              WHERE one.item ->> 'id' = :ident) found
WHERE c.workspace_id = :workspace AND c.version < :before
ORDER BY c.version DESC
LIMIT 1
""").bindparams(
    bindparam("workspace", type_=Uuid()),
    bindparam("section", type_=Text()),
    bindparam("ident", type_=Text()),
    bindparam("before", type_=Integer()),
)

HITS = text("""
SELECT count(*) AS tickets,
       count(*) FILTER (WHERE e.data -> 'rules' @> to_jsonb(:ident ::text)) AS hits,
       max(t.created_at) FILTER (WHERE e.data -> 'rules' @> to_jsonb(:ident ::text)) AS last_at
FROM tickets t
LEFT JOIN events e ON e.workspace_id = t.workspace_id AND e.seq = t.created_seq AND e.type = 'ticket.created'
WHERE t.workspace_id = :workspace AND t.created_at >= :since AND t.created_at < :until
""").bindparams(
    bindparam("workspace", type_=Uuid()),
    bindparam("ident", type_=Text()),
    bindparam("since", type_=DateTime(True)),
    bindparam("until", type_=DateTime(True)),
)


@dataclass(frozen=True, slots=True)
class Then:
    """An object as a version has it: the stored item, and its place from 0."""

    version: int
    item: dict[str, Any]
    place: int


async def last_before(connection: AsyncConnection, workspace: UUID, section: str, ident: bytes, *, before: int) -> Then | None:
    """The object in the newest version before `before` that has it."""
    wanted = {"workspace": workspace, "section": section, "ident": ident.hex(), "before": before}
    found = await connection.execute(LAST, wanted)
    row = found.first()
    return None if row is None else Then(row.version, row.item, row.place - 1)


async def applied(connection: AsyncConnection, workspace: UUID, versions: list[int]) -> dict[int, Row]:
    """When each version came into force, and who applied it."""
    columns = (configurations.c.version, configurations.c.applied_at, configurations.c.actor_type, configurations.c.actor_id)
    statement = select(*columns).where(configurations.c.workspace_id == workspace, configurations.c.version.in_(versions))
    return {row["version"]: {**row} for row in (await connection.execute(statement)).mappings()}


async def page(connection: AsyncConnection, workspace: UUID, *, before: int | None, limit: int) -> list[Row]:
    """Versions with their documents, the newest first."""
    statement = select(configurations).where(configurations.c.workspace_id == workspace)
    if before is not None:
        statement = statement.where(configurations.c.version < before)
    rows = (await connection.execute(statement.order_by(desc(configurations.c.version)).limit(limit))).mappings()
    return [{**row} for row in rows]


async def hits(connection: AsyncConnection, workspace: UUID, rule: bytes, *, since: datetime, until: datetime) -> Row:
    """New tickets of a time, how many of them a rule matched, and when it last did."""
    found = await connection.execute(HITS, {"workspace": workspace, "ident": rule.hex(), "since": since, "until": until})
    return {**found.mappings().one()}
