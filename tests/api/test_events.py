import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app.engine.events import EVENT_TYPES
from app.services.views.events import data_view
from tests.api.service import Service


async def feed(service: Service, **params: Any) -> Any:
    return await service.get("/v1/events", params=params)


async def test_the_log_from_the_beginning_without_gaps(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket(text="secret words", external_id="wa-1", customer={"name": "Dewi", "email": "d@example.com"})
    seen: list[Any] = []
    after = 0
    while True:
        page = await feed(service, after=after, limit=3)
        seen += page["data"]
        if page["last_seq"] == after:
            break
        after = page["last_seq"]
    assert [event["seq"] for event in seen] == list(range(1, after + 1))
    assert after == await service.last_seq()
    created = next(event for event in seen if event["type"] == "ticket.created")
    assert created["subject"] == {"type": "ticket", "id": ticket["id"]}
    assert created["data"]["ticket_id"] == ticket["id"]
    assert created["data"]["queue_id"] == ticket["queue_id"]
    assert (created["actor"]["type"], created["actor"]["id"][:4]) == ("api_key", "key_")
    assert created["request_id"].startswith("req_")
    assert created["live"] is False
    assigned = next(event for event in seen if event["type"] == "ticket.assigned")
    assert (assigned["data"]["agent_id"], assigned["data"]["decision_id"]) == (ticket["agent_id"], ticket["decision_id"])
    assert not any(word in str(seen) for word in ("secret", "Dewi", "example.com", "wa-1", "Ani", "ani'"))


async def test_a_list_and_then_the_feed_meet_without_gap(service: Service) -> None:
    await service.ticket()
    response = await service.call("GET", "/v1/tickets")
    seq = int(response.headers["giliran-seq"])
    ticket = await service.ticket()
    followed = (await feed(service, after=seq))["data"]
    assert (followed[0]["seq"], followed[0]["type"], followed[0]["subject"]["id"]) == (seq + 1, "ticket.created", ticket["id"])


async def test_types_filter_and_still_say_how_far_they_looked(service: Service) -> None:
    await service.come("ani")
    await service.ticket()
    page = await feed(service, type=["ticket.*", "agent.presence_changed"])
    assert {event["type"] for event in page["data"]} == {"ticket.created", "ticket.assigned", "agent.presence_changed"}
    nothing = await feed(service, type="offer.declined")
    assert (nothing["data"], nothing["last_seq"]) == ([], await service.last_seq())


async def test_a_reader_waits_for_the_next(service: Service) -> None:
    after = await service.last_seq()
    waiting = asyncio.create_task(feed(service, after=after, wait=20, type="ticket.*"))
    await asyncio.sleep(0.1)
    await service.come("sri")
    ticket = await service.ticket()
    page = await asyncio.wait_for(waiting, 5)
    assert page["data"][0]["subject"]["id"] == ticket["id"]


async def test_a_wait_ends_without_events(service: Service) -> None:
    after = await service.last_seq()
    assert await feed(service, after=after, wait=1) == {"data": [], "last_seq": after, "epoch": 1}


async def test_older_than_is_kept_is_gone(service: Service) -> None:
    async with service.owner.begin() as connection:
        await connection.execute(text("DELETE FROM events WHERE seq <= 2"))
    problem = await service.get("/v1/events", params={"after": 1}, status=410)
    assert (problem["code"], problem["oldest_seq"]) == ("events_expired", 3)
    assert (await feed(service, after=2))["data"][0]["seq"] == 3
    assert (await service.get("/v1/events", params={"after": 10_000}, status=410))["code"] == "events_expired"


@pytest.mark.parametrize("params", [{"type": "tickets.*"}, {"after": -1}, {"wait": 31}, {"type": "*"}, {"after": "x"}])
async def test_what_is_not_understood_is_refused(service: Service, params: dict[str, Any]) -> None:
    assert (await service.get("/v1/events", params=params, status=400))["code"] == "invalid_parameter"


def test_every_type_can_be_shown_with_all_its_fields() -> None:
    for kind in EVENT_TYPES:
        shown = data_view(kind, {})
        assert all(value in (None, []) for value in shown.values())
        assert not any(name.endswith("_ms") for name in shown)


def test_times_ids_and_lists_in_data() -> None:
    started = {"ticket": "0" * 31 + "1", "timers": [["resolution", 1000, 800, 0]]}
    assert data_view("sla.started", started) == {
        "ticket_id": "tkt_00000000000000000000000004",
        "timers": [
            {
                "metric": "resolution",
                "due_at": "1970-01-01T00:00:01.000Z",
                "next_at": "1970-01-01T00:00:00.800Z",
                "next_step": "warning",
            }
        ],
    }
    assert data_view("from.the.future", {"x": 1}) == {"x": 1}
