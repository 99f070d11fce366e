"""Idempotency-Key on every POST and PATCH: the first answer again, whatever has happened since."""

import asyncio
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from app.main import create_app
from app.settings import Settings
from tests.api.service import DOCUMENT, Service
from tests.api.test_objects import TABLE

WRITES = {"POST", "PATCH"}
WITHOUT = {"/v1/sessions"}  # its code is good once, and that is the point
READS = ("/search", "/v1/candidates", "/v1/configuration/trial")  # their question stands in the body
HEADERS = {"Idempotency-Key": "k"}
DOCUMENTED: dict[str, Any] = create_app(Settings()).openapi()["paths"]


def writes() -> list[str]:
    routes = [route for route in create_app(Settings()).routes if isinstance(route, APIRoute)]
    routes = [route for route in routes if route.path not in WITHOUT]
    found = [f"{method} {route.path}" for route in routes for method in sorted((route.methods or set()) & WRITES)]
    return [operation for operation in found if not operation.endswith(READS)]


@pytest.mark.parametrize("operation", writes())
def test_every_write_describes_the_key_and_what_goes_wrong_with_it(operation: str) -> None:
    method, path = operation.split()
    described = DOCUMENTED[path][method.lower()]
    assert "Idempotency-Key" in [one["name"] for one in described["parameters"]]
    assert "`idempotency_key_reused`" in described["responses"]["422"]["description"]
    assert "`invalid_header`" in described["responses"]["400"]["description"]


BODIES: dict[str, Any] = {
    "POST /v1/tickets": {"subject": "a"},
    "POST /v1/tickets/bulk": {"items": [{"operation": "create", "ticket": {}}]},
    "PATCH /v1/tickets/{ticket}": {"tags": ["a"]},
    "POST /v1/tickets/{ticket}/assign": {"agent_id": "ext:hr-1", "force": True},
    "POST /v1/tickets/{ticket}/transfer": {"team": "senior", "reason": "law"},
    "POST /v1/tickets/{ticket}/snooze": {"seconds": 60},
    "POST /v1/tickets/{ticket}/take": {"agent_id": "ani"},
    "POST /v1/tickets/{ticket}/marks": {"kind": "replying", "agent_id": "ani"},
    "POST /v1/queues/{queue}/take": {"agent_id": "budi"},
    "POST /v1/tickets/{ticket}/messages": {"direction": "outbound", "text": "Halo"},
    "POST /v1/tickets/{ticket}/pending": {"reason": "customer"},
    "POST /v1/agents/{agent}/presence": {"presence": "away"},
    "POST /v1/sandbox/clock/advance": {"seconds": 60},
    "POST /v1/rules/{ref}/move": {"position": 1},
    **{f"POST /v1/{resource}": new for resource, (new, _, _) in TABLE.items()},
    **{f"PATCH /v1/{resource}/{{ref}}": patch for resource, (_, patch, _) in TABLE.items()},
    "PATCH /v1/agents/{agent}": {"capacity": 1},
    "POST /v1/customers": {"name": "Dewi"},
    "POST /v1/customers/bulk": {"items": [{"external_id": "b", "name": "Budi"}]},
    "PATCH /v1/customers/{customer}": {"name": "Lestari"},
    "POST /v1/customers/{customer}/merge": {"into": "ext:other"},
    "POST /v1/keys": {"name": "CRM", "role": "integration"},
    "PATCH /v1/keys/{key}": {"scopes": ["tickets:read"]},
    "POST /v1/keys/{key}/rotate": {"overlap_seconds": 60},
}


