"""The keys of a workspace as the owner of the tables manages them from the command line. What changes is audited as `cli`."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.dispatch.origins import Origin
from app.engine.commands import Actor
from app.engine.vocabulary import ActorType, Role
from app.errors import Invalid, NotFound
from app.identifiers import mint
from app.models.api_keys import KeyKind
from app.queries import audit
from app.queries import keys as queries
from app.queries.keys import Row
from app.services import key_changes
from app.services.changes import entry
from app.services.key_changes import Draft
from app.services.keys import NewKey
from app.services.sessions import CODE_SECONDS, code_of
from app.services.views.keys import key_view, told_changes
from app.services.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """A key to be made. `agent` is the name of an agent, and needed for the role agent; `rate_limit` is one of app.rates.

    `scopes` narrows the role; None is all of it.
    """

    role: Role
    name: str
    agent: str | None = None
    expires_at: datetime | None = None
    rate_limit: str | None = None
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What may be shown of a key after its creation."""

    id: bytes
    name: str
    role: Role
    last_four: str
    agent: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    rate_limit: str | None = None
    scopes: tuple[str, ...] | None = None


async def create_key(owner: AsyncEngine, workspace: Workspace, draft: KeyDraft) -> NewKey:
    """Raises Invalid for what is no rate and when role and agent do not go together, NotFound for an unknown agent."""
    if (draft.role is Role.AGENT) != (draft.agent is not None):
        raise Invalid("agent_needed", "A key of the role agent, and only such a key, belongs to an agent: name it with --agent.")
    async with owner.begin() as connection:
        agent_id = None if draft.agent is None else await _agent(connection, workspace, draft.agent)
        made = Draft(draft.role, draft.name, agent_id, draft.expires_at, draft.rate_limit, draft.scopes)
        key, row = await key_changes.create(connection, workspace.id, workspace.mode, made)
        await _audit(connection, workspace, "create_key", None, row)
    return key


async def create_link(owner: AsyncEngine, workspace: Workspace, role: Role, agent: str | None) -> str:
    """A code that gives a session once, within ten minutes. Raises Invalid, NotFound."""
    if (role is Role.AGENT) != (agent is not None):
        raise Invalid(
            "agent_needed", "A session of the role agent, and only such a one, belongs to an agent: name it with --agent."
        )
    async with owner.begin() as connection:
        agent_id = None if agent is None else await _agent(connection, workspace, agent)
        ends = datetime.now(UTC) + timedelta(seconds=CODE_SECONDS)
        draft = Draft(role, agent or role, agent_id, ends, kind=KeyKind.LOGIN)
        key, row = await key_changes.create(connection, workspace.id, workspace.mode, draft)
        await _audit(connection, workspace, "create_login_link", None, row)
    return code_of(key)


async def list_keys(owner: AsyncEngine, workspace: Workspace) -> list[StoredKey]:
    async with owner.connect() as connection:
        rows = await queries.page(connection, UUID(bytes=workspace.id), roles=(), kinds=(), after=None, limit=None)
    return [
        StoredKey(
            row["id"].bytes,
            row["name"],
            Role(row["role"]),
            row["last_four"],
            row["agent"],
            row["created_at"],
            row["expires_at"],
            row["revoked_at"],
            row["last_used_at"],
            row["rate_limit"],
            None if row["scopes"] is None else tuple(row["scopes"]),
        )
        for row in rows
    ]


async def change_key(owner: AsyncEngine, workspace: Workspace, key_id: bytes, values: Mapping[str, Any]) -> Role:
    """Its role, whose scopes `values` may hold. Raises NotFound, Conflict for a revoked one."""
    async with owner.begin() as connection:
        row = await _present(connection, workspace, key_id)
        after = await key_changes.change(connection, workspace.id, row, values)
        await _audit(connection, workspace, "update_key", row, after)
    return Role(row["role"])


async def role_of(owner: AsyncEngine, workspace: Workspace, key_id: bytes) -> Role:
    """Raises NotFound."""
    async with owner.begin() as connection:
        return Role((await _present(connection, workspace, key_id))["role"])


async def rotate_key(owner: AsyncEngine, workspace: Workspace, key_id: bytes, *, overlap_seconds: int) -> NewKey:
    """The key with another secret; the present one stays right for the overlap. Raises NotFound, Conflict."""
    async with owner.begin() as connection:
        row = await _present(connection, workspace, key_id)
        key, after = await key_changes.rotate(connection, workspace.id, workspace.mode, row, overlap_seconds=overlap_seconds)
        await _audit(connection, workspace, "rotate_key", row, after)
    return key


async def revoke_key(owner: AsyncEngine, workspace: Workspace, key_id: bytes) -> datetime:
    """When it was revoked: the first time counts. Raises NotFound."""
    async with owner.begin() as connection:
        row = await _present(connection, workspace, key_id)
        after = await key_changes.revoke(connection, workspace.id, row)
        await _audit(connection, workspace, "revoke_key", row, after)
    at: datetime = after["revoked_at"]
    return at


def from_the_command_line(operation: str) -> Origin:
    """The person is whoever the machine says is logged in."""
    try:
        person = getpass.getuser()
    except (OSError, KeyError):  # no such user: a container with a number of its own
        person = None
    return Origin(
        id=mint(),
        operation=operation,
        actor=Actor(ActorType.SYSTEM, "cli"),
        key=None,
        person=person,
        ip=None,
        user_agent=None,
        request_id=None,
    )


async def _audit(connection: AsyncConnection, workspace: Workspace, operation: str, before: Row | None, after: Row) -> None:
    changed = told_changes({} if before is None else key_view(before), key_view(after))
    if changed:
        origin = from_the_command_line(operation)
        values = entry(origin, UUID(bytes=workspace.id), *key_changes.subject_of(after), changed=changed)
        await audit.append(connection, values)


async def _present(connection: AsyncConnection, workspace: Workspace, key_id: bytes) -> Row:
    try:
        return await key_changes.present(connection, workspace.id, key_id)
    except NotFound:
        raise NotFound("key_not_found", f"The workspace {workspace.slug} has no such key. See: giliran keys list") from None


async def _agent(connection: AsyncConnection, workspace: Workspace, name: str) -> UUID:
    values = {"workspace_id": UUID(bytes=workspace.id), "name": name}
    found: UUID | None = await connection.scalar(queries.AGENT_BY_NAME, values)
    if found is None:
        raise NotFound("agent_not_found", f"The workspace {workspace.slug} has no agent named {name}.")
    return UUID(str(found))
