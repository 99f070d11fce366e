"""PostgreSQL and Valkey die, restart, are away, emptied, replaced, full: F-07 to F-15."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url

from tests.faults.client import Client
from tests.faults.desks import configuration
from tests.faults.examine import examined, quiet
from tests.faults.lab import Desk, Lab, laboratory, scratch
from tests.faults.load import Load, Mix, ticket
from tests.faults.processes import kill, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 60.0
TIMERS = Mix(promised=0.3, offered=0.2)


async def _goes_on(load: Load, tickets: int = 5) -> float:
    before = load.acknowledged
    return await until(lambda: load.acknowledged > before + tickets, SECONDS, "tickets are taken")


async def _kills(lab: Lab, seed: int, times: int) -> None:
    desk = await lab.desk()
    dice = random.Random(seed)
    async with Load(desk, seed, callers=6, mix=TIMERS) as load:
        for _ in range(times):
            await asyncio.sleep(dice.uniform(0.1, 0.5))
            lab.kill_postgres()
            await _goes_on(load)
    await examined(lab, desk, outage_ms=30_000, seed=seed)


async def test_f07_all_of_postgresql_killed(lab: Lab) -> None:
    await _kills(lab, 7, 3)


@pytest.mark.long
async def test_f07_all_of_postgresql_killed_again_and_again(lab: Lab) -> None:
    await _kills(lab, 70, 100)


async def test_f07_commits_are_durable(lab: Lab) -> None:
    """Durability stands where neither a file nor ALTER SYSTEM can undo them."""
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        await lab.sql(f"ALTER SYSTEM SET {name} = off")
    await lab.sql("SELECT pg_reload_conf()")
    try:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            ((setting,),) = await lab.sql(f"SHOW {name}")
            assert setting == "on"
    finally:
        await lab.sql("ALTER SYSTEM RESET ALL")
        await lab.sql("SELECT pg_reload_conf()")


async def test_f08_postmaster_killed_then_one_backend(lab: Lab) -> None:
    desk = await lab.desk()
    apis = lab.apis
    async with Load(desk, 8, callers=6, mix=TIMERS) as load:
        await _goes_on(load)
        kill(lab.postmaster())
        await _goes_on(load)
        for (pid,) in await lab.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'giliran_app' LIMIT 1"):
            kill(pid)  # PostgreSQL ends all others and recovers
        await _goes_on(load)
    await examined(lab, desk, outage_ms=30_000, seed=8)
    assert lab.apis == apis


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
async def test_f09_postgresql_restarted(lab: Lab, number: signal.Signals) -> None:
    desk = await lab.desk()
    async with Load(desk, 9, callers=6, mix=TIMERS) as load:
        for _ in range(2):
            await _goes_on(load)
            with lab.without("PostgreSQL", number):
                await until(lambda: not lab.postgres(), SECONDS, "PostgreSQL has ended")
                reply = await Client(lab.port, desk.client.key).ask("GET", "/v1/agents", Connection="close")
                assert (reply.status, "retry-after" in reply.headers) == (503, True)
            await _goes_on(load)
    await examined(lab, desk, outage_ms=30_000, seed=9)


async def test_f10_valkey_killed_and_away(lab: Lab) -> None:
    desk = await lab.desk()
    async with Load(desk, 10, callers=4, mix=TIMERS) as load:
        await _goes_on(load)
        with lab.without("Valkey"):
            await until(lambda: not lab.valkey_pids(), SECONDS, "Valkey has ended")
            await _goes_on(load, 60)
        await _goes_on(load)
    case = await examined(lab, desk, seed=10)
    assert not any(answer.status == 503 for call in case.calls for answer in call.answers)


@pytest.mark.long
async def test_f10_valkey_silent(lab: Lab) -> None:
    desk = await lab.desk()
    _, valkey = lab.proxies()
    async with Load(desk, 101, callers=4, mix=TIMERS) as load:
        with valkey.half_open():
            await _goes_on(load, 60)
        valkey.cut()
        await _goes_on(load)
    case = await examined(lab, desk, seed=101)
    assert not any(answer.status == 503 for call in case.calls for answer in call.answers)


@contextlib.asynccontextmanager
async def _emptied(redis: Redis) -> AsyncIterator[list[float]]:
    """Valkey is emptied once a second meanwhile: the times at which it was."""
    times: list[float] = []

    async def empty() -> None:
        while True:
            await redis.flushall()
            times.append(asyncio.get_running_loop().time())
            await asyncio.sleep(1)

    task = asyncio.create_task(empty())
    try:
        yield times
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _emptied_under_load(lab: Lab, seed: int, times: int) -> None:
    """Every step is taken once, none later than a sweep, and no call is refused."""
    desk = await lab.desk()
    async with Redis.from_url(lab.addresses.redis_url) as redis, _emptied(redis) as emptied:
        async with Load(desk, seed, callers=4, mix=TIMERS) as load:
            await until(lambda: len(emptied) > times, SECONDS + 2 * times, "Valkey was emptied often enough")
            await _goes_on(load)
        await quiet(lab, desk.workspace)  # what became due last is taken while it goes on being emptied
    case = await examined(lab, desk, seed=seed)
    assert not any(answer.status == 503 for call in case.calls for answer in call.answers)
    assert {event.type for event in case.book.events} >= {"sla.warned", "sla.breached"}


async def test_f11_valkey_emptied_every_second(lab: Lab) -> None:
    await _emptied_under_load(lab, 11, 8)


@pytest.mark.long
async def test_f11_valkey_emptied_every_second_for_minutes(lab: Lab) -> None:
    await _emptied_under_load(lab, 110, 120)


async def test_f11_valkey_full(lab: Lab) -> None:
    desk = await lab.desk()
    async with Redis.from_url(lab.addresses.redis_url) as redis, Load(desk, 111, callers=4, mix=TIMERS) as load:
        await _goes_on(load, 10)
        await redis.config_set("maxmemory", "1")
        await _goes_on(load, 40)
        await redis.config_set("maxmemory", "256mb")
    case = await examined(lab, desk, seed=111)
    assert not any(answer.status == 503 for call in case.calls for answer in call.answers)


@pytest.mark.long
async def test_f12_valkey_replaced_by_one_with_another_password(lab: Lab) -> None:
    desk = await lab.desk()
    right = make_url(lab.addresses.redis_url).password
    async with Redis.from_url(lab.addresses.redis_url) as redis, Load(desk, 12, callers=4, mix=TIMERS) as load:
        await redis.config_set("requirepass", "another")
        _, valkey = lab.proxies()
        valkey.cut()
        try:
            await _goes_on(load, 40)
            reply = await Client(lab.port, "").ask("GET", "/health/ready", Connection="close")
            assert (reply.status, reply.json()["valkey"]) == (200, "away")
        finally:
            with contextlib.suppress(RedisError):
                await redis.config_set("requirepass", right)
    await examined(lab, desk, seed=12)


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A file system of its own of 192 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    with scratch() as place:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192m,mode=755", "tmpfs", str(place)], check=False)
        if mounted.returncode != 0:
            pytest.skip("a small file system cannot be mounted here")
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", str(place)], check=True)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def narrow(small_disk: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lab]:
    async with laboratory(small_disk, apis=1, workers=1) as running:
        running.ledgers = tmp_path_factory.mktemp("ledgers")  # callers write down what they hear: their disk is another
        yield running


@pytest.mark.long
async def test_f13_full_disk_refuses_and_lies_not(narrow: Lab) -> None:
    desk = await narrow.desk()
    ballast = narrow.folder / "ballast"
    async with Load(desk, 13, callers=20) as load:  # whoever is refused comes back with the same and counts once
        await _goes_on(load)
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))
        await until(lambda: load.answers["503"] + load.answers["unknown"] > 10, SECONDS, "tickets are refused")
        ballast.unlink()
        healed = await _goes_on(load)
    await examined(narrow, desk, outage_ms=60_000, seed=13)
    assert healed < 10


@contextlib.asynccontextmanager
async def _locked(lab: Lab, desk: Desk) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Another session holds the workspace's head."""
    session = await lab.session()
    try:
        async with session.transaction():
            await session.execute("UPDATE workspace_heads SET last_at = last_at WHERE workspace_id = $1", desk.uuid)
            yield session
    finally:
        await session.close()


