"""The worker on real PostgreSQL and Valkey: killed, stopped, started twice, with Valkey, without, and with an empty one."""

import asyncio
import contextlib
import signal
from collections import Counter

import pytest
from asyncpg import InterfaceError, InternalClientError, PostgresError
from redis.asyncio import Redis
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.wake import DUE, JOB_QUEUE, Wake, job_pool
from app.embedded import Servers
from app.engine.ids import WorkspaceId
from app.queries.due import read_head
from app.settings import Settings
from app.worker import work
from tests.databases import Database, administrator
from tests.servers import Addresses
from tests.worker.conditions import alive, until
from tests.worker.desks import count, pass_time, promise, running_worker, steps, submit_tickets, worker_process
from tests.workspaces import make_desk

SOON = [promise(first=1)]
LATER = [promise(first=60, warn=50)]
SWEEP_MS, NOISE_MS = 1000, 1000  # the machine of a test is busy


async def test_fires_within_a_sweep_without_valkey(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=SOON)
    async with running_worker(database):
        await submit_tickets(dispatcher, desk.workspace, 20)
        await until(lambda: _fired(engine, desk.workspace, 20))
    assert max(step.late for step in await steps(engine, desk.workspace)) < SWEEP_MS + NOISE_MS


async def test_message_on_due_wakes_a_worker_that_sleeps_long(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, valkey: Servers
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=LATER)
    await submit_tickets(dispatcher, desk.workspace, 5)
    wake = Wake(valkey.redis_url)
    async with running_worker(database, valkey.redis_url, sweep_seconds=60), Redis.from_url(valkey.redis_url) as redis:
        await until(lambda: _listened_to(redis))
        await pass_time(dispatcher, desk.workspace, 61)
        wake.due(desk.workspace)
        await until(lambda: _fired(engine, desk.workspace, 10))
    await wake.close()


async def test_alarm_wakes_a_worker_that_sleeps_long(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, valkey: Servers
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=SOON)
    wake = Wake(valkey.redis_url)
    async with running_worker(database, valkey.redis_url, sweep_seconds=60), Redis.from_url(valkey.redis_url) as redis:
        await until(lambda: _listened_to(redis))
        await submit_tickets(dispatcher, desk.workspace)
        head = await read_head(engine, desk.workspace)
        assert head is not None
        assert head.next_due is not None
        wake.alarm(desk.workspace, head.next_due)
        await until(lambda: _fired(engine, desk.workspace, 1))
    await wake.close()


async def test_killed_valkey_delays_nothing_beyond_a_sweep_and_is_used_again_when_back(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, valkey: Servers
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=SOON)
    assert valkey.valkey is not None
    async with running_worker(database, valkey.redis_url):
        valkey.valkey.force()
        await submit_tickets(dispatcher, desk.workspace, 5)
        await until(lambda: _fired(engine, desk.workspace, 5))
        await until(lambda: not alive(valkey))
        valkey.valkey.restart()
        async with Redis.from_url(valkey.redis_url) as redis:
            await until(lambda: _listened_to(redis))
        await submit_tickets(dispatcher, desk.workspace, 5)
        await until(lambda: _fired(engine, desk.workspace, 10))
    assert max(step.late for step in await steps(engine, desk.workspace)) < SWEEP_MS + NOISE_MS


async def test_emptied_valkey_loses_nothing(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, valkey: Servers
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=SOON)
    async with running_worker(database, valkey.redis_url), Redis.from_url(valkey.redis_url) as redis:
        for number in range(1, 4):
            await submit_tickets(dispatcher, desk.workspace, 5)
            await redis.flushall()
            await until(lambda wanted=5 * number: _fired(engine, desk.workspace, wanted))  # type: ignore[misc]


async def test_wrong_password_of_valkey_is_as_if_it_were_away(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, servers: Addresses
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=SOON)
    address = servers.redis_url.rpartition("@")[2]
    async with running_worker(database, f"redis://:wrong@{address}"):
        await submit_tickets(dispatcher, desk.workspace, 5)
        await until(lambda: _fired(engine, desk.workspace, 5))


async def test_rubbish_in_valkey_harms_nobody(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, valkey: Servers
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=SOON)
    async with running_worker(database, valkey.redis_url), Redis.from_url(valkey.redis_url) as redis:
        await until(lambda: _listened_to(redis))
        for text in ("", "zz", "00", "{}", "é" * 40):
            await redis.publish(DUE, text)
        pool = job_pool(valkey.redis_url)
        await pool.enqueue_job("os.system", "true")
        await pool.enqueue_job("sweep_workspace", 7)
        await redis.zadd(JOB_QUEUE, {"ghost": 1, "pickled": 1})
        await redis.set("arq:job:pickled", b"\x80\x04K\x01.")
        await until(lambda: _empty(redis))
        await pool.aclose(close_connection_pool=True)
        await submit_tickets(dispatcher, desk.workspace, 5)
        await until(lambda: _fired(engine, desk.workspace, 5))