async def ready(service: Service, operation: str) -> str:
    """The path of an operation that can be done now."""
    path = operation.split()[1]
    if "{offer}" in path:
        await service.come("budi")
        ticket = await service.ticket(queue="asked")
        return path.replace("{offer}", ticket["offer_id"])
    if "{ref}" in path:
        resource = path.split("/")[2]
        name = TABLE[resource][0]["name"]
        await service.post(f"/v1/{resource}", TABLE[resource][0], status=201)
        if path.endswith("/undo"):
            assert (await service.call("PATCH", f"/v1/{resource}/{name}", json=TABLE[resource][1])).status_code == 200
        return path.replace("{ref}", name)
    if "{ticket}" in path:
        await service.come("ani")
        ticket = await service.ticket(text="refund")
        if path.endswith(("/close", "/reopen")):
            await service.post(f"/v1/tickets/{ticket['id']}/resolve")
        return path.replace("{ticket}", ticket["id"])
    if "{key}" in path:
        made = await service.post("/v1/keys", {"name": "CRM", "role": "integration"}, status=201)
        return path.replace("{key}", made["id"])
    if "{customer}" in path:
        one, other = [(await service.post("/v1/customers", {"external_id": name}, status=201))["id"] for name in ("one", "other")]
        if path.endswith("/unmerge"):
            await service.post(f"/v1/customers/{one}/merge", {"into": other})
        return path.replace("{customer}", one)
    if "{queue}" in path:
        await service.come("budi")
    return path.replace("{agent}", "budi").replace("{queue}", "plain")


def without_secret(document: Any) -> Any:
    """What is kept of an answer: the secret of a key is shown once."""
    return {**document, "secret": None} if "secret" in document else document


@pytest.mark.parametrize("operation", writes())
async def test_a_repeat_gets_the_first_answer_and_changes_nothing(service: Service, operation: str) -> None:
    method, path = operation.split(maxsplit=1)[0], await ready(service, operation)
    body = BODIES.get(operation)
    options: Any = {"headers": HEADERS, **({} if body is None else {"json": body})}
    first = await service.call(method, path, **options)
    assert first.status_code in (200, 201), first.text
    before = await service.last_seq()
    again = await service.call(method, path, **options)
    assert (again.status_code, again.json()) == (first.status_code, without_secret(first.json()))
    assert (again.headers["idempotency-replayed"], "idempotency-replayed" in first.headers) == ("true", False)
    assert await service.last_seq() == before
    other = await service.call("POST", "/v1/tickets", json={"subject": "other"}, headers=HEADERS)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    queried = await service.call(method, f"{path}?dry_run=false", **options)
    assert queried.status_code in (400, 422)
    assert await service.last_seq() == before


@pytest.mark.parametrize("operation", writes())
async def test_a_key_that_is_none_changes_nothing(service: Service, operation: str) -> None:
    method, path = operation.split(maxsplit=1)[0], await ready(service, operation)
    before = await service.last_seq()
    for key in ("", "x" * 256, "k\u00e9y", "a\nb", "a\x7f"):
        headers = [(b"Idempotency-Key", key.encode()), (b"Authorization", f"Bearer {await service.key('admin')}".encode())]
        response = await service.client.request(method, path, json=BODIES.get(operation, {}), headers=headers)
        assert (response.status_code, response.json()["code"]) == (400, "invalid_header")
    assert await service.last_seq() == before


async def test_a_read_has_no_key(service: Service) -> None:
    ticket = await service.ticket()
    for headers in (HEADERS, {"Idempotency-Key": "x" * 300}):
        assert (await service.get(f"/v1/tickets/{ticket['id']}", headers=headers))["id"] == ticket["id"]


async def test_who_has_left_since_is_no_reason_to_forget_the_answer(service: Service) -> None:
    first = await service.call("POST", "/v1/agents/budi/presence", json={"presence": "available"}, headers=HEADERS)
    kept = [agent for agent in DOCUMENT["agents"] if agent["name"] != "budi"]
    gone = await service.call(
        "PUT", "/v1/configuration?prune=true", json={**DOCUMENT, "agents": kept}, headers={"If-Match": '"1"'}
    )
    assert gone.status_code == 200, gone.text
    again = await service.call("POST", "/v1/agents/budi/presence", json={"presence": "available"}, headers=HEADERS)
    assert (again.status_code, again.content) == (200, first.content)
    fresh = {"Idempotency-Key": "another"}
    await service.post("/v1/agents/budi/presence", {"presence": "available"}, status=404, headers=fresh)


