"""Lists of the configuration's objects and of agents: filters, orders, counts."""

from typing import Any

import pytest

from tests.api.service import Service

WHEN = {"field": "kind", "op": "eq", "value": "call"}


async def names(service: Service, path: str, **params: Any) -> list[str]:
    """Of all pages, which the count has to agree with."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await service.get(path, params={**params, "limit": 2, **cursor})
        found += [one["name"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    filters = {name: value for name, value in params.items() if name != "sort"}
    assert await service.get(f"{path}/count", params=filters) == {"count": len(found), "capped": False}
    return found


async def test_sections(service: Service) -> None:
    for name, then in (("b", {"queue": "plain"}), ("a", {"team": "senior"}), ("c", {"queue": "asked"})):
        await service.post("/v1/rules", {"name": name, "when": WHEN, "then": then, "enabled": name != "c"}, status=201)
    assert await names(service, "/v1/rules") == ["refund-words", "b", "a", "c"]
    assert await names(service, "/v1/rules", sort="name") == ["a", "b", "c", "refund-words"]
    assert (await names(service, "/v1/rules", sort="-created_at"))[-1] == "refund-words"
    assert await names(service, "/v1/rules", enabled="false") == ["c"]
    assert await names(service, "/v1/rules", enabled="true", q="REFUND".lower()) == ["refund-words"]
    assert await names(service, "/v1/rules", queue=["plain", "asked"]) == ["b", "c"]
    assert await names(service, "/v1/rules", team="senior") == ["a"]
    plain = await service.get("/v1/queues/plain")
    assert await names(service, "/v1/rules", queue=plain["id"]) == ["b"]
    assert await names(service, "/v1/queues", team="senior") == ["plain"]
    assert await names(service, "/v1/queues", q="a") == ["general", "asked", "plain"]
    assert await names(service, "/v1/teams", q="BILL") == ["billing"]
    for path, params in (("/v1/rules", {"queue": "none"}), ("/v1/queues", {"team": "none"}), ("/v1/teams", {"sort": "title"})):
        refused = await service.call("GET", path, params=params)
        assert (refused.status_code, refused.json()["parameter"]) == (400, next(iter(params)))


async def test_nothing_is_configured_yet(bare: Service) -> None:
    for path in ("teams", "skills", "queues", "routing-policies", "sla-policies", "rules", "agents"):
        assert await names(bare, f"/v1/{path}") == []


async def test_agents(service: Service) -> None:
    await service.come("ani", "sri")
    await service.ticket(queue="plain", team="senior")
    assert await names(service, "/v1/agents") == ["ani", "budi", "sri"]
    assert await names(service, "/v1/agents", sort="-name") == ["sri", "budi", "ani"]
    assert await names(service, "/v1/agents", sort="-created_at") == ["sri", "budi", "ani"]
    assert await names(service, "/v1/agents", sort="-load") == ["sri", "ani", "budi"]
    assert await names(service, "/v1/agents", sort="capacity") == ["sri", "budi", "ani"]
    assert await names(service, "/v1/agents", has_room="true") == ["ani", "budi"]
    assert await names(service, "/v1/agents", has_room="false") == ["sri"]
    assert await names(service, "/v1/agents", skill="refunds") == ["ani"]
    skill = await service.get("/v1/skills/refunds")
    assert await names(service, "/v1/agents", skill=skill["id"], team="billing", presence="available") == ["ani"]
    refused = await service.call("GET", "/v1/agents", params={"skill": "none"})
    assert (refused.status_code, refused.json()["parameter"]) == (400, "skill")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"external_ids": ["hr-1", "nobodys"]}, ["ani"]), ({"names": ["budi"], "external_ids": ["hr-1"]}, ["ani", "budi"]),
        ({}, []), ({"names": []}, []), ({"external_ids": [""]}, []),
    ],
)  # fmt: skip
async def test_agents_are_searched_without_an_address_that_tells_whom(service: Service, wanted: Any, found: list[str]) -> None:
    page = await service.post("/v1/agents/search", wanted)
    assert [one["name"] for one in page["data"]] == found
