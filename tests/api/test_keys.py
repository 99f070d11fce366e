"""Keys over the API: made once, narrowed, rotated, revoked; nobody gives away more than they have."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.engine.vocabulary import Role
from app.identifiers import read
from app.main import create_app, serving
from app.services import workspace_keys
from app.services.views.moments import stamp
from app.services.workspace_keys import KeyDraft
from app.settings import Settings
from tests.api.service import Service
from tests.databases import Database

Json = dict[str, Any]
INTEGRATION = {"name": "CRM", "role": "integration"}


def in_days(days: float) -> str:
    return stamp(datetime.now(UTC) + timedelta(days=days))


async def with_secret(
    service: Service, secret: str, path: str = "/v1/tickets", method: str = "GET", **more: Any
) -> httpx.Response:
    return await service.client.request(method, path, headers={"Authorization": f"Bearer {secret}"}, **more)


async def code_with(service: Service, secret: str, **more: Any) -> tuple[int, str]:
    answer = await with_secret(service, secret, **more)
    return answer.status_code, answer.json().get("code", "")


async def make(service: Service, **fields: Any) -> Json:
    made: Json = await service.post("/v1/keys", {**INTEGRATION, **fields}, status=201)
    return made


async def refused(service: Service, body: Json, *, who: str = "admin") -> Json:
    answer = await service.call("POST", "/v1/keys", who=who, json=body)
    assert answer.status_code == 422, answer.text
    (mistake,) = answer.json()["errors"]
    found: Json = mistake
    return found


async def test_a_key_is_made_and_its_secret_shown_once(service: Service) -> None:
    answer = await service.call("POST", "/v1/keys", json=INTEGRATION)
    made = answer.json()
    assert answer.headers["location"] == f"/v1/keys/{made['id']}"
    assert (await with_secret(service, made["secret"])).status_code == 200
    shown = await service.call("GET", f"/v1/keys/{made['id']}")
    assert shown.headers["etag"] == '"1"'
    assert {**shown.json(), "secret": made["secret"], "last_used_at": None} == made
    listed = await service.call("GET", "/v1/keys", params={"role": "integration"})
    assert [one["id"] for one in listed.json()["data"]] == [made["id"]]
    assert made["secret"].rpartition("_")[2] not in shown.text + listed.text
    assert made["last_four"] == made["secret"][-4:]


async def test_a_repeat_makes_no_second_key_and_the_stored_answer_holds_no_secret(service: Service) -> None:
    headers = {"Idempotency-Key": "once"}
    calls = (service.call("POST", "/v1/keys", json=INTEGRATION, headers=headers) for _ in range(4))
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    (secret,) = {answer.json()["secret"] for answer in answers} - {None}
    rotated = await service.post(
        f"/v1/keys/{answers[0].json()['id']}/rotate", {"overlap_seconds": 60}, headers={"Idempotency-Key": "r"}
    )
    async with service.owner.connect() as connection:
        tables = (await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).scalars().all()
        stored = [str((await connection.execute(text(f"SELECT * FROM {table}"))).all()) for table in tables]
    for one in (secret, rotated["secret"]):
        assert not any(one.rpartition("_")[2] in rows for rows in stored)
    assert len((await service.get("/v1/keys", params={"role": "integration"}))["data"]) == 1


async def test_a_key_may_be_narrowed_and_is_told_what_it_lacks(service: Service) -> None:
    made = await make(service, scopes=["tickets:read"])
    assert (await with_secret(service, made["secret"])).status_code == 200
    answer = await with_secret(service, made["secret"], method="POST", json={})
    assert (answer.status_code, answer.json()["code"], answer.json()["scope"]) == (403, "missing_scope", "tickets:write")
    await service.call("PATCH", f"/v1/keys/{made['id']}", json={"scopes": None})
    await asyncio.sleep(1)
    assert (await with_secret(service, made["secret"], method="POST", json={})).status_code == 201


async def test_scopes_stand_in_one_table(service: Service) -> None:
    mistake = await refused(service, {**INTEGRATION, "scopes": ["tickets:read", "configuration:write"]})
    assert (mistake["pointer"], mistake["code"]) == ("/scopes/1", "not_allowed")
    assert "tickets:write" in mistake["allowed"]
    made = await make(service)
    answer = await service.call("PATCH", f"/v1/keys/{made['id']}", json={"scopes": ["keys:write"]})
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/scopes/0"]
    assert (await refused(service, {**INTEGRATION, "scopes": []}))["pointer"] == "/scopes"


async def test_an_agents_key_is_somebodys(service: Service) -> None:
    assert (await refused(service, {"name": "tablet", "role": "agent"}))["pointer"] == "/agent_id"
    assert (await refused(service, {**INTEGRATION, "agent_id": "ext:hr-1"}))["pointer"] == "/agent_id"
    for ani in ("ext:hr-1", "ani"):
        made = await make(service, role="agent", agent_id=ani)
        me = await with_secret(service, made["secret"], "/v1/me")
        assert (me.json()["agent"]["id"], me.json()["agent"]["name"]) == (made["agent_id"], "ani")


async def test_an_end_lies_ahead(service: Service) -> None:
    assert (await refused(service, {**INTEGRATION, "expires_at": "2020-01-01T00:00:00Z"}))["pointer"] == "/expires_at"
    made = await make(service, expires_at=stamp(datetime.now(UTC) + timedelta(seconds=2)))
    assert (await with_secret(service, made["secret"])).status_code == 200
    await _until(service, made["secret"], (401, "key_expired"), seconds=4)


@pytest.mark.parametrize(
    "body",
    [
        {"role": "admin"},
        {"role": "integration"},
        {"role": "read_only", "scopes": ["keys:read"]},
        {"role": "admin", "scopes": ["keys:write", "audit:read"]},
    ],
)
async def test_nobody_makes_a_key_with_more_rights_than_their_own(service: Service, body: Json) -> None:
    narrow = await make(service, role="admin", scopes=["keys:read", "keys:write", "tickets:read"])
    answer = await with_secret(service, narrow["secret"], "/v1/keys", "POST", json={"name": "x", **body})
    if body.get("scopes") == ["keys:read"]:
        assert answer.status_code == 422  # no reader has it at all
        return
    assert (answer.status_code, answer.json()["code"]) == (403, "exceeds_own_rights")
    assert not set(answer.json()["scopes"]) & {"keys:write", "tickets:read"}
    assert answer.json()["scopes"]
    within = await with_secret(
        service, narrow["secret"], "/v1/keys", "POST", json={"name": "x", "role": "integration", "scopes": ["tickets:read"]}
    )
    assert within.status_code == 201


async def test_no_other_way_to_more_rights(service: Service) -> None:
    """Neither by another key's new secret nor by widening one; taking rights away is no gain."""
    narrow = await make(service, role="admin", scopes=["keys:read", "keys:write"])
    mighty = await make(service, role="admin")
    for path, body in (("rotate", {"overlap_seconds": 0}),):
        answer = await with_secret(service, narrow["secret"], f"/v1/keys/{mighty['id']}/{path}", "POST", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "exceeds_own_rights")
    widened = await with_secret(service, narrow["secret"], f"/v1/keys/{narrow['id']}", "PATCH", json={"scopes": None})
    assert (widened.status_code, widened.json()["code"]) == (403, "exceeds_own_rights")
    assert (await with_secret(service, narrow["secret"], f"/v1/keys/{mighty['id']}/revoke", "POST")).status_code == 200


