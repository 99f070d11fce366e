"""Agents as answers show them, and as a configuration is compared with them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import agents, events

Row = dict[str, Any]
PART = 1000

COLUMNS = tuple(
    agents.c[name]
    for name in (
        "id", "number", "name", "title", "external_id", "teams", "skills", "languages", "areas", "capacity", "limits", "weight",
        "presence", "presence_changed_at", "idle_since", "load", "version", "created_at", "updated_at",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgentFilter:
    """Which agents to list: values of one field are alternatives, different fields must all hold."""

    presences: Sequence[str] = ()
    teams: Sequence[UUID] | None = None
    ids: Sequence[UUID] | None = None
    skills: Sequence[UUID] | None = None
    has_room: bool | None = None
    external_ids: Sequence[str] = ()
    names: Sequence[str] = ()


# In the order of joining, or by a value with ties in that order.
SORTS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "created_at": (agents.c.number, False),
    "-created_at": (agents.c.number, True),
    "name": (agents.c.name.collate("C"), False),
    "-name": (agents.c.name.collate("C"), True),
    "load": (cast(agents.c.load, BigInteger), False),
    "-load": (cast(agents.c.load, BigInteger), True),
    "capacity": (cast(agents.c.capacity, BigInteger), False),
    "-capacity": (cast(agents.c.capacity, BigInteger), True),
}
COUNTED_AT_MOST = 10_000


async def page(
    connection: AsyncConnection,
    workspace: UUID,
    wanted: AgentFilter,
    *,
    after: tuple[int | str, int] | None,
    limit: int | None,
    sort: str = "created_at",
) -> list[Row]:
    """Agents who are there, each with its `sort_value`; without `limit` all of them. `after` is the last one's value and number."""
    column, falling = SORTS[sort]
    number = agents.c.number
    statement = select(*COLUMNS, column.label("sort_value")).where(agents.c.workspace_id == workspace, *_there(wanted))
    if after is not None:
        value, last = after
        beyond = column < value if falling else column > value
        statement = statement.where(or_(beyond, and_(column == value, number > literal(last, BigInteger))))
    ordered = (column.desc(), number) if falling else (column, number)
    rows = (await connection.execute(statement.order_by(*ordered).limit(limit))).mappings().all()
    return [{**row} for row in rows]


async def count(connection: AsyncConnection, workspace: UUID, wanted: AgentFilter) -> int:
    """How many there are, at most one more than COUNTED_AT_MOST."""
    some = select(agents.c.id).where(agents.c.workspace_id == workspace, *_there(wanted)).limit(COUNTED_AT_MOST + 1)
    found: int | None = await connection.scalar(select(func.count()).select_from(some.subquery()))
    return found or 0


def _there(wanted: AgentFilter) -> Iterator[ColumnElement[bool]]:
    yield agents.c.deleted_at.is_(None)
    if wanted.presences:
        yield agents.c.presence.in_(wanted.presences)
    if wanted.teams is not None:
        yield agents.c.teams.op("&&", is_comparison=True)(list(wanted.teams))
    if wanted.ids is not None:
        yield agents.c.id.in_(wanted.ids)
    if wanted.skills is not None:
        ways = [f'@[0] == "{skill.hex}"' for skill in wanted.skills]
        yield func.jsonb_path_exists(agents.c.skills, cast(f"$[*] ? ({' || '.join(ways)})", JSONPATH))
    if wanted.has_room is not None:
        room: ColumnElement[bool] = agents.c.load < agents.c.capacity
        yield room if wanted.has_room else ~room
    if wanted.external_ids or wanted.names:
        yield or_(agents.c.external_id.in_(wanted.external_ids), agents.c.name.in_(wanted.names))


async def everybody(connection: AsyncConnection, workspace: UUID) -> list[Row]:
    """All agents who are there, in the order in which they joined; read in parts, so that other work goes on in between."""
    found: list[Row] = []
    after: tuple[int, int] | None = None
    while True:
        rows = await page(connection, workspace, AgentFilter(), after=after, limit=PART)
        found += rows
        if len(rows) < PART:
            return found
        after = rows[-1]["number"], rows[-1]["number"]


