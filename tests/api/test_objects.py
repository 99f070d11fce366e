"""Teams, skills, queues, policies, rules and agents, one at a time: what each of them can do is the same for all."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.service import DOCUMENT, Json, Service

WHEN = {"field": "kind", "op": "eq", "value": "call"}
# resource → a new object, a patch, and what the patch makes of its fields
TABLE: dict[str, tuple[Json, Json, Json]] = {
    "teams": ({"name": "night"}, {"title": "Night shift"}, {"name": "night", "title": "Night shift"}),
    "skills": ({"name": "german", "title": "German"}, {"title": None}, {"title": "german"}),
    "routing-policies": (
        {"name": "new", "strategy": "skill", "skill_fit": "least_sufficient", "handover": "offer", "offer_seconds": 30},
        {"strategy": "least_load", "skill_fit": None, "offer_seconds": None},
        {"strategy": "least_load", "skill_fit": None, "handover": "offer", "offer_seconds": 60},
    ),
    "sla-policies": (
        {"name": "gold", "targets": {"high": {"first_response_seconds": 60, "resolution_seconds": 600}}, "warn_at_percent": 50},
        {"targets": {"high": {"first_response_seconds": None}}, "pause_on_pending": []},
        {"warn_at_percent": 50, "pause_on_pending": []},
    ),
    "queues": (
        {"name": "new", "routing_policy": "standard", "sla_policy": "standard", "teams": ["billing"]},
        {"sla_policy": None, "teams": ["senior"], "weight": 3},
        {"sla_policy": None, "teams": ["senior"], "weight": 3, "title": "new"},
    ),
    "rules": (
        {"name": "new", "when": WHEN, "then": {"queue": "plain", "tags": ["a"]}, "stop": True},
        {"then": {"queue": None, "team": "senior"}, "stop": None},
        {"stop": False, "enabled": True, "when": WHEN},
    ),
    "agents": (
        {"name": "dewi", "teams": ["billing"], "capacity": 9, "external_id": "hr-9"},
        {"external_id": None, "capacity": None, "weight": 2},
        {"external_id": None, "capacity": 5, "weight": 2, "title": "dewi"},
    ),
}  # fmt: skip
EACH = pytest.mark.parametrize("resource", TABLE)


async def made(service: Service, resource: str) -> httpx.Response:
    response = await service.call("POST", f"/v1/{resource}", json=TABLE[resource][0])
    assert response.status_code == 201, response.text
    return response


def problem(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


@EACH
async def test_create_read_change_replace_delete(service: Service, resource: str) -> None:
    new, patch, after = TABLE[resource]
    created = await made(service, resource)
    path = f"/v1/{resource}/{new['name']}"
    assert created.headers["location"] == f"/v1/{resource}/{created.json()['id']}"
    assert created.headers["giliran-configuration-version"] == "2"
    read = await service.call("GET", created.headers["location"])
    assert read.json() == created.json()
    assert read.headers["etag"] == created.headers["etag"] == f'"{created.json()["version"]}"'
    changed = await service.call("PATCH", path, json=patch, headers={"If-Match": created.headers["etag"]})
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in after} == after
    assert changed.json() == await service.get(path)
    assert changed.headers["etag"] != created.headers["etag"]
    put = await service.call("PUT", path, json=new, headers={"If-Match": changed.headers["etag"]})
    assert put.status_code == 200, put.text
    moving = ("version", "updated_at")
    assert {**put.json(), **dict.fromkeys(moving)} == {**created.json(), **dict.fromkeys(moving)}
    deleted = await service.call("DELETE", path, headers={"If-Match": put.headers["etag"]})
    assert deleted.status_code == (200 if resource == "agents" else 204), deleted.text
    assert deleted.headers["giliran-configuration-version"] == "5"
    assert (await service.call("GET", path)).status_code == 404


@EACH
async def test_a_document_and_single_changes_come_to_the_same(service: Service, resource: str) -> None:
    section = resource.replace("-", "_")
    before = (await service.get("/v1/configuration"))["document"][section]
    await made(service, resource)
    document = {**DOCUMENT, section: [*DOCUMENT[section], TABLE[resource][0]]}
    again = await service.apply(document, version=2)
    assert (again.status_code, again.json()["version"]) == (200, 2), "nothing is left to change"
    assert again.json()["document"][section][: len(before)] == before


@EACH
async def test_put_creates_only_with_a_wish_to(service: Service, resource: str) -> None:
    new = TABLE[resource][0]
    path = f"/v1/{resource}/{new['name']}"
    assert (await service.call("PUT", path, json=new)).status_code == 404
    first = await service.call("PUT", path, json=new, headers={"If-None-Match": "*"})
    assert first.status_code == 201, first.text
    assert problem(await service.call("PUT", path, json=new, headers={"If-None-Match": "*"})) == (412, "version_mismatch")
    assert problem(await service.call("PUT", path, json=new)) == (428, "precondition_required")
    assert problem(await service.call("PUT", path, json=new, headers={"If-Match": '"99"'})) == (412, "version_mismatch")
    unchanged = await service.call("PUT", path, json=new, headers={"If-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.json()) == (200, first.json())
    assert unchanged.headers["giliran-configuration-version"] == "2"
    other = await service.call("PUT", path, json={**new, "name": "other"}, headers={"If-Match": first.headers["etag"]})
    assert (problem(other), other.json()["errors"][0]["pointer"]) == ((422, "invalid_body"), "/name")


@EACH
async def test_a_name_that_is_taken(service: Service, resource: str) -> None:
    created = (await made(service, resource)).json()
    again = await service.call("POST", f"/v1/{resource}", json=TABLE[resource][0])
    assert (problem(again), again.json()["id"]) == ((409, "already_exists"), created["id"])
    other = (await service.get(f"/v1/{resource}"))["data"][0]
    renamed = await service.call("PATCH", f"/v1/{resource}/{created['id']}", json={"name": other["name"]})
    assert (problem(renamed), renamed.json()["id"]) == ((409, "already_exists"), other["id"])


@EACH
async def test_a_dry_run_of_each_change_stores_nothing(service: Service, resource: str) -> None:
    new, patch, after = TABLE[resource]
    before, seq = await service.get("/v1/configuration"), await service.last_seq()
    dry: Any = {"params": {"dry_run": "true"}}
    tried = await service.call("POST", f"/v1/{resource}", json=new, **dry)
    assert (tried.status_code, tried.json()["would_status"], tried.json()["id"]) == (200, 201, None)
    assert tried.headers["dry-run"] == "true"
    assert [change["path"] for change in tried.json()["changes"]] == [f"{resource.replace('-', '_')}/{new['name']}"]
    assert (await service.get("/v1/configuration"), await service.last_seq()) == (before, seq)
    await made(service, resource)
    path, seq = f"/v1/{resource}/{new['name']}", await service.last_seq()
    tried = await service.call("PATCH", path, json=patch, **dry)
    assert (tried.json()["would_status"], {name: tried.json()[name] for name in after}) == (200, after)
    gone = await service.call("DELETE", path, **dry)
    assert gone.json()["would_status"] == (200 if resource == "agents" else 204)
    assert [change["kind"] for change in gone.json()["changes"]] == ["removed"]
    assert await service.last_seq() == seq
    real = await service.call("PATCH", path, json=patch)
    would = {name: value for name, value in tried.json().items() if name not in ("changes", "would_status", "updated_at")}
    assert would == {name: value for name, value in real.json().items() if name != "updated_at"}


@EACH
async def test_editors_of_different_objects_both_succeed_and_of_one_object_the_second_is_told(
    service: Service, resource: str
) -> None:
    created = await made(service, resource)
    path, match = f"/v1/{resource}/{created.json()['id']}", {"If-Match": created.headers["etag"]}
    teams = [service.call("POST", "/v1/teams", json={"name": f"team-{n}"}) for n in range(6)]
    answers = await asyncio.gather(service.call("PATCH", path, json=TABLE[resource][1], headers=match), *teams)
    assert [answer.status_code for answer in answers] == [200] + [201] * 6
    assert len({answer.headers["giliran-configuration-version"] for answer in answers}) == 7
    bodies: tuple[tuple[str, Any], ...] = (
        ("PATCH", {"json": TABLE[resource][1]}), ("PUT", {"json": TABLE[resource][0]}), ("DELETE", {}),
    )  # fmt: skip
    stale = [await service.call(method, path, headers=match, **body) for method, body in bodies]
    assert {(problem(answer), answer.json()["version"]) for answer in stale} == {
        ((412, "version_mismatch"), answers[0].json()["version"])
    }
    fresh = {"If-Match": answers[0].headers["etag"]}
    two = await asyncio.gather(*(service.call("PATCH", path, json={"name": f"name-{n}"}, headers=fresh) for n in range(2)))
    assert sorted(answer.status_code for answer in two) == [200, 412]


@EACH
async def test_mistakes_point_into_the_object(service: Service, resource: str) -> None:
    wrong: dict[str, tuple[Json, str]] = {
        "teams": ({"title": ""}, "/title"),
        "skills": ({"name": "No Name"}, "/name"),
        "routing-policies": ({"vip": {"tiers": [{"tier": "vip", "team": "nobodys"}]}, "strategy": "vip", "skill_fit": None}, "/vip/tiers/0/team"),
        "sla-policies": ({"escalations": [{"metric": "resolution", "after_seconds": 1, "hand_to": "nobody"}]}, "/escalations/0/hand_to"),
        "queues": ({"teams": ["billing", "nobodys"]}, "/teams/1"),
        "rules": ({"then": {"queue": "none"}}, "/then/queue"),
        "agents": ({"external_id": "hr-1"}, "/external_id"),
    }  # fmt: skip
    await made(service, resource)
    before = await service.last_seq()
    body, pointer = wrong[resource]
    refused = await service.call("PATCH", f"/v1/{resource}/{TABLE[resource][0]['name']}", json=body)
    assert (problem(refused), [one["pointer"] for one in refused.json()["errors"]]) == ((422, "invalid_body"), [pointer])
    created = await service.call("POST", f"/v1/{resource}", json={**TABLE[resource][0], "name": "another", **body})
    assert pointer in [one["pointer"] for one in created.json()["errors"]]
    unknown = await service.call("PATCH", f"/v1/{resource}/{TABLE[resource][0]['name']}", json={"nmae": "x"})
    assert [one["pointer"] for one in unknown.json()["errors"]] == ["/nmae"]
    assert await service.last_seq() == before


@EACH
async def test_a_repeat_under_a_key_gets_the_first_answer(service: Service, resource: str) -> None:
    new, patch, _ = TABLE[resource]
    key = {"Idempotency-Key": "k"}
    first, second = await asyncio.gather(*(service.call("POST", f"/v1/{resource}", json=new, headers=key) for _ in range(2)))
    assert (first.status_code, second.status_code, first.content) == (201, 201, second.content)
    path = f"/v1/{resource}/{new['name']}"
    await service.call("PATCH", path, json=patch)
    same = await service.call("PATCH", path, json=patch, headers={"Idempotency-Key": "unchanged"})
    await service.call("DELETE", path)
    for method, address, body, name, wanted in (
        ("POST", f"/v1/{resource}", new, "k", first), ("PATCH", path, patch, "unchanged", same),
    ):  # fmt: skip
        again = await service.call(method, address, json=body, headers={"Idempotency-Key": name})
        assert (again.status_code, again.content) == (wanted.status_code, wanted.content)
        assert again.headers["idempotency-replayed"] == "true"
