"""Is it alive, may it be sent work, and what does it measure. Open to all, and free of anything of a tenant."""

import asyncio
import contextlib
import time
from functools import cache
from typing import Any, Literal

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, Field
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from app import telemetry
from app.api.context import Services
from app.api.deps import ServicesDep
from app.db import current_revision, head_revision
from app.errors import Unavailable
from app.settings import Settings

KEPT_SECONDS = 1.0
ANSWER_SECONDS = 2.0

State = Literal["ok", "away", "behind", "not_used"]

log = structlog.get_logger()


METRICS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus's text form."}
}


class Alive(BaseModel):
    """The process answers."""

    status: Literal["live"] = Field(description="Always live: whoever is not does not answer.", examples=["live"])


class Ready(BaseModel):
    """The process may be sent work."""

    status: Literal["ready"] = Field(description="Always ready: whoever is not answers 503.", examples=["ready"])
    database: State = Field(description="Whether PostgreSQL answers.", examples=["ok"])
    migrations: State = Field(description="Whether the tables are those this code was written for.", examples=["ok"])
    valkey: State = Field(description="Whether Valkey answers. Without it hints are late by up to a second, and nothing else.",
                          examples=["ok"])  # fmt: skip


def router(settings: Settings) -> APIRouter:
    """What is counted may be closed (GILIRAN_METRICS=false); whether it is alive has to be asked by somebody."""
    made = APIRouter(tags=["health"])
    made.add_api_route("/health/live", live, operation_id="get_liveness", summary="Is the process alive")
    made.add_api_route("/health/ready", ready, operation_id="get_readiness", summary="May it be sent work")
    if settings.metrics:
        made.add_api_route("/metrics", metrics, operation_id="get_metrics", summary="Metrics of all processes",
                           response_class=Response, responses=METRICS)  # fmt: skip
    return made


async def live() -> Alive:
    """Answers as long as the process runs, whatever else is away."""
    return Alive(status="live")


async def ready(services: ServicesDep, request: Request) -> Ready:
    """Looks at the database, its migrations and Valkey, at most once a second. 503 `not_ready` when work would fail."""
    found = await _look(services, request)
    if found["database"] != "ok" or found["migrations"] != "ok":
        detail = "The database does not answer." if found["database"] != "ok" else "The database is not at this code's revision."
        raise Unavailable("not_ready", detail, checks=found)
    return Ready(status="ready", **found)


async def metrics() -> Response:
    """In Prometheus's text form: the sum over the API and worker processes that were started together. No label names a workspace, an address or a person."""
    return Response(telemetry.exposition(), headers={"Content-Type": telemetry.CONTENT_TYPE, "Cache-Control": "no-store"})


async def _look(services: Services, request: Request) -> dict[str, State]:
    """Whoever asks often gets what was found within the last second: a look costs two connections."""
    state = request.app.state
    lock = state.readiness_lock = getattr(state, "readiness_lock", None) or asyncio.Lock()
    async with lock:
        at, found = getattr(state, "readiness", (float("-inf"), {}))
        if time.monotonic() - at > KEPT_SECONDS:
            found = await _database(services) | {"valkey": await _valkey(services.settings.redis_url)}
            state.readiness = (time.monotonic(), found)
    return dict(found)


async def _database(services: Services) -> dict[str, State]:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            revision = await current_revision(services.engine)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("not_ready", database=type(error).__name__)
        return {"database": "away", "migrations": "away"}
    return {"database": "ok", "migrations": "ok" if revision == _head() else "behind"}


async def _valkey(url: str | None) -> State:
    if url is None:
        return "not_used"
    redis: Redis = Redis.from_url(url, socket_connect_timeout=ANSWER_SECONDS / 2, socket_timeout=ANSWER_SECONDS / 2)
    try:
        await redis.ping()
    except (RedisError, OSError, TimeoutError):
        return "away"
    finally:
        with contextlib.suppress(RedisError, OSError):
            await redis.aclose()
    return "ok"


@cache
def _head() -> str:
    return head_revision()
