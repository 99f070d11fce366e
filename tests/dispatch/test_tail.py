"""A reader who waits at the end of the log hears of the next event from this process, from Valkey, or within a second."""

import asyncio
import time

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.dispatch.tail import Tails
from app.dispatch.wake import EVENTS, Wake
from app.engine.ids import WorkspaceId
from tests.databases import Database
from tests.servers import Addresses
from tests.worker.conditions import until
from tests.workspaces import make_workspace

LONG = 20.0


@pytest.fixture
async def workspace(database: Database) -> WorkspaceId:
    return await make_workspace(database)


async def grow(database: Database, workspace: WorkspaceId, seq: int) -> None:
    """Another process has committed, and says nothing."""
    engine = create_async_engine(database.superuser_url)
    async with engine.begin() as connection:
        statement = text("UPDATE workspace_heads SET last_seq = :seq WHERE workspace_id = CAST(:id AS uuid)")
        await connection.execute(statement, {"seq": seq, "id": workspace.hex()})
    await engine.dispose()


async def looked(polls: list[int]) -> None:
    await until(lambda: bool(polls))
    await asyncio.sleep(0.05)


async def test_what_is_there_already_is_found_at_once(database: Database, engine: AsyncEngine, workspace: WorkspaceId) -> None:
    await grow(database, workspace, 5)
    tails = Tails(engine, poll_seconds=LONG)
    assert await asyncio.wait_for(tails.wait(workspace, 4, LONG), 5) == 5
    assert await tails.wait(workspace, 3, 0) == 5
    await tails.close()


async def test_hint_of_this_process_wakes(engine: AsyncEngine, workspace: WorkspaceId) -> None:
    polls: list[int] = []
    tails = Tails(engine, poll_seconds=LONG, polled=polls.append)
    reader = asyncio.create_task(tails.wait(workspace, 0, LONG))
    await looked(polls)
    assert not reader.done()
    tails.hint(workspace, 3)
    assert await asyncio.wait_for(reader, 1) == 3
    await tails.close()


async def test_message_of_another_process_wakes(engine: AsyncEngine, workspace: WorkspaceId, servers: Addresses) -> None:
    tails = Tails(engine, servers.redis_url, poll_seconds=LONG)
    reader = asyncio.create_task(tails.wait(workspace, 0, LONG))
    wake = Wake(servers.redis_url)
    while not reader.done():
        wake(workspace, 9, None)
        await asyncio.sleep(0.02)
    assert await reader == 9
    await wake.close()
    await tails.close()


async def test_polling_finds_what_nobody_said(database: Database, engine: AsyncEngine, workspace: WorkspaceId) -> None:
    polls: list[int] = []
    tails = Tails(engine, "redis://127.0.0.1:1", poll_seconds=0.2, polled=polls.append)
    reader = asyncio.create_task(tails.wait(workspace, 0, LONG))
    await looked(polls)
    await grow(database, workspace, 2)
    assert await asyncio.wait_for(reader, 2) == 2
    await tails.close()


async def test_a_thousand_readers_cost_one_statement(database: Database, engine: AsyncEngine, workspace: WorkspaceId) -> None:
    other = await make_workspace(database)
    polls: list[int] = []
    tails = Tails(engine, poll_seconds=1.0, polled=polls.append)
    readers = [asyncio.create_task(tails.wait(key, 0, LONG)) for key in (workspace, other) for _ in range(500)]
    await looked(polls)
    assert polls == [2]
    for key in (workspace, other):
        await grow(database, key, 1)
    assert set(await asyncio.wait_for(asyncio.gather(*readers), 5)) == {1}
    assert len(polls) <= 3
    await tails.close()


async def test_nothing_new_is_the_last_known_after_the_timeout(
    database: Database, engine: AsyncEngine, workspace: WorkspaceId
) -> None:
    await grow(database, workspace, 4)
    tails = Tails(engine)
    assert await tails.wait(workspace, 3, LONG) == 4
    assert await tails.wait(workspace, 4, 0.05) == 4
    assert await tails.wait(workspace, 9, 0.01) == 4
    await tails.close()


async def test_older_hint_takes_nothing_back(engine: AsyncEngine, workspace: WorkspaceId) -> None:
    tails = Tails(engine, poll_seconds=LONG)
    await tails.wait(workspace, 0, 0.05)
    tails.hint(workspace, 8)
    tails.hint(workspace, 7)
    assert await tails.wait(workspace, 7, 0) == 8
    await tails.close()


async def test_database_that_is_away_keeps_nobody_beyond_the_timeout(workspace: WorkspaceId) -> None:
    nowhere = create_async_engine("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none")
    tails = Tails(nowhere, poll_seconds=0.05)
    assert await tails.wait(workspace, 6, 0.3) == 6
    await tails.close()
    await nowhere.dispose()


async def test_reader_who_leaves_is_forgotten(engine: AsyncEngine, workspace: WorkspaceId) -> None:
    tails = Tails(engine)
    reader = asyncio.create_task(tails.wait(workspace, 0, LONG))
    await asyncio.sleep(0.05)
    reader.cancel()
    await asyncio.wait([reader])
    assert not tails._tails[workspace].readers
    await tails.close()


async def test_closing_answers_everybody_and_leaves_no_task(
    engine: AsyncEngine, workspace: WorkspaceId, servers: Addresses
) -> None:
    tails = Tails(engine, servers.redis_url)
    readers = [asyncio.create_task(tails.wait(workspace, 0, LONG)) for _ in range(20)]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await tails.close()
    assert set(await asyncio.gather(*readers)) == {0}
    assert time.monotonic() - began < 3
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert tails.closed
    assert await tails.wait(workspace, 0, LONG) == 0


async def test_rubbish_on_the_channel_is_passed_over(engine: AsyncEngine, workspace: WorkspaceId, servers: Addresses) -> None:
    tails = Tails(engine, servers.redis_url, poll_seconds=LONG)
    reader = asyncio.create_task(tails.wait(workspace, 0, LONG))
    wake = Wake(servers.redis_url)
    async with Redis.from_url(servers.redis_url) as redis:
        while not reader.done():
            for words in ("", ":", "zz:1", f"{workspace.hex()}:x", f"{workspace.hex()}"):
                await redis.publish(EVENTS, words)
            wake(workspace, 2, None)
            await asyncio.sleep(0.02)
    assert await reader == 2
    await wake.close()
    await tails.close()
