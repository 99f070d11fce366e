"""What headers and the query say, read strictly. Each function is a dependency, and may be called with the request as well."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from app.api.context import Services, exchange, services
from app.dispatch.outcome import IdempotencyKey
from app.engine.mistakes import on_one_line, shown
from app.errors import Malformed, PreconditionRequired

_ETAG = re.compile(r'"(0|[1-9][0-9]{0,8})"')
_ANY_ETAG = re.compile(rb'(?:W/)?"([0-9]{1,9})"')
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}")

ServicesDep = Annotated[Services, Depends(services)]


def request_id(request: Request) -> str:
    return exchange(request).request_id


def language(request: Request) -> str:
    """Either en or id, as Accept-Language has it."""
    return exchange(request).language


def dry_run(request: Request) -> bool:
    """`?dry_run=true`: the same checks and answer, nothing stored."""
    said = one_of_query(request, "dry_run")
    if said in (None, "false"):
        return False
    if said == "true":
        return True
    raise wrong_parameter("dry_run", "It is true or false.", allowed=("true", "false"))


def if_match(request: Request) -> int | None:
    """The version that the caller has read; None when any will do."""
    said = one_header(request, b"if-match")
    if said is None or said == "*":
        return None
    found = _ETAG.fullmatch(said)
    if found is None:
        raise Malformed("invalid_header", 'If-Match holds one version as it stood in ETag, in double quotes: "7".')
    return int(found[1])


def precondition(request: Request) -> int:
    """The version that is to be replaced, 0 when the caller creates the first (If-None-Match: *). Raises 428 without either."""
    version = if_match(request)
    if version is not None:
        return version
    if one_header(request, b"if-none-match") == "*":
        return 0
    detail = 'Say which version you replace: If-Match: "<version>" as it stood in ETag, or If-None-Match: * for the first one.'
    raise PreconditionRequired("precondition_required", detail)


def known_version(request: Request) -> frozenset[int]:
    """Versions that the caller already has (If-None-Match); what is no version is ignored."""
    return frozenset(int(found) for found in _ANY_ETAG.findall(b", ".join(exchange(request).head.get(b"if-none-match", ()))))


def idempotency_text(request: Request) -> str | None:
    """The Idempotency-Key as it was sent."""
    said = one_header(request, b"idempotency-key")
    if said is not None and _PRINTABLE.fullmatch(said) is None:
        raise Malformed("invalid_header", "Idempotency-Key holds 1 to 255 printable ASCII characters.")
    return said


async def idempotency(request: Request) -> IdempotencyKey | None:
    """The Idempotency-Key with the fingerprint of method, path, query and body; None without one."""
    key = idempotency_text(request)
    if key is None:
        return None
    body = hashlib.sha256(await whole_body(request)).digest()
    parts = (request.method.encode(), request.scope["path"].encode(), request.scope["query_string"], body)
    return IdempotencyKey(key, hashlib.sha256(b"\0".join(parts)).digest())


async def whole_body(request: Request) -> bytes:
    """The body's bytes; who asks again gets them again. Raises ClientDisconnect when it ended too early."""
    seen = exchange(request)
    if seen.body is None:
        message = await request.receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            seen.body = message.get("body", b"")
        else:
            seen.body = await _rest_of_body(request, message)
    return seen.body


async def _rest_of_body(request: Request, message: Message) -> bytes:
    parts = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await request.receive()
    raise ClientDisconnect


RequestId = Annotated[str, Depends(request_id)]
Speaks = Annotated[str, Depends(language)]
DryRun = Annotated[bool, Depends(dry_run)]
IfMatch = Annotated[int | None, Depends(if_match)]
Precondition = Annotated[int, Depends(precondition)]
KnownVersion = Annotated[frozenset[int], Depends(known_version)]
Idempotency = Annotated[IdempotencyKey | None, Depends(idempotency)]


def one_header(request: Request, name: bytes) -> str | None:
    """The header, at most one of it."""
    sent = exchange(request).head.get(name)
    if sent is None:
        return None
    if len(sent) > 1:
        raise Malformed("invalid_header", f"{name.decode().title()} may be sent once.")
    return sent[0].decode("latin-1").strip(" \t")


