import base64
import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from app.api.context import EXCHANGE, Exchange
from app.api.routers.paging import place_after
from app.errors import Malformed
from app.models.workspaces import Mode
from app.services import workspaces
from tests.api.service import Service

PRIORITIES = ("low", "medium", "high", "urgent")


async def walk(service: Service, path: str, **params: Any) -> list[Any]:
    """All pages by the Link header."""
    found: list[Any] = []
    response = await service.call("GET", path, params=params)
    while True:
        assert response.status_code == 200, response.text
        page = response.json()
        assert len(page["data"]) <= int(params.get("limit", 50))
        found += page["data"]
        following = response.links.get("next")
        assert (following is None) == (page["next_cursor"] is None)
        if following is None:
            return found
        assert httpx.QueryParams(httpx.URL(following["url"]).query)["cursor"] == page["next_cursor"]
        response = await service.call("GET", following["url"])


async def filled(service: Service) -> list[Any]:
    return [
        await service.ticket(
            subject=f"Case {n} of 100% _",
            priority=PRIORITIES[n % 4],
            kind="lead" if n % 3 else "chat",
            queue=("plain", "general")[n % 2],
        )
        for n in range(11)
    ]


async def test_pages_cover_the_list_exactly(service: Service) -> None:
    made = await filled(service)
    for sort in ("created_at", "-created_at", "updated_at", "-updated_at", "priority", "-priority"):
        for limit in (1, 3, 11, 200):
            listed = await walk(service, "/v1/tickets", limit=limit, sort=sort)
            assert sorted(one["number"] for one in listed) == list(range(1, 12))
            whole = (await service.get("/v1/tickets", params={"limit": 200, "sort": sort}))["data"]
            assert listed == whole
    assert [one["id"] for one in await walk(service, "/v1/tickets", sort="created_at")] == [one["id"] for one in made]
    ranks = [PRIORITIES.index(one["priority"]) for one in await walk(service, "/v1/tickets", sort="-priority")]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize(
    ("params", "numbers"),
    [
        ({"priority": ["urgent", "low"]}, [1, 4, 5, 8, 9]),
        ({"priority": "urgent", "kind": "chat"}, [4]),
        ({"queue": "plain"}, [1, 3, 5, 7, 9, 11]),
        ({"status": "waiting", "status_group": "open", "kind": "chat"}, [1, 4, 7, 10]),
        ({"status": "resolved"}, []),
        ({"status": "waiting", "status_group": "closed"}, []),
        ({"channel": "api", "q": "case 1"}, [2, 11]),
        ({"q": "100% _"}, list(range(1, 12))),
        ({"q": "%"}, list(range(1, 12))),
        ({"q": "#7"}, [7]),
        ({"q": "nothing"}, []),
        ({"created_after": "2000-01-01T00:00:00Z", "created_before": "2001-01-01T00:00:00Z"}, []),
        ({"created_after": "2000-01-01T07:00:00+07:00", "updated_after": "2000-01-01T00:00:00Z"}, list(range(1, 12))),
    ],
)
async def test_filters(service: Service, params: dict[str, Any], numbers: list[int]) -> None:
    await filled(service)
    listed = await service.get("/v1/tickets", params={**params, "sort": "created_at"})
    assert [one["number"] for one in listed["data"]] == numbers
    counted = await service.get("/v1/tickets/count", params=params)
    assert counted == {"count": len(numbers), "capped": False}


async def test_filter_by_ids_agents_and_queue_id(service: Service) -> None:
    made = await filled(service)
    await service.come("ani")
    ani = (await service.get("/v1/agents/ani"))["id"]
    hers = (await service.get("/v1/tickets", params={"agent_id": ani}))["data"]
    assert len(hers) == 3
    some = [one["id"] for one in made[2:5]]
    assert {one["id"] for one in (await service.get("/v1/tickets", params={"id": some}))["data"]} == set(some)
    listed = (await service.get("/v1/tickets", params={"queue": made[0]["queue_id"]}))["data"]
    assert {one["queue"] for one in listed} == {made[0]["queue"]}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"limit": 0}, "invalid_parameter"),
        ({"limit": 201}, "invalid_parameter"),
        ({"limit": "ten"}, "invalid_parameter"),
        ({"sort": "subject"}, "invalid_parameter"),
        ({"status": "open"}, "invalid_parameter"),
        ({"queue": "nowhere"}, "invalid_parameter"),
        ({"agent_id": "ani"}, "invalid_parameter"),
        ({"id": "1"}, "invalid_parameter"),
        ({"created_after": "yesterday"}, "invalid_parameter"),
        ({"created_after": "2026-01-01T00:00:00"}, "invalid_parameter"),
        ({"created_after": "1767225600"}, "invalid_parameter"),
        ({"created_before": "0001-01-01T00:00:00+14:00"}, "invalid_parameter"),
        ({"updated_after": "2026-02-30T00:00:00Z"}, "invalid_parameter"),
        ({"status": ["waiting"] * 21}, "invalid_parameter"),
        ({"satus": "waiting"}, "unknown_parameter"),
        ({"offset": 10}, "unknown_parameter"),
        ({"external_id": "wa-1"}, "unknown_parameter"),
        ({"cursor": "abc"}, "cursor_mismatch"),
        ({"cursor": "e30"}, "cursor_mismatch"),
        ({"cursor": ""}, "cursor_mismatch"),
        ({"cursor": "ü"}, "cursor_mismatch"),
    ],
)
async def test_what_is_not_understood_is_refused(service: Service, params: dict[str, Any], code: str) -> None:
    problem = await service.get("/v1/tickets", params=params, status=400)
    assert problem["code"] == code
    assert problem["parameter"] in params


