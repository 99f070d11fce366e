"""`giliran keys`: who may call for a workspace."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.roles import SCOPES, unknown_scopes
from app.cli_database import as_owner, fail
from app.cli_settings import read_settings
from app.cli_workspaces import day, printed, table
from app.engine.vocabulary import Role
from app.identifiers import encode, read
from app.services import workspace_keys as service
from app.services.key_changes import LONGEST_OVERLAP_SECONDS
from app.services.workspace_keys import KeyDraft, StoredKey
from app.services.workspaces import Workspace, find

P = ParamSpec("P")
T = TypeVar("T")

keys = typer.Typer(no_args_is_help=True, help="Make, list, change, rotate and revoke keys of the API.")

WorkspaceOption = Annotated[str, typer.Option("--workspace", "-w", help="The workspace's slug.")]
KeyArgument = Annotated[str, typer.Argument(help="The key's id: key_…, see `giliran keys list`.")]
ScopeOption = Annotated[list[str] | None, typer.Option("--scope", help="Narrow the role to this, such as tickets:read; repeat.")]
DaysOption = Annotated[int | None, typer.Option(min=1, max=3650, help="Days until it expires; never if left out.")]


@keys.command("create")
def create_key(
    workspace: WorkspaceOption,
    role: Annotated[Role, typer.Option(help="What it may do.")],
    agent: Annotated[str | None, typer.Option(help="The agent's name, for the role agent.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is for; shown in lists.")] = None,
    scope: ScopeOption = None,
    days: DaysOption = None,
    rate: Annotated[str | None, typer.Option(help="Its own rate limit, such as 600/minute; else the default.")] = None,
) -> None:
    """Make a key and print it. It is shown this once: only a hash is kept."""
    scopes = _checked(role, scope)
    draft = KeyDraft(role, name or agent or role, agent, _end(days), rate, scopes)
    typer.echo(as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.create_key, draft)).text)


@keys.command("list")
def list_keys(workspace: WorkspaceOption) -> None:
    """List the keys of a workspace, revoked ones too. None can be shown again."""
    rows = table("id", "role", "name", "agent", "ends in", "created", "last used", "rate", "state", "scopes")
    for one in as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.list_keys)):
        used = "never" if one.last_used_at is None else day(one.last_used_at)
        identity = (encode("key", one.id), one.role, one.name, one.agent or "", f"…{one.last_four}")
        scopes = "all of the role" if one.scopes is None else " ".join(one.scopes)
        rows.add_row(*identity, day(one.created_at), used, one.rate_limit or "", _state(one), scopes)
    printed(rows)


@keys.command("change")
def change_key(
    workspace: WorkspaceOption,
    key: KeyArgument,
    *,
    name: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    scope: ScopeOption = None,
    all_scopes: Annotated[bool, typer.Option("--all-scopes", help="All that its role has.")] = False,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Days from now until it expires.")] = None,
    never: Annotated[bool, typer.Option("--never", help="It does not expire.")] = False,
) -> None:
    """Change a key's name, scopes or end. In force within a second."""
    key_id = _id(key)
    values: dict[str, Any] = {} if name is None else {"name": name}
    if scope or all_scopes:
        role = as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.role_of, key_id))
        scopes = None if all_scopes else _checked(role, scope)
        values["scopes"] = None if scopes is None else list(scopes)
    if days is not None or never:
        values["expires_at"] = None if never else _end(days)
    if not values:
        raise fail("Nothing to change: name one of --name, --scope, --all-scopes, --days, --never.", code=2)
    as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.change_key, key_id, values))
    typer.echo(f"{key}  changed: {', '.join(values)}")


@keys.command("rotate")
def rotate_key(
    workspace: WorkspaceOption,
    key: KeyArgument,
    overlap: Annotated[
        int, typer.Option(min=0, max=LONGEST_OVERLAP_SECONDS, help="Seconds for which the present secret stays right too.")
    ],
) -> None:
    """Give a key another secret and print it, this once. With --overlap 0 the present one ends within a second."""
    key_id = _id(key)
    made = as_owner(
        read_settings(), lambda owner: with_workspace(workspace, owner, service.rotate_key, key_id, overlap_seconds=overlap)
    )
    typer.echo(made.text)


@keys.command("revoke")
def revoke_key(workspace: WorkspaceOption, key: KeyArgument) -> None:
    """Revoke a key. It is refused within a second; revoking it again changes nothing."""
    key_id = _id(key)
    at = as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.revoke_key, key_id))
    typer.echo(f"{key}  revoked {at:%Y-%m-%d %H:%M:%S} UTC")


def login_link(
    workspace: WorkspaceOption,
    role: Annotated[Role | None, typer.Option(help="What the session may do.")] = None,
    agent: Annotated[str | None, typer.Option(help="The agent's name, for an agent's session.")] = None,
    url: Annotated[str, typer.Option(envvar="GILIRAN_URL", help="Where the API is.")] = "http://127.0.0.1:8000",
) -> None:
    """Print how to sign in once, within ten minutes, for twelve hours. Nothing but a POST uses it up: no preview of a link does."""
    if role is None and agent is None:
        raise fail("Say who signs in: --agent NAME or --role ROLE.", code=2)
    meant = Role.AGENT if role is None else role
    code = as_owner(read_settings(), lambda owner: with_workspace(workspace, owner, service.create_link, meant, agent))
    typer.echo(f"POST {url.rstrip('/')}/v1/sessions")
    typer.echo(f'{{"code": "{code}"}}')


async def with_workspace(
    slug: str,
    owner: AsyncEngine,
    work: Callable[Concatenate[AsyncEngine, Workspace, P], Awaitable[T]],
    *rest: P.args,
    **more: P.kwargs,
) -> T:
    """`work` on the workspace of this slug."""
    return await work(owner, await find(owner, slug), *rest, **more)


def _id(text: str) -> bytes:
    key_id = read("key", text)
    if key_id is None:
        raise fail("This is not the id of a key: key_ and 26 characters. Never pass a key itself on a command line.")
    return key_id


def _checked(role: Role, scopes: list[str] | None) -> tuple[str, ...] | None:
    """Exits where the role has not such a scope."""
    if not scopes:
        return None
    if unknown := unknown_scopes(role, scopes):
        raise fail(f"The role {role} has not {', '.join(unknown)}. It has: {', '.join(sorted(SCOPES[role]))}.", code=2)
    return tuple(sorted(set(scopes)))


def _end(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _state(key: StoredKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {day(key.revoked_at)}"
    if key.expires_at is not None:
        return f"{'expired' if key.expires_at <= datetime.now(UTC) else 'until'} {day(key.expires_at)}"
    return "valid"
