"""The whole feed read from the start: page by page, and the process that serves it does not grow."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from app.engine.vocabulary import Role
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from app.services.workspace_keys import KeyDraft
from app.services.workspaces import Workspace
from tests.databases import Database
from tests.faults.lab import answers, free_port
from tests.faults.processes import Program, until

MOST_MIB = 24.0
PAGE = 200
START_SECONDS = 240.0

_FILL = """
INSERT INTO events (workspace_id, seq, id, type, subject_type, subject_id, data, at, actor_type, actor_id, batch_id)
SELECT $1, seq, gen_random_uuid(), 'agent.presence_changed', 'agent', ids.agent,
       jsonb_build_object('agent', replace(ids.agent::text, '-', ''), 'presence', 'away'),
       now(), 'system', 'system', gen_random_uuid()
FROM generate_series(1, $2::bigint) seq, (SELECT gen_random_uuid() AS agent) ids
"""


@asynccontextmanager
async def api(database: Database, folder: Path) -> AsyncIterator[tuple[Program, int]]:
    """A process of the API, and its port."""
    port = free_port()
    environment = {
        "DATABASE_URL": database.app_url,
        "GILIRAN_DATA_DIR": str(folder / "data"),
        "GILIRAN_PORT": str(port),
        "GILIRAN_LOG_LEVEL": "warning",
        "GILIRAN_RATE_LIMIT": "100000/second",
    }
    program = Program("-m", "app.main", log=folder / "api.log", environment=environment)
    try:
        await until(lambda: answers(port), START_SECONDS, "the API answers")
        yield program, port
    finally:
        program.end()


async def filled(database: Database, count: int) -> tuple[Workspace, str]:
    """A workspace with so many events, and a key."""
    owner = create_async_engine(database.owner_url, poolclass=NullPool)
    try:
        made = await workspaces.create(owner, slug="old", mode=Mode.LIVE)
        key = await workspace_keys.create_key(owner, made, KeyDraft(Role.ADMIN, "reader"))
    finally:
        await owner.dispose()
    connection = await asyncpg.connect(database.superuser_url.replace("+asyncpg", ""))
    try:
        workspace = UUID(bytes=made.id)
        await connection.execute(_FILL, workspace, count)
        await connection.execute("UPDATE workspace_heads SET last_seq = $2 WHERE workspace_id = $1", workspace, count)
        await connection.execute("ANALYZE events")
    finally:
        await connection.close()
    return made, key.text


def resident_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.parametrize("count", [50_000, pytest.param(1_000_000, marks=pytest.mark.long)])
async def test_the_feed_from_the_start_is_paged_and_memory_stays_flat(database: Database, tmp_path: Path, count: int) -> None:
    _, key = await filled(database, count)
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        api(database, tmp_path) as (program, port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client,
    ):
        after, seen, before, most = 0, 0, 0.0, 0.0
        while after < count:
            answer = await client.get("/v1/events", params={"after": after, "limit": PAGE})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            assert [event["seq"] for event in page["data"]] == list(range(after + 1, after + 1 + len(page["data"])))
            assert 0 < len(page["data"]) <= PAGE
            after, seen = page["last_seq"], seen + len(page["data"])
            most = max(most, resident_mib(program.process.pid))
            if seen == 20 * PAGE:  # what every process has once it has served a little
                before = most
        assert seen == count
        assert before
        assert most - before < MOST_MIB
