"""Who changed what besides tickets: written with the change, never rewritten."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from app.db import workspace_transaction
from app.identifiers import encode
from app.queries import audit
from app.queries.audit import AuditFilter
from app.services.views.moments import stamp
from app.worker_prunes import Prunes
from tests.api.service import DOCUMENT, Service

Json = dict[str, Any]

MANY = text("""
    INSERT INTO audit_entries (workspace_id, id, at, operation, outcome, actor_type, actor_id, subject_type, subject_id, changed, times)
    SELECT :workspace, gen_random_uuid(), now() - n * interval '10 minutes', 'update_key', 'done', 'api_key', 'key_' || n % 100, 'key',
           'key_' || n % 100, '{}', 1
    FROM generate_series(1, 20000) n
""")


async def entries(service: Service, **params: Any) -> list[Json]:
    found: list[Json] = (await service.get("/v1/audit", params=params))["data"]
    return found


async def test_a_key_that_changes_is_told_with_who_and_from_where(service: Service) -> None:
    made = await service.post("/v1/keys", {"name": "Siti's tablet", "role": "integration"}, status=201)
    headers = {"User-Agent": "crm/2.1\x7f", "X-Forwarded-For": "203.0.113.7"}
    answer = await service.call(
        "PATCH", f"/v1/keys/{made['id']}", json={"scopes": ["tickets:read"], "name": "Dewi's tablet"}, headers=headers
    )
    latest, first = await entries(service, subject_id=made["id"])
    assert (first["operation"], first["changed"]["role"], first["changed"]["name"]) == ("create_key", [None, "integration"], None)
    assert latest["operation"] == "update_key"
    assert latest["changed"] == {"scopes": [None, ["tickets:read"]], "name": None}
    assert latest["request_id"] == answer.headers["request-id"]
    assert latest["actor"] == {"type": "api_key", "id": latest["key_id"]}
    assert (latest["ip"], latest["user_agent"]) == ("127.0.0.1", "crm/2.1\\x7f")
    assert await service.get(f"/v1/audit/{latest['id']}") == latest
    told = json.dumps([latest, first])
    assert made["secret"].rpartition("_")[2] not in told
    assert "tablet" not in told


async def test_what_changes_nothing_is_not_told(service: Service) -> None:
    made = await service.post("/v1/keys", {"name": "one", "role": "integration"}, status=201)
    path, headers = f"/v1/keys/{made['id']}", {"Idempotency-Key": "k"}
    await service.post(f"{path}/revoke", params={"dry_run": "true"})
    for _ in range(2):
        await service.post(f"{path}/revoke", headers=headers)
    await service.post(f"{path}/revoke")
    await service.post(f"{path}/rotate", {"overlap_seconds": 0}, status=409)
    assert [one["operation"] for one in await entries(service, subject_id=made["id"])] == ["revoke_key", "create_key"]


async def test_a_configuration_and_a_clock_are_told_in_the_transaction_of_the_writer(service: Service) -> None:
    before = await service.last_seq()
    document = {**DOCUMENT, "agents": [*DOCUMENT["agents"], {"name": "tono", "title": "Tono", "external_id": "hr-9"}]}
    answer = await service.apply(document, version=1)
    await service.post("/v1/sandbox/clock/advance", {"seconds": 7200})
    clock, applied, first = [one for one in await entries(service) if not one["operation"].endswith("_key")]
    assert (first["operation"], first["changed"]) == ("apply_configuration", {"configuration_version": [0, 1]})
    assert (applied["subject"]["type"], applied["changed"]) == ("configuration", {"configuration_version": [1, 2]})
    assert applied["request_id"] == answer.headers["request-id"]
    events = (await service.get("/v1/events", params={"after": before, "type": "configuration.applied"}))["data"]
    assert [one["seq"] for one in events] == [applied["seq"]]
    assert (clock["operation"], clock["changed"]) == ("advance_clock", {"seconds": [None, 7200]})
    assert clock["subject"] == {"type": "workspace", "id": encode("wsp", service.workspace.id)}
    assert "hr-9" not in json.dumps(applied)


async def test_a_clock_that_stops_on_the_way_is_one_entry(service: Service) -> None:
    """Several commands of one request, one entry; and a request after it is another one's."""
    await service.ticket()
    await service.post("/v1/sandbox/clock/advance", {"seconds": 10}, headers={"Idempotency-Key": "k"})
    await service.ticket()
    assert len(await entries(service, operation="advance_clock")) == 1
    assert {one["operation"] for one in await entries(service)} == {"create_key", "apply_configuration", "advance_clock"}


