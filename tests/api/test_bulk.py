"""POST /v1/tickets/bulk."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.routers import bulk_items
from app.models import metadata
from app.models.workspaces import Mode
from app.services import workspaces
from tests.api.service import DOCUMENT, Service

NOBODY = "tkt_00000000000000000000000000"


def create(**fields: Any) -> Any:
    return {"operation": "create", "ticket": fields}


async def bulk(service: Service, *items: Any, status: int = 200, path: str = "", **options: Any) -> Any:
    body = {"items": list(items), **({"atomic": options.pop("atomic")} if "atomic" in options else {})}
    return await service.post(f"/v1/tickets/bulk{path}", body, status=status, **options)


async def everything(owner: AsyncEngine) -> dict[str, list[str]]:
    """Every row of every table, but for when a key was last used."""
    async with owner.connect() as connection:
        return {
            name: sorted(str(row[0]) for row in await connection.execute(text(f"SELECT to_jsonb(t) FROM {name} t")))
            for name in metadata.tables
            if name != "api_keys"
        }


def plain(view: Any) -> Any:
    """A ticket without what two of a kind differ in."""
    differing = (
        "id",
        "number",
        "decision_id",
        "customer_id",
        "external_id",
        "waiting_since_at",
        "assigned_at",
        "created_at",
        "updated_at",
    )
    return {name: value for name, value in view.items() if name not in differing}


async def test_each_operation_does_what_its_own_call_does(service: Service) -> None:
    await service.come("ani", "budi")
    made = [await service.ticket(external_id=f"x-{n}") for n in range(5)]
    ani = (await service.get("/v1/agents/ani"))["id"]
    await service.post(f"/v1/tickets/{made[3]['id']}/resolve")
    results = (
        await bulk(
            service,
            create(subject="Refund", text="refund", customer={"name": "Dewi"}),
            {"operation": "update", "id": made[0]["id"], "changes": {"tags": ["a"]}, "version": made[0]["version"]},
            {"operation": "assign", "id": "ext:x-1", "agent_id": "ext:hr-1", "force": True},
            {"operation": "resolve", "id": made[2]["id"]},
            {"operation": "close", "id": made[3]["id"]},
            {"operation": "cancel", "id": made[4]["id"]},
            {"operation": "reopen", "id": made[2]["id"]},
        )
    )["results"]
    assert [(one["index"], one["status"], one["problem"]) for one in results] == [
        (n, 201 if n == 0 else 200, None) for n in range(7)
    ]
    tickets = [one["ticket"] for one in results]
    assert (tickets[0]["category"], tickets[0]["tags"]) == ("billing", ["refund"])
    assert (tickets[1]["id"], tickets[1]["tags"]) == (made[0]["id"], ["a"])
    assert (tickets[2]["id"], tickets[2]["agent_id"]) == (made[1]["id"], ani)
    assert [one["status"] for one in tickets[4:6]] == ["closed", "cancelled"]
    assert tickets[3] == tickets[6]
    assert tickets[6]["reopened_count"] == 1
    for ticket in tickets:
        assert await service.get(f"/v1/tickets/{ticket['id']}") == ticket


async def test_each_item_stands_alone(service: Service) -> None:
    known = await service.ticket(external_id="known")
    results = (
        await bulk(
            service,
            create(priority="extreme", queue=5),
            create(queue="nowhere"),
            {"operation": "close", "id": NOBODY},
            {"operation": "close", "id": known["id"]},
            {"operation": "update", "id": known["id"], "changes": {"tags": ["a"]}, "version": 99},
            {"operation": "assign", "id": known["id"], "agent_id": "x"},
            {"operation": "assign", "id": known["id"], "agent_id": "ext:x"},
            {"operation": "shred", "id": known["id"]},
            "close",
            {"operation": "update", "id": "ext:known", "changes": {"require_skills": [{"skill": "x", "level": 1}]}},
            create(external_id="known"),
            create(subject="fine"),
        )
    )["results"]
    said = [(one["status"], one["problem"] and one["problem"]["code"]) for one in results]
    assert said == [
        (422, "invalid_body"), (422, "unknown_reference"), (404, "ticket_not_found"), (409, "ticket_wrong_state"),
        (412, "version_mismatch"), (422, "invalid_body"), (404, "agent_not_found"), (422, "invalid_body"), (422, "invalid_body"),
        (422, "unknown_reference"), (200, None), (201, None),
    ]  # fmt: skip
    pointers = [[each["pointer"] for each in (one["problem"] or {}).get("errors", ())] for one in results]
    assert pointers[:2] == [["/items/0/ticket/priority", "/items/0/ticket/queue"], ["/items/1/ticket/queue"]]
    assert [pointers[n] for n in (5, 7, 8, 9)] == [
        ["/items/5/agent_id"], ["/items/7/operation"], ["/items/8"], ["/items/9/changes/require_skills/0/skill"],
    ]  # fmt: skip
    assert results[3]["problem"]["ticket_status"] == "waiting"
    assert results[4]["problem"]["version"] == known["version"]
    assert results[10]["ticket"] == known
    assert (await service.get("/v1/tickets/count"))["count"] == 2


ATOMIC = [
    ([create(), create(queue="nowhere")], 422, "unknown_reference", "/items/1/ticket/queue"),
    ([create(), {"operation": "close", "id": NOBODY}], 404, "ticket_not_found", "/items/1"),
    ([create(), {"operation": "close", "id": "ext:none"}], 404, "ticket_not_found", "/items/1"),
    ([create(), create(priority="extreme")], 422, "invalid_body", "/items/1/ticket/priority"),
    ([create(external_id="a"), {"operation": "close", "id": "ext:a"}], 409, "ticket_wrong_state", "/items/1"),
    ([create(), {"operation": "assign", "id": "ext:there", "agent_id": "x"}], 422, "invalid_body", "/items/1/agent_id"),
    ([{"operation": "update", "id": "ext:there", "changes": {"tags": ["b"]}},
      {"operation": "update", "id": "ext:there", "changes": {"tags": ["c"]}, "version": 1}], 412, "version_mismatch", "/items/1"),
]  # fmt: skip


@pytest.mark.parametrize(("items", "status", "code", "pointer"), ATOMIC)
async def test_an_atomic_one_that_is_refused_names_the_item_and_changes_nothing(
    service: Service, items: list[Any], status: int, code: str, pointer: str
) -> None:
    await service.come("ani")
    await service.ticket(external_id="there", text="refund")
    before = await everything(service.owner)
    headers = {"Idempotency-Key": "k"}
    refused = await bulk(service, *items, create(), atomic=True, status=status, headers=headers)
    assert (refused["code"], [each["pointer"] for each in refused["errors"]]) == (code, [pointer])
    assert await everything(service.owner) == before
    await bulk(service, create(), atomic=True, headers=headers)  # a refusal leaves its key free


async def test_an_atomic_one_that_is_done_answers_as_any_other(service: Service) -> None:
    results = (await bulk(service, create(external_id="a"), {"operation": "cancel", "id": "ext:a"}, atomic=True))["results"]
    assert [(one["status"], one["ticket"]["status"]) for one in results] == [(201, "cancelled"), (200, "cancelled")]


async def test_items_may_name_what_an_item_before_them_makes_but_not_one_after(service: Service) -> None:
    later = {"operation": "update", "id": "ext:a", "changes": {"subject": "Halo", "attributes": {"b": 1}, "language": "id"}}
    results = (await bulk(service, later, create(external_id="a", attributes={"a": 1}), later))["results"]
    assert [one["status"] for one in results] == [404, 201, 200]
    ticket = results[2]["ticket"]
    assert (ticket["subject"], ticket["attributes"], ticket["language"]) == ("Halo", {"a": 1, "b": 1}, "id")
    assert results[1]["ticket"] == ticket == await service.get("/v1/tickets/ext:a")


async def test_an_external_id_repeated_within_one_is_the_first_ones_ticket(service: Service) -> None:
    results = (await bulk(service, create(external_id="a", subject="1"), create(external_id="a", subject="2")))["results"]
    assert [one["status"] for one in results] == [201, 200]
    assert results[0]["ticket"] == results[1]["ticket"]
    assert (await service.get("/v1/tickets/count"))["count"] == 1


@pytest.mark.parametrize("atomic", [False, True])
async def test_many_in_one_are_as_many_single_ones(service: Service, atomic: bool) -> None:
    await service.come("ani", "budi", "sri")
    drafts = [
        {
            "priority": ("low", "high")[n % 2],
            "text": ("halo", "refund")[n % 3 == 0],
            "queue": ("general", "plain", "asked")[n % 3],
        }
        for n in range(30)
    ]
    singles = [plain(await service.ticket(**draft)) for draft in drafts]
    listed = (await service.get("/v1/tickets", params={"limit": 200}))["data"]
    await bulk(service, *({"operation": "cancel", "id": one["id"]} for one in listed))
    assert {one["load"] for one in (await service.get("/v1/agents"))["data"]} == {0}
    results = (await bulk(service, *(create(**draft) for draft in drafts), atomic=atomic))["results"]
    together = [plain(one["ticket"]) for one in results]
    assert [one["status"] for one in together] == [one["status"] for one in singles]
    for name in ("agent_id", "version", "updated_at"):
        for one in (*singles, *together):
            one.pop(name, None)
    offers = [one.pop("offer_id") is None for one in singles], [one.pop("offer_id") is None for one in together]
    assert offers[0] == offers[1]
    assert together == singles


async def test_a_thousand_and_one_too_many(service: Service) -> None:
    await service.come("ani")
    results = (await bulk(service, *(create(external_id=f"x-{n}") for n in range(1000))))["results"]
    assert [one["ticket"]["number"] for one in results] == list(range(1, 1001))
    assert [one["index"] for one in results] == list(range(1000))
    before = await service.last_seq()
    refused = await bulk(service, *(create() for _ in range(1001)), status=422)
    assert (refused["code"], refused["limit"], refused["errors"][0]["pointer"]) == ("too_many_items", 1000, "/items")
    assert await service.last_seq() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"items": []}, "/items"),
        ({}, "/items"),
        ({"items": {}}, "/items"),
        ({"items": None}, "/items"),
        ([], ""),
        ({"items": [create()], "atomic": "yes"}, "/atomic"),
        ({"items": [create()], "atom": True}, "/atom"),
        ({"items": [create(), create(kind=1)], "atomic": True}, "/items/1/ticket/kind"),
        ({"items": [{}], "atomic": True}, "/items/0/operation"),
        ({"items": [{"operation": []}], "atomic": True}, "/items/0/operation"),
    ],
)
async def test_a_mistake_of_the_call_itself(service: Service, body: Any, pointer: str) -> None:
    before = await service.last_seq()
    refused = await service.post("/v1/tickets/bulk", body, status=422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("invalid_body", pointer)
    assert await service.last_seq() == before


async def test_more_mistakes_than_can_be_listed_refuse_the_call(service: Service) -> None:
    before = await service.last_seq()
    items = [create(**{f"n{number}": 1 for number in range(600)}) for _ in range(20)]
    refused = await bulk(service, create(), *items, status=422)
    assert (refused["code"], refused["detail"]) == ("invalid_body", "The body has 12,000 mistakes, too many to list.")
    assert await service.last_seq() == before


async def test_a_body_of_more_than_five_mebibytes(service: Service) -> None:
    body = json.dumps({"items": [create(text="x" * 30_000)] * 170}).encode()
    assert len(body) < 5 * 1024 * 1024 < len(body) + 2**18
    headers = {"Content-Type": "application/json"}
    assert (await service.call("POST", "/v1/tickets/bulk", content=body, headers=headers)).status_code == 200
    refused = await service.call("POST", "/v1/tickets/bulk", content=body + b" " * 2**18, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")


async def test_a_repeat_gets_the_first_answer(service: Service) -> None:
    headers = {"Idempotency-Key": "b-1"}
    body = {"items": [create(subject="a"), create(queue="nowhere"), create(customer={"name": "Dewi"})]}
    first = await service.call("POST", "/v1/tickets/bulk", json=body, headers=headers)
    again = await service.call("POST", "/v1/tickets/bulk", json=body, headers=headers)
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert (await service.get("/v1/tickets/count"))["count"] == 2
    for changed in ({**body, "atomic": False}, {"items": body["items"][:1]}):
        refused = await service.call("POST", "/v1/tickets/bulk", json=changed, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = await service.call("POST", "/v1/tickets", json={}, headers=headers)
    assert elsewhere.json()["code"] == "idempotency_key_reused"
    async with service.owner.connect() as connection:
        stored = (
            await connection.execute(text("SELECT cardinality(ticket_ids), cardinality(customer_ids) FROM idempotency_keys"))
        ).one()
    assert tuple(stored) == (2, 1)


async def test_one_of_nothing_but_refusals_is_answered_and_kept(service: Service) -> None:
    headers = {"Idempotency-Key": "b-1"}
    before = await service.last_seq()
    (only,) = (await bulk(service, create(kind=1), headers=headers))["results"]
    assert only["status"] == 422
    again = await service.call("POST", "/v1/tickets/bulk", json={"items": [create(kind=1)]}, headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert await service.last_seq() == before


async def test_a_dry_run_shows_all_of_it_and_changes_nothing(service: Service) -> None:
    await service.come("budi")
    known = await service.ticket(external_id="known")
    before = await everything(service.owner)
    items = [
        create(external_id="a", customer={"name": "Dewi"}),
        {"operation": "update", "id": "ext:a", "changes": {"tags": ["x"]}},
        {"operation": "resolve", "id": known["id"]},
        create(external_id="a"),
        create(external_id="known"),
        {"operation": "close", "id": NOBODY},
        create(kind=1),
    ]
    response = await service.call(
        "POST", "/v1/tickets/bulk?dry_run=true", json={"items": items}, headers={"Idempotency-Key": "k"}
    )
    shown = response.json()
    assert (response.headers["dry-run"], shown["would_status"]) == ("true", 200)
    assert [one["status"] for one in shown["results"]] == [201, 200, 200, 200, 200, 404, 422]
    tickets = [one["ticket"] for one in shown["results"]]
    assert [tickets[0][name] for name in ("id", "number", "customer_id", "tags", "status")] == [
        None,
        None,
        None,
        ["x"],
        "assigned",
    ]
    assert (tickets[0]["would_status"], tickets[0]["decision"]["agent"]) == (201, "budi")
    assert (tickets[2]["id"], tickets[2]["status"], tickets[4]["status"]) == (known["id"], "resolved", "resolved")
    assert await everything(service.owner) == before
    assert (await bulk(service, create(), {"operation": "close", "id": NOBODY}, path="?dry_run=true", atomic=True, status=404))[
        "index"
    ] == 1
    assert await everything(service.owner) == before
    real = (await bulk(service, *items))["results"]
    assert [one["status"] for one in real] == [one["status"] for one in shown["results"]]
    assert real[0]["ticket"]["agent_id"] == tickets[0]["agent_id"]


async def test_words_are_read_anew_under_a_configuration_that_came_meanwhile(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bulk_items.commands_of
    came: list[Any] = []

    async def late(*arguments: Any) -> Any:
        prepared = await real(*arguments)
        if not came:
            rule = {"name": "pay", "when": {"field": "text", "op": "contains", "value": "pay"}, "then": {"category": "paying"}}
            came.append(await service.apply({**DOCUMENT, "rules": [rule]}, version=1))
        return prepared

    monkeypatch.setattr("app.api.routers.bulk.commands_of", late)
    results = (await bulk(service, create(text="refund"), create(text="pay")))["results"]
    assert came[0].status_code == 200
    assert [one["ticket"]["category"] for one in results] == ["billing", "paying"]


@pytest.mark.parametrize(("who", "status"), [("supervisor", 200), ("integration", 200), ("ani", 403), ("read_only", 403)])
async def test_who_may(service: Service, who: str, status: int) -> None:
    await bulk(service, create(), who=who, status=status)


async def test_tickets_of_another_workspace_are_not_there(service: Service) -> None:
    mine = await service.ticket(external_id="mine")
    other = Service(
        service.app,
        service.services,
        service.owner,
        await workspaces.create(service.owner, slug="other", mode=Mode.LIVE),
        service.client,
    )
    assert (await other.apply()).status_code == 200
    items = [{"operation": "cancel", "id": ref} for ref in (mine["id"], "ext:mine")]
    assert [one["problem"]["code"] for one in (await bulk(other, *items))["results"]] == ["ticket_not_found"] * 2
    assert await service.get(f"/v1/tickets/{mine['id']}") == mine
