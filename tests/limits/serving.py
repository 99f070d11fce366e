"""The API behind a real socket, in this process: what a client does to it can be seen from inside."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.api.context import Services
from app.api.protocol import BoundedProtocol
from app.engine.vocabulary import Role
from app.main import _Server, configuration, create_app, serving
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from app.services.workspace_keys import KeyDraft
from app.services.workspaces import Workspace
from app.settings import Settings
from tests.databases import Database

DESK: dict[str, Any] = {
    "default_queue": "general",
    "teams": [{"name": "team"}],
    "routing_policies": [{"name": "policy", "strategy": "least_load"}],
    "queues": [{"name": "general", "routing_policy": "policy", "teams": ["team"]}],
    "agents": [{"name": "ani", "title": "Ani", "teams": ["team"], "capacity": 1_000}],
}


class Impatient(BoundedProtocol):
    """Gives a head a second, where the service gives it ten."""

    head_seconds = 1.0


@dataclass(slots=True)
class Served:
    """One process, two workspaces: `desk` is attacked, `other` must not notice."""

    services: Services
    port: int
    owner: AsyncEngine
    desk: Workspace
    other: Workspace
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def engine(self) -> AsyncEngine:
        return self.services.engine

    async def key(self, role: str = "admin", *, of: Workspace | None = None, rate: str | None = None) -> str:
        """A new key."""
        draft = KeyDraft(Role(role), role, agent="ani" if role == "agent" else None, rate_limit=rate)
        return (await workspace_keys.create_key(self.owner, of or self.desk, draft)).text

    @asynccontextmanager
    async def client(self, key: str | None = None, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(
            base_url=self.url, headers=headers, timeout=90, limits=limits, verify=False, **options
        ) as client:
            yield client

    async def configured(self) -> str:
        """The desk of DESK, and a key of it."""
        key = await self.key()
        async with self.client(key) as client:
            answer = await client.put("/v1/configuration", json=DESK, headers={"If-None-Match": "*"})
            assert answer.status_code == 200, answer.text
        return key

    def checked_out(self) -> int:
        """Connections to PostgreSQL that are in use."""
        return int(self.engine.pool.checkedout())  # type: ignore[attr-defined]

    @asynccontextmanager
    async def probed(self) -> AsyncIterator[list[int]]:
        """Meanwhile somebody else works: each of their requests must succeed."""
        key = await self.key(of=self.other)
        statuses: list[int] = []

        async def probe() -> None:
            async with self.client(key) as client:
                while True:
                    statuses.append((await client.get("/v1/tickets", params={"limit": 1})).status_code)
                    await asyncio.sleep(0.05)

        task = asyncio.create_task(probe())
        try:
            await until(lambda: bool(statuses))
            yield statuses
            seen = len(statuses)
            await until(lambda: len(statuses) > seen)
        finally:
            task.cancel()
            await asyncio.wait([task])
        assert set(statuses) == {200}


@asynccontextmanager
async def served(
    database: Database, *, redis_url: str | None = None, protocol: type[BoundedProtocol] = BoundedProtocol, **options: Any
) -> AsyncIterator[Served]:
    """A started API with two empty workspaces. `options` are settings."""
    settings = Settings(database_url=database.app_url, redis_url=redis_url, **options)
    async with AsyncExitStack() as opened:
        owner = create_async_engine(database.owner_url, poolclass=NullPool)
        opened.push_async_callback(owner.dispose)
        services = await opened.enter_async_context(serving(settings))
        desk, other = [await workspaces.create(owner, slug=slug, mode=Mode.SANDBOX) for slug in ("desk", "other")]
        port = await opened.enter_async_context(listening(settings, services, protocol))
        yield Served(services, port, owner, desk, other)


@asynccontextmanager
async def listening(settings: Settings, services: Services, protocol: type[BoundedProtocol]) -> AsyncIterator[int]:
    app = create_app(settings, services)
    config = configuration(settings, app)
    config.http, config.lifespan = protocol, "off"
    server = _Server(config, app)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio asks for TCP by its number
    listener.bind(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve([listener]))
    try:
        await until(lambda: server.started)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        await task
        listener.close()


async def until(condition: Any, *, seconds: float = 60.0) -> None:
    """Wait until it holds; however long that takes, up to a bound that only a failure meets."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  (what is waited for tells nobody)
            await asyncio.sleep(0.01)


async def said(port: int, sent: bytes, *, more: bytes = b"") -> bytes:
    """All that is answered to these bytes, until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with contextlib.suppress(ConnectionError):
            writer.write(sent)
            await writer.drain()
            writer.write(more)
            await writer.drain()
        return await everything(reader)
    finally:
        await closed(writer)


async def everything(reader: asyncio.StreamReader) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(65_536):
            parts.append(part)
    return b"".join(parts)


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def head(method: str, path: str, key: str | None = None, **headers: str) -> bytes:
    """A request's head as bytes; an underscore in a name is a hyphen."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def descriptors() -> int:
    return len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))
