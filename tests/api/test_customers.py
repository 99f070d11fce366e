"""Customers over the API: made, read, listed, searched, changed, deleted."""

from typing import Any

import pytest
from sqlalchemy import text

from app.models.workspaces import Mode
from app.services import workspaces
from tests.api.service import Service

NOBODY = "cus_069nnak9kphi75bkq3s0h6dn1k"
CONTACTS = [
    {"kind": "email", "value": "Dewi@Example.com", "verified": True, "primary": False},
    {"kind": "whatsapp", "value": "+62 811-5550-100", "verified": False, "primary": False},
    {"kind": "email", "value": "second@example.com", "verified": False, "primary": False},
]
FULL: dict[str, Any] = {
    "external_id": "crm-81", "name": "Dewi Lestari", "tier": "vip", "language": "id", "preferred_channel": "whatsapp",
    "contacts": CONTACTS, "attributes": {"segment": "retail", "orders": 3}, "metadata": {"source": "crm"},
}  # fmt: skip


async def made(service: Service, **fields: Any) -> Any:
    return await service.post("/v1/customers", fields, status=201)


async def patched(service: Service, customer: str, body: Any, *, status: int = 200, **options: Any) -> Any:
    response = await service.call("PATCH", f"/v1/customers/{customer}", json=body, **options)
    assert response.status_code == status, response.text
    return response.json()


async def search(service: Service, *, status: int = 200, **sought: Any) -> Any:
    return await service.post("/v1/customers/search", sought, status=status)


def ids(page: Any) -> list[str]:
    return [one["id"] for one in page["data"]]


async def everything(service: Service) -> list[Any]:
    tables = ("customers", "customer_contacts", "customer_merges", "tickets", "events", "idempotency_keys")
    async with service.owner.connect() as connection:
        return [(await connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))).all() for name in tables]


async def test_somebody_new_has_all_that_was_said(service: Service) -> None:
    response = await service.call("POST", "/v1/customers", json=FULL)
    customer = response.json()
    assert (response.status_code, response.headers["location"], response.headers["etag"]) == (
        201, f"/v1/customers/{customer['id']}", '"1"',
    )  # fmt: skip
    plain = {name: value for name, value in FULL.items() if name != "contacts"}
    assert {name: customer[name] for name in plain} == plain
    assert customer["contacts"] == [{**CONTACTS[0], "primary": True}, {**CONTACTS[1], "primary": True}, CONTACTS[2]]
    assert (customer["email"], customer["phone"], customer["merged_into_id"]) == ("Dewi@Example.com", None, None)
    assert await service.get(f"/v1/customers/{customer['id']}") == customer
    assert await service.get("/v1/customers/ext:crm-81") == customer
    same = await service.call("GET", "/v1/customers/ext:crm-81", headers={"If-None-Match": '"1"'})
    assert same.status_code == 304


async def test_a_known_external_id_is_answered_and_changes_nothing(service: Service) -> None:
    customer = await made(service, **FULL)
    before = await service.last_seq()
    again = await service.call("POST", "/v1/customers", json={"external_id": "crm-81", "name": "Somebody else"})
    assert (again.status_code, again.headers["giliran-existing"], again.json()) == (200, "true", customer)
    assert await service.last_seq() == before


async def test_a_ticket_introduces_its_customer_and_a_second_one_writes_nothing(service: Service) -> None:
    told = {"external_id": "crm-1", "name": "Ani", "email": "ani@example.com", "phone": "0811", "tier": "vip"}
    ticket = await service.ticket(customer=told)
    customer = await service.get(f"/v1/customers/{ticket['customer_id']}")
    assert {name: customer[name] for name in told} == told
    assert [one["kind"] for one in customer["contacts"]] == ["email", "phone"]
    second = await service.ticket(customer={**told, "email": "ANI@example.com"})
    assert second["customer_id"] == customer["id"]
    assert await service.get(f"/v1/customers/{customer['id']}") == customer
    await service.ticket(customer={"external_id": "crm-1", "email": "new@example.com", "tier": "gold"})
    after = await service.get(f"/v1/customers/{customer['id']}")
    assert (after["email"], after["tier"], after["version"], len(after["contacts"])) == ("new@example.com", "gold", 2, 3)
    assert ids(await search(service, contact={"value": "Ani@example.com"})) == [customer["id"]]
    tickets = (await service.get("/v1/tickets", params={"customer_id": customer["id"]}))["data"]
    assert len(tickets) == (await service.get("/v1/tickets/count", params={"customer_id": customer["id"]}))["count"] == 3
    shown = await service.get(f"/v1/tickets/{ticket['id']}", params={"expand": "customer"})
    assert shown["customer"] == after
    events = (await service.get("/v1/events", params={"type": "customer.*"}))["data"]
    assert [(one["type"], one["data"]) for one in events] == [
        ("customer.created", {"customer_id": customer["id"], "tier": "vip", "language": None}),
        ("customer.updated", {"customer_id": customer["id"], "changed": {"tier": ["vip", "gold"], "contacts": None}}),
    ]
    assert not any(word in str(events) for word in ("example", "crm-1", "Ani"))


