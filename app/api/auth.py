"""Who asks, and may they. The dependency `caller` stands before every operation except the open ones."""

import time
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from app.api.context import Caller, exchange, services
from app.api.deps import refuse_unknown_parameters
from app.api.roles import OPERATIONS, SCOPES
from app.engine.commands import Actor
from app.engine.vocabulary import ActorType
from app.errors import Forbidden, Unauthenticated
from app.identifiers import encode
from app.services.keys import Known, Presented, parse

CHALLENGE = 'Bearer realm="giliran"'
LONGEST = 200  # a key has 105 characters
RECENT_KEYS = 1_000


async def caller(request: Request) -> Caller:
    """Authentication, then the operation's scope, then the names of the query's parameters."""
    found = await authenticate(request)
    exchange(request).caller = found
    authorize(request, found)
    refuse_unknown_parameters(request)
    return found


CallerDep = Annotated[Caller, Depends(caller)]


async def authenticate(request: Request) -> Caller:
    """Who the key belongs to. Whom a key of exactly these letters belonged to a moment ago need not be asked again."""
    sent = exchange(request).head.get(b"authorization", [])
    process = services(request)
    if len(sent) == 1 and (recent := process.recent.get(sent[0])) is not None and time.monotonic() < recent[0]:
        return recent[1]
    presented = _presented(sent)
    ring = process.keys
    known = await ring.find(presented)
    if known is None:
        raise _refused("invalid_key", "This key is not known here. Check that it was copied whole.")
    _check_times(known)
    ring.use(presented)
    found = _caller(presented, known)
    if known.expires_at is None:
        if len(process.recent) >= RECENT_KEYS:
            process.recent.clear()
        process.recent[sent[0]] = ring.fresh_until(presented), found
    return found


def authorize(request: Request, found: Caller) -> None:
    name = getattr(request.scope["route"], "operation_id", None)
    operation = OPERATIONS.get(name or "")
    if operation is None or found.role not in operation.roles:
        scope = operation.scope if operation else "none"
        detail = f"This needs the scope {scope}, which the role {found.role} has not for this operation."
        raise Forbidden("missing_scope", detail, scope=scope, role=str(found.role))
    asked = exchange(request).head.get(b"giliran-workspace")
    if asked is not None and asked[0].decode("latin-1") != encode("wsp", found.workspace):
        raise Forbidden("wrong_workspace", "The key belongs to another workspace than the one that Giliran-Workspace names.")


def _presented(sent: list[bytes]) -> Presented:
    if not sent:
        raise _refused("missing_key", "Send a key: Authorization: Bearer glr_…", error=None)
    scheme, _, text = sent[0].decode("latin-1").partition(" ")
    well_formed = len(sent) == 1 and scheme.lower() == "bearer" and len(text) <= LONGEST
    presented = parse(text) if well_formed else None
    if presented is None:
        raise _refused("invalid_key", "Authorization does not hold one key of this service after the word Bearer.")
    return presented


def _check_times(known: Known) -> None:
    if known.revoked_at is not None:
        raise _refused("key_revoked", "This key was revoked. Ask an administrator for another one.")
    if known.expires_at is not None and known.expires_at <= datetime.now(UTC):
        raise _refused("key_expired", "This key has expired. Ask an administrator for another one.")


def _caller(presented: Presented, known: Known) -> Caller:
    if known.agent is None:
        actor = Actor(ActorType.API_KEY, encode("key", presented.id))
    else:
        actor = Actor(ActorType.AGENT, encode("agt", known.agent), known.agent)
    told = {"workspace": encode("wsp", presented.workspace), "key": encode("key", presented.id)}
    return Caller(presented.workspace, known.mode, known.role, actor, SCOPES[known.role], presented.id, told)


def _refused(code: str, detail: str, *, error: str | None = "invalid_token") -> Unauthenticated:
    challenge = f'{CHALLENGE}, error="{error}"' if error else CHALLENGE
    return Unauthenticated(code, detail, headers={"WWW-Authenticate": challenge})
