"""Clients that send too much, too slowly, or only half: RES-01 to RES-05, RES-13, VAL-04, VAL-05, over real sockets."""

import asyncio
import gzip
import json
from collections import Counter

import pytest

from tests.databases import Database
from tests.limits.serving import (
    Impatient,
    Served,
    closed,
    descriptors,
    everything,
    head,
    said,
    served,
    status_of,
    until,
)

MIB = 1024 * 1024
JSON = "application/json"


def post(key: str, path: str = "/v1/tickets", **headers: str) -> bytes:
    return head("POST", path, key, Content_Type=JSON, **headers)


async def test_a_body_above_the_limit(api: Served) -> None:
    """RES-01: with an honest length before it is read, without one at the limit, with a lying one not at all."""
    key = await api.configured()
    async with api.probed():
        said_too_long = await said(api.port, post(key, Content_Length=str(MIB + 1)))
        assert status_of(said_too_long) == 413
        assert b"connection: close" in said_too_long
        chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
        unsaid = await said(api.port, post(key, Transfer_Encoding="chunked"), more=chunk * 40)
        assert status_of(unsaid) == 413
        longer = await said(api.port, post(key, Content_Length="2"), more=b"{}GARBAGE\r\n\r\n")
        assert (status_of(longer), longer.count(b"HTTP/1.1 ")) == (201, 1)
        two = await said(api.port, post(key, Content_Length="2", Transfer_Encoding="chunked"), more=b"{}")
        assert status_of(two) == 400
        big = await said(api.port, post(key, Content_Length=str(MIB), Connection="close"), more=b"{}" + b" " * (MIB - 2))
        assert status_of(big) == 201


async def test_a_length_that_promises_more_than_comes(api: Served) -> None:
    """Nothing is written, and nothing stays open."""
    key = await api.configured()
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(post(key, Content_Length="10") + b"{}")
    await until(lambda: any(account.open for account in api.services.limiter.accounts))
    await closed(writer)
    await everything(reader)
    await until(lambda: not any(account.open for account in api.services.limiter.accounts))
    async with api.client(key) as client:
        assert (await client.get("/v1/tickets/count")).json()["count"] == 0


@pytest.mark.parametrize("count", [100, pytest.param(500, marks=pytest.mark.long)])
async def test_heads_that_drip(database: Database, count: int) -> None:
    """RES-02: five hundred connections that send a byte now and then, or nothing."""
    async with served(database, protocol=Impatient) as api:
        before = descriptors()
        async with api.probed():
            opened = [await asyncio.open_connection("127.0.0.1", api.port) for _ in range(count)]
            for _, writer in opened[::2]:
                writer.write(b"GET / HTTP/1.1\r\nX: ")

            async def drip() -> None:
                while True:
                    for _, writer in opened[::2]:
                        writer.write(b"x")
                    await asyncio.sleep(0.3)

            dripping = asyncio.create_task(drip())
            async with asyncio.timeout(30):
                answers = await asyncio.gather(*(everything(reader) for reader, _ in opened))
            dripping.cancel()
            assert {answer[:12] for answer in answers[1::2]} == {b""}
            assert {answer[:12] for answer in answers[::2]} == {b"HTTP/1.1 408"}
            await asyncio.gather(*(closed(writer) for _, writer in opened))
        await until(lambda: descriptors() <= before + 4)


@pytest.mark.parametrize(("count", "seconds"), [(100, 1.5), pytest.param(500, 3.0, marks=pytest.mark.long)])
async def test_bodies_that_drip_hold_no_connection_to_the_database(database: Database, count: int, seconds: float) -> None:
    """RES-03: five hundred at once, of a pool of six."""
    async with served(database, body_seconds=seconds) as api:
        key = await api.configured()
        before = descriptors()
        async with api.probed():
            opened = [await asyncio.open_connection("127.0.0.1", api.port) for _ in range(count)]
            for number, (_, writer) in enumerate(opened):
                writer.write(post(key, ("/v1/tickets", "/v1/agents/ani/presence")[number % 20 == 0], Content_Length="100") + b"{")
            accounts = api.services.limiter.accounts
            await until(lambda: sum(account.open for account in accounts) >= count)
            held = [api.checked_out()]
            for _ in range(20):
                held.append(api.checked_out())
                await asyncio.sleep(0.01)
            assert max(held) <= 2  # the other's reads
            async with asyncio.timeout(30):
                answers = await asyncio.gather(*(everything(reader) for reader, _ in opened))
            assert Counter(map(status_of, answers)) == {408: count}
            assert all(b"connection: close" in answer and b"request_timeout" in answer for answer in answers)
            await asyncio.gather(*(closed(writer) for _, writer in opened))
        await until(lambda: not any(account.open for account in accounts))
        await until(lambda: descriptors() <= before + 4)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(10_000)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 65_536 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 2_000_000, 431),
        (b"GET /" + b"a" * 65_536 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /v1/tickets?" + b"&".join(b"id=%d" % n for n in range(10_000)) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    ],
)
async def test_a_head_that_is_too_large(api: Served, sent: bytes, status: int) -> None:
    """RES-04"""
    async with api.probed():
        answer = await said(api.port, sent)
    assert status_of(answer) == status
    assert b"application/problem+json" in answer


class Few(Impatient):
    """Room for forty connections."""

    most_connections = 40