async def test_f14_another_session_holds_the_workspace(lab: Lab) -> None:
    held, free = await lab.desk(), await lab.desk()
    async with Load(held, 14, callers=20, mix=TIMERS) as stuck, Load(free, 141, callers=4) as load:
        await _goes_on(stuck)
        async with _locked(lab, held):
            before = stuck.acknowledged
            await until(lambda: stuck.answers["503"] > 10, SECONDS, "callers are told to come back")
            await _goes_on(load, 50)
            assert stuck.acknowledged <= before + 20
        await _goes_on(stuck)
    await examined(lab, held, outage_ms=30_000, seed=14)
    others = await examined(lab, free, seed=14)
    assert not any(answer.status == 503 for call in others.calls for answer in call.answers)


@pytest.mark.long
async def test_f15_deadlocks_with_another_session_are_retried(lab: Lab) -> None:
    """Another session takes an agent's row first and the head's second, the dispatcher the other way round."""
    desk = await lab.desk(agents=1, askers=0, capacity=1000)
    session = await lab.session()
    deadlocks = 0
    try:
        await session.execute("SET deadlock_timeout = '10s'")  # so that it is the dispatcher's session that is ended
        async with Load(desk, 15, callers=6, mix=Mix(resolve=0.3)) as load:
            for _ in range(5):
                with contextlib.suppress(asyncpg.DeadlockDetectedError):
                    async with session.transaction():
                        await session.execute("UPDATE agents SET title = title WHERE workspace_id = $1", desk.uuid)
                        await asyncio.sleep(0.2)
                        await session.execute("UPDATE workspace_heads SET last_at = last_at WHERE workspace_id = $1", desk.uuid)
                deadlocks += 1
                await _goes_on(load)
    finally:
        await session.close()
    assert deadlocks == 5
    await examined(lab, desk, outage_ms=10_000, seed=15)


