"""`giliran workspaces` and `giliran keys`: tenants and who may call for them."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Concatenate, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from app.cli_database import as_owner, fail
from app.cli_settings import read_settings
from app.engine.vocabulary import Role
from app.identifiers import encode, read
from app.models.workspaces import Mode
from app.services import workspaces as service
from app.services.keys import NewKey
from app.services.workspaces import KeyDraft, StoredKey, Workspace

P = ParamSpec("P")
T = TypeVar("T")

workspaces = typer.Typer(no_args_is_help=True, help="Make and list workspaces.")
keys = typer.Typer(no_args_is_help=True, help="Make, list and revoke keys of the API.")

WorkspaceOption = Annotated[str, typer.Option("--workspace", "-w", help="The workspace's slug.")]


@workspaces.command("create")
def create_workspace(
    slug: Annotated[str, typer.Argument(help="Short name: a-z, 0-9 and -.")],
    *,
    name: Annotated[str | None, typer.Option(help="What people read; the slug if left out.")] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="With a clock that can be moved; takes test keys only.")] = False,
) -> None:
    """Make a workspace. It is empty: make a key, then apply a configuration."""
    mode = Mode.SANDBOX if sandbox else Mode.LIVE
    made = as_owner(read_settings(), lambda owner: service.create(owner, slug=slug, mode=mode, name=name))
    typer.echo(f"{made.slug}  {made.mode}  {encode('wsp', made.id)}")


@workspaces.command("list")
def list_workspaces() -> None:
    """List all workspaces."""
    table = _table("slug", "mode", "id", "created", "name")
    for one in as_owner(read_settings(), service.list_all):
        table.add_row(one.slug, one.mode, encode("wsp", one.id), _day(one.created_at), one.name)
    _print(table)


@keys.command("create")
def create_key(
    workspace: WorkspaceOption,
    role: Annotated[Role, typer.Option(help="What it may do.")],
    agent: Annotated[str | None, typer.Option(help="The agent's name, for the role agent.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is for; shown in lists.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Days until it expires; never if left out.")] = None,
    rate: Annotated[str | None, typer.Option(help="Its own rate limit, such as 600/minute; else the default.")] = None,
) -> None:
    """Make a key and print it. It is shown this once: only a hash is kept."""
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    draft = KeyDraft(role, name or agent or role, agent, expires_at, rate)
    typer.echo(_made(workspace, draft).text)


@keys.command("list")
def list_keys(workspace: WorkspaceOption) -> None:
    """List the keys of a workspace, revoked ones too. None can be shown again."""
    table = _table("id", "role", "name", "agent", "ends in", "created", "last used", "rate", "state")
    for one in as_owner(read_settings(), lambda owner: _with(workspace, owner, service.list_keys)):
        used = "never" if one.last_used_at is None else _day(one.last_used_at)
        identity = (encode("key", one.id), one.role, one.name, one.agent or "", f"…{one.last_four}")
        table.add_row(*identity, _day(one.created_at), used, one.rate_limit or "", _state(one))
    _print(table)


@keys.command("revoke")
def revoke_key(
    workspace: WorkspaceOption, key: Annotated[str, typer.Argument(help="The key's id: key_…, see `giliran keys list`.")]
) -> None:
    """Revoke a key. It is refused within a second; revoking it again changes nothing."""
    key_id = read("key", key)
    if key_id is None:
        raise fail("This is not the id of a key: key_ and 26 characters. Never pass a key itself on a command line.")
    at = as_owner(read_settings(), lambda owner: _with(workspace, owner, service.revoke_key, key_id))
    typer.echo(f"{key}  revoked {at:%Y-%m-%d %H:%M:%S} UTC")


def _made(slug: str, draft: KeyDraft) -> NewKey:
    return as_owner(read_settings(), lambda owner: _with(slug, owner, service.create_key, draft))


async def _with(
    slug: str,
    owner: AsyncEngine,
    work: Callable[Concatenate[AsyncEngine, Workspace, P], Awaitable[T]],
    *rest: P.args,
    **more: P.kwargs,
) -> T:
    """`work` on the workspace of this slug."""
    return await work(owner, await service.find(owner, slug), *rest, **more)


def _state(key: StoredKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {_day(key.revoked_at)}"
    if key.expires_at is not None:
        return f"{'expired' if key.expires_at <= datetime.now(UTC) else 'until'} {_day(key.expires_at)}"
    return "valid"


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False)


def _print(table: Table) -> None:
    width = None if sys.stdout.isatty() else 220  # in a pipe or a file every row is one line
    Console(highlight=False, markup=False, width=width).print(table)
