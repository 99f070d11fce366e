"""Connections that died while nobody used them: a read does not hear of it, and what is really away is still said to be away."""

import asyncio
import threading
from typing import Any

import asyncpg
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import event

from tests.api.service import Service
from tests.databases import Database

ENDED = """
WITH of_the_pool AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE usename = 'giliran_app' AND datname = current_database())
SELECT count(*) FROM of_the_pool WHERE pg_terminate_backend(pid, 5000)
"""


async def ended(database: Database) -> int:
    """How many connections of the application's were ended; they are gone."""
    connection = await asyncpg.connect(database.superuser_url.replace("+asyncpg", ""))
    try:
        return int(await connection.fetchval(ENDED))
    finally:
        await connection.close()


def ended_unnoticed(database: Database) -> None:
    """Meanwhile this loop stands still, so that nobody has read what the server said last."""
    thread = threading.Thread(target=lambda: asyncio.run(ended(database)))
    thread.start()
    thread.join()


async def reads(service: Service) -> list[str]:
    """The address of each read, of something that is there."""
    await service.come("ani")
    ticket = await service.ticket(subject="Refund please", text="a refund")
    names = {
        "ticket": ticket["id"],
        "decision": ticket["decision_id"],
        "agent": "ani",
        "teams": "billing",
        "skills": "refunds",
        "routing-policies": "standard",
        "sla-policies": "standard",
        "queues": "general",
        "rules": "refund-words",
        "version": "1",
        "customer": (await service.post("/v1/customers", {"name": "Citra"}, status=201))["id"],
        "key": (await service.call("GET", "/v1/keys")).json()["data"][0]["id"],
        "entry": (await service.call("GET", "/v1/audit")).json()["data"][0]["id"],
    }
    found = []
    for route in service.app.routes:
        if isinstance(route, APIRoute) and route.path.startswith("/v1/") and "GET" in (route.methods or ()):
            section = route.path.split("/")[2]
            found.append(route.path.format_map({"ref": names.get(section, ""), **names}))
    return found


async def test_no_read_hears_of_connections_that_died_idle(service: Service, database: Database) -> None:
    addresses = await reads(service)
    assert len(addresses) > 20
    for address in addresses:
        await asyncio.gather(*(service.call("GET", "/v1/tickets") for _ in range(3)))
        assert await ended(database) > 0
        answer = await service.call("GET", address, who="ani" if address.startswith("/v1/me") else "admin")
        assert answer.status_code == 200, (address, answer.text)


async def test_several_reads_at_once_whose_connections_nobody_knew_to_be_dead(service: Service, database: Database) -> None:
    for _ in range(5):
        await asyncio.gather(*(service.call("GET", "/v1/tickets") for _ in range(3)))
        ended_unnoticed(database)
        answers = await asyncio.gather(*(service.call("GET", "/v1/tickets/count") for _ in range(6)))
        assert [answer.status_code for answer in answers] == [200] * 6


async def test_a_key_is_found_and_readiness_is_honest(service: Service, database: Database) -> None:
    assert (await service.client.get("/health/ready")).status_code == 200
    await service.get("/v1/tickets")
    await asyncio.sleep(1.1)  # what was found of the key and of the database is forgotten
    ended_unnoticed(database)
    assert (await service.client.get("/health/ready")).json()["database"] == "ok"
    await service.get("/v1/tickets")


@pytest.mark.parametrize(
    ("address", "opener"),
    [("/v1/tickets", "app.db.set_workspace"), ("/v1/reports/queues", "app.dispatch.transaction.set_workspace")],
)
async def test_one_more_try_and_no_other(service: Service, monkeypatch: pytest.MonkeyPatch, address: str, opener: str) -> None:
    """Where each connection dies as soon as it is used, a read says so after the second."""
    await service.get(address)
    tried: list[Any] = []
    event.listen(service.services.engine.sync_engine, "checkout", lambda *used: tried.append(used))
    monkeypatch.setattr(opener, lambda _id: "SELECT pg_terminate_backend(pg_backend_pid())")
    answer = await service.call("GET", address)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert len(tried) == 2
