"""Tickets as they came in: the row, its words, and what the log says of its creation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]

LAST = "SELECT id FROM tickets WHERE workspace_id = :workspace ORDER BY number DESC LIMIT :last"

AS_THEY_CAME = """
SELECT t.id, t.number, t.kind, t.channel, t.priority, t.category, t.language, t.area, t.customer_tier, t.tags, t.attributes,
       t.queue_id, t.team_id, t.skills, t.wishes, t.created_at,
       coalesce(x.subject, '') AS subject, coalesce(x.text, '') AS text, c.language AS customer_language, e.data AS created
FROM tickets t
LEFT JOIN ticket_texts x ON x.workspace_id = t.workspace_id AND x.ticket_id = t.id
LEFT JOIN customers c ON c.workspace_id = t.workspace_id AND c.id = t.customer_id
LEFT JOIN events e ON e.workspace_id = t.workspace_id AND e.seq = t.created_seq AND e.type = 'ticket.created'
WHERE t.workspace_id = :workspace AND t.id = ANY(:ids)
ORDER BY t.number DESC
"""


async def last(connection: AsyncConnection, workspace: UUID, count: int) -> list[UUID]:
    """The newest tickets, whatever has become of them."""
    return list((await connection.execute(text(LAST), {"workspace": workspace, "last": count})).scalars())


async def as_they_came(connection: AsyncConnection, workspace: UUID, ids: Sequence[UUID]) -> list[Row]:
    """The newest first; `created` is the event's data, None where the log no longer has it."""
    rows = await connection.execute(text(AS_THEY_CAME), {"workspace": workspace, "ids": list(ids)})
    return [{**row} for row in rows.mappings().all()]
