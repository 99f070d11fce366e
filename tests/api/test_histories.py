"""Where a rule stands, how often it matched, what an object was before, and back to it; versions of the whole."""

from typing import Any

import pytest

from tests.api.service import DOCUMENT, Json, Service

WHEN = {"field": "kind", "op": "eq", "value": "call"}


async def rules(service: Service) -> list[str]:
    return [rule["name"] for rule in (await service.get("/v1/rules"))["data"]]


async def rule(service: Service, name: str, **place: Any) -> Json:
    made: Json = await service.post("/v1/rules", {"name": name, "when": WHEN, **place}, status=201)
    return made


async def test_a_new_rule_stands_where_it_is_put(service: Service) -> None:
    await rule(service, "last")
    await rule(service, "first", position=1)
    await rule(service, "second", after="first")
    made = await rule(service, "fourth", before="last")
    await rule(service, "beyond", position=1000)
    assert await rules(service) == ["first", "second", "refund-words", "fourth", "last", "beyond"]
    await rule(service, "third", after=(await service.get("/v1/rules/second"))["id"])
    assert (await rules(service))[2:5] == ["third", "refund-words", "fourth"]
    assert made["version"] == 5


async def test_moving_a_rule(service: Service) -> None:
    for name in "abc":
        await rule(service, name)
    assert await rules(service) == ["refund-words", "a", "b", "c"]
    before = await service.get("/v1/rules/c")
    for place, order in (
        ({"position": 1}, ["c", "refund-words", "a", "b"]), ({"after": "a"}, ["refund-words", "a", "c", "b"]),
        ({"before": "refund-words"}, ["c", "refund-words", "a", "b"]), ({"position": 999}, ["refund-words", "a", "b", "c"]),
    ):  # fmt: skip
        dry = await service.call("POST", "/v1/rules/c/move", json=place, params={"dry_run": "true"})
        assert dry.json()["changes"][0]["after"] == order
        assert await service.post("/v1/rules/c/move", place) == before
        assert await rules(service) == order
    seq = await service.last_seq()
    assert await service.post("/v1/rules/c/move", {"position": 4}) == before
    for wrong, pointer in (
        ({"after": "c"}, "/after"),
        ({"before": "none"}, "/before"),
        ({"before": "a", "position": 1}, "/before"),
    ):
        refused = await service.call("POST", "/v1/rules/c/move", json=wrong)
        assert (refused.status_code, [one["pointer"] for one in refused.json()["errors"]]) == (422, [pointer])
    assert await service.last_seq() == seq


async def test_a_rule_counts_its_hits(service: Service) -> None:
    none = await service.get("/v1/rules/refund-words/hits")
    assert (none["tickets"], none["hits"], none["last_hit_at"]) == (0, 0, None)
    hit = await service.ticket(queue="plain", text="my refund")
    await service.ticket(queue="plain", text="something else")
    await service.ticket(queue="plain", text="refund, again")
    await service.post("/v1/sandbox/clock/advance", {"seconds": 86_400})
    last = await service.ticket(queue="plain", text="refund")
    found = await service.get("/v1/rules/refund-words/hits")
    assert (found["tickets"], found["hits"], found["last_hit_at"]) == (4, 3, last["created_at"])
    first = await service.get("/v1/rules/refund-words/hits", params={"from": hit["created_at"], "to": last["created_at"]})
    assert (first["tickets"], first["hits"]) == (3, 2)
    wrong = await service.call("GET", "/v1/rules/refund-words/hits", params={"from": last["created_at"], "to": hit["created_at"]})
    assert wrong.json()["parameter"] == "from"


