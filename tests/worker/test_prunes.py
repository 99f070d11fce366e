"""Answers under a key are kept for thirty days and then forgotten, in small transactions that find their rows by index."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import workspace_transaction
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.moments import uuid_of
from app.dispatch.transaction import transaction
from app.engine.commands import AdvanceClock
from app.engine.ids import WorkspaceId
from app.models.marks import MarkKind
from app.queries import gathering, marks
from app.queries.due import PRUNE_ANSWERS
from app.worker_prunes import KEPT_MS, Prunes
from tests.databases import Database
from tests.worker.desks import submit_tickets
from tests.workspaces import SYSTEM, make_desk, make_workspace

FILL = """
INSERT INTO idempotency_keys (workspace_id, key, fingerprint, status, body, headers, created_at, touched_at)
SELECT $1, $2 || n, '', 200, '', '{}', now() - $3::interval, now() FROM generate_series(1, $4::int) n
"""


async def fill(engine: AsyncEngine, workspace: WorkspaceId, name: str, *, days: float, count: int) -> None:
    async with workspace_transaction(engine, workspace) as connection:
        await connection.exec_driver_sql(FILL, (UUID(bytes=workspace), name, timedelta(days=days), count))


async def kept(engine: AsyncEngine, workspace: WorkspaceId) -> dict[str, int]:
    async with transaction(engine, workspace, snapshot=True) as opened:
        rows = await opened.connection.fetch(
            "SELECT rtrim(key, '0123456789') AS name, count(*) FROM idempotency_keys GROUP BY name"
        )
    return {row["name"]: row["count"] for row in rows}


async def test_only_what_is_older_than_thirty_days_goes(database: Database, engine: AsyncEngine) -> None:
    one, other = await make_workspace(database, mode="live"), await make_workspace(database)
    for workspace in (one, other):
        await fill(engine, workspace, "old", days=30.01, count=23)
        await fill(engine, workspace, "young", days=29.99, count=7)
    prunes = Prunes(engine, at_once=5)
    assert await prunes.round() == 46
    assert await kept(engine, one) == await kept(engine, other) == {"young": 7}
    assert await prunes.round() == 0


async def test_a_sandbox_has_days_of_its_own(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    workspace = await make_workspace(database)
    await fill(engine, workspace, "k", days=1, count=3)
    await dispatcher.submit(workspace, AdvanceClock(SYSTEM, 29 * 86_400_000 + 60_000))
    assert await Prunes(engine).round() == 3


async def test_marks_go_once_they_are_past(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 1)
    (outcome,) = await submit_tickets(dispatcher, desk.workspace)
    assert outcome.ticket is not None
    ticket, workspace = outcome.ticket["id"], UUID(bytes=desk.workspace)
    for seconds in (30, 90):
        async with workspace_transaction(engine, workspace) as connection:
            assert await marks.claim(connection, workspace, ticket, MarkKind.VIEWING, UUID(int=seconds), seconds=seconds)
    assert await Prunes(engine).round() == 0
    await dispatcher.submit(desk.workspace, AdvanceClock(SYSTEM, 60_000))
    assert await Prunes(engine).round() == 1


async def test_two_workers_at_once_take_different_rows(database: Database, engine: AsyncEngine) -> None:
    workspace = await make_workspace(database)
    await fill(engine, workspace, "old", days=31, count=10)
    async with workspace_transaction(engine, workspace) as connection:
        first = await connection.exec_driver_sql(PRUNE_ANSWERS, (UUID(bytes=workspace), KEPT_MS, 4))
        assert (first.rowcount, await Prunes(engine, at_once=4).round()) == (4, 6)


def read_whole(plan: Any) -> list[str]:
    """The tables that a plan reads from end to end."""
    own = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return own + [name for part in plan.get("Plans", ()) for name in read_whole(part)]


async def test_lookup_and_pruning_read_no_table_from_end_to_end(database: Database, engine: AsyncEngine) -> None:
    workspace = await make_workspace(database)
    await fill(engine, workspace, "old", days=31, count=1000)
    await fill(engine, workspace, "young", days=1, count=30_000)
    async with transaction(engine, workspace) as opened:
        await opened.connection.execute("ANALYZE idempotency_keys")
    async with transaction(engine, workspace) as opened:
        key = uuid_of(workspace)
        for statement, arguments in ((gathering.ANSWERS, (key, ["young1", "x"])), (PRUNE_ANSWERS, (key, KEPT_MS, 500))):
            (told,) = await opened.connection.fetchrow(f"EXPLAIN (FORMAT JSON) {statement}", *arguments)
            plans = json.loads(told) if isinstance(told, str) else told
            assert "idempotency_keys" not in read_whole(plans[0]["Plan"])