async def test_a_cursor_goes_with_its_list(service: Service) -> None:
    await filled(service)
    cursor = (await service.get("/v1/tickets", params={"limit": 2, "kind": "lead"}))["next_cursor"]
    good = await service.get("/v1/tickets", params={"limit": 9, "kind": "lead", "cursor": cursor})
    assert len(good["data"]) == 5
    for params in ({"kind": "chat"}, {"kind": "lead", "sort": "created_at"}, {}):
        problem = await service.get("/v1/tickets", params={**params, "cursor": cursor}, status=400)
        assert problem["code"] == "cursor_mismatch"
    assert (await service.get("/v1/agents", params={"cursor": cursor}, status=400))["code"] == "cursor_mismatch"
    digest, *place = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    changed = base64.urlsafe_b64encode(json.dumps([digest, *(number + 1 for number in place)]).encode()).decode()
    problem = await service.get("/v1/tickets", params={"kind": "lead", "cursor": changed.rstrip("=")}, status=400)
    assert problem["code"] == "cursor_mismatch"


async def test_a_cursor_stays_in_its_workspace(service: Service) -> None:
    await filled(service)
    cursor = (await service.get("/v1/tickets", params={"limit": 2}))["next_cursor"]
    workspace = await workspaces.create(service.owner, slug="other", mode=Mode.SANDBOX)
    other = Service(service.app, service.services, service.owner, workspace, service.client)
    assert (await other.get("/v1/tickets", params={"limit": 2, "cursor": cursor}, status=400))["code"] == "cursor_mismatch"


async def test_forward_pages_miss_nothing_that_comes_meanwhile(service: Service) -> None:
    await filled(service)
    first = await service.get("/v1/tickets", params={"limit": 6, "sort": "created_at"})
    await service.ticket(subject="late")
    second = await service.get("/v1/tickets", params={"limit": 6, "sort": "created_at", "cursor": first["next_cursor"]})
    assert [one["number"] for one in first["data"] + second["data"]] == list(range(1, 13))


@pytest.mark.parametrize(
    "path", ["/v1/teams", "/v1/skills", "/v1/queues", "/v1/routing-policies", "/v1/rules", "/v1/sla-policies", "/v1/agents"]
)
async def test_every_list_pages_alike(service: Service, path: str) -> None:
    whole = (await service.get(path))["data"]
    assert whole
    assert await walk(service, path, limit=1) == whole
    assert (await service.get(path, params={"limit": 1, "page": 2}, status=400))["code"] == "unknown_parameter"
    for one in whole:
        assert await service.get(f"{path}/{one['id']}") == one
        assert await service.get(f"{path}/{one['name']}") == one
    assert (await service.get(f"{path}/nowhere", status=404))["code"].endswith("_not_found")


async def test_messages_and_decisions_page(service: Service) -> None:
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}"
    await service.come("ani")
    for n in range(5):
        await service.post(f"{path}/messages", {"direction": "inbound", "text": str(n)})
    assert [one["text"] for one in await walk(service, f"{path}/messages", limit=2)] == list("01234")
    assert [one["outcome"] for one in await walk(service, f"{path}/decisions", limit=1)] == ["waiting", "assigned"]


@settings(max_examples=50, deadline=None)
@given(text=st.text(min_size=1, max_size=30))
def test_a_cursor_is_read_or_refused_whatever_it_holds(text: str) -> None:
    scope = {"type": "http", "path": "/v1/tickets", "query_string": b"", "headers": [], EXCHANGE: Exchange("req_1", 0.0)}
    request = Request(scope)
    with pytest.raises(Malformed):
        place_after(request, text, int, int)
