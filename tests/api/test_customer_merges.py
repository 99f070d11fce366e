"""Two customers turn out to be one, or not to be after all."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app.dispatch.load import load
from app.dispatch.transaction import transaction
from app.engine.canonical import canonical
from tests.api.service import Service
from tests.api.test_customers import everything, ids, made, patched, search

EMAIL = {"kind": "email", "value": "a@example.com"}
PHONE = {"kind": "phone", "value": "+62 811 5550 100"}


async def merge(service: Service, customer: str, into: str, *, status: int = 200, path: str = "", **options: Any) -> Any:
    return await service.post(f"/v1/customers/{customer}/merge{path}", {"into": into}, status=status, **options)


async def unmerge(service: Service, customer: str, *, status: int = 200, path: str = "", **options: Any) -> Any:
    return await service.post(f"/v1/customers/{customer}/unmerge{path}", {}, status=status, **options)


async def tickets(service: Service, customer: str) -> dict[str, int]:
    """Version by id."""
    found = await service.get("/v1/tickets", params={"customer_id": customer, "sort": "created_at"})
    return {one["id"]: one["version"] for one in found["data"]}


async def pair(service: Service) -> tuple[Any, Any]:
    """A with an open, a waiting and a closed ticket, b with one; each has a contact, one they share."""
    await service.come("budi")
    a = await made(service, external_id="a", name="A", contacts=[EMAIL, PHONE])
    b = await made(
        service, external_id="b", name="B", tier="vip", contacts=[{**EMAIL, "value": "A@EXAMPLE.com", "verified": True}]
    )
    for fields in ({}, {"require_skills": [{"skill": "refunds", "level": 9}]}, {}):
        last = await service.ticket(customer={"external_id": "a"}, **fields)
    await service.post(f"/v1/tickets/{last['id']}/cancel")
    await service.ticket(customer={"external_id": "b"})
    return a, b


async def rebuilt_is_live(service: Service) -> None:
    workspace = service.workspace.id
    live = service.dispatcher._workspaces[workspace].state
    assert live is not None
    async with transaction(service.services.engine, workspace, snapshot=True) as opened:
        assert canonical(await load(opened.connection, workspace)) == canonical(live)


async def test_tickets_and_contacts_become_the_survivors(service: Service) -> None:
    a, b = await pair(service)
    own, others = await tickets(service, a["id"]), await tickets(service, b["id"])
    answer = await service.call("POST", f"/v1/customers/{a['id']}/merge", json={"into": "ext:b"}, headers={"If-Match": '"1"'})
    merged = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert merged == {**a, "merged_into_id": b["id"], "version": 2, "updated_at": merged["updated_at"]}
    assert await service.get("/v1/customers/ext:a") == merged
    assert await tickets(service, a["id"]) == {}
    assert await tickets(service, b["id"]) == {**{one: version + 1 for one, version in own.items()}, **others}
    survivor = await service.get(f"/v1/customers/{b['id']}")
    assert [(one["kind"], one["value"], one["verified"], one["primary"]) for one in survivor["contacts"]] == [
        ("email", "A@EXAMPLE.com", True, True), ("phone", "+62 811 5550 100", False, True),
    ]  # fmt: skip
    assert (survivor["name"], survivor["tier"], survivor["version"]) == ("B", "vip", 2)
    assert ids(await search(service, contact={"value": "+628115550100"})) == [b["id"]]
    assert ids(await search(service, external_id="a")) == [a["id"]]
    assert ids(await service.get("/v1/customers")) == [b["id"]]
    assert ids(await service.get("/v1/customers", params={"merged": True})) == [a["id"]]
    later = await service.ticket(customer={"external_id": "a", "name": "Other", "tier": "gold"})
    assert later["customer_id"] == b["id"]
    assert await service.get(f"/v1/customers/{b['id']}") == survivor
    await rebuilt_is_live(service)
    for history, types in (
        (a["id"], ["customer.created", "customer.merged"]),
        (b["id"], ["customer.created", "customer.merged", "customer.updated"]),
    ):
        told = (await service.get(f"/v1/customers/{history}/history"))["data"]
        assert [one["type"] for one in told] == types
        data = told[1]["data"]
        assert (data["customer_id"], data["into_id"], data["ticket_count"]) == (a["id"], b["id"], 3)
        assert len(data["ticket_ids"]) == 2


async def test_taken_back_it_is_as_if_it_had_not_been(service: Service) -> None:
    a, b = await pair(service)
    own, others = await tickets(service, a["id"]), await tickets(service, b["id"])
    await merge(service, a["id"], b["id"])
    between = await service.ticket(customer={"external_id": "a"})
    back = await unmerge(service, "ext:a")
    assert back == {**a, "version": 3, "updated_at": back["updated_at"]}
    survivor = await service.get(f"/v1/customers/{b['id']}")
    assert survivor == {**b, "version": 3, "updated_at": survivor["updated_at"]}
    assert await tickets(service, a["id"]) == {one: version + 2 for one, version in own.items()}
    assert await tickets(service, b["id"]) == {**others, between["id"]: between["version"]}
    assert ids(await search(service, contact={"value": "+628115550100"})) == [a["id"]]
    assert (await service.ticket(customer={"external_id": "a"}))["customer_id"] == a["id"]
    told = (await service.get(f"/v1/customers/{b['id']}/history"))["data"]
    assert [one["type"] for one in told[1:]] == ["customer.merged", "customer.updated", "customer.unmerged", "customer.updated"]
    assert told[3]["data"]["survivor_id"] == b["id"]
    await rebuilt_is_live(service)
    await merge(service, b["id"], a["id"])
    assert len(await tickets(service, a["id"])) == 6


async def test_what_already_holds_is_answered_without_an_event(service: Service) -> None:
    a, b = await pair(service)
    assert await unmerge(service, a["id"]) == a
    merged = await merge(service, a["id"], b["id"])
    before = await service.last_seq()
    assert await merge(service, a["id"], b["id"], headers={"If-Match": '"1"'}) == merged
    assert await service.last_seq() == before


async def test_one_who_was_merged_is_not_written_to(service: Service) -> None:
    a, b = await pair(service)
    c = await made(service, external_id="c")
    await merge(service, a["id"], b["id"])
    before = await everything(service)
    answers = [
        await patched(service, a["id"], {"name": "x"}, status=409),
        await merge(service, a["id"], c["id"], status=409),
        await merge(service, c["id"], a["id"], status=409),
        (await service.call("DELETE", f"/v1/customers/{a['id']}")).json(),
        await service.post("/v1/customers/bulk", {"items": [{"external_id": "a", "name": "x"}], "atomic": True}, status=409),
    ]
    assert {(one["code"], one["merged_into_id"]) for one in answers} == {("customer_merged", b["id"])}
    used = await service.call("DELETE", f"/v1/customers/{b['id']}")
    assert (used.status_code, used.json()["merged"]) == (409, 1)
    assert (await service.post("/v1/customers", {"external_id": "a"}))["merged_into_id"] == b["id"]
    assert await everything(service) == before


@pytest.mark.parametrize(
    ("into", "status", "code"),
    [
        ("ext:a", 422, "invalid_body"),
        ("ext:nobody", 404, "customer_not_found"),
        ("cus_069nnak9kphi75bkq3s0h6dn1k", 404, "customer_not_found"),
        ("agt_069nnak9kphi75bkq3s0h6dn1k", 422, "invalid_body"),
    ],
)
async def test_into_whom_nobody_can_be_merged(service: Service, into: str, status: int, code: str) -> None:
    await made(service, external_id="a")
    before = await everything(service)
    refused = await merge(service, "ext:a", into, status=status)
    assert refused["code"] == code
    assert status == 404 or refused["errors"][0]["pointer"] == "/into"
    assert await everything(service) == before


async def test_a_chain_is_taken_back_from_its_end(service: Service) -> None:
    a, b = await pair(service)
    c = await made(service, external_id="c")
    own, others = await tickets(service, a["id"]), await tickets(service, b["id"])
    await merge(service, a["id"], b["id"])
    await merge(service, b["id"], c["id"])
    assert (await service.ticket(customer={"external_id": "a"}))["customer_id"] == c["id"]
    assert len(await tickets(service, c["id"])) == 5
    refused = await unmerge(service, a["id"], status=409)
    assert (refused["code"], refused["customer_id"], refused["merged_into_id"]) == ("customer_merged", b["id"], c["id"])
    assert (await patched(service, a["id"], {"name": "x"}, status=409))["merged_into_id"] == c["id"]
    await unmerge(service, b["id"])
    assert set(await tickets(service, b["id"])) == own.keys() | others.keys()
    assert (await service.get(f"/v1/customers/{c['id']}"))["contacts"] == []
    await unmerge(service, a["id"])
    assert (set(await tickets(service, a["id"])), set(await tickets(service, b["id"]))) == (set(own), set(others))
    await rebuilt_is_live(service)


async def test_a_contact_that_two_have_brought_stays_until_both_have_left(service: Service) -> None:
    survivor = await made(service, external_id="s")
    for name in ("a", "b"):
        await made(service, external_id=name, contacts=[EMAIL])
        await merge(service, f"ext:{name}", survivor["id"])
    await patched(service, "ext:s", {"contacts": [{**EMAIL, "verified": True}]})
    await unmerge(service, "ext:a")
    assert (await service.get("/v1/customers/ext:s"))["contacts"] == [{**EMAIL, "verified": True, "primary": True}]
    await unmerge(service, "ext:b")
    assert (await service.get("/v1/customers/ext:s"))["contacts"] == []
    assert len(ids(await search(service, contact={"value": "a@example.com"}))) == 2


async def test_a_dry_run_and_a_repeat(service: Service) -> None:
    a, b = await pair(service)
    before = await everything(service)
    shown = await merge(service, a["id"], b["id"], path="?dry_run=true")
    assert (shown["merged_into_id"], shown["would_status"]) == (b["id"], 200)
    assert await everything(service) == before
    await rebuilt_is_live(service)
    headers = {"Idempotency-Key": "m-1"}
    first = await merge(service, a["id"], b["id"], headers=headers)
    await unmerge(service, a["id"])
    assert await merge(service, a["id"], b["id"], headers=headers) == first
    assert (await service.get(f"/v1/customers/{a['id']}"))["merged_into_id"] is None
    before = await everything(service)
    await merge(service, a["id"], b["id"])
    tried = await unmerge(service, a["id"], path="?dry_run=true")
    assert (tried["merged_into_id"], tried["would_status"]) == (None, 200)


async def test_two_who_are_merged_into_each_other_at_once(service: Service) -> None:
    """One merge is made, the other is refused; whichever it is, all tickets are the survivor's."""
    for number in range(6):
        one, other = await made(service, external_id=f"a{number}"), await made(service, external_id=f"b{number}")
        for name in ("a", "b"):
            await service.ticket(customer={"external_id": f"{name}{number}"})
        pairs = ((one, other), (other, one))
        answers = await asyncio.gather(
            *(service.call("POST", f"/v1/customers/{x['id']}/merge", json={"into": y["id"]}) for x, y in pairs),
            service.call("POST", "/v1/tickets", json={"customer": {"external_id": f"a{number}"}}),
        )
        assert sorted(each.status_code for each in answers) == [200, 201, 409]
        refused = next(each for each in answers if each.status_code == 409).json()
        survivor = refused["merged_into_id"]
        assert refused["code"] == "customer_merged"
        assert len(await tickets(service, survivor)) == 3
    await rebuilt_is_live(service)


