"""Tickets as answers show them: one, a page, a count, and what hangs on one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.engine.vocabulary import Priority
from app.models import assignments, followers, handovers, offers, ticket_messages, ticket_texts, tickets

Row = dict[str, Any]

COUNTED_AT_MOST = 10_000
COLUMNS = (
    *(
        tickets.c[name]
        for name in (
            "id", "number", "kind", "status", "priority", "channel", "category", "language", "area", "external_id",
            "customer_id", "queue_id", "team_id", "skills", "wishes", "cost", "agent_id", "offer_id", "decision_id", "tags",
            "attributes", "metadata", "waiting_since", "assigned_at", "first_responded_at", "pending_reason", "snoozed_until", "resolved_at",
            "closed_at", "reopened", "escalated", "transferred", "version", "created_at", "updated_at",
        )
    ),
    ticket_texts.c.subject,
    ticket_texts.c.text,
)  # fmt: skip
_WITH_TEXTS = tickets.outerjoin(
    ticket_texts,
    and_(ticket_texts.c.workspace_id == tickets.c.workspace_id, ticket_texts.c.ticket_id == tickets.c.id),
)
_PRIORITY_RANK = cast(case({str(priority): rank for rank, priority in enumerate(Priority)}, value=tickets.c.priority), BigInteger)

# Numbers are given in the order of commits, so a reader who pages forward by them misses none that comes meanwhile.
SORTS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "-created_at": (tickets.c.number, True),
    "created_at": (tickets.c.number, False),
    "-updated_at": (tickets.c.updated_seq, True),
    "updated_at": (tickets.c.updated_seq, False),
    "-priority": (_PRIORITY_RANK, True),
    "priority": (_PRIORITY_RANK, False),
}


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What to list: values of one field are alternatives, different fields must all hold."""

    statuses: Sequence[str] = ()
    queues: Sequence[UUID] | None = None
    agents: Sequence[UUID] | None = None
    followers: Sequence[UUID] | None = None
    priorities: Sequence[str] = ()
    kinds: Sequence[str] = ()
    channels: Sequence[str] = ()
    ids: Sequence[UUID] | None = None
    customers: Sequence[UUID] | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    q: str | None = None


async def one(connection: AsyncConnection, workspace: UUID, ticket: UUID) -> Row | None:
    """The ticket with its texts."""
    statement = select(*COLUMNS).select_from(_WITH_TEXTS).where(tickets.c.workspace_id == workspace, tickets.c.id == ticket)
    found = (await connection.execute(statement)).mappings().first()
    return None if found is None else dict(found)


async def id_of_external(connection: AsyncConnection, workspace: UUID, external_id: str) -> UUID | None:
    """The ticket that came from elsewhere under this id."""
    statement = select(tickets.c.id).where(tickets.c.workspace_id == workspace, tickets.c.external_id == external_id)
    found: UUID | None = await connection.scalar(statement)
    return found


async def ids_of_external(connection: AsyncConnection, workspace: UUID, external_ids: Collection[str]) -> dict[str, UUID]:
    """The tickets that came from elsewhere under these ids."""
    statement = select(tickets.c.external_id, tickets.c.id).where(
        tickets.c.workspace_id == workspace, tickets.c.external_id.in_(external_ids)
    )
    return {name: ticket for name, ticket in await connection.execute(statement) if name is not None}