async def test_nobody_makes_a_key_that_outlives_their_own(service: Service) -> None:
    short = await make(service, role="admin", expires_at=in_days(1))
    for end in (None, in_days(2)):
        body = {**INTEGRATION, "expires_at": end}
        answer = await with_secret(service, short["secret"], "/v1/keys", "POST", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "exceeds_own_rights"), end
    longer = await with_secret(service, short["secret"], f"/v1/keys/{short['id']}", "PATCH", json={"expires_at": in_days(2)})
    assert longer.status_code == 403
    body = {**INTEGRATION, "expires_at": in_days(0.5)}
    assert (await with_secret(service, short["secret"], "/v1/keys", "POST", json=body)).status_code == 201


async def test_two_secrets_are_right_during_an_overlap_and_never_three(service: Service) -> None:
    made = await make(service)
    path = f"/v1/keys/{made['id']}/rotate"
    second = await service.post(path, {"overlap_seconds": 600})
    assert second["previous_until_at"] is not None
    await asyncio.sleep(1)
    assert [(await with_secret(service, one["secret"])).status_code for one in (made, second)] == [200, 200]
    third = await service.post(path, {"overlap_seconds": 600})
    await _until(service, made["secret"], (401, "invalid_key"))
    assert [(await with_secret(service, one["secret"])).status_code for one in (second, third)] == [200, 200]
    fourth = await service.post(path, {"overlap_seconds": 0})
    assert fourth["previous_until_at"] is None
    for old in (second, third):
        await _until(service, old["secret"], (401, "invalid_key"))
    assert (await with_secret(service, fourth["secret"])).status_code == 200


async def test_a_revoked_key_is_refused_within_a_second_on_every_process(service: Service, database: Database) -> None:
    made = await make(service)
    settings = Settings(database_url=database.app_url, allowed_hosts="*", pool_size=2)
    async with serving(settings) as other:
        transport = httpx.ASGITransport(create_app(settings, other))
        async with httpx.AsyncClient(transport=transport, base_url="http://giliran.test") as client:
            there = Service(service.app, other, service.owner, service.workspace, client)
            assert (await with_secret(there, made["secret"])).status_code == 200
            assert (await with_secret(service, made["secret"])).status_code == 200
            await service.post(f"/v1/keys/{made['id']}/revoke")
            await asyncio.sleep(1)
            for process in (there, service):
                assert await code_with(process, made["secret"]) == (401, "key_revoked")


