"""The API as one ASGI application: routes, problems, middleware. Knows no process: services are handed in."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI

from app.api import docs, health, openapi, problems
from app.api.hosts import hosts_of
from app.api.middleware import Edge
from app.api.thin import Application, Operation
from app.settings import Settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build(
    settings: Settings, routers: Sequence[APIRouter], lifespan: Lifespan | None = None, thin: Sequence[Operation] = ()
) -> FastAPI:
    """Routes are put in flat: an included router would be matched twice. With telemetry on nothing passes it by."""
    app = Application(
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=None if settings.telemetry else {"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.hosts = hosts_of(settings)
    for router in (*routers, health.router(settings), docs.router(settings)):
        app.router.routes.extend(router.routes)
    problems.install(app)
    openapi.install(app)
    app.add_middleware(Edge, body_seconds=settings.body_seconds)
    app.make_thin(() if settings.telemetry else thin, body_seconds=settings.body_seconds)
    return app