async def test_work_in_the_same_moment(service: Service) -> None:
    """Merges among submissions, resolutions and reopenings of the same batch: rows and states stay one."""
    await service.come("budi", "ani")
    one, other = await made(service, external_id="a"), await made(service, external_id="b")
    tickets_ = [(await service.ticket(customer={"external_id": "a"}))["id"] for _ in range(6)]
    for ticket in tickets_[:3]:
        await service.post(f"/v1/tickets/{ticket}/resolve")
    for number in range(8):
        verbs = [service.call("POST", f"/v1/tickets/{ticket}/{verb}") for ticket in tickets_ for verb in ("reopen", "resolve")]
        x, y = (one, other) if number % 2 == 0 else (other, one)
        await asyncio.gather(
            *verbs[:5],
            service.call("POST", "/v1/tickets", json={"customer": {"external_id": "a"}}),
            service.call("POST", f"/v1/customers/{x['id']}/merge", json={"into": y["id"]}),
            *verbs[5:],
            service.call("POST", "/v1/tickets", json={"customer": {"external_id": "b"}}),
            service.call("POST", f"/v1/customers/{x['id']}/unmerge"),
            service.call("PATCH", f"/v1/customers/{y['id']}", json={"tier": f"t{number}"}),
        )
        await rebuilt_is_live(service)
    known = {**await tickets(service, one["id"]), **await tickets(service, other["id"])}
    assert len(known) == 22
    assert known.keys() >= set(tickets_)


