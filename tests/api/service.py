"""The whole API over ASGI on a database of its own. Every answer is held against what the description says of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.routing import Match

from app.api.context import Services
from app.api.problem_codes import CODES
from app.dispatch.dispatcher import Dispatcher
from app.engine.vocabulary import Role
from app.main import create_app, serving
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from app.services.workspace_keys import KeyDraft
from app.services.workspaces import Workspace
from app.settings import Settings
from tests.databases import Database

Json = dict[str, Any]

DOCUMENT: Json = {
    "time_zone": "Asia/Jakarta",
    "teams": [{"name": "billing", "title": "Billing"}, {"name": "senior"}],
    "skills": [{"name": "refunds", "title": "Refunds"}],
    "routing_policies": [{"name": "standard", "strategy": "least_load"}, {"name": "asking", "handover": "offer"}],
    "sla_policies": [
        {
            "name": "standard",
            "targets": {
                "medium": {"first_response_seconds": 900, "resolution_seconds": 7200},
                "high": {"first_response_seconds": 60},
            },
            "escalations": [{"metric": "first_response", "after_seconds": 60, "raise_priority": True, "hand_to": "sri"}],
        }
    ],
    "queues": [
        {"name": "general", "routing_policy": "standard", "sla_policy": "standard", "teams": ["billing"]},
        {"name": "asked", "routing_policy": "asking", "teams": ["billing"]},
        {"name": "plain", "routing_policy": "standard", "teams": ["billing", "senior"]},
    ],
    "rules": [
        {
            "name": "refund-words",
            "when": {"field": "text", "op": "contains", "value": "refund"},
            "then": {"category": "billing", "require_skills": [{"skill": "refunds", "level": 3}], "tags": ["refund"]},
        }
    ],
    "agents": [
        {"name": "ani", "title": "Ani Wijaya", "external_id": "hr-1", "teams": ["billing"], "capacity": 3,
         "skills": [{"skill": "refunds", "level": 5}], "languages": ["id", "en"]},
        {"name": "budi", "title": "Budi", "teams": ["billing"], "capacity": 2},
        {"name": "sri", "title": "Sri", "teams": ["senior"], "capacity": 1},
    ],
}  # fmt: skip


@dataclass(slots=True)
class Service:
    """`call` speaks as a role, or as an agent by name."""

    app: FastAPI
    services: Services
    owner: AsyncEngine
    workspace: Workspace
    client: httpx.AsyncClient
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def dispatcher(self) -> Dispatcher:
        return self.services.dispatcher

    async def key(self, who: str) -> str:
        """The key of a role, or of an agent's name."""
        if who not in self.keys:
            draft = KeyDraft(Role(who), who) if who in set(Role) else KeyDraft(Role.AGENT, who, agent=who)
            self.keys[who] = (await workspace_keys.create_key(self.owner, self.workspace, draft)).text
        return self.keys[who]

    async def call(self, method: str, path: str, *, who: str = "admin", **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self.key(who)}", **options.pop("headers", {})}
        response = await self.client.request(method, path, headers=headers, **options)
        check(self.app, response)
        return response

    async def get(self, path: str, *, who: str = "admin", status: int = 200, **options: Any) -> Any:
        """The document of an answer that must have this status."""
        response = await self.call("GET", path, who=who, **options)
        assert response.status_code == status, response.text
        return response.json()

    async def post(self, path: str, body: Any = None, *, who: str = "admin", status: int = 200, **options: Any) -> Any:
        options = options if body is None else {**options, "json": body}
        response = await self.call("POST", path, who=who, **options)
        assert response.status_code == status, response.text
        return response.json()

    async def ticket(self, **fields: Any) -> Any:
        """A new ticket."""
        return await self.post("/v1/tickets", fields, status=201)

    async def apply(self, document: Json | None = None, *, version: int = 0, **options: Any) -> httpx.Response:
        headers = {"If-Match": f'"{version}"'} if version else {"If-None-Match": "*"}
        return await self.call("PUT", "/v1/configuration", json=document or DOCUMENT, headers=headers, **options)

    async def come(self, *names: str) -> None:
        """Agents become available."""
        for name in names:
            await self.post(f"/v1/agents/{name}/presence", {"presence": "available"})

    async def last_seq(self) -> int:
        response = await self.call("GET", "/v1/agents", params={"limit": 1})
        return int(response.headers["giliran-seq"])


@asynccontextmanager
async def running(database: Database, *, mode: Mode = Mode.SANDBOX) -> AsyncIterator[Service]:
    """A service with an empty workspace."""
    plenty = "1000000/second"
    settings = Settings(
        database_url=database.app_url,
        pool_size=6,
        rate_limit=plenty,
        rate_limit_agent=plenty,
        rate_limit_wrong_keys=plenty,
        allowed_hosts="*",
    )
    async with AsyncExitStack() as opened:
        owner = create_async_engine(database.owner_url, poolclass=NullPool)
        opened.push_async_callback(owner.dispose)
        services = await opened.enter_async_context(serving(settings))
        app = create_app(settings, services)
        transport = httpx.ASGITransport(app)
        client = await opened.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://giliran.test"))
        workspace = await workspaces.create(owner, slug=f"w-{mode}", mode=mode)
        yield Service(app, services, owner, workspace, client)


def check(app: FastAPI, response: httpx.Response) -> None:
    """Every answer has a request id; a good one fits its model, any other is a problem of a known code."""
    assert response.headers["request-id"].startswith("req_")
    if response.status_code >= 400:
        problem = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert CODES[problem["code"]].status == problem["status"] == response.status_code
        assert {"type", "title", "detail", "request_id", "help"} <= problem.keys()
        return
    if response.status_code in (204, 304):
        assert response.content == b""
        return
    route = route_of(app, response.request)
    described: Any = route.responses.get(response.status_code, {}).get("model")
    TypeAdapter[Any](described or route.response_model).validate_json(response.content)
    declared = "dry-run" in response.headers or "giliran-seq" in response.headers or "idempotency-replayed" in response.headers
    assert declared, f"{route.operation_id} does not say what it includes"


def route_of(app: FastAPI, request: httpx.Request) -> APIRoute:
    scope = {"type": "http", "method": request.method, "path": request.url.path, "headers": []}
    return next(route for route in app.routes if isinstance(route, APIRoute) and route.matches(scope)[0] is Match.FULL)
