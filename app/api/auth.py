"""Who asks, and may they. The dependency `caller` stands before every operation except the open ones."""

import time
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from app.api.address import address_of
from app.api.context import Caller, Recent, Services, exchange, services
from app.api.deps import refuse_unknown_parameters
from app.api.roles import AUDITED, OPERATIONS, SCOPES, rights
from app.api.signing_in import origin_from, signed_in
from app.dispatch.origins import ORIGIN, Origin
from app.engine.commands import Actor
from app.engine.vocabulary import ActorType
from app.errors import Forbidden, Unauthenticated
from app.identifiers import encode
from app.services.keys import Known, Presented, parse
from app.services.tokens import WrongToken, looks_like_a_token

CHALLENGE = 'Bearer realm="giliran"'
LONGEST = 200  # a key has 105 characters
RECENT_KEYS = 1_000


async def caller(request: Request) -> Caller:
    """Authentication, then the operation's scope, then the names of the query's parameters."""
    found = await authenticate(request)
    authorize(request, found)
    refuse_unknown_parameters(request)
    return found


CallerDep = Annotated[Caller, Depends(caller)]


async def authenticate(request: Request) -> Caller:
    """Who the key belongs to, and a request of its rate. Whose a key of exactly these letters was a moment ago need not be asked."""
    seen, process = exchange(request), services(request)
    sent = seen.head.get(b"authorization", [])
    recent = process.recent.get(sent[0]) if len(sent) == 1 else None
    if recent is None or time.monotonic() >= recent[0]:
        recent = await _looked_up(request, process, sent)
    _, seen.caller, seen.account = recent
    process.limiter.enter(seen.account)
    seen.limiter = process.limiter
    return seen.caller


async def _looked_up(request: Request, process: Services, sent: list[bytes]) -> Recent:
    """Whose key or token this is and until when that holds. A wrong one counts against the address it came from."""
    ring = process.keys
    try:
        text = _bearer(sent)
        if looks_like_a_token(text):
            return await signed_in(request, process, text)
        presented = _presented(text)
        known = await _known(request, process, presented)
    except (WrongKey, WrongToken):
        process.limiter.wrong_key(address_of(request, process.settings.proxies))
        raise
    ring.use(presented)
    account = process.limiter.account(presented.id, known.role, known.rate_limit)
    recent = ring.fresh_until(presented), _caller(presented, known), account
    if known.expires_at is None:
        if len(process.recent) >= RECENT_KEYS:
            process.recent.clear()
        process.recent[sent[0]] = recent
    return recent


async def _known(request: Request, process: Services, presented: Presented) -> Known:
    """A stranger who has sent too many wrong keys costs no look into the database; a key that was right lately is no stranger's."""
    if len(process.limiter.strangers) and not process.keys.has_seen(presented):
        process.limiter.refuse_stranger(address_of(request, process.settings.proxies))
    known = await process.keys.find(presented)
    if known is None:
        raise _refused("invalid_key", "This key is not known here. Check that it was copied whole.")
    _check_times(known)
    return known


def authorize(request: Request, found: Caller) -> None:
    """Whether the key may do this at all. What is audited says from where it comes."""
    name = getattr(request.scope["route"], "operation_id", None) or ""
    audited = found.operations.get(name)
    if audited is None:
        raise _missing_scope(request, found, name)
    asked = exchange(request).head.get(b"giliran-workspace")
    if asked is not None and asked[0].decode("latin-1") != encode("wsp", found.workspace):
        raise Forbidden("wrong_workspace", "The key belongs to another workspace than the one that Giliran-Workspace names.")
    if audited:
        ORIGIN.set(origin(request, found, name))


def _missing_scope(request: Request, found: Caller, name: str) -> Forbidden:
    """What only administrators do and somebody else tried is told in the audit."""
    operation = OPERATIONS.get(name)
    scope = operation.scope if operation else "none"
    if name in AUDITED:
        services(request).denials.note(found.workspace, origin(request, found, name))
    if operation is not None and found.role in operation.roles:
        return Forbidden("missing_scope", f"This needs the scope {scope}, which this key was not given.", scope=scope)
    detail = f"This needs the scope {scope}, which the role {found.role} has not for this operation."
    return Forbidden("missing_scope", detail, scope=scope, role=str(found.role))


def origin(request: Request, found: Caller, operation: str) -> Origin:
    """Who asks for what, and from where. Who signed in has no key."""
    key = found.key if found.person is None else None
    return origin_from(request, services(request), found.actor, operation, key=key, person=found.person)


def _bearer(sent: list[bytes]) -> str:
    if not sent:
        raise Unauthenticated("missing_key", "Send a key: Authorization: Bearer glr_…", headers={"WWW-Authenticate": CHALLENGE})
    scheme, _, text = sent[0].decode("latin-1").partition(" ")
    return text if len(sent) == 1 and scheme.lower() == "bearer" else ""


def _presented(text: str) -> Presented:
    presented = parse(text) if len(text) <= LONGEST else None
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
    scopes = SCOPES[known.role] if known.scopes is None else SCOPES[known.role] & known.scopes
    operations = rights(known.role, known.scopes)
    return Caller(
        presented.workspace, known.mode, known.role, actor, scopes, presented.id, operations, known.expires_at, told=told
    )


class WrongKey(Unauthenticated):
    """A key was sent, and it opens nothing."""


def _refused(code: str, detail: str) -> WrongKey:
    return WrongKey(code, detail, headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})
