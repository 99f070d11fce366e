"""The way round the framework for the few hottest operations (docs/decisions/0006).

Router, dependency solver and exit stacks cost more than the operation itself. A thin operation takes `(request, caller)`, reads
its body itself and returns a Response; here it gets the edge, authentication and the problems of every other route.
"""

from collections.abc import Iterable

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.auth import caller
from app.api.hosts import Hosts
from app.api.middleware import Edge

Operation = tuple[str, str]


class Application(FastAPI):
    """FastAPI, except where an operation is thin."""

    thin: dict[Operation, ASGIApp]
    hosts: Hosts

    def make_thin(self, operations: Iterable[Operation], *, body_seconds: float) -> None:
        """Let each (method, path) of the routes pass the framework by."""
        self.thin = {
            operation: Edge(_endpoint(_route(self.routes, *operation)), body_seconds=body_seconds) for operation in operations
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Method and path as sent; whatever else leads to the same route takes the framework's way to it."""
        direct = self.thin.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if direct is None:
            await super().__call__(scope, receive, send)
        else:
            scope["app"] = self
            await direct(scope, receive, send)


def _endpoint(route: APIRoute) -> ASGIApp:
    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = route
        request = Request(scope, receive, send)
        response = await route.endpoint(request, await caller(request))
        await response(scope, receive, send)

    return run


def _route(routes: Iterable[BaseRoute], method: str, path: str) -> APIRoute:
    return next(
        route for route in routes if isinstance(route, APIRoute) and route.path == path and method in (route.methods or ())
    )