async def present(connection: AsyncConnection, workspace: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of the tickets that there are."""
    statement = select(tickets.c.id).where(tickets.c.workspace_id == workspace, tickets.c.id.in_(ids))
    return set((await connection.execute(statement)).scalars()) if ids else set()


async def page(
    connection: AsyncConnection, workspace: UUID, wanted: TicketFilter, *, sort: str, after: tuple[int, int] | None, limit: int
) -> list[tuple[Row, tuple[int, int]]]:
    """At most `limit` tickets in order, each with its place (sort value, number); `after` is the place of the last one seen."""
    column, falling = SORTS[sort]
    number = tickets.c.number
    statement = (
        select(*COLUMNS, column.label("sort_value"))
        .select_from(_WITH_TEXTS)
        .where(tickets.c.workspace_id == workspace, *_conditions(wanted))
    )
    if after is not None:
        value, last = after
        beyond = column < value if falling else column > value
        statement = statement.where(or_(beyond, and_(column == value, number < last if falling else number > last)))
    ordered = (column.desc(), number.desc()) if falling else (column, number)
    rows = (await connection.execute(statement.order_by(*ordered).limit(limit))).mappings().all()
    return [({**row}, (row["sort_value"], row["number"])) for row in rows]


async def count(connection: AsyncConnection, workspace: UUID, wanted: TicketFilter) -> int:
    """How many there are, at most one more than COUNTED_AT_MOST."""
    some: Select[Any] = (
        select(tickets.c.id)
        .select_from(_WITH_TEXTS if wanted.q is not None else tickets)
        .where(tickets.c.workspace_id == workspace, *_conditions(wanted))
        .limit(COUNTED_AT_MOST + 1)
    )
    found: int | None = await connection.scalar(select(func.count()).select_from(some.subquery()))
    return found or 0


async def is_seen_by(connection: AsyncConnection, workspace: UUID, ticket: UUID, agent: UUID) -> bool:
    """Whether an agent has to do with a ticket: owns it, owned it, is asked whether to take it, or follows it."""
    statement = select(tickets.c.id).where(
        tickets.c.workspace_id == workspace,
        tickets.c.id == ticket,
        or_(_held_or_offered(agent), _once_held(agent), _followed([agent])),
    )
    return await connection.scalar(statement) is not None


async def messages(connection: AsyncConnection, workspace: UUID, ticket: UUID, *, after: UUID | None, limit: int) -> list[Row]:
    """What was said after the first text, oldest first."""
    statement = select(
        ticket_messages.c.id,
        ticket_messages.c.inbound,
        ticket_messages.c.agent_id,
        ticket_messages.c.text,
        ticket_messages.c.created_at,
    ).where(ticket_messages.c.workspace_id == workspace, ticket_messages.c.ticket_id == ticket)
    if after is not None:
        statement = statement.where(ticket_messages.c.id > after)
    rows = (await connection.execute(statement.order_by(ticket_messages.c.id).limit(limit))).mappings().all()
    return [{**row} for row in rows]


async def assignments_of(
    connection: AsyncConnection, workspace: UUID, ticket: UUID, *, after: UUID | None, limit: int
) -> list[Row]:
    """Who owned the ticket, oldest first."""
    statement = select(
        assignments.c.id,
        assignments.c.agent_id,
        assignments.c.queue_id,
        assignments.c.how,
        assignments.c.forced,
        assignments.c.decision_id,
        assignments.c.started_at,
        assignments.c.ended_at,
        assignments.c.end_reason,
    ).where(assignments.c.workspace_id == workspace, assignments.c.ticket_id == ticket)
    if after is not None:
        statement = statement.where(assignments.c.id > after)
    rows = (await connection.execute(statement.order_by(assignments.c.id).limit(limit))).mappings().all()
    return [{**row} for row in rows]


async def handovers_of(connection: AsyncConnection, workspace: UUID, ticket: UUID, *, after: int | None, limit: int) -> list[Row]:
    """How the ticket was handed on and given back, oldest first."""
    statement = select(handovers).where(handovers.c.workspace_id == workspace, handovers.c.ticket_id == ticket)
    if after is not None:
        statement = statement.where(handovers.c.seq > after)
    rows = (await connection.execute(statement.order_by(handovers.c.seq).limit(limit))).mappings().all()
    return [{**row} for row in rows]


def _conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in (
        (tickets.c.status, wanted.statuses),
        (tickets.c.priority, wanted.priorities),
        (tickets.c.kind, wanted.kinds),
        (tickets.c.channel, wanted.channels),
    ):
        if values:
            found.append(column.in_(values))
    for key, ids in (
        (tickets.c.queue_id, wanted.queues),
        (tickets.c.agent_id, wanted.agents),
        (tickets.c.id, wanted.ids),
        (tickets.c.customer_id, wanted.customers),
    ):
        if ids is not None:
            found.append(key.in_(ids))
    if wanted.followers is not None:
        found.append(_followed(wanted.followers))
    if wanted.created_after is not None:
        found.append(tickets.c.created_at >= wanted.created_after)
    if wanted.created_before is not None:
        found.append(tickets.c.created_at < wanted.created_before)
    if wanted.updated_after is not None:
        found.append(tickets.c.updated_at >= wanted.updated_after)
    if wanted.q is not None:
        found.append(_says(wanted.q))
    return found


def _says(q: str) -> ColumnElement[bool]:
    digits = q.removeprefix("#")
    in_subject = ticket_texts.c.subject.icontains(q, autoescape=True)
    if not (digits.isascii() and digits.isdigit()):
        return in_subject
    return or_(cast(tickets.c.number, String) == (digits.lstrip("0") or "0"), in_subject)


def _held_or_offered(agent: UUID) -> ColumnElement[bool]:
    offered = exists().where(
        offers.c.workspace_id == tickets.c.workspace_id,
        offers.c.ticket_id == tickets.c.id,
        offers.c.agent_id == agent,
        offers.c.status == "pending",
    )
    return or_(tickets.c.agent_id == agent, offered)


def _once_held(agent: UUID) -> ColumnElement[bool]:
    return exists().where(
        assignments.c.workspace_id == tickets.c.workspace_id,
        assignments.c.ticket_id == tickets.c.id,
        assignments.c.agent_id == agent,
    )


def _followed(agents: Sequence[UUID]) -> ColumnElement[bool]:
    return exists().where(
        followers.c.workspace_id == tickets.c.workspace_id,
        followers.c.ticket_id == tickets.c.id,
        followers.c.agent_id.in_(agents),
    )
