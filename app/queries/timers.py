"""Promises of tickets."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import timers

Row = dict[str, Any]


async def of_ticket(connection: AsyncConnection, workspace: UUID, ticket: UUID) -> list[Row]:
    """All promises of a ticket, by metric."""
    statement = (
        select(
            timers.c.metric,
            timers.c.started_at,
            timers.c.due_at,
            timers.c.next_at,
            timers.c.step,
            timers.c.state,
            timers.c.version,
            timers.c.left_ms,
            timers.c.next_left_ms,
            timers.c.attempts,
        )
        .where(timers.c.workspace_id == workspace, timers.c.ticket_id == ticket)
        .order_by(timers.c.metric)
    )
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]
