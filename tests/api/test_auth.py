"""Who asks, and may they."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text
from structlog.testing import capture_logs

from app.api.openapi import is_open
from app.api.roles import OPERATIONS, SCOPES
from app.engine.vocabulary import Role
from app.identifiers import encode, mint
from app.models.workspaces import Mode
from app.services import keys, workspace_keys, workspaces
from app.services.workspace_keys import KeyDraft
from tests.api.service import Service

LONG = 1024 * 1024


async def ask(bare: Service, authorization: str | bytes | None, path: str = "/v1/tickets") -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    return await bare.client.get(path, headers=headers)  # type: ignore[arg-type]


def said(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def routes(bare: Service) -> list[APIRoute]:
    return [route for route in bare.app.routes if isinstance(route, APIRoute)]


async def test_every_operation_of_the_description_wants_a_key(bare: Service) -> None:
    wanted = {operation["operationId"]: (method, path) for path, operations in bare.app.openapi()["paths"].items()
              for method, operation in operations.items() if operation["security"]}  # fmt: skip
    assert wanted.keys() == OPERATIONS.keys()
    for method, path in wanted.values():
        response = await bare.client.request(method, path.replace("{", "").replace("}", ""))
        assert said(response) == (401, "missing_key"), path
        assert response.headers["www-authenticate"].startswith("Bearer ")


async def test_what_is_open_is_listed_here(bare: Service) -> None:
    assert {route.path for route in routes(bare) if is_open(route)} == {
        "/health/live", "/health/ready", "/metrics", "/openapi.json", "/configuration.schema.json", "/docs", "/docs/style.css",
        "/problems", "/problems/{code}", "/v1/sessions",
    }  # fmt: skip


@pytest.mark.parametrize(
    "authorization",
    [
        "", "Bearer", "Bearer ", "Basic Z2xyOg==", "bearer glr", "Bearer glr_live_", "Bearer null", f"Bearer glr_live_{'0' * 52}_",
        f"Bearer glr_live_{'z' * 52}_{'a' * 43}", f"Bearer glr_other_{'0' * 52}_{'a' * 43}", f"Bearer  glr_live_{'0' * 52}_{'a' * 43}",
        f"Bearer glr_live_{'0' * 52}_{'a' * 43} ", f"Bearer glr_live_{'0' * 52}_{'a' * 42}.", "Bearer " + "a" * LONG,
        "Bearer gl\xff".encode("latin-1"), b"Bearer glr_live_\x00", "Bearer eyJhbGciOiJub25lIn0.e30.",
    ],
)  # fmt: skip
async def test_a_key_of_the_wrong_form(bare: Service, authorization: str | bytes) -> None:
    assert said(await ask(bare, authorization)) == (401, "invalid_key")


async def test_two_keys_are_none(bare: Service) -> None:
    key = await bare.key("admin")
    response = await bare.client.get("/v1/tickets", headers=[("Authorization", f"Bearer {key}")] * 2)
    assert said(response) == (401, "invalid_key")


async def test_a_key_with_one_wrong_character(bare: Service) -> None:
    key = await bare.key("admin")
    assert (await ask(bare, f"Bearer {key}")).status_code == 200
    for wrong in (key[:-1] + ("a" if key[-1] != "a" else "b"), key.replace("glr_test_", "glr_live_")):
        assert said(await ask(bare, f"Bearer {wrong}")) == (401, "invalid_key")


async def test_a_key_nobody_has_made(bare: Service) -> None:
    made = keys.make(bare.workspace.id, Mode.SANDBOX, mint())
    assert said(await ask(bare, f"Bearer {made.text}")) == (401, "invalid_key")


async def test_a_revoked_key_is_refused_within_a_second(bare: Service) -> None:
    key = await workspace_keys.create_key(bare.owner, bare.workspace, KeyDraft(Role.ADMIN, "one"))
    assert (await ask(bare, f"Bearer {key.text}")).status_code == 200
    first = await workspace_keys.revoke_key(bare.owner, bare.workspace, key.id)
    await asyncio.sleep(1)
    assert said(await ask(bare, f"Bearer {key.text}")) == (401, "key_revoked")
    assert await workspace_keys.revoke_key(bare.owner, bare.workspace, key.id) == first


async def test_an_expired_key_says_so(bare: Service) -> None:
    draft = KeyDraft(Role.ADMIN, "one", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    key = await workspace_keys.create_key(bare.owner, bare.workspace, draft)
    assert said(await ask(bare, f"Bearer {key.text}")) == (401, "key_expired")


async def test_a_key_in_the_query_is_no_key_and_is_not_logged(bare: Service) -> None:
    key = await bare.key("admin")
    with capture_logs() as logs:
        response = await bare.client.get("/v1/tickets", params={"key": key})
    assert said(response) == (401, "missing_key")
    assert [entry["route"] for entry in logs if entry["event"] == "request"] == ["/v1/tickets"]
    assert key not in json.dumps(logs)


async def test_the_database_holds_no_usable_key(bare: Service) -> None:
    key = await bare.key("admin")
    async with bare.owner.connect() as connection:
        rows = (await connection.execute(text("SELECT api_keys::text FROM api_keys"))).scalars().all()
    secret = key.rpartition("_")[2]
    assert rows
    assert not any(key in row or secret in row or secret.encode().hex() in row for row in rows)


async def test_the_last_use_is_written_down(bare: Service) -> None:
    await ask(bare, f"Bearer {await bare.key('admin')}")
    await bare.services.keys.write_use()
    (stored,) = await workspace_keys.list_keys(bare.owner, bare.workspace)
    assert stored.last_used_at is not None
    assert stored.last_four == (await bare.key("admin"))[-4:]


@pytest.mark.parametrize(
    ("role", "method", "path", "scope"),
    [
        ("read_only", "POST", "/v1/tickets", "tickets:write"),
        ("read_only", "PUT", "/v1/configuration", "configuration:write"),
        ("supervisor", "PUT", "/v1/configuration", "configuration:write"),
        ("integration", "GET", "/v1/events", "events:read"),
        ("integration", "GET", "/v1/configuration", "configuration:read"),
        ("admin", "GET", "/v1/me", "me:read"),
    ],
)
async def test_what_a_role_may_not_is_named(bare: Service, role: str, method: str, path: str, scope: str) -> None:
    response = await bare.call(method, path, who=role)
    assert said(response) == (403, "missing_scope")
    assert response.json()["scope"] == scope


async def test_read_only_keys_write_nothing() -> None:
    assert not any(scope.endswith(":write") for scope in SCOPES[Role.READ_ONLY])


async def test_another_workspace_looks_the_same_whether_it_exists_or_not(bare: Service) -> None:
    other = await workspaces.create(bare.owner, slug="other", mode=Mode.LIVE)
    seen: list[dict[str, Any]] = []
    for named in (encode("wsp", other.id), encode("wsp", mint()), "nonsense"):
        response = await bare.call("GET", "/v1/tickets", headers={"Giliran-Workspace": named})
        assert said(response) == (403, "wrong_workspace")
        seen.append({name: value for name, value in response.json().items() if name != "request_id"})
    assert seen[0] == seen[1] == seen[2]
    own = await bare.call("GET", "/v1/tickets", headers={"Giliran-Workspace": encode("wsp", bare.workspace.id)})
    assert own.status_code == 200


@pytest.mark.parametrize(
    "path",
    ["//v1//tickets", "/v1/./tickets", "/v1/x/../tickets", "/V1/tickets", "/v1/tickets/", "/v1%2ftickets", "/v1/tickets%00",
     "/v1/tickets;x=1", "/v1/tickets%0a", "/v1\\tickets"],
)  # fmt: skip
async def test_no_spelling_of_a_path_gets_around_the_key(bare: Service, path: str) -> None:
    response = await bare.client.get(httpx.URL("http://giliran.test").copy_with(raw_path=path.encode()))
    assert response.status_code in {401, 404}


async def test_headers_of_a_proxy_decide_nothing(bare: Service) -> None:
    forged = {"X-Original-URL": "/health/live", "X-HTTP-Method-Override": "GET", "X-Forwarded-For": "127.0.0.1"}
    response = await bare.client.post("/v1/tickets", headers=forged)
    assert said(response) == (401, "missing_key")