NAMING: list[tuple[str, str, Any]] = [
    ("POST", "", {"queue": "plain", "team": "senior", "require_skills": [{"skill": "refunds", "level": 1}]}),
    ("PATCH", "/ext:x", {"require_skills": [{"skill": "refunds", "level": 2}]}),
    ("POST", "/ext:x/assign", {"agent_id": "ext:hr-1", "force": True}),
    ("POST", "/ext:x/messages", {"direction": "inbound", "text": "Halo"}),
    ("POST", "/ext:x/resolve", None),
    *(
        ("POST", "/bulk", {"items": [item], "atomic": atomic})
        for atomic in (False, True)
        for item in (
            {"operation": "create", "ticket": {"queue": "plain", "team": "senior"}},
            {"operation": "update", "id": "ext:x", "changes": {"tags": ["a"]}},
            {"operation": "assign", "id": "ext:x", "agent_id": "ext:hr-1", "force": True},
        )
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), NAMING)
async def test_what_is_named_and_gone_since_is_no_reason_to_forget_the_answer(
    service: Service, method: str, path: str, body: Any
) -> None:
    options: Any = {} if body is None else {"json": body}
    await service.come("ani")
    await service.ticket(external_id="x", queue="general")
    first = await service.call(method, f"/v1/tickets{path}", headers=HEADERS, **options)
    assert first.status_code in (200, 201), first.text
    for one in (await service.get("/v1/tickets", params={"status_group": "open"}))["data"]:
        await service.post(f"/v1/tickets/{one['id']}/resolve")
    left = {key: DOCUMENT[key] for key in ("time_zone", "routing_policies")}
    left |= {"teams": DOCUMENT["teams"][:1], "queues": [{"name": "other", "routing_policy": "standard", "teams": ["billing"]}]}
    pruned = await service.call("PUT", "/v1/configuration?prune=true", json=left, headers={"If-Match": '"1"'})
    assert pruned.status_code == 200, pruned.text
    async with service.owner.begin() as connection:
        await connection.execute(text("UPDATE tickets SET external_id = 'y' WHERE external_id = 'x'"))
    again = await service.call(method, f"/v1/tickets{path}", headers=HEADERS, **options)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    fresh = await service.call(method, f"/v1/tickets{path}", headers={"Idempotency-Key": "another"}, **options)
    assert fresh.status_code in (404, 422) or [one["status"] for one in fresh.json()["results"]] in ([404], [422])
    tried = await service.call(method, f"/v1/tickets{path}?dry_run=true", headers=HEADERS, **options)
    assert (tried.status_code, "idempotency-replayed" in tried.headers) == (fresh.status_code, False)


async def test_only_what_was_done_is_kept(service: Service) -> None:
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}"
    await service.post(f"{path}/close", status=409, headers=HEADERS)
    await service.post(f"{path}/resolve")
    await service.post(f"{path}/close", headers=HEADERS)
    async with service.owner.connect() as connection:
        assert (await connection.execute(text("SELECT status FROM idempotency_keys"))).scalars().all() == [200]


async def test_a_sandboxs_clock_moves_once_for_one_key(service: Service) -> None:
    body = {"seconds": 86_400}
    calls = (service.call("POST", "/v1/sandbox/clock/advance", json=body, headers=HEADERS) for _ in range(4))
    answers = await asyncio.gather(*calls)
    assert len({answer.content for answer in answers}) == 1
    assert (await service.get("/v1/sandbox/clock"))["offset_seconds"] == 86_400
    await service.post("/v1/sandbox/clock/advance", {"seconds": 60}, headers=HEADERS, status=422)
    assert (await service.get("/v1/sandbox/clock"))["offset_seconds"] == 86_400