async def one(connection: AsyncConnection, workspace: UUID, agent: UUID) -> Row | None:
    """An agent who is there, by id."""
    return await _first(connection, workspace, agents.c.id == agent)


async def one_named(connection: AsyncConnection, workspace: UUID, name: str) -> Row | None:
    """An agent who is there, by name."""
    return await _first(connection, workspace, agents.c.name == name)


async def one_external(connection: AsyncConnection, workspace: UUID, external_id: str) -> Row | None:
    """An agent who is there, by the id another system gave."""
    return await _first(connection, workspace, agents.c.external_id == external_id)


async def ids_of_external(connection: AsyncConnection, workspace: UUID, external_ids: Collection[str]) -> dict[str, UUID]:
    """The agents who are there, by what they are called elsewhere."""
    statement = select(agents.c.external_id, agents.c.id).where(
        agents.c.workspace_id == workspace, agents.c.external_id.in_(external_ids), agents.c.deleted_at.is_(None)
    )
    return {name: agent for name, agent in await connection.execute(statement) if name is not None}


async def named(connection: AsyncConnection, workspace: UUID, agent: UUID) -> tuple[str, str] | None:
    """Name and title, also of somebody who has left; None for nobody."""
    statement = select(agents.c.name, agents.c.title).where(agents.c.workspace_id == workspace, agents.c.id == agent)
    found = (await connection.execute(statement)).first()
    return None if found is None else (found.name, found.title)


async def numbered(connection: AsyncConnection, workspace: UUID, numbers: Collection[int]) -> dict[int, tuple[UUID, str, str]]:
    """Id, name and title by number, also of those who have left."""
    if not numbers:
        return {}
    statement = select(agents.c.number, agents.c.id, agents.c.name, agents.c.title).where(
        agents.c.workspace_id == workspace, agents.c.number.in_(list(numbers))
    )
    return {row.number: (row.id, row.name, row.title) for row in await connection.execute(statement)}


async def there_at(connection: AsyncConnection, workspace: UUID, *, at: datetime, seq: int) -> list[UUID]:
    """Who was there when the event `seq` came at `at`, in the order of their numbers.

    Times say so, except for those who joined or left in that very millisecond: for them the log does.
    """
    statement = (
        select(agents.c.id, agents.c.created_at, agents.c.deleted_at)
        .where(
            agents.c.workspace_id == workspace,
            agents.c.created_at <= at,
            or_(agents.c.deleted_at.is_(None), agents.c.deleted_at >= at),
        )
        .order_by(agents.c.number)
    )
    rows = (await connection.execute(statement)).all()
    unsure = [row.id for row in rows if at in (row.created_at, row.deleted_at)]
    born, gone = await _moments(connection, workspace, unsure)
    return [row.id for row in rows if born.get(row.id, 0) < seq and not gone.get(row.id, seq) < seq]


async def _moments(connection: AsyncConnection, workspace: UUID, ids: Sequence[UUID]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """The log positions at which agents joined and left."""
    if not ids:
        return {}, {}
    statement = select(events.c.subject_id, events.c.seq, events.c.type).where(
        events.c.workspace_id == workspace,
        events.c.subject_id.in_(ids),
        events.c.type.in_(("agent.created", "agent.deleted")),
    )
    rows = (await connection.execute(statement)).all()
    born = {row.subject_id: row.seq for row in rows if row.type == "agent.created"}
    gone = {row.subject_id: row.seq for row in rows if row.type == "agent.deleted"}
    return born, gone


async def _first(connection: AsyncConnection, workspace: UUID, condition: ColumnElement[bool]) -> Row | None:
    statement = select(*COLUMNS).where(agents.c.workspace_id == workspace, agents.c.deleted_at.is_(None), condition)
    found = (await connection.execute(statement)).mappings().first()
    return None if found is None else dict(found)