async def test_every_field_can_be_changed_and_cleared(service: Service) -> None:
    customer = await made(service, name="Ani")
    after = await patched(service, customer["id"], FULL, headers={"Content-Type": "application/merge-patch+json"})
    assert (after["external_id"], after["email"], after["attributes"], after["version"]) == (
        "crm-81", "Dewi@Example.com", FULL["attributes"], 2,
    )  # fmt: skip
    assert await patched(service, customer["id"], FULL) == after
    assert await patched(service, customer["id"], {}, headers={"If-Match": '"9"'}) == after
    merged = await patched(service, "ext:crm-81", {"attributes": {"orders": None, "n": 1}})
    assert merged["attributes"] == {"segment": "retail", "n": 1}
    bare = await patched(service, "ext:crm-81", dict.fromkeys(FULL))
    assert {bare[name] for name in ("external_id", "name", "tier", "language", "preferred_channel", "email")} == {None}
    assert (bare["contacts"], bare["attributes"], bare["metadata"]) == ([], {}, {})
    assert ids(await search(service, contact={"value": "dewi@example.com"})) == []
    assert (await service.get("/v1/customers/ext:crm-81", status=404))["code"] == "customer_not_found"


async def test_a_stale_version_and_a_taken_external_id(service: Service) -> None:
    one, other = await made(service, external_id="a"), await made(service, external_id="b")
    refused = await patched(service, one["id"], {"name": "x"}, headers={"If-Match": '"7"'}, status=412)
    assert (refused["code"], refused["version"]) == ("version_mismatch", 1)
    taken = await patched(service, one["id"], {"external_id": "b"}, status=409)
    assert (taken["code"], taken["customer_id"]) == ("external_id_taken", other["id"])
    await patched(service, other["id"], {"external_id": None})
    assert (await patched(service, one["id"], {"external_id": "b"}))["external_id"] == "b"
    assert (await made(service, external_id="a"))["id"] not in (one["id"], other["id"])


async def test_another_tier_counts_from_now_on(service: Service) -> None:
    rule = {"name": "vip", "when": {"field": "customer.tier", "op": "eq", "value": "vip"}, "then": {"priority": "urgent"}}
    document = (await service.get("/v1/configuration", params={"format": "document"})) | {"rules": [rule]}
    assert (await service.apply(document, version=1)).status_code == 200
    first = await service.ticket(customer={"external_id": "a"})
    await patched(service, "ext:a", {"tier": "vip"})
    second = await service.ticket(customer={"external_id": "a"})
    assert (first["priority"], second["priority"]) == ("medium", "urgent")
    assert (await service.get(f"/v1/tickets/{first['id']}"))["priority"] == "medium"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"external_id": ""}, "/external_id"),
        ({"name": "a\nb"}, "/name"),
        ({"language": "ID"}, "/language"),
        ({"preferred_channel": "pigeon"}, "/preferred_channel"),
        ({"contacts": [{"kind": "email", "value": "no address"}]}, "/contacts/0/value"),
        ({"contacts": [{"kind": "phone", "value": "0811 5550 100"}]}, "/contacts/0/value"),
        ({"contacts": [{"kind": "fax", "value": "1"}]}, "/contacts/0/kind"),
        ({"contacts": [{"kind": "email", "value": "a@b.com"}, {"kind": "email", "value": "A@B.com"}]}, "/contacts"),
        ({"contacts": [{"kind": "line", "value": str(n), "primary": True} for n in range(2)]}, "/contacts"),
        ({"contacts": [{"kind": "line", "value": str(n)} for n in range(51)]}, "/contacts"),
        ({"attributes": {"constructor": 1}}, "/attributes"),
        ({"metadata": {"a": "x" * 17_000}}, ""),
        ({"id": NOBODY}, "/id"),
        ({"email": "a@b.com"}, "/email"),
    ],
)
async def test_a_mistake_is_pointed_at_and_changes_nothing(service: Service, body: Any, pointer: str) -> None:
    customer = await made(service, external_id="a")
    before = await everything(service)
    refused = await service.post("/v1/customers", body, status=422)
    assert refused["errors"][0]["pointer"] == pointer
    if body and body != {"metadata": {"a": "x" * 17_000}}:
        assert (await patched(service, customer["id"], body, status=422))["errors"][0]["pointer"] == pointer
    elif body:
        assert (await patched(service, customer["id"], body, status=422))["code"] == "invalid_body"
    assert await everything(service) == before


