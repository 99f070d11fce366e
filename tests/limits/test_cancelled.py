"""RES-18: requests that end anywhere on their way leave nothing behind, and none of them is half done."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.api.service import Service
from tests.databases import Database
from tests.limits.serving import until


def call(service: Service, key: str, method: str, path: str, body: Any = None) -> Callable[[], Any]:
    """One request straight into the application, without a client that would tidy up."""
    raw = b"" if body is None else json.dumps(body).encode()
    route, _, query = path.partition("?")
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {key}".encode()), (b"content-length", str(len(raw)).encode())]
    headers += [(b"content-type", b"application/json")] if raw else []
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": route, "raw_path": route.encode(), "root_path": "",
        "query_string": query.encode(), "headers": headers, "client": ("10.0.0.1", 1), "server": ("x", 80), "scheme": "http",
    }  # fmt: skip

    async def run() -> None:
        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if sent:
                await asyncio.Event().wait()
            sent = True
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(_message: Any) -> None:
            await asyncio.sleep(0)

        await service.app(dict(scope), receive, send)

    return run


async def left_in_postgresql(database: Database) -> list[Any]:
    """Sessions of the application that are in a transaction, and the locks they hold."""
    url = make_url(database.superuser_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    try:
        return list(
            await connection.fetch("""
                SELECT a.pid, a.state, a.query FROM pg_stat_activity a
                WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.usename = 'giliran_app'
                AND (a.state <> 'idle' OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted))
            """)
        )
    finally:
        await connection.close()


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.long)])
@pytest.mark.filterwarnings("ignore:coroutine 'Connection._cancel' was never awaited")
async def test_requests_cancelled_at_random_points(service: Service, database: Database, count: int) -> None:
    seed = random.randrange(1 << 30)
    print("seed", seed)  # noqa: T201
    chance = random.Random(seed)
    await service.come("ani", "budi")
    key = await service.key("admin")
    ticket = (await service.ticket())["id"]
    seq = await service.last_seq()
    tasks_before = len(asyncio.all_tasks())
    made = [0]

    def requests() -> Callable[[], Any]:
        made[0] += 1
        number = made[0]
        return call(
            service,
            key,
            *chance.choice(
                (
                    ("POST", "/v1/tickets", {"external_id": f"x{number}", "queue": "plain"}),
                    ("POST", "/v1/tickets", {"external_id": f"x{number}"}),
                    ("POST", "/v1/tickets?dry_run=true", {}),
                    ("POST", f"/v1/tickets/{ticket}/messages", {"from": "customer", "text": "?"}),
                    ("POST", "/v1/agents/ani/presence", {"presence": chance.choice(("away", "available"))}),
                    ("GET", "/v1/tickets"),
                    ("GET", f"/v1/tickets/{ticket}?expand=decision"),
                    ("GET", f"/v1/events?after={seq}&limit=1"),
                    ("GET", "/v1/events?after=999999"),
                    ("GET", f"/v1/events?after={seq}&type=offer.expired&wait=30"),
                )
            ),
        )

    for _ in range(count // 20):
        running = [asyncio.create_task(requests()()) for _ in range(20)]
        for task in running:
            for _ in range(chance.randrange(12)):
                await asyncio.sleep(0)
            if chance.random() < 0.3:
                await asyncio.sleep(chance.random() / 50)
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    pool: Any = service.services.engine.pool
    services = service.services
    await until(lambda: pool.checkedout() == 0)
    await until(lambda: len(asyncio.all_tasks()) <= tasks_before + 2)  # the tails' own poller
    for _ in range(500):
        if not (left := await left_in_postgresql(database)):
            break
        await asyncio.sleep(0.01)
    assert not left
    assert services.reads.taken == services.reads.waiting == 0
    assert all(account.open == account.streams == 0 for account in services.limiter.accounts)
    assert not any(tail.readers for tail in services.tails._tails.values())

    again = await service.post("/v1/tickets", {"external_id": "after"}, status=201)
    assert again["number"] == (await service.get("/v1/tickets/count"))["count"]
    numbers: list[int] = []
    externals: Counter[str] = Counter()
    page = await service.get("/v1/tickets?limit=200&sort=created_at")
    while True:
        numbers += [one["number"] for one in page["data"]]
        externals.update(one["external_id"] for one in page["data"] if one["external_id"])
        if page["next_cursor"] is None:
            break
        page = await service.get(f"/v1/tickets?limit=200&sort=created_at&cursor={page['next_cursor']}")
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert max(externals.values()) == 1
