"""An answer that comes before the body has: whoever still sends can read it whole, and holds nothing for long (RFC 9112, 9.6)."""

import asyncio
import json
import socket
import tracemalloc

import pytest

from app.api.protocol import BoundedProtocol
from tests.databases import Database
from tests.limits.serving import Served, closed, everything, head, served, status_of, until

MIB = 1024 * 1024
JSON = "application/json"
PART = b"x" * 65_536


class Short(BoundedProtocol):
    """Lingers for a moment only."""

    linger_seconds = 0.2
    linger_bytes = 2 * MIB


def sent_whole_then_read(port: int, asked: bytes, body: bytes) -> bytes:
    """What a plain client hears that reads nothing before it has sent everything. Raises ConnectionError for a reset."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(asked)
        for start in range(0, len(body), len(PART)):
            connection.sendall(body[start : start + len(PART)])
        heard = []
        while part := connection.recv(65_536):
            heard.append(part)
    return b"".join(heard)


def code_of(answer: bytes) -> str:
    before, _, body = answer.partition(b"\r\n\r\n")
    assert b"connection: close" in before
    assert f"content-length: {len(body)}".encode() in before
    return str(json.loads(body)["code"])


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_answered_so_that_it_can_be_read(api: Served, chunked: bool) -> None:
    key = await api.configured()
    body = b"x" * 8 * MIB
    if chunked:
        asked = head("POST", "/v1/tickets", key, Content_Type=JSON, Transfer_Encoding="chunked")
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    else:
        asked = head("POST", "/v1/tickets", key, Content_Type=JSON, Content_Length=str(len(body)))
    async with api.probed():
        asking = [asyncio.to_thread(sent_whole_then_read, api.port, asked, body) for _ in range(5)]
        answers = await asyncio.gather(*asking)
    assert {(status_of(answer), code_of(answer)) for answer in answers} == {(413, "body_too_large")}
    await until(lambda: api.checked_out() == 0)


async def test_every_other_answer_before_the_body(api: Served) -> None:
    """Without a key, and a head that is too large."""
    stranger = head("POST", "/v1/tickets", Content_Type=JSON, Content_Length=str(8 * MIB))
    endless = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "
    for asked, wanted in ((stranger, (401, "missing_key")), (endless, (431, "head_too_large"))):
        answer = await asyncio.to_thread(sent_whole_then_read, api.port, asked, b"x" * 8 * MIB)
        assert (status_of(answer), code_of(answer)) == wanted


async def test_who_drips_or_never_ends_is_closed(database: Database) -> None:
    """Time and size are bounded; what is thrown away is kept nowhere."""
    async with served(database, protocol=Short) as api:
        asked = head("POST", "/v1/tickets", Content_Type=JSON, Content_Length=str(10**9))
        for pause in (0.05, 0.0):
            reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
            writer.write(asked)
            heard = asyncio.create_task(everything(reader))
            part = b"x" if pause else PART
            tracemalloc.start()
            async with asyncio.timeout(30):
                while True:
                    writer.write(part)
                    try:
                        await writer.drain()
                    except ConnectionError:
                        break
                    await asyncio.sleep(pause)
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert most < MIB
            assert status_of(await heard) == 401
            await closed(writer)


async def test_the_request_behind_it_is_not_begun(api: Served) -> None:
    """What follows an answer that closes is no request."""
    key = await api.configured()
    first = head("POST", "/v1/tickets", key, Content_Type=JSON, Content_Length=str(2 * MIB)) + b"x" * 2 * MIB
    body = b"{}"
    behind = head("POST", "/v1/tickets", key, Content_Type=JSON, Content_Length=str(len(body))) + body
    answer = await asyncio.to_thread(sent_whole_then_read, api.port, first, behind)
    assert answer.count(b"HTTP/1.1") == 1
    async with api.client(key) as client:
        assert (await client.get("/v1/tickets/count")).json()["count"] == 0
