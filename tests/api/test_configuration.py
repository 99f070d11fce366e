from copy import deepcopy
from typing import Any

import pytest

from tests.api.service import DOCUMENT, Json, Service


def changed(**fields: Any) -> Json:
    return {**deepcopy(DOCUMENT), **fields}


async def test_nothing_is_there_before_the_first(bare: Service) -> None:
    assert (await bare.get("/v1/configuration", status=404))["code"] == "configuration_not_found"
    assert (await bare.get("/v1/queues"))["data"] == []


async def test_the_first_is_applied_and_read(bare: Service) -> None:
    response = await bare.apply()
    applied = response.json()
    assert (response.status_code, response.headers["etag"], applied["version"]) == (200, '"1"', 1)
    assert {
        "path": "teams/billing",
        "kind": "created",
        "before": None,
        "after": {"name": "billing", "title": "Billing"},
    } in applied["changes"]
    read = await bare.get("/v1/configuration")
    assert read["document"] == applied["document"]
    assert [agent["name"] for agent in read["document"]["agents"]] == ["ani", "budi", "sri"]
    (policy,) = read["document"]["sla_policies"]
    assert policy["escalations"][0]["hand_to"] == "sri"
    assert (policy["id"][:4], policy["version"]) == ("slp_", 1)
    assert await bare.get("/v1/sla-policies/standard") == policy


async def test_a_change_names_what_it_changes_and_keeps_ids(service: Service) -> None:
    before = await service.get("/v1/queues/plain")
    document = changed()
    document["queues"][2]["routing_policy"] = "asking"
    response = await service.apply(document, version=1)
    assert response.json()["version"] == 2
    assert [change for change in response.json()["changes"] if change["kind"] != "kept_unlisted"] == [
        {"path": "queues/plain/routing_policy", "kind": "changed", "before": "standard", "after": "asking"}
    ]
    after = await service.get("/v1/queues/plain")
    assert (after["id"], after["version"], after["created_at"]) == (before["id"], 2, before["created_at"])


async def test_what_is_the_same_already_makes_no_version(service: Service) -> None:
    before = await service.last_seq()
    response = await service.apply(version=1)
    assert (response.status_code, response.json()["version"], response.json()["changes"]) == (200, 1, [])
    assert await service.last_seq() == before


async def test_only_those_who_know_the_version_may_replace_it(service: Service) -> None:
    before = await service.last_seq()
    bare = await service.call("PUT", "/v1/configuration", json=DOCUMENT)
    assert (bare.status_code, bare.json()["code"]) == (428, "precondition_required")
    for response in (await service.apply(), await service.apply(version=7)):
        assert (response.status_code, response.json()["code"], response.json()["version"]) == (412, "version_mismatch", 1)
    assert await service.last_seq() == before


async def test_a_dry_run_shows_the_changes_and_changes_nothing(service: Service) -> None:
    before = await service.last_seq()
    document = changed(
        agents=[{"name": "dewi", "teams": ["senior"]}, {"name": "sri", "title": "Sri", "teams": ["senior"], "capacity": 1}]
    )
    response = await service.apply(document, version=1, params={"dry_run": "true", "prune": "true"})
    assert response.headers["dry-run"] == "true"
    kinds = {change["path"]: change["kind"] for change in response.json()["changes"]}
    assert (kinds["agents/dewi"], kinds["agents/ani"]) == ("created", "removed")
    assert (response.json()["version"], response.json()["would_status"]) == (2, 200)
    assert await service.last_seq() == before
    assert (await service.get("/v1/configuration"))["version"] == 1


async def test_prune_removes_and_hands_back_the_work(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    document = changed(agents=[agent for agent in DOCUMENT["agents"] if agent["name"] != "ani"])
    kept = await service.apply(document, version=1)
    assert kept.json()["version"] == 1
    assert (await service.apply(document, version=1, params={"prune": "true"})).json()["version"] == 2
    assert (await service.get("/v1/agents/ani", status=404))["code"] == "agent_not_found"
    assert (await service.get(f"/v1/tickets/{ticket['id']}"))["status"] == "waiting"


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"time_zone": "Jakarta"}, "invalid_configuration", "/time_zone"),
        ({"queues": [{"name": "a", "routing_policy": "none", "teams": ["billing"]}]}, "invalid_configuration", "/queues/0/routing_policy"),
        ({"rules": [{"name": "r", "when": {"field": "text", "op": "matches", "value": "("}}]}, "invalid_configuration", "/rules/0/when/value"),
        ({"queues": []}, "invalid_body", "/queues"),
        ({"quues": []}, "invalid_body", "/quues"),
    ],
)  # fmt: skip
async def test_mistakes_are_pointed_at(service: Service, fields: Json, code: str, pointer: str) -> None:
    before = await service.last_seq()
    response = await service.apply(changed(**fields), version=1)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert pointer in [mistake["pointer"] for mistake in response.json()["errors"]]
    assert await service.last_seq() == before


async def test_a_queue_with_open_tickets_stays(service: Service) -> None:
    await service.ticket(queue="plain")
    document = changed(queues=DOCUMENT["queues"][:2])
    for params in ({"prune": "true"}, {"prune": "true", "dry_run": "true"}):
        response = await service.apply(document, version=1, params=params)
        assert (response.status_code, response.json()["code"], response.json()["queues"]) == (409, "queue_in_use", {"plain": 1})


async def test_only_an_admin_applies(service: Service) -> None:
    for who in ("supervisor", "integration", "read_only", "ani"):
        response = await service.call("PUT", "/v1/configuration", json=DOCUMENT, headers={"If-Match": '"1"'}, who=who)
        assert (response.status_code, response.json()["scope"]) == (403, "configuration:write")


async def test_waiting_work_is_given_out_under_the_new_configuration(service: Service) -> None:
    await service.come("sri")
    ticket = await service.ticket(queue="general")
    document = changed()
    document["queues"][0]["teams"] = ["billing", "senior"]
    assert (await service.apply(document, version=1)).status_code == 200
    assert (await service.get(f"/v1/tickets/{ticket['id']}"))["status"] == "assigned"
