import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from app.models.workspaces import Mode
from app.services.sweep import Sweep
from tests.api.service import Service, running
from tests.databases import Database


@asynccontextmanager
async def working(service: Service) -> AsyncIterator[None]:
    """A worker that looks all the time."""
    sweep = Sweep(service.services.engine, service.dispatcher)

    async def look() -> None:
        while True:
            await sweep.round(service.workspace.id)
            await asyncio.sleep(0.01)

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_everything_due_on_the_way_happens_at_its_own_time(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket(priority="high")
    before = await service.get("/v1/sandbox/clock")
    async with working(service):
        done = await service.post("/v1/sandbox/clock/advance", {"seconds": 7200})
    assert done["advanced_seconds"] == 7200
    assert done["timers_fired"] >= 3
    clock = await service.get("/v1/sandbox/clock")
    assert clock["offset_seconds"] == before["offset_seconds"] + 7200
    events = (await service.get("/v1/events", params={"type": "sla.*", "limit": 200}))["data"]
    moments = {event["type"]: datetime.fromisoformat(event["at"]) for event in events}
    due_at = datetime.fromisoformat(events[0]["data"]["timers"][0]["due_at"])
    assert abs((moments["sla.breached"] - due_at).total_seconds()) < 5
    after = await service.get(f"/v1/tickets/{ticket['id']}")
    assert (after["priority"], after["escalated_count"], after["status"]) == ("urgent", 1, "assigned")
    assert after["agent_id"] == (await service.get("/v1/agents/sri"))["id"]


async def test_only_a_sandbox_has_a_clock_of_its_own(database: Database) -> None:
    async with running(database, mode=Mode.LIVE) as live:
        assert (await live.apply()).status_code == 200
        assert (await live.get("/v1/sandbox/clock", status=409))["code"] == "not_a_sandbox"
        assert (await live.post("/v1/sandbox/clock/advance", {"seconds": 60}, status=409))["code"] == "not_a_sandbox"
        assert (await live.get("/v1/events"))["data"][0]["live"] is True


async def test_a_clock_moves_forward_by_a_month_at_most(service: Service) -> None:
    for seconds in (0, -1, 31 * 86_400 + 1, 1.5, "60"):
        problem = await service.post("/v1/sandbox/clock/advance", {"seconds": seconds}, status=422)
        assert problem["errors"][0]["pointer"] == "/seconds"
