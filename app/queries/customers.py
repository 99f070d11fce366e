"""Customers as answers show them: one, a page, a count, and those who are found by a contact or a name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import customer_contacts, customer_merges, customers, events
from app.queries.events import COLUMNS as EVENT_COLUMNS

Row = dict[str, Any]

COUNTED_AT_MOST = 10_000
COLUMNS = tuple(
    customers.c[name]
    for name in (
        "id", "external_id", "name", "tier", "language", "preferred_channel", "contacts", "attributes", "metadata", "merged_into_id",
        "version", "created_at", "updated_at",
    )
)  # fmt: skip

# Ids are in the order of time, so the first two need no column of their own.
SORTS = {"-created_at": True, "created_at": False, "-updated_at": True, "updated_at": False}


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What to list: values of one field are alternatives, different fields must all hold."""

    tiers: Sequence[str] = ()
    languages: Sequence[str] = ()
    channels: Sequence[str] = ()
    ids: Sequence[UUID] | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    merged: bool = False


async def one(connection: AsyncConnection, workspace: UUID, customer: UUID) -> Row | None:
    """A customer, merged or not."""
    return await _first(connection, workspace, customers.c.id == customer)


async def one_external(connection: AsyncConnection, workspace: UUID, external_id: str) -> Row | None:
    """The customer who has this id elsewhere, merged or not."""
    return await _first(connection, workspace, customers.c.external_id == external_id)


async def known(connection: AsyncConnection, workspace: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of the customers that there are."""
    statement = select(customers.c.id).where(customers.c.workspace_id == workspace, customers.c.id.in_(ids))
    return set((await connection.execute(statement)).scalars())


async def page(
    connection: AsyncConnection, workspace: UUID, wanted: CustomerFilter, *, sort: str, after: Sequence[Any] | None, limit: int
) -> list[tuple[Row, list[Any]]]:
    """At most `limit` customers in order, each with its place; `after` is the place of the last one seen."""
    rows = (await connection.execute(listed(workspace, wanted, sort=sort, after=after, limit=limit))).mappings().all()
    return [({**row}, _place(sort, row)) for row in rows]


def listed(workspace: UUID, wanted: CustomerFilter, *, sort: str, after: Sequence[Any] | None, limit: int) -> Select[Any]:
    """The statement of `page`."""
    order, places = _order(sort)
    statement = select(*COLUMNS, customers.c.updated_seq).where(customers.c.workspace_id == workspace, *_conditions(wanted))
    if after is not None:
        here, place = tuple_(*order), tuple_(*(literal(value) for value in places(after)))
        statement = statement.where(here < place if SORTS[sort] else here > place)
    return statement.order_by(*(column.desc() if SORTS[sort] else column for column in order)).limit(limit)


async def count(connection: AsyncConnection, workspace: UUID, wanted: CustomerFilter) -> int:
    """How many there are, at most one more than COUNTED_AT_MOST."""
    some: Select[Any] = (
        select(customers.c.id).where(customers.c.workspace_id == workspace, *_conditions(wanted)).limit(COUNTED_AT_MOST + 1)
    )
    found: int | None = await connection.scalar(select(func.count()).select_from(some.subquery()))
    return found or 0


def with_contact(workspace: UUID, contacts: Sequence[tuple[str, str]], *, after: UUID | None, limit: int) -> Select[Any]:
    """Customers who stand for themselves and have one of these contacts (kind, form that is compared), by id."""
    having = select(customer_contacts.c.customer_id).where(
        customer_contacts.c.workspace_id == workspace,
        or_(*(and_(customer_contacts.c.match == match, customer_contacts.c.kind == kind) for kind, match in contacts)),
    )
    statement = (
        select(*COLUMNS)
        .where(customers.c.workspace_id == workspace, customers.c.id.in_(having), customers.c.merged_into_id.is_(None))
        .order_by(customers.c.id)
        .limit(limit)
    )
    return statement if after is None else statement.where(customers.c.id > after)


def named_like(workspace: UUID, prefix: str, *, after: tuple[str, UUID] | None, limit: int) -> Select[Any]:
    """Customers who stand for themselves and whose key of the name (`app.engine.customers.name_key`) begins so; by name."""
    statement = (
        select(*COLUMNS, customers.c.name_key)
        .where(
            customers.c.workspace_id == workspace,
            *_begins(prefix),
            customers.c.merged_into_id.is_(None),
        )
        .order_by(customers.c.name_key, customers.c.id)
        .limit(limit)
    )
    if after is None:
        return statement
    return statement.where(tuple_(customers.c.name_key, customers.c.id) > tuple_(*map(literal, after)))


async def found(connection: AsyncConnection, statement: Select[Any]) -> list[Row]:
    """The rows of `with_contact` and `named_like`."""
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]


async def history(connection: AsyncConnection, workspace: UUID, customer: UUID, *, after: int, limit: int) -> list[Row]:
    """Events of a customer and of those who were merged into them, oldest first."""
    own = select(events.c.seq).where(events.c.workspace_id == workspace, events.c.subject_id == customer, events.c.seq > after)
    merges = [
        select(seq).where(customer_merges.c.workspace_id == workspace, customer_merges.c.into_id == customer, seq > after)
        for seq in (customer_merges.c.seq, customer_merges.c.undone_seq)
    ]
    wanted = union(own.order_by(events.c.seq).limit(limit), *merges).subquery()
    statement = (
        select(*EVENT_COLUMNS)
        .where(events.c.workspace_id == workspace, events.c.seq.in_(select(wanted.c[0])))
        .order_by(events.c.seq)
        .limit(limit)
    )
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]


async def _first(connection: AsyncConnection, workspace: UUID, condition: ColumnElement[bool]) -> Row | None:
    statement = select(*COLUMNS).where(customers.c.workspace_id == workspace, condition)
    row = (await connection.execute(statement)).mappings().first()
    return None if row is None else dict(row)


def _begins(prefix: str) -> list[ColumnElement[bool]]:
    """A range, not LIKE: behind row-level security only what cannot leak may go by an index."""
    conditions: list[ColumnElement[bool]] = [customers.c.name_key >= prefix]
    stem = prefix.rstrip("\U0010ffff")
    if stem:
        following = ord(stem[-1]) + 1
        conditions.append(customers.c.name_key < stem[:-1] + chr(0xE000 if following == 0xD800 else following))
    return conditions


def _order(sort: str) -> tuple[list[ColumnElement[Any]], Any]:
    if sort.endswith("created_at"):
        return [customers.c.id], lambda place: [UUID(hex=place[0])]
    return [customers.c.updated_seq, customers.c.id], lambda place: [place[0], UUID(hex=place[1])]


def _place(sort: str, row: Any) -> list[Any]:
    return [row["id"].hex] if sort.endswith("created_at") else [row["updated_seq"], row["id"].hex]


def _conditions(wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    pointer = customers.c.merged_into_id
    conditions: list[ColumnElement[bool]] = [pointer.is_not(None) if wanted.merged else pointer.is_(None)]
    for column, values in (
        (customers.c.tier, wanted.tiers),
        (customers.c.language, wanted.languages),
        (customers.c.preferred_channel, wanted.channels),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.ids is not None:
        conditions.append(customers.c.id.in_(wanted.ids))
    if wanted.created_after is not None:
        conditions.append(customers.c.created_at >= wanted.created_after)
    if wanted.created_before is not None:
        conditions.append(customers.c.created_at < wanted.created_before)
    if wanted.updated_after is not None:
        conditions.append(customers.c.updated_at >= wanted.updated_after)
    return conditions
