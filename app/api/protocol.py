"""What uvicorn's HTTP protocol has not: bounds of a request's head and of the number of connections, and an end that can be read.

An answer before the body has come closes the connection. Closed at once, what still comes would be met by a reset, which
takes the answer from whoever has not read it yet: so only this side is closed first, and what comes is thrown away for a
while (RFC 9112, 9.6).
"""

from asyncio import TimerHandle, Transport
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from app import telemetry
from app.api.context import CONNECTION

HEAD_SECONDS = 10.0
HEAD_BYTES = 32 * 1024
HEAD_FIELDS = 100
URL_BYTES = 8 * 1024
SPARE_DESCRIPTORS = 200
LINGER_SECONDS = 3.0
LINGER_BYTES = 16 * 1024 * 1024

_DETAILS = {
    400: ("malformed_request", "The request cannot be understood", "This is not HTTP/1.1 as RFC 9112 has it."),
    408: ("request_timeout", "The request did not arrive in time", f"The head did not arrive within {HEAD_SECONDS:g} s."),
    414: ("address_too_long", "The address is too long", f"An address has at most {URL_BYTES:,} bytes."),
    431: (
        "head_too_large",
        "The head is too large",
        f"All headers together have at most {HEAD_BYTES:,} bytes, and are at most {HEAD_FIELDS}.",
    ),
}

_STILL_COMING = frozenset({414, 431})  # refused in the middle of what is being sent


class _RefusedError(Exception):
    """Stops the parser; what to say is in the connection."""


class _Ending:
    """The transport as the cycle of a request has it: it writes there, and closes in our way."""

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, transport: Transport, close: Callable[[], None]) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = close


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `most_connections` is set once, before the server starts; one address may hold half of them."""

    most_connections = 10_000
    head_seconds = HEAD_SECONDS
    linger_seconds = LINGER_SECONDS
    linger_bytes = LINGER_BYTES
    _of_address: ClassVar[Counter[str]] = Counter()

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._in_head = True
        self._begun = False  # a head, with the bytes that came last
        self._fed = 0  # bytes of a head that is not complete yet
        self._size = 0
        self._status = 400
        self._head_timer: TimerHandle | None = None
        self._address = ""
        self._ending: Any = None
        self._lingering: TimerHandle | None = None
        self._thrown_away = 0
        self._before: list[RequestResponseCycle] = []  # requests before the last one; uvicorn tells only that of the end

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._ending = _Ending(transport, self._end)
        self._address = self.client[0] if self.client else ""
        self._of_address[self._address] += 1
        if len(self.connections) > self.most_connections or self._of_address[self._address] > self.most_connections // 2:
            transport.close()
        self._head_timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_timer()
        if self._lingering is not None:
            self._lingering.cancel()
        if self._of_address[self._address] > 1:
            self._of_address[self._address] -= 1
        else:
            del self._of_address[self._address]
        super().connection_lost(exc)
        for cycle in self._before:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        if self._lingering is not None:
            self._throw_away(data)
            return
        self._begun = False
        super().data_received(data)
        if self._in_head:
            self._fed = max(self._size, 1) if self._begun else self._fed + len(data)
            if self._fed > HEAD_BYTES:
                self._refuse(431)
        if self._head_timer is None and (self._in_head or self._is_idle()):
            self._head_timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def on_message_begin(self) -> None:
        self._in_head = self._begun = True
        self._size = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > URL_BYTES:
            self._stop(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._size += len(name) + len(value) + 4
        if self._size > HEAD_BYTES or len(self.headers) > HEAD_FIELDS:
            self._stop(431)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._fed = 0
        self._forget_timer()
        before = self.cycle
        if before is not None and not before.response_complete:
            self._before = [cycle for cycle in self._before if not cycle.response_complete] + [before]
        super().on_headers_complete()
        self.cycle.transport = self._ending
        self.scope[CONNECTION] = self.cycle  # type: ignore[literal-required]

    def on_response_complete(self) -> None:
        if self._lingering is None:
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._fed = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's sentence is replaced)
        self._refuse(self._status)

    def _is_idle(self) -> bool:
        """Bytes came that begin no request, empty lines for example: they must not keep a connection open."""
        return self.cycle is not None and self.cycle.response_complete and not self.transport.is_closing()

    def _stop(self, status: int) -> None:
        self._status = status
        raise _RefusedError

    def _too_slow(self) -> None:
        if self._fed:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        """Say so and close; where the request before was whole, let its answer out first."""
        self._forget_timer()
        if self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body:
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        if self.cycle is None or self.cycle.response_complete:
            telemetry.REFUSALS.labels(_DETAILS[status][0]).inc()
            code, title, detail = _DETAILS[status]
            problem = {"type": f"urn:giliran:problem:{code}", "title": title, "status": status, "detail": detail, "code": code}
            body = to_json(problem | {"help": f"/problems/{code}"})
            head = f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head.encode() + body)
            if status in _STILL_COMING:
                self._linger()
                return
        self.transport.close()

    def _end(self) -> None:
        """After the last answer. Where the request was whole, nothing more is to come."""
        if self.cycle is not None and self.cycle.more_body:
            self._linger()
        else:
            self.transport.close()

    def _linger(self) -> None:
        if self._lingering is not None or self.transport.is_closing() or not self.transport.can_write_eof():
            self.transport.close()
            return
        self._lingering = self.loop.call_later(self.linger_seconds, self.transport.close)
        self.transport.write_eof()
        self.flow.resume_reading()

    def _throw_away(self, data: bytes) -> None:
        self._thrown_away += len(data)
        if self._thrown_away > self.linger_bytes:
            self.transport.close()

    def _forget_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
