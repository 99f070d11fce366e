from typing import Any

import httpx
import pytest

from app.main import create_app, serving
from app.models.workspaces import Mode
from app.services import workspaces
from app.settings import Settings
from tests.api.service import Service
from tests.databases import Database


async def test_a_ticket_goes_to_whoever_may_take_it(service: Service) -> None:
    await service.come("ani", "budi")
    response = await service.call("POST", "/v1/tickets", json={"subject": "Help", "text": "please refund"})
    ticket = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/tickets/{ticket['id']}"
    assert response.headers["etag"] == f'"{ticket["version"]}"'
    assert (ticket["status"], ticket["status_group"], ticket["number"]) == ("assigned", "open", 1)
    assert (ticket["queue"], ticket["category"], ticket["tags"]) == ("general", "billing", ["refund"])
    assert ticket["require_skills"] == [{"skill": "refunds", "level": 3}]
    assert ticket["agent_id"] == (await service.get("/v1/agents/ani"))["id"]
    assert ticket["waiting_since_at"] is None


async def test_what_is_created_is_what_is_read(service: Service) -> None:
    created = await service.ticket(
        kind="chat",
        channel="whatsapp",
        priority="high",
        subject="Tagihan",
        text="dua kali",
        language="id",
        area="bandung",
        external_id="wa/5521 ü",
        queue="plain",
        team="senior",
        wish_skills=[{"skill": "refunds", "level": 2}],
        tags=["a", "b"],
        attributes={"value": 250000, "ratio": 0.5, "vip": True, "note": "x"},
        metadata={"source": "crm"},
        customer={"external_id": "crm-81", "name": "Dewi", "tier": "vip", "language": "id"},
    )
    assert (created["status"], created["agent_id"]) == ("waiting", None)
    assert created["attributes"] == {"value": 250000, "ratio": 0.5, "vip": True, "note": "x"}
    assert await service.get(f"/v1/tickets/{created['id']}") == created


async def test_lookup_by_external_id_and_expansion(service: Service) -> None:
    created = await service.ticket(external_id="wa-1", customer={"name": "Dewi"})
    found = await service.get("/v1/tickets/ext:wa-1", params={"expand": ["decision", "customer"]})
    assert found["id"] == created["id"]
    assert found["decision"]["id"] == created["decision_id"]
    assert found["customer"]["name"] == "Dewi"


async def test_a_known_external_id_gets_the_ticket_as_it_is_now(service: Service) -> None:
    first = await service.ticket(external_id="wa-1", subject="first")
    await service.post(f"/v1/tickets/{first['id']}/cancel")
    before = await service.last_seq()
    response = await service.call("POST", "/v1/tickets", json={"external_id": "wa-1", "subject": "second"})
    assert response.status_code == 200
    assert response.headers["giliran-existing"] == "true"
    assert (response.json()["subject"], response.json()["status"]) == ("first", "cancelled")
    assert await service.last_seq() == before


async def test_a_repeat_under_a_key_gets_the_same_bytes(service: Service) -> None:
    headers = {"Idempotency-Key": "crm 4711"}
    first = await service.call("POST", "/v1/tickets", json={"subject": "one"}, headers=headers)
    again = await service.call("POST", "/v1/tickets", json={"subject": "one"}, headers=headers)
    assert again.content == first.content
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.headers["location"] == first.headers["location"]
    other = await service.call("POST", "/v1/tickets", json={"subject": "two"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await service.get("/v1/tickets/count"))["count"] == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"subject": 5}, "/subject"),
        ({"priority": "highest"}, "/priority"),
        ({"subjcet": "typo"}, "/subjcet"),
        ({"text": "ä" * 20_000}, "/text"),
        ({"tags": ["t"] * 21}, "/tags"),
        ({"attributes": {"Bad Key": 1}}, "/attributes/Bad Key"),
        ({"attributes": {"list": []}}, "/attributes/list"),
        ({"attributes": {"__proto__": 1}}, "/attributes"),
        ({"attributes": {"n": 2**63}}, "/attributes/n"),
        ({"metadata": {"$where": "1"}}, "/metadata/$where"),
        ({"subject": "one\ntwo"}, "/subject"),
        ({"metadata": {"big": "x" * 17_000}}, ""),
        ({"require_skills": [{"skill": "refunds", "level": "3"}]}, "/require_skills/0/level"),
        ({"require_skills": [{"skill": "cooking", "level": 3}]}, "/require_skills/0/skill"),
        ({"queue": "nowhere"}, "/queue"),
        ({"team": "nobody"}, "/team"),
        ({"customer": {}}, "/customer"),
        ({"external_id": ""}, "/external_id"),
    ],
)
async def test_a_wrong_body_is_refused_with_its_place(service: Service, body: dict[str, Any], pointer: str) -> None:
    before = await service.last_seq()
    response = await service.call("POST", "/v1/tickets", json=body)
    assert response.status_code == 422, response.text
    assert [mistake["pointer"] for mistake in response.json()["errors"]] == [pointer]
    assert await service.last_seq() == before


