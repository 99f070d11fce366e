"""The records of choices."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import decisions, tickets

Row = dict[str, Any]

COLUMNS = (
    *(
        decisions.c[name]
        for name in (
            "id", "ticket_id", "queue_id", "seq", "at", "cause", "outcome", "agent_id", "configuration_version",
            "engine_version", "body",
        )
    ),
    tickets.c.number.label("ticket_number"),
)  # fmt: skip
_WITH_TICKET = decisions.outerjoin(
    tickets, and_(tickets.c.workspace_id == decisions.c.workspace_id, tickets.c.id == decisions.c.ticket_id)
)


async def one(connection: AsyncConnection, workspace: UUID, decision: UUID) -> Row | None:
    """One record, without the reasons of each single agent."""
    statement = (
        select(*COLUMNS).select_from(_WITH_TICKET).where(decisions.c.workspace_id == workspace, decisions.c.id == decision)
    )
    found = (await connection.execute(statement)).mappings().first()
    return None if found is None else dict(found)


async def of_ticket(connection: AsyncConnection, workspace: UUID, ticket: UUID, *, after: int | None, limit: int) -> list[Row]:
    """All choices about a ticket, oldest first; `after` is the log position of the last one seen."""
    statement = (
        select(*COLUMNS).select_from(_WITH_TICKET).where(decisions.c.workspace_id == workspace, decisions.c.ticket_id == ticket)
    )
    if after is not None:
        statement = statement.where(decisions.c.seq > after)
    rows = (await connection.execute(statement.order_by(decisions.c.seq).limit(limit))).mappings().all()
    return [{**row} for row in rows]


async def reasons(connection: AsyncConnection, workspace: UUID, decision: UUID) -> bytes | None:
    """One byte per agent of that time, compressed; None where only counts were kept."""
    statement = select(decisions.c.reasons).where(decisions.c.workspace_id == workspace, decisions.c.id == decision)
    found: bytes | None = await connection.scalar(statement)
    return found