def one_of_query(request: Request, name: str) -> str | None:
    if not request.scope["query_string"]:
        return None
    sent = request.query_params.getlist(name)
    if len(sent) > 1:
        raise wrong_parameter(name, "It may stand once.")
    return sent[0] if sent else None


def wrong_parameter(name: str, detail: str, *, allowed: tuple[str, ...] | None = None) -> Malformed:
    said = f"The parameter {name} cannot be understood. {detail}"
    extra: dict[str, Any] = {"allowed": list(allowed)} if allowed else {}
    return Malformed("invalid_parameter", said, parameter=name, **extra)


# How a dependency of ours reads in the description: FastAPI sees only a request in their signatures.
_VERSION = {"type": "string", "pattern": '^"[0-9]{1,9}"$'}
DESCRIBED: Mapping[Callable[..., Any], tuple[dict[str, Any], ...]] = {
    dry_run: (
        {
            "name": "dry_run",
            "in": "query",
            "description": "The same checks and the same answer, but nothing is stored.",
            "schema": {"type": "boolean", "default": False},
        },
    ),
    if_match: (
        {
            "name": "If-Match",
            "in": "header",
            "description": "The version you have read, as it stood in ETag; stale is 412.",
            "schema": _VERSION,
            "example": '"7"',
        },
    ),
    precondition: (
        {
            "name": "If-Match",
            "in": "header",
            "description": "The version you replace, as it stood in ETag. This or If-None-Match is needed.",
            "schema": _VERSION,
            "example": '"7"',
        },
        {
            "name": "If-None-Match",
            "in": "header",
            "description": "An asterisk: create the first version.",
            "schema": {"type": "string", "pattern": "^\\*$"},
            "example": "*",
        },
    ),
    known_version: (
        {
            "name": "If-None-Match",
            "in": "header",
            "description": "A version you already have: 304 when it is still the present one.",
            "schema": {"type": "string"},
            "example": '"7"',
        },
    ),
    idempotency: (
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "1 to 255 printable characters of your choice. A repeat with the same key and body gets the first answer.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
            "example": "crm-4711",
        },
    ),
}


def refuse_unknown_parameters(request: Request) -> None:
    """A typo in the query is never silent. Raises Malformed with the name and those that are known."""
    if not request.scope["query_string"]:
        return
    route = request.scope["route"]
    known = query_names(route)
    for name, value in request.query_params.multi_items():
        if name not in known:
            detail = f"The parameter {shown(name)} is not known here."
            allowed = ", ".join(sorted(known)) or "none"
            raise Malformed(
                "unknown_parameter", f"{detail} Known: {allowed}.", parameter=on_one_line(name[:60]), allowed=sorted(known)
            )
        if "\0" in value:
            raise wrong_parameter(name, "It holds a NUL.")


_NAMES: dict[int, frozenset[str]] = {}


def query_names(route: APIRoute) -> frozenset[str]:
    names = _NAMES.get(id(route))
    if names is None:
        names = _NAMES[id(route)] = frozenset(_query_names(route))
    return names


def _query_names(route: APIRoute) -> set[str]:
    names: set[str] = set()
    for parameter in (one for dependant in dependants_of(route) for one in dependant.query_params):
        model = parameter.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            names.update(info.alias or name for name, info in model.model_fields.items())
        else:
            names.add(parameter.alias)
    return names | {one["name"] for one in parameters_of(route) if one["in"] == "query"}


def parameters_of(route: APIRoute) -> list[dict[str, Any]]:
    """Parameters that the route reads itself or through dependencies of ours."""
    described = (one for dependant in dependants_of(route) if dependant.call for one in DESCRIBED.get(dependant.call, ()))
    return [*(route.openapi_extra or {}).get("parameters", ()), *described]


def dependants_of(route: APIRoute) -> Iterator[Dependant]:
    """The operation and all that runs before it."""
    waiting = [route.dependant]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(one.dependencies)