async def test_idle_connections_are_capped_and_descriptors_return(database: Database) -> None:
    """RES-05: half of the room for one address; who comes when it is full is sent away."""
    async with served(database, protocol=Few) as api:
        before = descriptors()
        async with api.client() as client:
            assert (await client.get("/health/live")).status_code == 200
        opened = [await asyncio.open_connection("127.0.0.1", api.port) for _ in range(200)]
        for _, writer in opened:
            writer.write(head("GET", "/health/live"))
        answers = await asyncio.gather(*(first(reader) for reader, _ in opened))
        served_of = sum(answer.startswith(b"HTTP/1.1 200") for answer in answers)
        assert 18 <= served_of <= 20
        assert len(answers) - answers.count(b"") == served_of
        await asyncio.gather(*(closed(writer) for _, writer in opened))
        await until(lambda: descriptors() <= before + 4)
        assert sum(Few._of_address.values()) == 0
        async with api.client() as client:
            assert (await client.get("/health/live")).status_code == 200


async def first(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(100)
    except ConnectionError:
        return b""


@pytest.mark.parametrize("count", [200, pytest.param(1000, marks=pytest.mark.long)])
async def test_pipelined_requests(api: Served, count: int) -> None:
    """RES-05: a thousand on one connection, answered one after the other, in order."""
    key = await api.configured()
    requests = b"".join(
        head(
            "GET", "/v1/tickets/ext:none", key, X_Request_Id=f"n{number}", Connection=("keep-alive", "close")[number == count - 1]
        )
        for number in range(count)
    )
    async with api.probed():
        answer = await said(api.port, requests)
    named = [line.split(b": ")[1] for line in answer.split(b"\r\n") if line.startswith(b"x-request-id")]
    assert named == [b"n%d" % number for number in range(count)]


async def test_pipelined_requests_of_which_nobody_reads_the_answers(api: Served) -> None:
    """The next is begun when the one before is through: one connection has one request at work."""
    key = await api.configured()
    _, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(head("GET", "/v1/events?after=2&wait=30", key) * 100)
    accounts = api.services.limiter.accounts
    await until(lambda: sum(account.open for account in accounts) == 1)
    await asyncio.sleep(0.2)
    assert sum(account.open for account in accounts) == 1
    await closed(writer)
    await until(lambda: not any(account.open for account in accounts))


async def test_what_is_not_served_in_parts_or_packed(api: Served) -> None:
    """RES-13"""
    key = await api.configured()
    ranges = "bytes=" + ",".join(f"{n}-{n}" for n in range(3_000))
    whole = await said(api.port, head("GET", "/docs", Range=ranges, Connection="close"))
    assert status_of(whole) == 200
    assert b"multipart/byteranges" not in whole
    assert whole.count(b"<html") == 1
    too_many = await said(api.port, head("GET", "/docs", Range="bytes=" + ",".join(f"{n}-{n}" for n in range(10_000))))
    assert status_of(too_many) == 431
    bomb = gzip.compress(b" " * (16 * MIB))
    packed = post(key, Content_Encoding="gzip", Content_Length=str(len(bomb)), Connection="close")
    assert status_of(await said(api.port, packed, more=bomb)) == 415
    form = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n{}\r\n--x--\r\n'
    parts = head(
        "POST",
        "/v1/tickets",
        key,
        Content_Type="multipart/form-data; boundary=x",
        Content_Length=str(len(form)),
        Connection="close",
    )
    assert status_of(await said(api.port, parts, more=form)) == 415


def large(inside: bytes, bytes_: int) -> bytes:
    return (b"[" + inside * (bytes_ // len(inside)))[:-1] + b"]"


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"[" * 100_000, {400}),
        (b'{"a":' * 100_000, {400}),
        (b'{"attributes":' * 100_000 + b"1" + b"}" * 100_000, {400, 413}),
        (b"[" * 500_000 + b"]" * 500_000, {400}),
        (b"{" + b",".join(b'"%d":1' % n for n in range(1_000_000)) + b"}", {413}),
        (b"{" + b",".join(b'"%d":1' % n for n in range(80_000)) + b"}", {422}),
        (b'{"attributes":{' + b",".join(b'"%d":1' % n for n in range(80_000)) + b"}}", {422}),
        (large(b"1,", 2_000_000), {413}),
        (large(b"1,", MIB - 10), {422}),
        (b'{"tags":' + large(b'"",', MIB - 100) + b"}", {422}),
        (b'{"text":"' + b"x" * 10 * MIB + b'"}', {413}),
        (b'{"text":"' + b"x" * (MIB - 100) + b'"}', {422}),
    ],
    ids=["[", "{", "closed", "half", "keys", "many", "attributes", "items", "most", "tags", "text", "long"],
)
async def test_bodies_made_to_cost(api: Served, body: bytes, statuses: set[int]) -> None:
    """VAL-04, VAL-05: refused, and others are served meanwhile."""
    key = await api.configured()
    async with api.probed():
        more = body if len(body) <= MIB else b""  # what is refused by its length is not read
        answer = await said(api.port, post(key, Content_Length=str(len(body)), Connection="close"), more=more)
    assert status_of(answer) in statuses, answer[:600]
    problem = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert problem["status"] == status_of(answer)
    assert len(answer) < 3 * MIB
