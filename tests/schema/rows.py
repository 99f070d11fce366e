"""One row of every table for a workspace, so that a test of isolation leaves no table out."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import metadata

WORDS = {
    "mode": "live",
    "kind": "chat",
    "channel": "line",
    "priority": "low",
    "presence": "away",
    "role": "agent",
    "how": "routed",
    "outcome": "waiting",
    "actor_type": "system",
    "metric": "resolution",
    "state": "running",
}
BY_TYPE: dict[type, Any] = {
    str: "word",
    int: 1,
    bool: False,
    bytes: b"bytes",
    datetime: datetime(2026, 1, 5, tzinfo=UTC),
    list: [],
}
STATUS: dict[str, Any] = {"tickets": "waiting", "offers": "pending", "idempotency_keys": 201}
OF_TABLE: dict[str, dict[str, Any]] = {
    "api_keys": {"kind": "key"},
    "audit_entries": {"outcome": "done"},
    "marks": {"kind": "viewing"},
    "customer_contacts": {"kind": "email"},
}


def row(table: Table, workspace_id: UUID) -> dict[str, Any]:
    """Every column filled; every id is the workspace's, which keeps foreign keys and makes workspaces differ."""
    values: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type.python_type
        if column.name == "status":
            values["status"] = STATUS[table.name]
        elif (table.name, column.name) == ("handovers", "kind"):
            values["kind"] = "returned"
        elif column.name == "slug":
            values["slug"] = workspace_id.hex
        elif kind is UUID:
            values[column.name] = workspace_id
        elif kind is object:  # json
            values[column.name] = {}
        elif not column.nullable:
            words = WORDS | OF_TABLE.get(table.name, {})
            values[column.name] = words.get(column.name, BY_TYPE[kind])
    return values


async def fill(connection: AsyncConnection, workspace_id: UUID) -> None:
    for table in metadata.sorted_tables:
        await connection.execute(insert(table).values(row(table, workspace_id)))
