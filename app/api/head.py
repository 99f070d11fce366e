"""A request's headers, gone through once: those that anything here looks at."""

import re

from starlette.types import Scope

from app.api.context import Exchange, Head
from app.api.hosts import EVERY
from app.api.languages import chosen_language
from app.errors import Malformed, NotFound

_CLIENT_ID = re.compile(rb"(?!glr_)[A-Za-z0-9._-]{1,128}")  # a key that slipped in here would be logged
_TRACE = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CLOSE = {"Connection": "close"}
_WANTED = frozenset(
    {
        b"accept-language",
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"giliran-workspace",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"traceparent",
        b"transfer-encoding",
        b"x-request-id",
    }
)


def read_head(scope: Scope, seen: Exchange) -> Head:
    """Fills in what the headers say about the exchange, and gives those that were looked for."""
    head = seen.head
    for name, value in scope["headers"]:
        if name in _WANTED:
            head.setdefault(name, []).append(value)
    if b"accept-language" in head:
        seen.language = chosen_language(head[b"accept-language"][0].decode("latin-1"))
    if b"x-request-id" in head and _CLIENT_ID.fullmatch(head[b"x-request-id"][0]):
        seen.client_request_id = head[b"x-request-id"][0].decode()
    if b"traceparent" in head and (found := _TRACE.fullmatch(head[b"traceparent"][0])):
        seen.trace_id = found[1].decode()
    return head


def check_head(scope: Scope, head: Head) -> None:
    """Raises Malformed where two readers could understand two things, NotFound for a path that is no path."""
    hosts = head.get(b"host", [])
    if len(hosts) > 1 or (not hosts and scope.get("http_version") == "1.1"):
        raise Malformed("invalid_header", "Send Host once.", headers=_CLOSE)
    if hosts and (wrong := getattr(scope.get("app"), "hosts", EVERY).check(hosts[0])) is not None:
        raise Malformed("invalid_header", wrong, headers=_CLOSE)
    if len(head.get(b"content-length", ())) > 1 or (b"content-length" in head and b"transfer-encoding" in head):
        raise Malformed("invalid_header", "Say once how long the body is.", headers=_CLOSE)
    if _CONTROL.search(scope["path"]):
        raise NotFound("not_found", "There is nothing at this address.")


def body_length(head: Head) -> int | None:
    """Bytes that are to come; None when that was not said. Raises Malformed."""
    if b"content-length" not in head:
        return None if b"transfer-encoding" in head else 0
    value = head[b"content-length"][0]
    if not value.isdigit() or len(value) > 18:
        raise Malformed("invalid_header", "Content-Length cannot be understood.", headers=_CLOSE)
    return int(value)