async def test_lists_filter_sort_and_count(service: Service) -> None:
    made_ = [
        (await made(service, name=f"c{n}", tier="vip" if n % 2 else "gold", language=("id", "en", "ms")[n % 3]))["id"]
        for n in range(7)
    ]
    await patched(service, made_[2], {"name": "changed"})
    assert ids(await service.get("/v1/customers")) == made_[::-1]
    assert ids(await service.get("/v1/customers", params={"sort": "created_at"})) == made_
    newest = [made_[2], *made_[:2:-1], *made_[1::-1]]
    assert ids(await service.get("/v1/customers", params={"sort": "-updated_at"})) == newest
    for sort in ("created_at", "-created_at", "updated_at", "-updated_at"):
        whole = ids(await service.get("/v1/customers", params={"sort": sort}))
        walked: list[str] = []
        cursor = None
        while cursor is not None or not walked:
            page = await service.get("/v1/customers", params={"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {}))
            walked += ids(page)
            cursor = page["next_cursor"]
        assert walked == whole
    vips = {"tier": "vip", "language": ["id", "en"], "sort": "created_at"}
    assert ids(await service.get("/v1/customers", params=vips)) == [made_[1], made_[3]]
    assert (await service.get("/v1/customers/count", params={"tier": "vip", "language": ["id", "en"]}))["count"] == 2
    assert ids(await service.get("/v1/customers", params={"id": made_[:2], "sort": "created_at"})) == made_[:2]
    third = await service.get(f"/v1/customers/{made_[3]}")
    assert (await service.get("/v1/customers/count", params={"created_before": third["created_at"]}))["count"] <= 3
    assert (await service.get("/v1/customers", params={"id": "x"}, status=400))["parameter"] == "id"


async def test_search_by_what_may_not_stand_in_an_address(service: Service) -> None:
    dewi, budi = await made(service, **FULL), await made(service, name="dewantara 100%_x", external_id="b")
    shared = await made(service, contacts=[{"kind": "phone", "value": "0062 811 5550 100"}])
    assert ids(await search(service, external_id="crm-81")) == [dewi["id"]]
    assert ids(await search(service, external_id="crm")) == []
    assert ids(await search(service, contact={"value": "+62 (811) 5550 100"})) == [dewi["id"], shared["id"]]
    assert ids(await search(service, contact={"kind": "phone", "value": "+628115550100"})) == [shared["id"]]
    assert ids(await search(service, contact={"kind": "email", "value": "dewi@EXAMPLE.com"})) == [dewi["id"]]
    assert ids(await search(service, name="DEW")) == [budi["id"], dewi["id"]]
    assert ids(await search(service, name="dewantara 100%_")) == [budi["id"]]
    assert [ids(await search(service, name=pattern)) for pattern in ("%", "dew_", "\\", "lestari")] == [[]] * 4
    first = await search(service, name="dew", limit=1)
    second = await search(service, name="dew", limit=1, cursor=first["next_cursor"])
    assert ids(first) + ids(second) == [budi["id"], dewi["id"]]
    assert second["next_cursor"] is None
    first = await search(service, contact={"value": "+628115550100"}, limit=1)
    assert ids(await search(service, contact={"value": "+628115550100"}, limit=1, cursor=first["next_cursor"])) == [shared["id"]]
    for other in ({"name": "dew"}, {"contact": {"value": "+628115550101"}}, {"external_id": "b"}):
        assert (await search(service, **other, cursor=first["next_cursor"], status=400))["code"] == "cursor_mismatch"
    wrongs: tuple[dict[str, Any], ...]
    wrongs = ({}, {"name": "a", "external_id": "b"}, {"contact": {}}, {"name": ""}, {"name": "a", "limit": 0})
    for wrong in wrongs:
        await search(service, **wrong, status=422)


async def test_a_customer_without_tickets_can_be_deleted(service: Service) -> None:
    customer = await made(service, **FULL)
    stale = await service.call("DELETE", f"/v1/customers/{customer['id']}", headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    before = await everything(service)
    tried = await service.call("DELETE", "/v1/customers/ext:crm-81?dry_run=true")
    assert (tried.status_code, tried.json(), tried.headers["dry-run"]) == (200, {"would_status": 204}, "true")
    assert await everything(service) == before
    gone = await service.call("DELETE", "/v1/customers/ext:crm-81", headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/history")):
        answer = await service.call(method, f"/v1/customers/{customer['id']}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
    assert ids(await search(service, contact={"value": "dewi@example.com"})) == []
    assert (await made(service, external_id="crm-81"))["id"] != customer["id"]


async def test_one_with_tickets_stays(service: Service) -> None:
    ticket = await service.ticket(customer={"external_id": "a"})
    await service.ticket(customer={"external_id": "a"})
    await service.post(f"/v1/tickets/{ticket['id']}/cancel")
    before = await everything(service)
    for query in ("", "?dry_run=true"):
        refused = await service.call("DELETE", f"/v1/customers/ext:a{query}")
        assert (refused.status_code, refused.json()["code"]) == (409, "customer_in_use")
        assert (refused.json()["tickets"], refused.json()["merged"]) == (2, 0)
    assert await everything(service) == before


async def test_a_dry_run_shows_and_changes_nothing(service: Service) -> None:
    customer = await made(service, external_id="a")
    before = await everything(service)
    shown = await service.post("/v1/customers?dry_run=true", FULL, headers={"Idempotency-Key": "k"})
    assert (shown["id"], shown["would_status"], shown["email"]) == (None, 201, "Dewi@Example.com")
    known = await service.post("/v1/customers?dry_run=true", {"external_id": "a"})
    assert (known["id"], known["would_status"]) == (customer["id"], 200)
    changed = await patched(service, "ext:a?dry_run=true", {"name": "Dewi"})
    assert (changed["id"], changed["name"], changed["version"], changed["would_status"]) == (customer["id"], "Dewi", 2, 200)
    assert await everything(service) == before


async def test_a_repeat_under_a_key_gets_the_first_answer(service: Service) -> None:
    headers = {"Idempotency-Key": "c-1"}
    first = await service.call("POST", "/v1/customers", json={"name": "Dewi"}, headers=headers)
    again = await service.call("POST", "/v1/customers", json={"name": "Dewi"}, headers=headers)
    assert (again.status_code, again.content, again.headers["idempotency-replayed"]) == (201, first.content, "true")
    customer = first.json()["id"]
    changed = await service.call("PATCH", f"/v1/customers/{customer}", json={"name": "x"}, headers={"Idempotency-Key": "c-2"})
    await patched(service, customer, {"name": "y"})
    again = await service.call("PATCH", f"/v1/customers/{customer}", json={"name": "x"}, headers={"Idempotency-Key": "c-2"})
    assert again.content == changed.content
    async with service.owner.connect() as connection:
        stored = (await connection.execute(text("SELECT count(*), count(customer_id) FROM idempotency_keys"))).one()
    assert tuple(stored) == (2, 2)


async def test_history_tells_names_of_fields_and_no_values(service: Service) -> None:
    customer = await made(service, **FULL)
    await patched(service, customer["id"], {"name": "Lestari", "tier": "gold", "contacts": [], "external_id": "secret-1"})
    history = await service.get(f"/v1/customers/{customer['id']}/history")
    assert [one["type"] for one in history["data"]] == ["customer.created", "customer.updated"]
    assert history["data"][1]["data"]["changed"] == {
        "external_id": None, "name": None, "tier": ["vip", "gold"], "contacts": None,
    }  # fmt: skip
    assert not any(word in str(history) for word in ("Lestari", "Dewi", "example", "crm-81", "secret-1"))
    first = await service.get(f"/v1/customers/{customer['id']}/history", params={"limit": 1})
    second = await service.get(f"/v1/customers/{customer['id']}/history", params={"limit": 1, "cursor": first["next_cursor"]})
    assert first["data"] + second["data"] == history["data"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(("who", "status"), [("supervisor", 201), ("integration", 201), ("ani", 403), ("read_only", 403)])
async def test_who_may(service: Service, who: str, status: int) -> None:
    await service.post("/v1/customers", {"name": "x"}, who=who, status=status)
    reads = {"read_only": 200, "ani": 403}.get(who, 200)
    await service.get("/v1/customers", who=who, status=reads)
    await service.post("/v1/customers/search", {"name": "x"}, who=who, status=reads)


async def test_customers_of_another_workspace_are_not_there(service: Service) -> None:
    customer = await made(service, **FULL)
    other = Service(
        service.app, service.services, service.owner, await workspaces.create(service.owner, slug="other", mode=Mode.LIVE),
        service.client,
    )  # fmt: skip
    assert (await other.apply()).status_code == 200
    own = await made(other, **FULL)
    assert own["id"] != customer["id"]
    for path in ("", "/history"):
        assert (await other.get(f"/v1/customers/{customer['id']}{path}", status=404))["code"] == "customer_not_found"
    assert ids(await search(other, contact={"value": "dewi@example.com"})) == [own["id"]]
    assert (await patched(other, customer["id"], {"name": "x"}, status=404))["code"] == "customer_not_found"
    for pair in ((customer["id"], own["id"]), (own["id"], customer["id"])):
        refused = await other.post(f"/v1/customers/{pair[0]}/merge", {"into": pair[1]}, status=404)
        assert refused["code"] == "customer_not_found"
    assert (await other.get("/v1/tickets", params={"customer_id": customer["id"]}))["data"] == []
    assert await service.get(f"/v1/customers/{customer['id']}") == customer
