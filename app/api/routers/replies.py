"""Answers: bytes made once, with the headers that every answer of a kind has."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.context import Caller, services
from app.api.deps import idempotency, known_version
from app.dispatch.outcome import Outcome, Rendered

SEQ = "Giliran-Seq"
CONFIGURATION = "Giliran-Configuration-Version"
JSON = "application/json"


class Reply(Response):
    """JSON in bytes with headers that are known to be sound: nothing to look at again."""

    def __init__(self, body: bytes, status: int, headers: Mapping[str, str]) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        self.raw_headers += [(b"content-length", b"%d" % len(body)), (b"content-type", b"application/json")]


def json_reply(view: Any, *, seq: int | None = None, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`seq` is the last event that the answer includes."""
    said = dict(headers or {})
    if seq is not None:
        said[SEQ] = str(seq)
    return Response(to_json(view), status, said, JSON)


def versioned_reply(
    request: Request,
    view: Mapping[str, Any],
    *,
    seq: int,
    version: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One object with its ETag; 304 where the caller has this version already. `version` is that of a view that does not say it."""
    known = view["version"] if version is None else version
    said = {"ETag": etag(known), SEQ: str(seq), **(headers or {})}
    if known in known_version(request):
        return Response(status_code=304, headers=said)
    return Response(to_json(view), 200, said, JSON)


def rendered_reply(outcome: Outcome) -> Response:
    """What the dispatcher committed, or what was answered before under the same key."""
    rendered = outcome.rendered
    if rendered is None:
        raise RuntimeError("the command was submitted without a way to render its answer")
    headers = dict(rendered.headers)
    if outcome.replayed:
        headers["Idempotency-Replayed"] = "true"
    if outcome.seq:
        headers[SEQ] = str(outcome.seq)
    return Reply(rendered.body, rendered.status, headers)


async def recalled(request: Request, caller: Caller) -> Response | None:
    """What was answered before under the request's key, for where the way to an answer cannot be gone again."""
    key = await idempotency(request)
    known = await services(request).dispatcher.recall(caller.workspace, key) if key is not None else None
    return None if known is None else rendered_reply(known)


def rendered(view: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Rendered:
    """An object that was changed, with its ETag."""
    return Rendered(status, to_json(view), {"ETag": etag(view["version"]), **(headers or {})})


def dry_reply(view: Mapping[str, Any], *, would_status: int) -> Response:
    """What the call would have answered; nothing was stored."""
    return Response(to_json({**view, "would_status": would_status}), 200, {"Dry-Run": "true"}, JSON)


def etag(version: int) -> str:
    return f'"{version}"'