async def test_a_refused_change_leaves_no_entry(service: Service) -> None:
    assert (await service.apply(version=7)).status_code == 412
    assert (await service.apply({"queues": [{"name": "x", "routing_policy": "nobodys"}]}, version=1)).status_code == 422
    assert len(await entries(service, operation="apply_configuration")) == 1


async def test_denied_attempts_are_counted_into_one_entry(service: Service) -> None:
    for _ in range(3):
        await service.call("POST", "/v1/keys", who="supervisor", json={"name": "x", "role": "admin"})
    await service.call("GET", "/v1/keys", who="supervisor")
    await service.call("POST", "/v1/tickets", who="read_only", json={})
    await service.services.denials.write()
    (denied,) = await entries(service, outcome="denied")
    assert (denied["operation"], denied["times"], denied["subject"]) == (
        "create_key",
        3,
        {"type": "operation", "id": "create_key"},
    )
    (key,) = [one["id"] for one in (await service.get("/v1/keys", params={"role": "supervisor"}))["data"]]
    assert denied["actor"]["id"] == key


async def test_pages_and_filters(service: Service) -> None:
    made = [await service.post("/v1/keys", {"name": str(n), "role": "integration"}, status=201) for n in range(5)]
    found, cursor = [], None
    while True:
        params = {"operation": "create_key", "limit": 2} | ({} if cursor is None else {"cursor": cursor})
        page = await service.get("/v1/audit", params=params)
        found += page["data"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert [one["subject"]["id"] for one in found][:5] == [one["id"] for one in reversed(made)]
    assert [one["at"] for one in found] == sorted((one["at"] for one in found), reverse=True)
    assert len(found) == len({one["id"] for one in found}) == 6  # the first is the command line's, of the key that asks here
    assert (found[-1]["actor"], found[-1]["key_id"]) == ({"type": "system", "id": "cli"}, None)
    ahead = stamp(datetime.now(UTC) + timedelta(hours=1))
    assert await entries(service, created_after=ahead) == []
    assert len(await entries(service, created_before=ahead, actor_id="cli")) == 1


async def test_the_application_can_neither_rewrite_nor_delete(service: Service) -> None:
    for statement in ("UPDATE audit_entries SET operation = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError) as refused:
            async with workspace_transaction(service.services.engine, service.workspace.id) as connection:
                await connection.execute(text(statement))
        assert getattr(refused.value.orig, "sqlstate", None) == "42501"


async def test_only_what_is_old_is_forgotten_however_little_is_asked_for(service: Service) -> None:
    """The function forgets nothing younger than thirty days, whoever calls it with what."""
    made = await service.post("/v1/keys", {"name": "one", "role": "integration"}, status=201)
    await _age(service, "create_key", days=29)
    prunes = Prunes(service.services.engine, audit_days=1)
    await prunes.round()
    assert len(await entries(service, subject_id=made["id"])) == 1
    await _age(service, "create_key", days=2)
    assert await prunes.round() == 2
    assert await entries(service, subject_id=made["id"]) == []
    assert len(await entries(service)) == 1


async def _age(service: Service, operation: str, *, days: int) -> None:
    async with service.owner.begin() as connection:
        statement = text("UPDATE audit_entries SET at = at - :days * interval '1 day' WHERE operation = :operation")
        await connection.execute(statement, {"days": days, "operation": operation})


@pytest.mark.parametrize(
    "wanted",
    [
        AuditFilter(),
        AuditFilter(actor_id="key_7"),
        AuditFilter(subject_id="key_7"),
        AuditFilter(since=datetime.now(UTC) - timedelta(days=1)),
    ],
)
async def test_no_page_reads_the_whole_audit(service: Service, wanted: AuditFilter) -> None:
    """Each kind of look-up has its index, in the order that is wanted."""
    async with service.owner.connect() as connection:
        autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await autocommit.execute(MANY, {"workspace": UUID(bytes=service.workspace.id)})
        await autocommit.execute(text("ANALYZE audit_entries"))
        page = audit.selected(UUID(bytes=service.workspace.id), wanted, before=(datetime.now(UTC), UUID(int=0)), limit=51)
        said = str(page.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]
        plan = "\n".join((await autocommit.execute(text("EXPLAIN " + said.replace(":", "\\:")))).scalars().all())
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
