"""Open tickets that need an object of the configuration."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncConnection

from app.engine.vocabulary import OPEN
from app.models import tickets

MOST = 100


async def open_tickets(connection: AsyncConnection, workspace: UUID, section: str, ident: UUID) -> list[tuple[UUID, int]]:
    """Id and number of those that wait in the queue, are for the team, or require the skill; the oldest, at most 100."""
    statement = (
        select(tickets.c.id, tickets.c.number)
        .where(tickets.c.workspace_id == workspace, tickets.c.status.in_(sorted(OPEN)), _needs(section, ident))
        .order_by(tickets.c.number)
        .limit(MOST)
    )
    return [(row.id, row.number) for row in await connection.execute(statement)]


def _needs(section: str, ident: UUID) -> ColumnElement[Any]:
    if section == "queues":
        return tickets.c.queue_id == ident
    if section == "teams":
        return tickets.c.team_id == ident
    found: ColumnElement[Any] = func.jsonb_path_exists(tickets.c.skills, cast(f'$[*] ? (@[0] == "{ident.hex}")', JSONPATH))
    return found