async def test_f15_configuration_changes_while_tickets_come_in(lab: Lab) -> None:
    desk = await lab.desk()
    async with Load(desk, 151, callers=6) as load:
        client = Client(lab.port, desk.client.key)
        for number in range(5):
            await _goes_on(load)
            current, document = await client.ask("GET", "/v1/configuration"), configuration()
            document["routing_policies"][0]["strategy"] = ("round_robin", "least_load")[number % 2]
            await client.ok("PUT", "/v1/configuration", document, **{"If-Match": current.headers["etag"]})
        await client.close()
    case = await examined(lab, desk, seed=151)
    assert not any(answer.status == 503 for call in case.calls for answer in call.answers)


async def test_commit_that_its_standby_has_not_confirmed_is_never_called_a_success(lab: Lab) -> None:
    desk = await lab.desk()
    desk.client.seconds = 15.0
    try:
        async with Load(desk, 140, callers=4) as load:
            await _goes_on(load)
            await lab.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            await lab.sql("SELECT pg_reload_conf()")
            await until(lambda: lab.sql(_WAITING_FOR_STANDBY), SECONDS, "a commit waits for the standby")
            before = load.acknowledged
            for _ in range(6):
                await until(lambda: lab.sql(_WAITING_FOR_STANDBY), SECONDS, "a commit waits for the standby")
                await lab.sql(_CANCEL_WAITING)
            assert load.acknowledged == before
            await lab.sql("ALTER SYSTEM RESET synchronous_standby_names")
            await lab.sql("SELECT pg_reload_conf()")
            await _goes_on(load)
    finally:
        await lab.sql("ALTER SYSTEM RESET ALL")
        await lab.sql("SELECT pg_reload_conf()")
    await examined(lab, desk, outage_ms=60_000, seed=140)


_WAITING_FOR_STANDBY = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
_CANCEL_WAITING = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


async def test_quiet_workspace_is_left_alone(lab: Lab) -> None:
    """I7 from the other side: whatever happens to others, a workspace that nobody asks anything of stays as it was."""
    witness, busy = await lab.desk(), await lab.desk()
    await witness.client.settle(witness.client.begin("only", "POST", "/v1/tickets", ticket("only")))
    before = await lab.sql(_ALL_OF, witness.uuid)
    async with Load(busy, 107, callers=4) as load:
        lab.kill_postgres()
        await _goes_on(load, 20)
    assert await lab.sql(_ALL_OF, witness.uuid) == before


_ALL_OF = """
SELECT (SELECT md5(string_agg(h::text, ',')) FROM workspace_heads h WHERE workspace_id = $1),
       (SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM tickets t WHERE workspace_id = $1),
       (SELECT md5(string_agg(e::text, ',' ORDER BY seq)) FROM events e WHERE workspace_id = $1),
       (SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM agents a WHERE workspace_id = $1),
       (SELECT md5(string_agg(k::text, ',' ORDER BY key)) FROM idempotency_keys k WHERE workspace_id = $1)
"""
