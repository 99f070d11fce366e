"""Tickets that agents are asked about."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import offers, ticket_texts, tickets

Row = dict[str, Any]


async def one(connection: AsyncConnection, workspace: UUID, offer: UUID) -> Row | None:
    """What was offered to whom, whatever became of it."""
    statement = select(offers.c.id, offers.c.ticket_id, offers.c.agent_id, offers.c.status, offers.c.expires_at).where(
        offers.c.workspace_id == workspace, offers.c.id == offer
    )
    found = (await connection.execute(statement)).mappings().first()
    return None if found is None else dict(found)


async def pending_for(connection: AsyncConnection, workspace: UUID, agent: UUID) -> list[Row]:
    """What an agent is asked now, the most pressing deadline first, with what the ticket is about."""
    statement = (
        select(
            offers.c.id,
            offers.c.ticket_id,
            offers.c.agent_id,
            offers.c.status,
            offers.c.decision_id,
            offers.c.created_at,
            offers.c.expires_at,
            tickets.c.number,
            tickets.c.kind,
            tickets.c.channel,
            tickets.c.priority,
            tickets.c.category,
            ticket_texts.c.subject,
        )
        .select_from(
            offers.join(tickets, and_(tickets.c.workspace_id == offers.c.workspace_id, tickets.c.id == offers.c.ticket_id))
            .outerjoin(
                ticket_texts,
                and_(ticket_texts.c.workspace_id == offers.c.workspace_id, ticket_texts.c.ticket_id == offers.c.ticket_id),
            )
        )
        .where(offers.c.workspace_id == workspace, offers.c.agent_id == agent, offers.c.status == "pending")
        .order_by(offers.c.expires_at, offers.c.id)
    )  # fmt: skip
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]
