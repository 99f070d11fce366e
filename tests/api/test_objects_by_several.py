"""Several processes on one database: what one changes the others know, and they change it together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from app.main import create_app, serving
from app.settings import Settings
from tests.api.service import Service
from tests.databases import Database

WHEN = {"field": "text", "op": "contains", "value": "night"}


@asynccontextmanager
async def another(database: Database, service: Service) -> AsyncIterator[Service]:
    """The same workspace, served by another process's worth of state."""
    settings = Settings(database_url=database.app_url, allowed_hosts="*", pool_size=4)
    async with serving(settings) as services:
        app = create_app(settings, services)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://giliran.test") as client:
            yield Service(app, services, service.owner, service.workspace, client, service.keys)


async def test_editors_at_two_processes_all_succeed(service: Service, database: Database) -> None:
    async with another(database, service) as other:
        calls = [one.call("POST", "/v1/teams", json={"name": f"team-{n}"}) for n, one in enumerate((service, other) * 6)]
        calls.append(other.call("PATCH", "/v1/agents/ani", json={"capacity": 7}))
        answers = await asyncio.gather(*calls)
        assert [answer.status_code for answer in answers] == [201] * 12 + [200]
        versions = sorted(int(answer.headers["giliran-configuration-version"]) for answer in answers)
        assert versions == list(range(2, 15))
        for one in (service, other):
            assert len((await one.get("/v1/teams"))["data"]) == 14


async def test_one_key_at_two_processes_is_one_change(service: Service, database: Database) -> None:
    async with another(database, service) as other:
        for n in range(5):
            body, key = {"name": f"team-{n}"}, {"Idempotency-Key": f"k{n}"}
            calls = (one.call("POST", "/v1/teams", json=body, headers=key) for one in (service, other, service, other))
            answers = await asyncio.gather(*calls)
            assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
        assert (await service.get("/v1/configuration"))["version"] == 6


async def test_a_process_that_starts_later_decides_by_what_was_changed_one_by_one(service: Service, database: Database) -> None:
    await service.post("/v1/teams", {"name": "night"}, status=201)
    await service.post("/v1/queues", {"name": "late", "routing_policy": "standard", "teams": ["night"]}, status=201)
    await service.post("/v1/agents", {"name": "dewi", "teams": ["night"]}, status=201)
    await service.post("/v1/rules", {"name": "late", "when": WHEN, "then": {"queue": "late"}, "position": 1}, status=201)
    for path in ("teams/night", "queues/late", "agents/dewi"):
        assert (await service.call("PATCH", f"/v1/{path}", json={"name": "renamed"})).status_code == 200
    await service.come("renamed")
    first = await service.ticket(text="good night")
    async with another(database, service) as other:
        second = await other.ticket(text="good night")
        assert (await other.get("/v1/agents/renamed"))["load"] == 2
        assert (await other.get("/v1/configuration")) == await service.get("/v1/configuration")
    dewi = await service.get("/v1/agents/renamed")
    assert {one["agent_id"] for one in (first, second)} == {dewi["id"]}
    assert {one["queue_id"] for one in (first, second)} == {(await service.get("/v1/queues/renamed"))["id"]}
