"""Workspaces, as the owner of the tables manages them from the command line."""

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
from app.queries import workspaces as queries
from app.queries.heads import NEWEST_FORMAT
from app.services import key_changes
from app.services.key_changes import Draft
from app.services.keys import NewKey

DEFAULT = "default"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Workspace:
    id: WorkspaceId
    slug: str
    name: str
    mode: Mode
    created_at: datetime


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
        key, _ = await key_changes.create(connection, made.id, made.mode, Draft(Role.ADMIN, "first"))
        return made, key


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


async def _read(connection: AsyncConnection, workspace_id: UUID) -> Workspace:
    row = (await connection.execute(queries.FIND, {"workspace_id": workspace_id})).one()
    return Workspace(WorkspaceId(workspace_id.bytes), row.slug, row.name, Mode(row.mode), row.created_at)
