"""A code from the command line gives a session, once and soon."""

import asyncio
import json
import re
from typing import Any

import httpx
from sqlalchemy import text

from app.engine.vocabulary import Role
from app.services import workspace_keys
from tests.api.service import Service
from tests.api.test_cli import told_by
from tests.databases import Database

FORM = re.compile("gll_[0-9a-v]{52}_[A-Za-z0-9]{43}")


async def begin(service: Service, code: Any) -> httpx.Response:
    return await service.client.post("/v1/sessions", json={"code": code})


async def test_a_code_gives_one_session(service: Service) -> None:
    code = await workspace_keys.create_link(service.owner, service.workspace, Role.AGENT, "ani")
    assert FORM.fullmatch(code)
    assert (await service.client.get(f"/v1/sessions?code={code}")).status_code == 405
    answers = await asyncio.gather(*(begin(service, code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    session = next(answer.json() for answer in answers if answer.status_code == 201)
    assert (session["kind"], session["role"]) == ("session", "agent")
    me = await service.client.get("/v1/me", headers={"Authorization": f"Bearer {session['secret']}"})
    assert me.json()["agent"]["name"] == "ani"
    told = (await service.get("/v1/audit", params={"operation": "create_session"}))["data"]
    assert [one["subject"]["id"] for one in told] == [session["id"]]
    async with service.owner.connect() as connection:
        hours = await connection.scalar(
            text("SELECT extract(epoch FROM expires_at - created_at) / 3600 FROM api_keys WHERE kind = 'session'")
        )
    assert round(float(hours), 2) == 12
    rows = json.dumps([await service.get("/v1/keys"), await service.get("/v1/audit")])
    assert code.rpartition("_")[2] not in rows
    assert session["secret"].rpartition("_")[2] not in rows


async def test_sessions_and_codes_are_revoked_and_not_prolonged(service: Service) -> None:
    code = await workspace_keys.create_link(service.owner, service.workspace, Role.READ_ONLY, None)
    session = (await begin(service, code)).json()
    await workspace_keys.create_link(service.owner, service.workspace, Role.ADMIN, None)
    (login,) = [one for one in (await service.get("/v1/keys", params={"kind": "login"}))["data"] if one["revoked_at"] is None]
    for one in (session, login):
        rotated = await service.post(f"/v1/keys/{one['id']}/rotate", {"overlap_seconds": 0}, status=409)
        longer = await service.call("PATCH", f"/v1/keys/{one['id']}", json={"expires_at": None})
        assert (rotated["code"], longer.status_code, longer.json()["code"]) == ("key_is_session", 409, "key_is_session")
        await service.post(f"/v1/keys/{one['id']}/revoke")


async def test_a_code_is_no_key(service: Service) -> None:
    code = await workspace_keys.create_link(service.owner, service.workspace, Role.ADMIN, None)
    for text_of in (code, code.replace("gll_", "glr_test_"), code.replace("gll_", "glr_live_")):
        answer = await service.client.get("/v1/tickets", headers={"Authorization": f"Bearer {text_of}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_key")
    assert (await begin(service, await service.key("admin"))).status_code == 401
    assert (await begin(service, (await service.key("admin")).replace("glr_test_", "gll_"))).status_code == 401
    assert (await begin(service, code)).status_code == 201


async def test_what_is_wrong_with_a_code_is_not_told(service: Service) -> None:
    code = await workspace_keys.create_link(service.owner, service.workspace, Role.READ_ONLY, None)
    async with service.owner.begin() as connection:
        await connection.execute(text("UPDATE api_keys SET expires_at = now() WHERE kind = 'login'"))
    said = []
    for wrong in (code, code[:-1] + ("a" if code[-1] != "a" else "b"), "gll_", "x", f"gll_{'0' * 52}_{'a' * 43}"):
        answer = await begin(service, wrong)
        said.append({**answer.json(), "request_id": ""})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_code")
        assert "www-authenticate" in answer.headers
    assert all(one == said[0] for one in said)


async def test_the_command_line_prints_what_to_send(database: Database) -> None:
    await told_by(database, "workspaces", "create", "desk")
    said = await told_by(database, "login-link", "-w", "desk", "--role", "supervisor", GILIRAN_URL="https://x/")
    assert said.startswith("POST https://x/v1/sessions\n")
    assert FORM.search(said)
    assert "Say who" in await told_by(database, "login-link", "-w", "desk", status=2)
    assert "--agent" in await told_by(database, "login-link", "-w", "desk", "--role", "agent", status=1)