@pytest.mark.parametrize(
    ("path", "patch", "field"),
    [
        ("teams/senior", {"title": "Elders"}, "title"),
        ("skills/refunds", {"title": "Money back"}, "title"),
        ("routing-policies/standard", {"strategy": "round_robin"}, "strategy"),
        ("sla-policies/standard", {"escalations": []}, "escalations"),
        ("queues/plain", {"weight": 7}, "weight"),
        ("rules/refund-words", {"then": {"category": "money"}}, "then/category"),
    ],
)
async def test_history_and_undo(service: Service, path: str, patch: Json, field: str) -> None:
    before = await service.get(f"/v1/{path}")
    early = await service.call("POST", f"/v1/{path}/undo")
    assert (early.status_code, early.json()["code"]) == (409, "nothing_to_undo")
    after = (await service.call("PATCH", f"/v1/{path}", json=patch)).json()
    await service.post("/v1/teams", {"name": "between"}, status=201)
    changed, created = (await service.get(f"/v1/{path}/history"))["data"]
    assert (created["kind"], created["configuration_version"], created["changed"]) == ("created", 1, [])
    assert (changed["kind"], changed["configuration_version"], changed["actor"]["type"]) == ("changed", 2, "api_key")
    (one,) = changed["changed"]
    assert one["field"] == field
    if "/" not in field:
        assert (one["before"], one["after"]) == (before[field], after[field])
    dry = await service.call("POST", f"/v1/{path}/undo", params={"dry_run": "true"})
    undone = await service.post(f"/v1/{path}/undo")
    moving = ("version", "updated_at")
    assert {**undone, **dict.fromkeys(moving)} == {**before, **dict.fromkeys(moving)}
    assert {name: dry.json()[name] for name in before if name != "updated_at"} == {
        k: v for k, v in undone.items() if k != "updated_at"
    }
    again = await service.post(f"/v1/{path}/undo")
    assert {**again, **dict.fromkeys(moving)} == {**after, **dict.fromkeys(moving)}
    pages = []
    cursor: dict[str, str] = {}
    while True:
        page = await service.get(f"/v1/{path}/history", params={"limit": 1, **cursor})
        pages += page["data"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert pages == (await service.get(f"/v1/{path}/history"))["data"]
    assert [entry["configuration_version"] for entry in pages] == [5, 4, 2, 1]


async def test_a_deleted_rule_comes_back_under_its_id_where_it_stood(service: Service) -> None:
    for name in "abc":
        await rule(service, name)
    before = await service.get("/v1/rules/a")
    assert (await service.call("DELETE", "/v1/rules/a")).status_code == 204
    assert (await service.call("POST", "/v1/rules/a/undo")).status_code == 404
    gone = (await service.get(f"/v1/rules/{before['id']}/history"))["data"]
    assert [(entry["kind"], entry["name"]) for entry in gone] == [("removed", "a"), ("created", "a")]
    back = await service.post(f"/v1/rules/{before['id']}/undo")
    assert {**back, "version": 0, "updated_at": 0} == {**before, "version": 0, "updated_at": 0}
    assert back["version"] == 6
    assert await rules(service) == ["refund-words", "a", "b", "c"]
    history = (await service.get("/v1/rules/a/history"))["data"]
    assert [(entry["kind"], entry["configuration_version"]) for entry in history] == [
        ("created", 6),
        ("removed", 5),
        ("created", 2),
    ]
    await service.call("DELETE", "/v1/rules/a")
    await rule(service, "a")
    taken = await service.call("POST", f"/v1/rules/{before['id']}/undo")
    assert (taken.status_code, taken.json()["code"]) == (409, "already_exists")


async def test_undo_names_what_has_another_name_since(service: Service) -> None:
    made = await rule(service, "r", then={"queue": "plain", "team": "senior"})
    await service.call("PATCH", "/v1/rules/r", json={"then": None})
    await service.call("PATCH", "/v1/queues/plain", json={"name": "ordinary"})
    await service.call("PATCH", "/v1/teams/senior", json={"name": "elders"})
    undone = await service.post("/v1/rules/r/undo")
    assert (undone["id"], undone["then"]["queue"], undone["then"]["team"]) == (made["id"], "ordinary", "elders")


async def test_versions_and_the_way_back(service: Service) -> None:
    first = await service.get("/v1/configuration", params={"format": "document"})
    await service.call("PATCH", "/v1/queues/plain", json={"weight": 5})
    await rule(service, "more")
    await service.call("PATCH", "/v1/agents/ani", json={"capacity": 9})
    listed = (await service.get("/v1/configuration/versions"))["data"]
    assert [entry["version"] for entry in listed] == [4, 3, 2, 1]
    assert [[change["path"] for change in entry["changes"]] for entry in listed[:3]] == [
        [],
        ["rules/more"],
        ["queues/plain/weight"],
    ]
    assert listed[3]["changes_count"] == len(listed[3]["changes"]) > 8
    page = await service.get("/v1/configuration/versions", params={"limit": 3})
    rest = await service.get("/v1/configuration/versions", params={"limit": 3, "cursor": page["next_cursor"]})
    assert page["data"] + rest["data"] == listed
    then = await service.get("/v1/configuration/versions/1")
    assert (then["version"], [one["name"] for one in then["document"]["rules"]]) == (1, ["refund-words"])
    for version in ("0", "5", "01", "x", "9" * 30):
        assert (await service.call("GET", f"/v1/configuration/versions/{version}")).json()["code"] == "configuration_not_found"
    old = await service.get("/v1/configuration/versions/1", params={"format": "document"})
    back = await service.apply(old, version=4, params={"prune": "true"})
    assert back.status_code == 200, back.text
    now = await service.get("/v1/configuration", params={"format": "document"})
    assert {**now, "agents": []} == {**first, "agents": []}
    assert now["agents"][0]["capacity"] == 9


async def test_what_is_read_as_a_document_is_taken_back_as_it_is(service: Service) -> None:
    response = await service.call("GET", "/v1/configuration", params={"format": "document"})
    assert response.headers["etag"] == '"1"'
    again = await service.apply(response.json(), version=1, params={"prune": "true"})
    assert (again.json()["version"], again.json()["changes"]) == (1, [])
    for resource in ("teams", "skills", "routing-policies", "sla-policies", "queues", "rules", "agents"):
        for one in DOCUMENT[resource.replace("-", "_")]:
            path = f"/v1/{resource}/{one['name']}"
            form = await service.call("GET", path, params={"format": "document"})
            put = await service.call("PUT", path, json=form.json(), headers={"If-Match": form.headers["etag"]})
            assert (put.status_code, put.headers["giliran-configuration-version"]) == (200, "1"), put.text
