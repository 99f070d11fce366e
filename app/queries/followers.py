"""Who follows a ticket, and what an agent follows."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import agents, followers

Row = dict[str, Any]


async def of_ticket(connection: AsyncConnection, workspace: UUID, ticket: UUID) -> list[Row]:
    """Who follows it and is still there, by name."""
    statement = (
        select(followers.c.agent_id, agents.c.name.label("agent"), followers.c.since)
        .join(agents, (agents.c.workspace_id == followers.c.workspace_id) & (agents.c.id == followers.c.agent_id))
        .where(followers.c.workspace_id == workspace, followers.c.ticket_id == ticket, agents.c.deleted_at.is_(None))
        .order_by(agents.c.name)
    )
    return [{**row} for row in (await connection.execute(statement)).mappings()]


async def of_agent(connection: AsyncConnection, workspace: UUID, agent: UUID, *, limit: int) -> list[UUID]:
    """The tickets that an agent follows, the latest first."""
    statement = (
        select(followers.c.ticket_id)
        .where(followers.c.workspace_id == workspace, followers.c.agent_id == agent)
        .order_by(followers.c.ticket_id.desc())
        .limit(limit)
    )
    return list((await connection.execute(statement)).scalars())
