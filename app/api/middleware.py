"""The outermost ring of the API: request id, limits of the body, metrics, the access log, and the answer to the unexpected.

Plain ASGI, because it stands before every request. It logs the route's template, never the path: a path may hold what is personal.
"""

import asyncio
import time
from collections.abc import Generator
from functools import lru_cache
from types import coroutine
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import telemetry
from app.api.context import CONNECTION, EXCHANGE, Exchange
from app.api.head import body_length, check_head, read_head
from app.api.problems import as_problem, render
from app.api.refusals import REFUSALS
from app.dispatch.inbox import CALLER
from app.errors import Problem, TooLarge, TooSlow
from app.identifiers import new

MIB = 1024 * 1024
BODY_BYTES = MIB
BODY_BYTES_AT = {"/v1/tickets/bulk": 5 * MIB, "/v1/configuration": 5 * MIB}

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLASSES = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")
_CLOSE = {"Connection": "close"}
_DEFAULTS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"private, no-cache"))

log = structlog.get_logger()


class Edge:
    """`body_seconds` is how long a body may take to arrive."""

    def __init__(self, app: ASGIApp, *, body_seconds: float) -> None:
        self.app = app
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._exchange(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.app(scope, receive, send)

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = scope[EXCHANGE] = Exchange(new("req"), time.perf_counter())
        body = _Body(receive, self.body_seconds)
        answer = _Answer(send, seen, body)
        telemetry.REQUESTS_OPEN.inc()
        CALLER.set(scope.get(CONNECTION))
        try:
            head = read_head(scope, seen)
            check_head(scope, head)
            body.expect(body_length(head), BODY_BYTES_AT.get(scope["path"], BODY_BYTES))
            await self.app(scope, body.receive if body.expected else receive, answer.send)
        except Exception as error:
            problem = as_problem(error, seen)  # logs what is unexpected
            if answer.status:
                raise
            await render(problem, seen)(scope, receive, answer.send)
        finally:
            telemetry.REQUESTS_OPEN.dec()
            if seen.limiter is not None and seen.account is not None:
                seen.account.open -= 1
            _record(scope, seen, answer.status)


class _Body:
    """Hands on the body's parts, and stops one that is too long or too slow."""

    __slots__ = ("_left", "_length", "_limit", "_receive", "_seconds", "_until", "expected")

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive = receive
        self._seconds = seconds
        self._until = 0.0
        self._length: int | None = 0
        self._limit = self._left = 0
        self.expected = False  # whether there is something that has not been read

    def expect(self, length: int | None, limit: int) -> None:
        self._length = length
        self._limit = self._left = limit
        self.expected = length != 0

    async def receive(self) -> Message:
        if not self.expected:
            return await self._receive()
        if self._length is not None and self._length > self._limit:
            raise self._too_large()
        part = self._receive()
        try:
            waiting = part.send(None)  # type: ignore[attr-defined]  # a coroutine, as every server has it
        except StopIteration as there:
            message: Message = there.value  # most bodies came with their heads: no clock to start
        else:
            message = await self._in_time(part, waiting)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise self._too_large()
        self.expected = message.get("more_body", False)
        return message

    async def _in_time(self, part: Any, waiting: Any) -> Message:
        try:
            async with asyncio.timeout(self._remaining()):
                message: Message = await _resumed(part, waiting)
                return message
        except TimeoutError:
            raise TooSlow("request_timeout", f"The body did not arrive within {self._seconds:g} s.", headers=_CLOSE) from None

    def _remaining(self) -> float:
        now = time.monotonic()
        self._until = self._until or now + self._seconds
        return max(self._until - now, 0.001)

    def _too_large(self) -> Problem:
        detail = f"The body is larger than the {self._limit:,} bytes that may come here."
        return TooLarge("body_too_large", detail, headers=_CLOSE, limit=self._limit)


@coroutine
def _resumed(begun: Any, waiting: Any) -> Generator[Any, Any, Any]:
    """Go on with a coroutine that was begun by hand and waits for `waiting`."""
    while True:
        try:
            sent = yield waiting
        except BaseException as error:  # noqa: BLE001  # handed on as it is
            step, value = begun.throw, error
        else:
            step, value = begun.send, sent
        try:
            waiting = step(value)
        except StopIteration as done:
            return done.value


class _Answer:
    """Adds what every answer carries, and remembers the status."""

    __slots__ = ("_body", "_seen", "_send", "status")

    def __init__(self, send: Send, seen: Exchange, body: _Body) -> None:
        self._send = send
        self._seen = seen
        self._body = body
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"] = list(message.get("headers", ()))
            names = {name for name, _ in headers}
            headers.extend([default for default in _DEFAULTS if default[0] not in names])
            headers.append((b"request-id", self._seen.request_id.encode()))
            account = self._seen.account
            if account is not None:
                headers.append((b"ratelimit-policy", account.rate.policy))
                headers.append((b"ratelimit", account.left(time.monotonic())))
            if self._seen.client_request_id:
                headers.append((b"x-request-id", self._seen.client_request_id.encode()))
            if self._body.expected and b"connection" not in names:
                headers.append((b"connection", b"close"))  # else whoever was refused may go on sending for ever
        await self._send(message)


def template_of(scope: Scope) -> str:
    """The route's template, such as /v1/tickets/{id}."""
    route = scope.get("route")
    return "unmatched" if route is None else str(route.path)


@lru_cache(maxsize=4096)
def _series(route: str, method: str, kind: int) -> tuple[Counter, Histogram]:
    return telemetry.REQUESTS.labels(route, method, _CLASSES[kind]), telemetry.REQUEST_SECONDS.labels(route, method)


def _record(scope: Scope, seen: Exchange, status: int) -> None:
    route, method = template_of(scope), scope["method"]
    if method not in _METHODS or route == "unmatched":
        method = "any"  # a method may be any word, and each would be a new series
    seconds = time.perf_counter() - seen.started
    requests, request_seconds = _series(route, method, status // 100)
    requests.inc()
    request_seconds.observe(seconds)
    if seen.refused and status != 500 and not REFUSALS.seen(seen.refused):
        return
    fields: dict[str, str] = dict(seen.caller.told) if seen.caller is not None else {}
    if seen.client_request_id:
        fields["client_request_id"] = seen.client_request_id
    if seen.refused:
        fields["code"] = seen.refused
    if seen.trace_id:
        fields["trace_id"] = seen.trace_id
    milliseconds = round(seconds * 1000, 1)
    log.info("request", request_id=seen.request_id, method=method, route=route, status=status, ms=milliseconds, **fields)
