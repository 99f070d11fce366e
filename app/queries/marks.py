"""Who looks at a ticket and who is answering it. All by the workspace's clock.

Marks do not go through the writer: no decision looks at them, one statement settles who was first, and a page that is open renews
its mark several times a minute, for which nobody's ticket should wait at the head.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import workspace_transaction
from app.models.columns import ID
from app.models.marks import MarkKind

Row = dict[str, Any]

_CLOCK = "now() + h.clock_offset_ms * interval '1 millisecond'"

# One statement decides: of two who come in the same moment the second waits for the row of the first, and then finds it alive.
CLAIM = f"""
    INSERT INTO marks AS m (workspace_id, ticket_id, kind, holder, agent_id, since, until)
    SELECT h.workspace_id, :ticket, :kind, :holder, :agent, {_CLOCK}, {_CLOCK} + :seconds * interval '1 second'
    FROM workspace_heads h WHERE h.workspace_id = :workspace
    ON CONFLICT (workspace_id, ticket_id, kind, holder) DO UPDATE
    SET agent_id = EXCLUDED.agent_id, until = EXCLUDED.until,
        since = CASE WHEN m.agent_id = EXCLUDED.agent_id AND m.until > EXCLUDED.since THEN m.since ELSE EXCLUDED.since END
    WHERE m.agent_id = EXCLUDED.agent_id OR m.until <= EXCLUDED.since
    RETURNING agent_id
"""  # noqa: S608  (of constants)

END = """
    DELETE FROM marks
    WHERE workspace_id = :workspace AND ticket_id = :ticket AND (CAST(:agent AS uuid) IS NULL OR agent_id = :agent)
"""

OF_TICKET = f"""
    SELECT m.kind, m.agent_id, a.name AS agent, m.since, m.until
    FROM marks m
    JOIN workspace_heads h ON h.workspace_id = m.workspace_id
    JOIN agents a ON a.workspace_id = m.workspace_id AND a.id = m.agent_id
    WHERE m.workspace_id = :workspace AND m.ticket_id = :ticket AND m.until > {_CLOCK}
    ORDER BY m.kind, m.since, m.agent_id
"""  # noqa: S608  (of constants)

PRUNE = """
DELETE FROM marks
WHERE workspace_id = $1 AND (ticket_id, kind, holder) IN (
    SELECT m.ticket_id, m.kind, m.holder FROM marks m
    WHERE m.workspace_id = $1
      AND m.until < (SELECT now() + h.clock_offset_ms * interval '1 millisecond' FROM workspace_heads h WHERE h.workspace_id = $1)
    ORDER BY m.until LIMIT $2 FOR UPDATE SKIP LOCKED
)
"""


async def claim(connection: AsyncConnection, workspace: UUID, ticket: UUID, kind: MarkKind, agent: UUID, *, seconds: int) -> bool:
    """Mark for so many seconds from now, or go on doing so; False where somebody else is answering."""
    statement = text(CLAIM).bindparams(*(bindparam(name, type_=ID) for name in ("workspace", "ticket", "holder", "agent")))
    holder = ticket if kind is MarkKind.REPLYING else agent
    values = {"workspace": workspace, "ticket": ticket, "kind": kind, "holder": holder, "agent": agent, "seconds": seconds}
    return (await connection.execute(statement, values)).first() is not None


async def end(connection: AsyncConnection, workspace: UUID, ticket: UUID, agent: UUID | None) -> None:
    """Take away an agent's marks on the ticket; None: everybody's."""
    statement = text(END).bindparams(*(bindparam(name, type_=ID) for name in ("workspace", "ticket", "agent")))
    await connection.execute(statement, {"workspace": workspace, "ticket": ticket, "agent": agent})


async def of_ticket(connection: AsyncConnection, workspace: UUID, ticket: UUID) -> list[Row]:
    """Marks that are alive: who replies, then who views, the earliest first."""
    statement = text(OF_TICKET).bindparams(*(bindparam(name, type_=ID) for name in ("workspace", "ticket")))
    return [{**row} for row in (await connection.execute(statement, {"workspace": workspace, "ticket": ticket})).mappings()]


async def prune(engine: AsyncEngine, workspace: bytes, *, limit: int) -> int:
    """Forget at most `limit` of the marks that are past, committed by itself; how many there were."""
    async with workspace_transaction(engine, workspace) as connection:
        return (await connection.exec_driver_sql(PRUNE, (UUID(bytes=workspace), limit))).rowcount