async def test_a_dry_run_shows_the_ticket_and_why_and_changes_nothing(service: Service) -> None:
    await service.come("ani", "budi")
    before = await service.last_seq()
    headers = {"Idempotency-Key": "k"}
    body = {"text": "refund", "customer": {"name": "Dewi"}}
    response = await service.call("POST", "/v1/tickets?dry_run=true", json=body, headers=headers)
    ticket = response.json()
    assert (response.status_code, response.headers["dry-run"]) == (200, "true")
    assert [ticket[name] for name in ("id", "number", "decision_id", "customer_id")] == [None] * 4
    assert (ticket["would_status"], ticket["status"]) == (201, "assigned")
    assert ticket["decision"]["agent"] == "ani"
    assert "Ani Wijaya" in ticket["decision"]["explanation"]
    assert await service.last_seq() == before
    real = await service.call("POST", "/v1/tickets", json=body, headers=headers)
    assert (real.status_code, real.json()["number"]) == (201, 1)
    assert real.json()["agent_id"] == ticket["agent_id"]


async def test_a_dry_run_with_a_known_external_id_shows_that_ticket(service: Service) -> None:
    made = await service.ticket(external_id="wa-1")
    shown = await service.post("/v1/tickets?dry_run=true", {"external_id": "wa-1"})
    assert (shown["id"], shown["would_status"]) == (made["id"], 200)


async def test_long_texts_meet_the_same_patterns(service: Service) -> None:
    ticket = await service.ticket(text="x " * 5000 + "refund")
    assert ticket["category"] == "billing"


async def test_nothing_is_taken_before_a_configuration(bare: Service) -> None:
    response = await bare.call("POST", "/v1/tickets", json={})
    assert (response.status_code, response.json()["code"]) == (409, "no_queue")


async def test_a_version_that_is_known_is_not_sent_again(service: Service) -> None:
    ticket = await service.ticket()
    response = await service.call("GET", f"/v1/tickets/{ticket['id']}", headers={"If-None-Match": '"1", "2", "3"'})
    assert (response.status_code, response.headers["etag"]) == (304, f'"{ticket["version"]}"')


@pytest.mark.parametrize(
    "ref", ["tkt_00000000000000000000000000", "tkt_x", "que_00000000000000000000000000", "ext:none", "ext:", "1"]
)
async def test_an_unknown_ticket_is_not_found(service: Service, ref: str) -> None:
    for response in (
        await service.call("GET", f"/v1/tickets/{ref}"),
        await service.call("GET", f"/v1/tickets/{ref}/timers"),
        await service.call("POST", f"/v1/tickets/{ref}/resolve"),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "ticket_not_found")


async def test_another_workspaces_ticket_is_not_found(service: Service) -> None:
    ticket = await service.ticket(external_id="mine")
    other = Service(
        service.app,
        service.services,
        service.owner,
        await workspaces.create(service.owner, slug="other", mode=Mode.LIVE),
        service.client,
    )
    assert (await other.apply()).status_code == 200
    for ref in (ticket["id"], "ext:mine"):
        assert (await other.get(f"/v1/tickets/{ref}", status=404))["code"] == "ticket_not_found"
    assert (await other.get(f"/v1/decisions/{ticket['decision_id']}", status=404))["code"] == "decision_not_found"
    assert (await other.get("/v1/tickets"))["data"] == []


async def test_a_process_that_hears_late_of_a_configuration_names_its_queues(service: Service, database: Database) -> None:
    await service.ticket()
    settings = Settings(database_url=database.app_url, pool_size=4)
    async with serving(settings) as elsewhere:
        app = create_app(settings, elsewhere)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            other = Service(app, elsewhere, service.owner, service.workspace, client)
            assert (await other.ticket())["queue"] == "general"
            document = {"queues": [{"name": "new", "routing_policy": "standard", "teams": ["senior"]}], "default_queue": "new"}
            assert (await service.apply(document, version=1)).status_code == 200
            late = await other.ticket(text="refund")
            assert late["queue"] == "new"
            assert await service.get(f"/v1/tickets/{late['id']}") == late
