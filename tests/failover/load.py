"""Callers that do not give up: each repeats a ticket under its key until it is acknowledged, and writes that down."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine, migrate
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.outcome import IdempotencyKey, Outcome, Rendered
from app.engine.ids import WorkspaceId
from app.errors import Unavailable
from app.settings import Settings, with_driver
from tests.databases import Database
from tests.dispatch.test_dispatcher import new_ticket
from tests.failover.cluster import Cluster, Server, synchronous
from tests.workspaces import make_desk


@dataclass
class Ledger:
    """Ids of the tickets that were acknowledged, by the caller's key, and how often a caller was sent away."""

    acknowledged: dict[str, UUID] = field(default_factory=dict)
    refused: int = 0


@dataclass
class Service:
    """One process's dispatcher on the cluster, a desk, and callers."""

    engine: AsyncEngine
    dispatcher: Dispatcher
    workspace: WorkspaceId
    ledger: Ledger = field(default_factory=Ledger)

    @contextlib.asynccontextmanager
    async def under_load(self, callers: int = 8) -> AsyncIterator[None]:
        """Callers work while the block runs; at its end each finishes what it has begun."""
        over = asyncio.Event()
        tasks = [asyncio.create_task(self._call(number, over)) for number in range(callers)]
        try:
            yield
        finally:
            over.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 90)

    async def more(self, number: int = 20) -> None:
        """Until so many more are acknowledged."""
        wanted = len(self.ledger.acknowledged) + number
        async with asyncio.timeout(60):
            while len(self.ledger.acknowledged) < wanted:  # noqa: ASYNC110  (many callers make it true)
                await asyncio.sleep(0.02)

    async def _call(self, caller: int, over: asyncio.Event) -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            key = f"{caller}-{turn}"
            while key not in self.ledger.acknowledged:
                try:
                    outcome = await self.dispatcher.submit(
                        self.workspace,
                        new_ticket(),
                        deadline=20,
                        idempotency=IdempotencyKey(key, sha256(key.encode()).digest()),
                        render=_id,
                    )
                except Unavailable:
                    self.ledger.refused += 1
                    await asyncio.sleep(0.1)
                else:
                    assert outcome.rendered is not None
                    self.ledger.acknowledged[key] = UUID(bytes=outcome.rendered.body)

    async def lost(self, server: Server) -> list[str]:
        """Acknowledged tickets that this server does not have; also fails where a key made two, or the log has a hole."""
        async with server.connected() as connection:
            rows = await connection.fetch("SELECT id FROM tickets")
            (log,) = await connection.fetch("SELECT count(*), coalesce(max(seq), 0) AS last FROM events")
            last = await connection.fetchval("SELECT last_seq FROM workspace_heads")
            keys = await connection.fetchval("SELECT count(*) FROM idempotency_keys")
        assert log["count"] == log["last"] == last
        assert len(rows) == keys, "a key made two tickets"
        kept = {row["id"] for row in rows}
        return [key for key, ticket in self.ledger.acknowledged.items() if ticket not in kept]


def _id(outcome: Outcome) -> Rendered:
    assert outcome.ticket is not None
    return Rendered(201, outcome.ticket["id"].bytes)


@contextlib.asynccontextmanager
async def service(cluster: Cluster, *, app_url: str | None = None) -> AsyncIterator[Service]:
    """Migrated, with COMMIT waiting for the standby."""
    await migrate(with_driver(cluster.url(user="giliran_owner")))
    await cluster.primary.run(*synchronous(cluster.standby))
    await cluster.in_step()
    engine = make_engine(with_driver(app_url or cluster.url()), Settings())
    dispatcher = Dispatcher(engine)
    await dispatcher.start()
    superuser = with_driver(cluster.primary.url)
    database = Database("giliran", superuser, superuser, superuser)
    desk = await make_desk(dispatcher, database, 5)
    try:
        yield Service(engine, dispatcher, desk.workspace)
    finally:
        await dispatcher.stop()
        await engine.dispose()
