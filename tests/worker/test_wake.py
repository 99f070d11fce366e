"""Hints go out merged, alarms one at a time, and nothing ever waits for Valkey."""

import asyncio
import json
import time
from typing import Any

from redis.asyncio import Redis

from app.dispatch.wake import DUE, EVENTS, JOB_QUEUE, MOST_WORKSPACES, Wake, listen, said_events, said_workspace
from app.embedded import Servers
from tests.worker.conditions import alive, until

ONE, TWO = bytes([1]) * 16, bytes([2]) * 16


async def heard(redis: Redis, wake: Wake, expected: int) -> list[tuple[str, str]]:
    """What is said while the caller's notes go out."""
    channel = redis.pubsub(ignore_subscribe_messages=True)
    await channel.subscribe(EVENTS, DUE)
    await channel.get_message(timeout=1)
    await channel.get_message(timeout=1)
    wake(ONE, 1, None)
    wake(ONE, 3, 1)
    wake(ONE, 2, None)
    wake(TWO, 7, None)
    found: list[tuple[str, str]] = []
    while len(found) < expected:
        message: dict[str, Any] | None = await channel.get_message(timeout=5)
        if message is not None:
            found.append((message["channel"], message["data"]))
    await channel.aclose()  # type: ignore[no-untyped-call]
    return found


async def test_notes_of_a_workspace_are_merged(valkey: Servers) -> None:
    wake = Wake(valkey.redis_url)
    async with Redis.from_url(valkey.redis_url, decode_responses=True) as redis:
        found = await heard(redis, wake, 3)
    await wake.close()
    assert found == [(DUE, ONE.hex()), (EVENTS, f"{ONE.hex()}:3"), (EVENTS, f"{TWO.hex()}:7")]


async def test_one_alarm_a_workspace_is_out_unless_an_earlier_one_is_wanted(valkey: Servers) -> None:
    now = time.time_ns() // 1_000_000
    wakes = [Wake(valkey.redis_url) for _ in range(2)]
    async with Redis.from_url(valkey.redis_url, decode_responses=True) as redis:
        for due_in in (60_000, 90_000, 60_000, 120_000):
            for wake in wakes:
                wake(ONE, 1, now + due_in)
            await until(lambda: _alarms(redis, 1))
        wakes[0](ONE, 1, now + 30_000)
        await until(lambda: _alarms(redis, 2))
        rings = await redis.zrange(JOB_QUEUE, 0, -1, withscores=True)
        assert [int(score) for _, score in rings] == [now + 30_000, now + 60_000]
        job = await redis.get(f"arq:job:{rings[0][0]}")
        assert json.loads(job)["a"] == [ONE.hex()]
    for wake in wakes:
        await wake.close()


async def test_nothing_waits_while_valkey_is_away_and_all_is_said_again_once_it_is_back(valkey: Servers) -> None:
    assert valkey.valkey is not None
    dropped: list[int] = []
    wake = Wake(valkey.redis_url, dropped=dropped.append)
    valkey.valkey.force()
    await until(lambda: not alive(valkey))
    began = time.perf_counter()
    for seq in range(5000):
        wake(ONE, seq, None)
    assert time.perf_counter() - began < 1
    await until(lambda: bool(dropped))
    valkey.valkey.restart()
    async with Redis.from_url(valkey.redis_url, decode_responses=True) as redis:
        assert (await heard(redis, wake, 3))[0] == (DUE, ONE.hex())
    await wake.close()


async def test_more_workspaces_than_can_be_noted_are_dropped_and_counted() -> None:
    dropped: list[int] = []
    wake = Wake("redis://127.0.0.1:1", dropped=dropped.append)
    for number in range(MOST_WORKSPACES + 5):
        wake(number.to_bytes(16, "big"), 1, None)
    assert sum(dropped) == 5
    await wake.close()
    wake(ONE, 1, None)


async def test_without_a_url_it_is_silent() -> None:
    wake = Wake(None)
    wake(ONE, 1, 1)
    wake.due(ONE)
    await wake.close()
    assert len(asyncio.all_tasks()) == 1


async def test_listener_connects_again(valkey: Servers) -> None:
    assert valkey.valkey is not None
    said: list[str] = []
    connected: list[int] = []
    task = asyncio.create_task(listen(valkey.redis_url, {DUE: said.append}, connected=lambda: connected.append(1)))
    async with Redis.from_url(valkey.redis_url) as redis:
        await until(lambda: _subscribed(redis))
    valkey.valkey.force()
    await until(lambda: not alive(valkey))
    valkey.valkey.restart()
    async with Redis.from_url(valkey.redis_url) as redis:
        await until(lambda: _subscribed(redis))
        await redis.publish(DUE, "again")
        await until(lambda: bool(said))
    task.cancel()
    await asyncio.wait([task])
    assert said == ["again"]
    assert connected


def test_what_makes_no_sense_is_nothing() -> None:
    assert said_events(f"{ONE.hex()}:12") == (ONE, 12)
    assert [said_events(text) for text in ("", ":", "00:1", f"{ONE.hex()}", f"{ONE.hex()}:-1", f"{ONE.hex()}:²")] == [None] * 6
    assert said_workspace(ONE.hex()) == ONE
    assert said_workspace("nonsense") is None


async def _alarms(redis: Redis, wanted: int) -> bool:
    return bool(await redis.zcard(JOB_QUEUE) == wanted)


async def _subscribed(redis: Redis) -> bool:
    return bool((await redis.pubsub_numsub(DUE))[0][1])