async def test_a_revoked_key_stays_as_it_is(service: Service) -> None:
    made = await make(service)
    first = await service.post(f"/v1/keys/{made['id']}/revoke")
    assert await service.post(f"/v1/keys/{made['id']}/revoke", headers={"If-Match": '"1"'}) == first
    for path, body in (("/rotate", {"overlap_seconds": 0}),):
        assert (await service.post(f"/v1/keys/{made['id']}{path}", body, status=409))["code"] == "key_is_revoked"
    answer = await service.call("PATCH", f"/v1/keys/{made['id']}", json={"name": "other"})
    assert (answer.status_code, answer.json()["code"]) == (409, "key_is_revoked")


async def test_the_last_key_that_can_make_keys_stays(service: Service) -> None:
    (own,) = [one["id"] for one in (await service.get("/v1/keys", params={"role": "admin"}))["data"]]
    await make(service, role="admin", scopes=["keys:read"])
    await make(service, role="admin", expires_at=in_days(1))
    ended = (await service.get("/v1/keys", params={"role": "admin"}))["data"][-1]["id"]
    await service.post(f"/v1/keys/{ended}/revoke")
    assert (await service.post(f"/v1/keys/{own}/revoke", status=409))["code"] == "last_admin_key"
    answer = await service.call("PATCH", f"/v1/keys/{own}", json={"scopes": ["tickets:read"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin_key")


async def test_two_administrators_cannot_revoke_each_other(service: Service) -> None:
    first, second = await make(service, role="admin"), await make(service, role="admin")
    (own, *_) = [one["id"] for one in (await service.get("/v1/keys", params={"role": "admin"}))["data"]]
    await with_secret(service, first["secret"], f"/v1/keys/{own}/revoke", "POST")
    assert (await with_secret(service, second["secret"])).status_code == 200
    answers = await asyncio.gather(
        with_secret(service, first["secret"], f"/v1/keys/{second['id']}/revoke", "POST"),
        with_secret(service, second["secret"], f"/v1/keys/{first['id']}/revoke", "POST"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_dry_run_makes_nothing_that_opens(service: Service) -> None:
    made = await make(service)
    tried = await service.post("/v1/keys", INTEGRATION, params={"dry_run": "true"})
    assert (tried["id"], tried["secret"], tried["would_status"]) == (None, None, 201)
    tried = await service.post(f"/v1/keys/{made['id']}/rotate", {"overlap_seconds": 0}, params={"dry_run": "true"})
    assert (tried["secret"], tried["would_status"], tried["version"]) == (None, 200, 2)
    await service.post(f"/v1/keys/{made['id']}/revoke", params={"dry_run": "true"})
    assert (await service.get(f"/v1/keys/{made['id']}"))["version"] == 1
    assert len((await service.get("/v1/keys", params={"role": "integration"}))["data"]) == 1


async def test_a_stale_version_changes_nothing(service: Service) -> None:
    made = await make(service)
    await service.call("PATCH", f"/v1/keys/{made['id']}", json={"name": "new"}, headers={"If-Match": '"1"'})
    answer = await service.call("PATCH", f"/v1/keys/{made['id']}", json={"name": "newer"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["version"]) == (412, 2)
    same = await service.call("PATCH", f"/v1/keys/{made['id']}", json={"name": "new"})
    assert same.json()["version"] == 2


async def test_the_last_use_is_written_at_most_once_a_minute(service: Service) -> None:
    made = await make(service)
    for _ in range(2):
        assert (await with_secret(service, made["secret"])).status_code == 200
        await service.services.keys.write_use()
        first = (await service.get(f"/v1/keys/{made['id']}"))["last_used_at"]
        await asyncio.sleep(0.01)
    assert (await service.get(f"/v1/keys/{made['id']}"))["last_used_at"] == first is not None
    async with service.owner.begin() as connection:
        await connection.execute(text("UPDATE api_keys SET last_used_at = last_used_at - interval '2 minutes'"))
    await asyncio.sleep(1)  # what a process remembers of a key says nothing of its use
    assert (await with_secret(service, made["secret"])).status_code == 200
    await service.services.keys.write_use()
    assert (await service.get(f"/v1/keys/{made['id']}"))["last_used_at"] > first


async def test_the_command_line_does_the_same(service: Service) -> None:
    draft = KeyDraft(Role.INTEGRATION, "one", scopes=("tickets:read",))
    key = await workspace_keys.create_key(service.owner, service.workspace, draft)
    second = await workspace_keys.rotate_key(service.owner, service.workspace, key.id, overlap_seconds=60)
    assert [(await with_secret(service, one.text)).status_code for one in (key, second)] == [200, 200]
    await workspace_keys.change_key(service.owner, service.workspace, key.id, {"scopes": None, "name": "two"})
    (stored,) = [one for one in await workspace_keys.list_keys(service.owner, service.workspace) if one.id == key.id]
    assert (stored.scopes, stored.name, read("key", "") is None) == (None, "two", True)


async def _until(service: Service, secret: str, wanted: tuple[int, str], *, seconds: float = 1.5) -> None:
    """The answer becomes this one; what a process remembers of a key ends within a second."""
    end = time.monotonic() + seconds
    while (found := await code_with(service, secret)) != wanted:
        assert time.monotonic() < end, found
        await asyncio.sleep(0.05)
