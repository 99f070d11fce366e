"""Whoever looks a customer up, by an id elsewhere, a contact, a name or a merge, reads no table from end to end."""

import json
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.moments import uuid_of
from app.dispatch.transaction import transaction
from app.engine.ids import WorkspaceId
from app.queries import customers, gathering
from app.queries.customers import CustomerFilter
from tests.databases import Database
from tests.schema.catalogue import run
from tests.worker.test_prunes import read_whole
from tests.workspaces import make_workspace

PEOPLE = """
INSERT INTO customers (workspace_id, id, external_id, name, name_key, contacts, attributes, metadata, merged_into_id, version, created_at,
                       updated_at, updated_seq)
SELECT $1, gen_random_uuid(), 'c-' || n, 'Name ' || n, 'name ' || n, '[]', '{}', '{}', CASE WHEN n % 50 = 0 THEN gen_random_uuid() END,
       1, now(), now(), n
FROM generate_series(1, 20000) n
"""
CONTACTS = """
INSERT INTO customer_contacts (workspace_id, customer_id, kind, match)
SELECT workspace_id, id, kind, external_id || '@example.com' FROM customers, unnest(ARRAY['email', 'line']) kind
WHERE workspace_id = $1
"""
TICKETS = """
INSERT INTO tickets (workspace_id, id, number, kind, status, priority, channel, customer_id, queue_id, skills, wishes, cost, declined,
                     tags, attributes, metadata, reopened, escalated, transferred, version, created_at, updated_at, created_seq, updated_seq)
SELECT workspace_id, gen_random_uuid(), updated_seq, 'ticket', 'closed', 'low', 'api', id, id, '[]', '[]', 1, '{}', '{}', '{}', '{}', 0, 0,
       0, 1, now(), now(), 1, 1
FROM customers WHERE workspace_id = $1
"""


async def plan(connection: Any, statement: str, *arguments: Any) -> Any:
    (told,) = await connection.fetchrow(f"EXPLAIN (FORMAT JSON) {statement}", *arguments)
    return (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]


async def planned(connection: Any, statement: Select[Any]) -> Any:
    compiled = statement.compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call]
    arguments = [compiled.params[name] for name in compiled.positiontup or ()]
    return await plan(connection, str(compiled), *arguments)


@pytest.fixture
async def workspace(database: Database, engine: AsyncEngine) -> WorkspaceId:
    made = await make_workspace(database)
    async with transaction(engine, made) as opened:
        for statement in (PEOPLE, CONTACTS, TICKETS):
            await opened.connection.execute(statement, uuid_of(made))
        await opened.commit()
    await run(database.owner_url, "ANALYZE customers, customer_contacts, tickets")
    return made


def indexes(plan: Any) -> set[str]:
    """The indexes that a plan goes by."""
    own = {plan["Index Name"]} if "Index Name" in plan else set()
    return own.union(*(indexes(part) for part in plan.get("Plans", ())))


async def test_each_look_up_has_its_index(workspace: WorkspaceId, engine: AsyncEngine) -> None:
    key = uuid_of(workspace)
    contacts = [("email", "c-7@example.com"), ("phone", "+628115550100")]
    texts = (
        (gathering.CUSTOMERS_BY_EXTERNAL_ID, "uq_customers_external_id", ["c-1", "c-2", "x"]),
        (gathering.CUSTOMERS, "pk_customers", [key]),
        (gathering.MERGED_CUSTOMERS, "ix_customers_merged", [key]),
        (gathering.TICKETS_OF_CUSTOMER, "ix_tickets_customer", key, 10),
    )
    statements = (
        (customers.with_contact(key, contacts, after=None, limit=51), "ix_customer_contacts_match"),
        (customers.with_contact(key, contacts, after=key, limit=51), "ix_customer_contacts_match"),
        (customers.named_like(key, "name 19", after=None, limit=51), "ix_customers_name"),
        (customers.named_like(key, "name", after=("name 19", key), limit=51), "ix_customers_name"),
        (customers.listed(key, CustomerFilter(), sort="-created_at", after=None, limit=51), "pk_customers"),
        (customers.listed(key, CustomerFilter(), sort="updated_at", after=[100, key.hex], limit=51), "ix_customers_updated"),
    )
    missed = []
    async with transaction(engine, workspace) as opened:
        for text, index, *arguments in texts:
            found = await plan(opened.connection, text, key, *arguments)
            if index not in indexes(found) or read_whole(found):
                missed.append((index, found))
        for statement, index in statements:
            found = await planned(opened.connection, statement)
            if index not in indexes(found) or read_whole(found):
                missed.append((index, found))
    assert missed == []
