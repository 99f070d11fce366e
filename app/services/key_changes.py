"""Keys made, changed, rotated and revoked, each in a transaction that the caller has begun. Who may is the caller's matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.engine.ids import WorkspaceId
from app.engine.vocabulary import Role
from app.errors import Conflict, Invalid, NotFound, Stale
from app.identifiers import encode, mint
from app.models.api_keys import KeyKind
from app.models.workspaces import Mode
from app.queries import keys as queries
from app.queries.keys import Row
from app.rates import read_rate
from app.services.keys import NewKey, make

MANAGES_KEYS = "keys:write"
LONGEST_OVERLAP_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Draft:
    """A key to be made. `scopes` None is the whole role; `rate_limit` is one of app.rates."""

    role: Role
    name: str
    agent_id: UUID | None = None
    expires_at: datetime | None = None
    rate_limit: str | None = None
    scopes: tuple[str, ...] | None = None
    kind: KeyKind = KeyKind.KEY


async def create(connection: AsyncConnection, workspace: WorkspaceId, mode: Mode, draft: Draft) -> tuple[NewKey, Row]:
    """The key, which exists nowhere else, and its row. Raises Invalid."""
    check_values({"rate_limit": draft.rate_limit})
    key, now = make(workspace, mode, mint()), datetime.now(UTC)
    values = {
        "workspace_id": UUID(bytes=workspace),
        "id": UUID(bytes=key.id),
        "secret_hash": key.secret_hash,
        "last_four": key.last_four,
        "kind": draft.kind,
        "name": draft.name,
        "role": draft.role,
        "scopes": None if draft.scopes is None else sorted(set(draft.scopes)),
        "agent_id": draft.agent_id,
        "created_at": now,
        "updated_at": now,
        "expires_at": draft.expires_at,
        "rate_limit": draft.rate_limit,
        "version": 1,
    }
    return key, await queries.create(connection, values)


async def present(connection: AsyncConnection, workspace: WorkspaceId, key_id: bytes, *, version: int | None = None) -> Row:
    """The key's row, locked. Raises NotFound, and Stale when `version` is another than the present one."""
    row = await queries.one(connection, UUID(bytes=workspace), UUID(bytes=key_id), locked=True)
    if row is None:
        raise key_not_found()
    check_version(row, version)
    return row


def check_version(row: Row, version: int | None) -> None:
    """Raises Stale."""
    if version is not None and version != row["version"]:
        raise Stale(
            "version_mismatch",
            f"The key is at version {row['version']}, not {version}. Read it again.",
            version=row["version"],
        )


async def change(connection: AsyncConnection, workspace: WorkspaceId, row: Row, values: Mapping[str, Any]) -> Row:
    """The row with the values that are other than its own; the same row where there is none. Raises Invalid, Conflict."""
    check_values(values)
    refuse_ended(row)
    other = {name: value for name, value in values.items() if value != row[name]}
    if not other:
        return row
    return await queries.change(connection, UUID(bytes=workspace), row["id"], {**other, "updated_at": datetime.now(UTC)})


async def rotate(
    connection: AsyncConnection, workspace: WorkspaceId, mode: Mode, row: Row, *, overlap_seconds: int
) -> tuple[NewKey, Row]:
    """Another secret. The present one stays right for the overlap, one from before it no longer. Raises Conflict."""
    refuse_ended(row)
    now = datetime.now(UTC)
    key = make(workspace, mode, row["id"].bytes)
    values = {"secret_hash": key.secret_hash, "last_four": key.last_four, "updated_at": now}
    until = now + timedelta(seconds=overlap_seconds)
    return key, await queries.renew(connection, UUID(bytes=workspace), row["id"], values, until=until)


async def revoke(connection: AsyncConnection, workspace: WorkspaceId, row: Row) -> Row:
    """The revoked key; the first time counts."""
    if row["revoked_at"] is not None:
        return row
    now = datetime.now(UTC)
    return await queries.change(connection, UUID(bytes=workspace), row["id"], {"revoked_at": now, "updated_at": now})


async def other_admins(connection: AsyncConnection, workspace: WorkspaceId, key_id: bytes) -> int:
    """How many other keys could make the next one. They stay locked, so that two administrators cannot revoke each other.

    Ask before the key itself is locked: whoever locks several does so in their order.
    """
    rows = await queries.usable_admins(connection, UUID(bytes=workspace), at=datetime.now(UTC))
    return sum(row["id"].bytes != key_id and manages_keys(Role.ADMIN, row["scopes"]) for row in rows)


def manages_keys(role: str, scopes: list[str] | None) -> bool:
    return role == Role.ADMIN and (scopes is None or MANAGES_KEYS in scopes)


def last_admin() -> Conflict:
    return Conflict(
        "last_admin_key", "Nobody could make keys over the API any more: this is the last one of the role admin that can."
    )


def refuse_ended(row: Row) -> None:
    """A revoked key stays as it is, and a session ends when it was to end. Raises Conflict."""
    if row["kind"] != KeyKind.KEY:
        raise Conflict("key_is_session", "A session or its code ends by itself. It can be revoked, and not changed.")
    if row["revoked_at"] is not None:
        raise Conflict("key_is_revoked", "The key was revoked and cannot be changed. Make another one.")


def check_values(values: Mapping[str, Any]) -> None:
    """Raises Invalid for what is no rate."""
    if (rate := values.get("rate_limit")) is None:
        return
    try:
        read_rate(rate)
    except ValueError as error:
        raise Invalid("invalid_rate", f"{error}.") from None


def key_not_found() -> NotFound:
    return NotFound("key_not_found", "There is no such key in this workspace.")


def subject_of(row: Row) -> tuple[str, str]:
    """The key as the audit names it."""
    return "key", encode("key", row["id"])
