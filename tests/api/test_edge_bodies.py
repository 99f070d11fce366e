"""Bodies are read strictly, and stopped when they are too long, too slow or in another language."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Message, Receive, Scope, Send

from app.api.body import parse, strict_json
from app.api.middleware import BODY_BYTES, Edge
from app.errors import Invalid, Malformed, Problem
from tests.api.service import Service

JSON = {"Content-Type": "application/json"}


class Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    text: str = ""
    count: int = Field(default=0, ge=0, le=2**31)
    tags: list[str] = Field(default=[], max_length=20)
    facts: dict[str, str | int | float | bool] = {}


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"{} x", 400, "malformed_json"),
        (b"{'text': 1}", 400, "malformed_json"),
        (b'{"text": "a", "text": "b"}', 400, "malformed_json"),
        (b'{"facts": {"a": 1, "\\u0061": 2}}', 400, "malformed_json"),
        (b'{"facts": {"a": NaN}}', 400, "malformed_json"),
        (b'{"facts": {"a": -Infinity}}', 400, "malformed_json"),
        (b'{"facts": {"a": 1e999}}', 400, "malformed_json"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"facts": ' * 100_000, 400, "malformed_json"),
        (b"[" * 900 + b"]" * 900, 400, "malformed_json"),
        (b'\xef\xbb\xbf{"text": "a"}', 400, "malformed_json"),
        ('{"text": "a"}'.encode("utf-16"), 400, "malformed_json"),
        (b'{"text": "\xff"}', 400, "malformed_json"),
        (b'{"text": "\xed\xa0\x80"}', 400, "malformed_json"),
        (b'{"text": "a\x00b"}', 400, "malformed_json"),
        (b'{"text": "a\nb"}', 400, "malformed_json"),
        (b'{"count": ' + b"9" * 5_000 + b"}", 422, "invalid_body"),
        (b'{"count": "3"}', 422, "invalid_body"),
        (b'{"count": 3.0}', 422, "invalid_body"),
        (b'{"count": true}', 422, "invalid_body"),
        (b'{"count": -1}', 422, "invalid_body"),
        (b'{"count": 18446744073709551616}', 422, "invalid_body"),
        (b'{"text": "\\u0000"}', 422, "invalid_body"),
        (b'{"text": "\\ud800"}', 422, "invalid_body"),
        (b'{"facts": {"\\ud800": 1}}', 422, "invalid_body"),
        (b'{"facts": {"\\u0000": 1}}', 422, "invalid_body"),
        (b'{"texd": "a"}', 422, "invalid_body"),
        (b"null", 422, "invalid_body"),
        (b'"text"', 422, "invalid_body"),
        (b"[]", 422, "invalid_body"),
    ],
)  # fmt: skip
def test_what_two_readers_could_understand_in_two_ways_is_refused(raw: bytes, status: int, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parse(raw, Draft)
    assert (refused.value.status, refused.value.code) == (status, code)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'{"text": "\\ud83d\\ude00"}', "😀"),
        ('{"text": "e\u0301\u202e\u200b"}'.encode(), "e\u0301\u202e\u200b"),
        (b'{"text": "\\u001b[31m"}', "\x1b[31m"),
        (b' {"text" : "a" }\r\n', "a"),
    ],
)
def test_text_is_kept_as_it_was_sent(raw: bytes, text: str) -> None:
    assert parse(raw, Draft).text == text


def test_all_mistakes_come_at_once_and_no_value_is_repeated() -> None:
    with pytest.raises(Invalid) as refused:
        parse(b'{"count": "hunter2", "text": 5, "password": "hunter2"}', Draft)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [
        ("/text", "wrong_type"), ("/count", "wrong_type"), ("/password", "unknown_field"),
    ]  # fmt: skip
    assert "hunter2" not in str(refused.value.errors)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"tags": [' + b'"",' * 340_000 + b'""]}',
        b'{"tags": [' + b"{}," * 340_000 + b"{}]}",
        b'{"facts": {' + b",".join(b'"%d":[]' % n for n in range(90_000)) + b"}}",
        b"[" + b"1," * 500_000 + b"1]",
        b'{"text": "' + b"\\u0041" * 170_000 + b'", "x": 1}',
    ],
)
def test_a_large_wrong_body_is_refused_soon(raw: bytes) -> None:
    best = 10.0
    for _ in range(3):
        began = time.process_time()
        with pytest.raises(Problem):
            parse(raw, Draft)
        best = min(best, time.process_time() - began)
    assert best < 0.5  # a quarter of a second on a machine that does nothing else


def test_a_document_without_a_model() -> None:
    assert strict_json(b'{"a": [1, 2.5, "x", null, true]}') == {"a": [1, 2.5, "x", None, True]}
    with pytest.raises(Malformed):
        strict_json(b'[{"a": 1, "a": 1}]')


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Content-Type": ""}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"}, {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json; charset=latin-1"}, {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/merge-patch+json"}, {**JSON, "Content-Encoding": "gzip"}, {**JSON, "Content-Encoding": "br"},
    ],
)  # fmt: skip
async def test_another_language_is_not_read(bare: Service, headers: dict[str, str]) -> None:
    response = await bare.call("POST", "/v1/tickets", content=b"{}", headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"']
)
async def test_json_by_its_names(service: Service, kind: str) -> None:
    response = await service.call("POST", "/v1/tickets", content=b"{}", headers={"Content-Type": kind})
    assert response.status_code == 201


async def test_a_body_that_says_it_is_too_large_is_not_read(bare: Service) -> None:
    read: list[bytes] = []

    async def parts() -> AsyncIterator[bytes]:
        read.append(b"{")
        yield b"{"

    headers = {**JSON, "Content-Length": str(BODY_BYTES + 1)}
    response = await bare.call("POST", "/v1/tickets", content=parts(), headers=headers)
    assert (response.status_code, response.json()["limit"]) == (413, BODY_BYTES)
    assert read == []
    assert response.headers["connection"] == "close"


async def test_a_body_of_unsaid_length_is_cut_at_the_limit(bare: Service) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    response = await bare.call("POST", "/v1/tickets", content=endless(), headers=JSON)
    assert response.status_code == 413
    assert sent <= BODY_BYTES + 2 * 65_536


async def test_whoever_has_no_key_sends_no_body(bare: Service) -> None:
    response = await bare.client.post("/v1/tickets", content=b" " * (BODY_BYTES + 1), headers=JSON)
    assert response.status_code == 401
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize("value", ["-1", "1e3", "0x10", "9" * 30, ""])
async def test_a_length_that_is_none(bare: Service, value: str) -> None:
    response = await bare.call("POST", "/v1/tickets", content=b"{}", headers={**JSON, "Content-Length": value})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_header")


async def answered_by(app: Any, receive: Receive, headers: list[tuple[bytes, bytes]]) -> list[Message]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    scope: Scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers, "http_version": "1.1"}
    await app(scope, receive, send)
    return messages


async def test_a_slow_body_is_given_up() -> None:
    async def reading(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive()).get("more_body"):
            pass

    async def dripping() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    began = time.monotonic()
    start, _ = await answered_by(Edge(reading, body_seconds=0.1), dripping, [(b"host", b"x"), (b"transfer-encoding", b"chunked")])
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    assert time.monotonic() - began < 5


async def test_a_body_that_ends_early_is_malformed(bare: Service) -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    headers = [
        (b"host", b"x"), (b"content-length", b"10"), (b"content-type", b"application/json"),
        (b"authorization", f"Bearer {await bare.key('admin')}".encode()),
    ]  # fmt: skip
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    scope: Scope = {"type": "http", "method": "POST", "path": "/v1/tickets", "query_string": b"", "headers": headers,
                    "http_version": "1.1", "root_path": ""}  # fmt: skip
    await bare.app(scope, gone, send)
    assert messages[0]["status"] == 400


@pytest.mark.parametrize("key", ["", "x" * 256, "k\u00e9y", "a\nb", "a\tb"])
async def test_an_idempotency_key_that_is_none(service: Service, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode()), (b"Content-Type", b"application/json")]
    headers.append((b"Authorization", f"Bearer {await service.key('admin')}".encode()))
    response = await service.client.post("/v1/tickets", content=b"{}", headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_header")


async def test_an_idempotency_key_sent_twice(service: Service) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "a"), ("Authorization", f"Bearer {await service.key('admin')}")]
    response = await service.client.post("/v1/tickets", json={}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_header")


@pytest.mark.parametrize("sent", ["", '"', "7", '"x"', '"-1"', 'W/"7"', '"7", "8"', '"' + "9" * 40 + '"', '"07"'])
async def test_an_if_match_that_is_none(service: Service, sent: str) -> None:
    ticket = await service.ticket()
    response = await service.call("POST", f"/v1/tickets/{ticket['id']}/cancel", headers={"If-Match": sent})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_header")


@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "traceparent", "X-Request-Id"])
@pytest.mark.parametrize("value", ["", ";;;", "a" * 5000, "*/*;q=x", '"', "\xff"])
async def test_other_headers_that_make_no_sense_do_no_harm(service: Service, name: str, value: str) -> None:
    key = await service.key("admin")
    headers = httpx.Headers([(name.encode(), value.encode("latin-1")), (b"Authorization", f"Bearer {key}".encode())])
    assert (await service.client.get("/v1/queues", headers=headers)).status_code == 200
