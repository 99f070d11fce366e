"""Requests just as they are written: a client tidies paths and hosts up before it sends them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

import httpx
from fastapi import FastAPI
from starlette.types import Message

Headers = Sequence[tuple[bytes, bytes]]


async def asked(app: FastAPI, method: str, path: str, headers: Headers = (), *, host: bytes = b"giliran.test") -> httpx.Response:
    """The answer to a request without a body. `path` is as it stands on the line, escapes and all."""
    before, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": unquote(before),
        "raw_path": before.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", host), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=body)