async def test_more_than_one_transaction_bears(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = await pair(service)
    monkeypatch.setattr("app.engine.decide.merging.MOST_TICKETS", 2)
    refused = await merge(service, a["id"], b["id"], status=409)
    assert refused["code"] == "too_much_to_merge"
    monkeypatch.setattr("app.engine.decide.merging.MOST_UNITED", 1)
    monkeypatch.setattr("app.engine.decide.merging.MOST_TICKETS", 3)
    assert (await merge(service, a["id"], b["id"], status=409))["detail"].startswith("Both together")


async def test_the_log_of_a_merge_names_nobody(service: Service) -> None:
    a, b = await pair(service)
    await merge(service, a["id"], b["id"])
    await unmerge(service, a["id"])
    async with service.owner.connect() as connection:
        log = str(
            (await connection.execute(text("SELECT data FROM events UNION ALL SELECT to_jsonb(m) FROM customer_merges m"))).all()
        )
        audit = (
            await connection.execute(text("SELECT operation FROM audit_entries WHERE operation LIKE '%merge%' ORDER BY 1"))
        ).scalars()
        assert list(audit) == ["merge_customer", "unmerge_customer"]
    assert "example" not in log
    assert [
        part for part in ("8115550", "811 5550", "5550100", "5550 100") if part in log
    ] == []  # four digits may stand in an id
