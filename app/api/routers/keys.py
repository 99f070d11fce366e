"""Keys: who may call for this workspace."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import Nothing, read_json
from app.api.context import Caller, services
from app.api.deps import dry_run, idempotency, if_match, known_version
from app.api.ids import decode
from app.api.rights import check_end, check_scopes, check_within, said_of
from app.api.routers.changing import changing
from app.api.routers.describing import OF_READS, OF_WRITES, operation
from app.api.routers.finding import present_agent
from app.api.routers.paging import Paged, id_after, page_reply
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import versioned_reply
from app.api.schemas.keys import KeyDryRun, KeyIn, KeyOut, KeyPage, KeyPatch, KeyWithSecret, RotateIn
from app.engine.mistakes import Mistake
from app.engine.vocabulary import Role
from app.errors import Invalid
from app.models.api_keys import KeyKind
from app.queries import events, keys
from app.queries.keys import Row
from app.services import key_changes
from app.services.changes import Done, rendered
from app.services.key_changes import Draft
from app.services.views.keys import key_view, told_changes

router = APIRouter(prefix="/v1/keys", tags=["keys"])

Ref = Annotated[str, Field(description="The key's id.", examples=["key_069nnak9kphi75bkq3s0h6dn1k"])]
HEADERS = (idempotency, if_match, dry_run)
OF_CHANGES = (*OF_WRITES, "invalid_header", "idempotency_key_reused", "key_not_found", "version_mismatch", "exceeds_own_rights")
NEW = {200: {"model": KeyDryRun, "description": "With dry_run: the key as it would be."}}
CHANGED = {200: {"model": KeyOut | KeyDryRun, "description": "The key as it is now, or as it would be."}}
ROTATED = {200: {"model": KeyWithSecret | KeyDryRun, "description": "The key with its new secret, or as it would be."}}


class KeyListQuery(Paged):
    """Filters: values of one field are alternatives, different fields must all hold."""

    role: list[Role] = Field(default=[], max_length=20, description="What they may do; repeat for or.")
    kind: list[KeyKind] = Field(default=[], max_length=20, description="key, session, or both.")


@router.get(
    "",
    summary="List keys",
    description="In the order in which they were made, revoked and ended ones too. None can be shown again.",
    **operation("list_keys", KeyPage, problems=(*OF_READS, "cursor_mismatch", "cursor_expired")),
)
async def list_keys(request: Request, caller: CallerDep, query: Annotated[KeyListQuery, Query()]) -> Response:
    after = id_after(request, query)
    async with reading(services(request), caller) as at:
        rows = await keys.page(
            at.connection, at.workspace, roles=query.role, kinds=query.kind, after=after, limit=query.limit + 1
        )
    shown = rows[: query.limit]
    last = [shown[-1]["id"].hex] if len(rows) > query.limit else None
    return page_reply(request, [key_view(row) for row in shown], head=at.head, last_place=last)


@router.get(
    "/{key}",
    summary="Read a key",
    description="Everything but what opens.",
    **operation("get_key", KeyOut, headers=(known_version,), problems=("key_not_found",)),
)
async def get_key(request: Request, caller: CallerDep, key: Ref) -> Response:
    async with reading(services(request), caller) as at:
        row = await keys.one(at.connection, at.workspace, UUID(bytes=decode("key", key)))
    if row is None:
        raise key_changes.key_not_found()
    return versioned_reply(request, key_view(row), seq=at.head.last_seq)


@router.post(
    "",
    summary="Make a key",
    status_code=201,
    description="`secret` is the key itself and is shown this once: only a hash is stored. A repeat under the same Idempotency-Key "
    "makes no second key and gets this answer with `secret` null. Nobody makes a key that may do more, or lives longer, than their own.",
    **operation("create_key", KeyWithSecret, body=KeyIn, headers=(idempotency, dry_run), responses=NEW,
                example={"name": "CRM", "role": "integration", "scopes": ["tickets:read", "tickets:write"]},
                problems=(*OF_WRITES, "invalid_header", "idempotency_key_reused", "agent_not_found", "exceeds_own_rights")),
)  # fmt: skip
async def create_key(request: Request, caller: CallerDep) -> Response:
    body = await read_json(request, KeyIn)
    _check_agent(body)
    check_scopes(body.role, body.scopes)

    async def work(connection: AsyncConnection) -> Done:
        check_end(body.expires_at)
        check_within(caller, body.role, body.scopes, body.expires_at)
        draft = Draft(
            body.role,
            body.name,
            agent_id=None if body.agent_id is None else await _agent(connection, caller, body.agent_id),
            expires_at=body.expires_at,
            rate_limit=body.rate_limit,
            scopes=None if body.scopes is None else tuple(body.scopes),
        )
        new, row = await key_changes.create(connection, caller.workspace, caller.mode, draft)
        headers = {"Location": f"/v1/keys/{key_view(row)['id']}"}
        return _done(row, told_changes({}, key_view(row)), secret=new.text, status=201, headers=headers)

    return await changing(request, caller, work, dry={"id": None, "secret": None})


@router.patch(
    "/{key}",
    summary="Change a key",
    description="A JSON merge patch of name, scopes, end and rate. In force on every process within a second.",
    **operation("update_key", KeyOut, body=KeyPatch, headers=HEADERS, responses=CHANGED, example={"scopes": ["tickets:read"]},
                problems=(*OF_CHANGES, "key_is_revoked", "key_is_session", "last_admin_key")),
)  # fmt: skip
async def update_key(request: Request, caller: CallerDep, key: Ref) -> Response:
    body, version = await read_json(request, KeyPatch), if_match(request)
    wanted = {name: getattr(body, name) for name in body.model_fields_set}
    if wanted.get("scopes") is not None:
        wanted["scopes"] = sorted(set(wanted["scopes"]))
    key_id = decode("key", key)

    async def work(connection: AsyncConnection) -> Done:
        others = await key_changes.other_admins(connection, caller.workspace, key_id)
        row = await key_changes.present(connection, caller.workspace, key_id, version=version)
        role, then = Role(row["role"]), {**row, **wanted}
        check_scopes(role, body.scopes)
        if "expires_at" in wanted:
            check_end(body.expires_at)
        check_within(caller, role, then["scopes"], then["expires_at"])
        if not others and _manages(row) and not _manages(then):
            raise key_changes.last_admin()
        after = await key_changes.change(connection, caller.workspace, row, wanted)
        return _done(after, told_changes(key_view(row), key_view(after)))

    return await changing(request, caller, work, dry={"secret": None})


@router.post(
    "/{key}/rotate",
    summary="Give a key another secret",
    description="The present secret stays right for overlap_seconds, so that whoever uses it has time to change; one from an earlier "
    "rotation ends now. `secret` is shown this once: a repeat under the same Idempotency-Key rotates nothing and gets it as null.",
    **operation("rotate_key", KeyWithSecret, body=RotateIn, headers=HEADERS, responses=ROTATED, example={"overlap_seconds": 3600},
                problems=(*OF_CHANGES, "key_is_revoked", "key_is_session")),
)  # fmt: skip
async def rotate_key(request: Request, caller: CallerDep, key: Ref) -> Response:
    body, version, key_id = await read_json(request, RotateIn), if_match(request), decode("key", key)

    async def work(connection: AsyncConnection) -> Done:
        row = await key_changes.present(connection, caller.workspace, key_id, version=version)
        check_within(caller, Role(row["role"]), row["scopes"], row["expires_at"])
        new, after = await key_changes.rotate(
            connection, caller.workspace, caller.mode, row, overlap_seconds=body.overlap_seconds
        )
        return _done(after, told_changes(key_view(row), key_view(after)), secret=new.text)

    return await changing(request, caller, work, dry={"secret": None})


@router.post(
    "/{key}/revoke",
    summary="Revoke a key",
    description="Refused on every process within a second, and for good. The last key of the role admin stays.",
    **operation("revoke_key", KeyOut, body=Nothing, body_optional=True, headers=HEADERS, responses=CHANGED,
                problems=(*OF_CHANGES, "last_admin_key")),
)  # fmt: skip
async def revoke_key(request: Request, caller: CallerDep, key: Ref) -> Response:
    await read_json(request, Nothing, optional=True)
    version, key_id = if_match(request), decode("key", key)

    async def work(connection: AsyncConnection) -> Done:
        others = await key_changes.other_admins(connection, caller.workspace, key_id)
        row = await key_changes.present(connection, caller.workspace, key_id)
        if row["revoked_at"] is None:
            key_changes.check_version(row, version)
            if not others and _manages(row):
                raise key_changes.last_admin()
        after = await key_changes.revoke(connection, caller.workspace, row)
        return _done(after, told_changes(key_view(row), key_view(after)))

    return await changing(request, caller, work, dry={"secret": None})


def _done(
    row: Row,
    changed: Mapping[str, Any],
    *,
    secret: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Done:
    """What is kept for a repeat has no secret."""
    view, subject = key_view(row), key_changes.subject_of(row)
    if secret is None:
        return Done(rendered(view, status=status, headers=headers), subject, changed)
    reply = rendered({**view, "secret": secret}, status=status, headers=headers)
    return Done(reply, subject, changed, kept=rendered({**view, "secret": None}, status=status, headers=headers))


def _manages(row: Mapping[str, Any]) -> bool:
    live = row["revoked_at"] is None and row["kind"] == KeyKind.KEY
    return live and key_changes.manages_keys(row["role"], row["scopes"])


async def _agent(connection: AsyncConnection, caller: Caller, text: str) -> UUID:
    """The agent that the body means."""
    workspace = UUID(bytes=caller.workspace)
    at = Reading(connection, workspace, await events.head(connection, workspace))
    found: UUID = (await present_agent(at, text))["id"]
    return found


def _check_agent(body: KeyIn) -> None:
    """Raises Invalid where role and agent do not go together."""
    mistakes: Sequence[Mistake] = ()
    if body.role is Role.AGENT and body.agent_id is None:
        mistakes = [Mistake("/agent_id", "required", "A key of the role agent belongs to an agent: name whose it is.")]
    elif body.role is not Role.AGENT and body.agent_id is not None:
        mistakes = [Mistake("/agent_id", "not_allowed", "Only a key of the role agent belongs to an agent.")]
    if mistakes:
        raise Invalid("invalid_body", said_of(1), errors=mistakes)
