"""Requests that wait for events: RES-08 and RES-10, over real sockets."""

import asyncio
from collections import Counter

import pytest

from app import telemetry
from tests.databases import Database
from tests.limits.serving import Served, closed, descriptors, everything, head, served, status_of, until

WAIT = "/v1/events?after={}&wait=30"


def live(api: Served) -> int:
    return sum(account.streams for account in api.services.limiter.accounts)


def readers(api: Served) -> int:
    """Futures that hang at a tail."""
    return sum(len(tail.readers) for tail in api.services.tails._tails.values())


async def last_seq(api: Served, key: str) -> int:
    async with api.client(key) as client:
        return int((await client.get("/v1/tickets")).headers["giliran-seq"])


@pytest.mark.parametrize("count", [100, pytest.param(980, marks=pytest.mark.long)])
async def test_streams_of_one_key_are_capped_and_only_live_ones_count(database: Database, count: int) -> None:
    """RES-08: a thousand of which twenty may wait; the others are told so at once, and other keys are not counted."""
    async with served(database, streams_per_key=20) as api:
        key, colleague = await api.configured(), await api.key()
        seq = await last_seq(api, key)
        async with api.probed(), api.client(key) as client:
            waiting = []
            for number in range(20):
                waiting.append(asyncio.create_task(client.get(WAIT.format(seq))))
                await until(lambda: readers(api) > number)  # noqa: B023
            assert live(api) == 20
            refused = []
            for _ in range(count // 10):
                refused += await asyncio.gather(*(client.get(WAIT.format(seq)) for _ in range(10)))
            assert Counter(answer.status_code for answer in refused) == {429: count}
            assert {answer.json()["code"] for answer in refused} == {"too_many_streams"}
            assert all(answer.headers["retry-after"] and answer.json()["limit"] == 20 for answer in refused)
            assert (await client.get(f"/v1/events?after={seq}")).status_code == 200  # what does not wait is no stream
            async with api.client(colleague) as other:
                theirs = asyncio.create_task(other.get(WAIT.format(seq)))
                await until(lambda: live(api) == 21)
                assert (await client.post("/v1/tickets", json={})).status_code == 201
                answers = await asyncio.gather(theirs, *waiting)
            assert {answer.status_code for answer in answers} == {200}
            assert all(answer.json()["data"] for answer in answers)
            await until(lambda: live(api) == 0)
            again = asyncio.create_task(client.get(WAIT.format(await last_seq(api, key))))
            await until(lambda: live(api) == 1)
            again.cancel()
            await until(lambda: live(api) == 0)


async def test_me_counts_as_a_stream_too(database: Database) -> None:
    async with served(database, streams_per_key=1) as api:
        await api.configured()
        key = await api.key("agent")
        async with api.client(key) as client:
            seq = (await client.get("/v1/me")).json()["last_seq"]
            waiting = asyncio.create_task(client.get(f"/v1/me?after={seq}&wait=30"))
            await until(lambda: live(api) == 1)
            assert (await client.get(f"/v1/me?after={seq}&wait=30")).json()["code"] == "too_many_streams"
            waiting.cancel()
            await until(lambda: live(api) == 0)


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.long)])
async def test_clients_that_leave_before_the_first_byte(database: Database, count: int) -> None:
    """RES-10: some before the service has seen them, some while they wait; nothing of them is left."""
    async with served(database, streams_per_key=100_000, open_requests_per_key=100_000) as api:
        key = await api.configured()
        seq = await last_seq(api, key)
        await until(lambda: api.checked_out() == 0)
        tasks, files = len(asyncio.all_tasks()), descriptors()
        async with api.probed():
            for begin in range(0, count, 50):
                opened = [await asyncio.open_connection("127.0.0.1", api.port) for _ in range(50)]
                for number, (_, writer) in enumerate(opened):
                    writer.write(head("GET", WAIT.format(seq), key) * (1 + number % 3))
                    if number % 4 == 0:
                        writer.transport.abort()
                if begin % 100:
                    await until(lambda: readers(api) >= 25)  # most of them by now
                await asyncio.gather(*(closed(writer) for _, writer in opened))
            await until(lambda: live(api) == 0 and readers(api) == 0)
        await until(lambda: len(asyncio.all_tasks()) <= tasks + 2 and descriptors() <= files + 8)  # the tails' own poller
        assert not any(account.open for account in api.services.limiter.accounts)
        assert api.checked_out() == 0
        assert api.services.reads.taken == api.services.reads.waiting == 0
        assert telemetry.STREAMS_OPEN._value.get() == 0


async def test_a_client_that_half_closes_gets_no_answer_and_leaves_nothing(api: Served) -> None:
    key = await api.configured()
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(head("GET", WAIT.format(await last_seq(api, key)), key))
    await until(lambda: live(api) == 1)
    writer.write_eof()
    await until(lambda: live(api) == 0)
    await everything(reader)
    await closed(writer)


async def test_a_waiting_request_whose_body_never_comes(database: Database) -> None:
    async with served(database, body_seconds=0.3) as api:
        key = await api.configured()
        reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
        writer.write(head("GET", WAIT.format(await last_seq(api, key)), key, Content_Length="5"))
        answer = await everything(reader)
        assert status_of(answer) == 408
        await until(lambda: live(api) == 0)
        await closed(writer)