async def test_killed_workers_fire_each_step_once_between_them(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, valkey: Servers
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=LATER)
    await submit_tickets(dispatcher, desk.workspace, 1500)
    await pass_time(dispatcher, desk.workspace, 61)
    for number in range(1, 3):
        async with worker_process(database, valkey.redis_url):
            await until(lambda wanted=300 * number: _fired(engine, desk.workspace, wanted), 30)  # type: ignore[misc]
    async with worker_process(database, valkey.redis_url) as first, worker_process(database, valkey.redis_url) as second:
        async with Redis.from_url(valkey.redis_url) as redis:
            await until(lambda: _listened_to(redis, 2), 60)
        await until(lambda: _fired(engine, desk.workspace, 3000), 30)
        for process, number in ((first, signal.SIGTERM), (second, signal.SIGINT)):
            process.send_signal(number)
        assert await asyncio.wait_for(asyncio.gather(first.wait(), second.wait()), 10) == [0, 0]  # type: ignore[comparison-overlap]
    fired = Counter((step.type, step.ticket) for step in await steps(engine, desk.workspace))
    assert len(fired) == 3000
    assert set(fired.values()) == {1}


async def test_stopped_worker_that_wakes_up_late_changes_nothing(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=LATER)
    await submit_tickets(dispatcher, desk.workspace, 600)
    async with worker_process(database) as frozen:
        await pass_time(dispatcher, desk.workspace, 61)
        await until(lambda: _fired(engine, desk.workspace, 1), 30)
        frozen.send_signal(signal.SIGSTOP)
        async with running_worker(database):
            await until(lambda: _fired(engine, desk.workspace, 1200), 30)
            frozen.send_signal(signal.SIGCONT)
            await pass_time(dispatcher, desk.workspace, 1)
            await submit_tickets(dispatcher, desk.workspace, 1)
            await pass_time(dispatcher, desk.workspace, 61)
            await until(lambda: _fired(engine, desk.workspace, 1202), 30)
    fired = Counter((step.type, step.ticket) for step in await steps(engine, desk.workspace))
    assert set(fired.values()) == {1}


async def test_connections_cut_again_and_again_lose_and_double_nothing(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, servers: Addresses
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=LATER)
    await submit_tickets(dispatcher, desk.workspace, 400)
    await pass_time(dispatcher, desk.workspace, 61)
    async with administrator(servers) as administration, running_worker(database, sweep_seconds=0.1):
        for wanted in range(50, 850, 50):
            await until(lambda wanted=wanted: _fired_or_cut(engine, desk.workspace, wanted))  # type: ignore[misc]
            await administration.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database.name
            )
    await until(lambda: _fired_or_cut(engine, desk.workspace, 800))
    fired = Counter((step.type, step.ticket) for step in await steps(engine, desk.workspace))
    assert len(fired) == 800
    assert set(fired.values()) == {1}


async def test_worker_waits_for_a_database_that_is_away_and_stops_when_told() -> None:
    stopping = asyncio.Event()
    settings = Settings(database_url="postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none")
    task = asyncio.create_task(work(settings, stopping))
    await asyncio.sleep(0.05)
    assert not task.done()
    stopping.set()
    await asyncio.wait_for(task, 5)


async def test_worker_that_sees_all_workspaces_does_not_start(database: Database) -> None:
    with pytest.raises(RuntimeError, match="giliran_app"):
        await work(Settings(database_url=database.owner_url), asyncio.Event())


async def _fired(engine: AsyncEngine, workspace: WorkspaceId, wanted: int) -> bool:
    return await count(engine, workspace, "sla.warned") + await count(engine, workspace, "sla.breached") >= wanted


async def _fired_or_cut(engine: AsyncEngine, workspace: WorkspaceId, wanted: int) -> bool:
    """The test's own connections are cut too."""
    with contextlib.suppress(SQLAlchemyError, PostgresError, InterfaceError, InternalClientError, OSError):
        return await _fired(engine, workspace, wanted)
    return False


async def _listened_to(redis: Redis, workers: int = 1) -> bool:
    return int((await redis.pubsub_numsub(DUE))[0][1]) >= workers


async def _empty(redis: Redis) -> bool:
    return not await redis.zcard(JOB_QUEUE)
