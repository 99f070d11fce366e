"""POST /v1/customers/bulk."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.api.service import Service
from tests.api.test_customers import everything, ids, made, search


async def bulk(service: Service, *items: Any, status: int = 200, path: str = "", **options: Any) -> Any:
    body = {"items": list(items), **({"atomic": options.pop("atomic")} if "atomic" in options else {})}
    return await service.post(f"/v1/customers/bulk{path}", body, status=status, **options)


async def test_who_is_known_is_changed_and_who_is_not_is_made(service: Service) -> None:
    known = await made(service, external_id="a", name="Ani", tier="vip", metadata={"a": "1"})
    results = (
        await bulk(
            service,
            {"external_id": "a", "name": "Ani W.", "tier": None, "metadata": {"b": "2"}},
            {"external_id": "b", "contacts": [{"kind": "email", "value": "b@example.com"}]},
            {"external_id": "b", "name": "Budi"},
            {"external_id": "a"},
        )
    )["results"]
    assert [(one["index"], one["status"], one["problem"]) for one in results] == [
        (0, 200, None), (1, 201, None), (2, 200, None), (3, 200, None),
    ]  # fmt: skip
    ani, budi = results[0]["customer"], results[2]["customer"]
    assert (ani["id"], ani["name"], ani["tier"], ani["metadata"], ani["version"]) == (
        known["id"], "Ani W.", None, {"a": "1", "b": "2"}, 2,
    )  # fmt: skip
    assert results[3]["customer"] == ani
    assert (budi["name"], budi["email"], budi["version"]) == ("Budi", "b@example.com", 2)
    assert await service.get("/v1/customers/ext:b") == budi
    assert ids(await search(service, contact={"value": "b@example.com"})) == [budi["id"]]


async def test_each_item_stands_alone_unless_atomic(service: Service) -> None:
    before = await everything(service)
    wrong = {"external_id": "b", "contacts": [{"kind": "phone", "value": "0811"}]}
    large = {"external_id": "c", "metadata": {"a": "x" * 17_000}}
    for item, pointer in ((wrong, "/items/1/contacts/0/value"), (large, "/items/1")):
        refused = await bulk(service, {"external_id": "a"}, item, atomic=True, status=422)
        assert refused["errors"][0]["pointer"] == pointer
        assert await everything(service) == before
    assert (await bulk(service, {"external_id": "a"}, large, atomic=True, status=422))["index"] == 1
    results = (await bulk(service, {"external_id": "a"}, wrong, large, {"name": "nobody"}, {"external_id": "d", "id": 1}))[
        "results"
    ]
    assert [one["status"] for one in results] == [201, 422, 422, 422, 422]
    pointers = [one["problem"]["errors"][0]["pointer"] for one in results[1:]]
    assert pointers == ["/items/1/contacts/0/value", "/items/2", "/items/3/external_id", "/items/4/id"]
    assert [one["customer"] is None for one in results] == [False, True, True, True, True]


async def test_a_thousand_at_once_and_again_under_the_key(service: Service) -> None:
    items = [{"external_id": f"c-{n}", "contacts": [{"kind": "email", "value": f"c{n}@example.com"}]} for n in range(1000)]
    headers = {"Idempotency-Key": "b-1"}
    first = await service.call("POST", "/v1/customers/bulk", json={"items": items}, headers=headers)
    assert {one["status"] for one in first.json()["results"]} == {201}
    again = await service.call("POST", "/v1/customers/bulk", json={"items": items}, headers=headers)
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert (await service.get("/v1/customers/count"))["count"] == 1000
    before = await service.last_seq()
    assert {one["status"] for one in (await bulk(service, *items))["results"]} == {200}
    assert await service.last_seq() == before
    refused = await bulk(service, *items, {"external_id": "one-more"}, status=422)
    assert (refused["code"], refused["limit"]) == ("too_many_items", 1000)
    async with service.owner.connect() as connection:
        named = await connection.scalar(text("SELECT cardinality(customer_ids) FROM idempotency_keys WHERE key = 'b-1'"))
    assert named == 1000


async def test_a_dry_run_shows_all_of_it_and_changes_nothing(service: Service) -> None:
    known = await made(service, external_id="a")
    before = await everything(service)
    items = ({"external_id": "a", "name": "Ani"}, {"external_id": "b"}, {"external_id": "b", "name": "Budi"}, {"external_id": ""})
    shown = await bulk(service, *items, path="?dry_run=true", headers={"Idempotency-Key": "k"})
    assert shown["would_status"] == 200
    assert [one["status"] for one in shown["results"]] == [200, 201, 200, 422]
    customers = [one["customer"] for one in shown["results"][:3]]
    assert [(one["id"], one["name"], one["would_status"]) for one in customers] == [
        (known["id"], "Ani", 200), (None, None, 201), (None, "Budi", 200),
    ]  # fmt: skip
    assert await everything(service) == before


@pytest.mark.parametrize("body", [{}, {"items": []}, {"items": {}}, {"items": [{"external_id": "a"}], "atomic": 1}, []])
async def test_a_call_that_is_wrong_as_a_whole(service: Service, body: Any) -> None:
    before = await everything(service)
    assert (await service.post("/v1/customers/bulk", body, status=422))["code"] == "invalid_body"
    assert await everything(service) == before


@pytest.mark.parametrize(("who", "status"), [("supervisor", 200), ("integration", 200), ("ani", 403), ("read_only", 403)])
async def test_who_may(service: Service, who: str, status: int) -> None:
    await bulk(service, {"external_id": "a"}, who=who, status=status)
