"""Workspaces and their keys, as the owner of the tables manages them from the command line."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.engine.ids import WorkspaceId
from app.engine.vocabulary import Role
from app.errors import Conflict, Invalid, NotFound
from app.identifiers import mint
from app.models.workspaces import Mode
from app.queries import keys as key_queries
from app.queries import workspaces as queries
from app.queries.heads import NEWEST_FORMAT
from app.rates import read_rate
from app.services.keys import NewKey, make

DEFAULT = "default"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Workspace:
    id: WorkspaceId
    slug: str
    name: str
    mode: Mode
    created_at: datetime


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


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """A key to be made. `agent` is the name of an agent, and needed for the role agent; `rate_limit` is one of app.rates."""

    role: Role
    name: str
    agent: str | None = None
    expires_at: datetime | None = None
    rate_limit: str | None = None


async def create(owner: AsyncEngine, *, slug: str, mode: Mode, name: str | None = None) -> Workspace:
    """Raises Invalid for a slug that cannot be one, Conflict for one that is taken."""
    if _SLUG.fullmatch(slug) is None:
        raise Invalid("invalid_slug", "A slug has 1 to 63 of a-z, 0-9 and -, and does not begin with -.")
    made = Workspace(WorkspaceId(mint()), slug, name or slug, mode, datetime.now(UTC))
    async with owner.begin() as connection:
        if not await _insert(connection, made):
            raise Conflict("slug_taken", f"There is a workspace {slug} already.")
    return made


async def create_default(owner: AsyncEngine) -> tuple[Workspace, NewKey] | None:
    """On an empty installation: the workspace `default` with its first key, both or neither. None when there is one."""
    made = Workspace(WorkspaceId(mint()), DEFAULT, "Default", Mode.LIVE, datetime.now(UTC))
    async with owner.begin() as connection:
        if (await connection.execute(queries.ALL_SLUGS)).first() is not None or not await _insert(connection, made):
            return None
        return made, await _insert_key(connection, made, KeyDraft(Role.ADMIN, "first"), agent_id=None)


async def list_all(owner: AsyncEngine) -> list[Workspace]:
    async with owner.connect() as connection:
        slugs = (await connection.execute(queries.ALL_SLUGS)).all()
        return [await _read(connection, row.workspace_id) for row in slugs]


async def find(owner: AsyncEngine, slug: str) -> Workspace:
    """Raises NotFound."""
    async with owner.connect() as connection:
        row = (await connection.execute(queries.FIND_SLUG, {"slug": slug})).first()
        if row is None:
            raise NotFound("workspace_not_found", f"There is no workspace {slug}. See: giliran workspaces list")
        return await _read(connection, row.workspace_id)


async def create_key(owner: AsyncEngine, workspace: Workspace, draft: KeyDraft) -> NewKey:
    """Raises Invalid for what is no rate and when role and agent do not go together, NotFound for an unknown agent."""
    if (draft.role is Role.AGENT) != (draft.agent is not None):
        raise Invalid("agent_needed", "A key of the role agent, and only such a key, belongs to an agent: name it with --agent.")
    if draft.rate_limit is not None:
        try:
            read_rate(draft.rate_limit)
        except ValueError as error:
            raise Invalid("invalid_rate", f"{error}.") from None
    async with owner.begin() as connection:
        agent_id = None if draft.agent is None else await _agent(connection, workspace, draft.agent)
        return await _insert_key(connection, workspace, draft, agent_id=agent_id)


async def list_keys(owner: AsyncEngine, workspace: Workspace) -> list[StoredKey]:
    async with owner.connect() as connection:
        rows = await connection.execute(key_queries.LIST, {"workspace_id": UUID(bytes=workspace.id)})
        return [
            StoredKey(
                UUID(str(row.id)).bytes,
                row.name,
                Role(row.role),
                row.last_four,
                row.agent,
                row.created_at,
                row.expires_at,
                row.revoked_at,
                row.last_used_at,
                row.rate_limit,
            )
            for row in rows
        ]


async def revoke_key(owner: AsyncEngine, workspace: Workspace, key_id: bytes) -> datetime:
    """When it was revoked: the first time counts. Raises NotFound."""
    values = {"workspace_id": UUID(bytes=workspace.id), "id": UUID(bytes=key_id), "at": datetime.now(UTC)}
    async with owner.begin() as connection:
        row = (await connection.execute(key_queries.REVOKE, values)).first()
    if row is None:
        raise NotFound("key_not_found", f"The workspace {workspace.slug} has no such key. See: giliran keys list")
    at: datetime = row.revoked_at
    return at


async def _insert(connection: AsyncConnection, made: Workspace) -> bool:
    """Whether the slug was free."""
    values = {"workspace_id": UUID(bytes=made.id), "slug": made.slug, "name": made.name, "mode": made.mode, "at": made.created_at}
    taken = (await connection.execute(queries.CREATE_SLUG, {"slug": made.slug, "workspace_id": values["workspace_id"]})).first()
    if taken is None:
        return False
    await connection.execute(queries.CREATE, values)
    # An old release may still be running as long as any workspace is written in an older format.
    lowest: int | None = await connection.scalar(queries.LOWEST_FORMAT)
    head = {name: values[name] for name in ("workspace_id", "mode", "at")}
    await connection.execute(queries.CREATE_HEAD, head | {"format": NEWEST_FORMAT if lowest is None else lowest})
    return True


async def _insert_key(connection: AsyncConnection, workspace: Workspace, draft: KeyDraft, *, agent_id: UUID | None) -> NewKey:
    key = make(workspace.id, workspace.mode, mint())
    values = {
        "workspace_id": UUID(bytes=workspace.id),
        "id": UUID(bytes=key.id),
        "secret_hash": key.secret_hash,
        "last_four": key.last_four,
        "name": draft.name,
        "role": draft.role,
        "agent_id": agent_id,
        "created_at": datetime.now(UTC),
        "expires_at": draft.expires_at,
        "rate_limit": draft.rate_limit,
    }
    await connection.execute(key_queries.CREATE, values)
    return key


async def _agent(connection: AsyncConnection, workspace: Workspace, name: str) -> UUID:
    values = {"workspace_id": UUID(bytes=workspace.id), "name": name}
    found: UUID | None = await connection.scalar(key_queries.AGENT_BY_NAME, values)
    if found is None:
        raise NotFound("agent_not_found", f"The workspace {workspace.slug} has no agent named {name}.")
    return UUID(str(found))


async def _read(connection: AsyncConnection, workspace_id: UUID) -> Workspace:
    row = (await connection.execute(queries.FIND, {"workspace_id": workspace_id})).one()
    return Workspace(WorkspaceId(workspace_id.bytes), row.slug, row.name, Mode(row.mode), row.created_at)
