"""`giliran workspaces`: tenants."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli_database import as_owner
from app.cli_settings import read_settings
from app.identifiers import encode
from app.models.workspaces import Mode
from app.services import workspaces as service

workspaces = typer.Typer(no_args_is_help=True, help="Make and list workspaces.")


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
    rows = table("slug", "mode", "id", "created", "name")
    for one in as_owner(read_settings(), service.list_all):
        rows.add_row(one.slug, one.mode, encode("wsp", one.id), day(one.created_at), one.name)
    printed(rows)


def day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False)


def printed(rows: Table) -> None:
    width = None if sys.stdout.isatty() else 220  # in a pipe or a file every row is one line
    Console(highlight=False, markup=False, width=width).print(rows)
