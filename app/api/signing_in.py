"""Whose token this is: a person of an identity provider of the workspace that Giliran-Workspace names."""

from uuid import UUID

from starlette.requests import Request

from app.api.address import address_of
from app.api.context import Caller, Recent, Services, exchange
from app.api.roles import SCOPES, rights
from app.db import workspace_transaction
from app.dispatch.origins import Origin
from app.engine.commands import Actor
from app.engine.ids import WorkspaceId
from app.engine.mistakes import on_one_line
from app.engine.vocabulary import ActorType
from app.identifiers import encode, mint, read
from app.queries import audit
from app.services.changes import entry
from app.services.sign_in import NoRole, Person
from app.services.tokens import WrongToken

USER_AGENT = 200  # characters that the audit keeps of it
SIGN_IN = "sign_in"


async def signed_in(request: Request, process: Services, text: str) -> Recent:
    """The person, and until when that holds. The first request with a token is told in the audit.

    Raises WrongToken, NoRole, TooMany for an address that has sent too much that was wrong, and Unavailable.
    """
    if len(process.limiter.strangers) and not process.sign_ins.has_seen(text):
        process.limiter.refuse_stranger(address_of(request, process.settings.proxies))
    workspace = _workspace(request)
    try:
        person = await process.sign_ins.who(workspace, text)
    except NoRole as refused:
        actor = Actor(ActorType.PERSON, encode("per", refused.person))
        process.denials.note(workspace, origin_from(request, process, actor, SIGN_IN, person=refused.subject))
        raise
    caller = _caller(person)
    if process.sign_ins.is_new(person):
        await _tell(request, process, caller, person)
    return person.until, caller, process.limiter.account(person.id, person.role, None)


def origin_from(
    request: Request, process: Services, actor: Actor, operation: str, *, key: bytes | None = None, person: str | None = None
) -> Origin:
    """Who asks for what, and from where, as the audit has it."""
    agent = request.headers.get("user-agent")
    return Origin(
        id=mint(),
        operation=operation,
        actor=actor,
        key=key,
        person=person,
        ip=address_of(request, process.settings.proxies) or None,
        user_agent=None if agent is None else on_one_line(agent[:USER_AGENT]),
        request_id=exchange(request).request_id,
    )


def _workspace(request: Request) -> WorkspaceId:
    """A token does not say which of the provider's workspaces is meant."""
    named = exchange(request).head.get(b"giliran-workspace", [])
    found = read("wsp", named[0].decode("latin-1")) if len(named) == 1 else None
    if found is None:
        raise WrongToken("With a token say which workspace is meant: Giliran-Workspace: wsp_…")
    return WorkspaceId(found)


def _caller(person: Person) -> Caller:
    identity = encode("per", person.id)
    if person.agent is None:
        actor = Actor(ActorType.PERSON, identity)
    else:
        actor = Actor(ActorType.AGENT, encode("agt", person.agent), person.agent)
    told = {"workspace": encode("wsp", person.workspace), "person": identity}
    operations = rights(person.role, None)
    return Caller(
        person.workspace, person.mode, person.role, actor, SCOPES[person.role], person.id, operations, None, person.subject, told
    )


async def _tell(request: Request, process: Services, caller: Caller, person: Person) -> None:
    """One entry a token, whichever processes see it. Before the answer: nobody is in whose coming is told nowhere."""
    origin = origin_from(request, process, caller.actor, SIGN_IN, person=person.subject)
    changed = {"issuer": [None, person.issuer], "role": [None, str(person.role)]}
    values = entry(origin, UUID(bytes=person.workspace), "person", encode("per", person.id), changed=changed)
    async with workspace_transaction(process.engine, person.workspace) as connection:
        await audit.append(connection, {**values, "id": UUID(bytes=person.entry)})
    process.sign_ins.told(person)
