"""`giliran restored` and `giliran upgrade`: what a person says after a restore, and at the end of an upgrade."""

import typer

from app.cli_database import as_owner
from app.cli_settings import read_settings
from app.services import upkeep

upgrade = typer.Typer(no_args_is_help=True, help="Look at and finish a rolling upgrade.")


def restored() -> None:
    """Say that the database was restored from a backup: before the API takes calls again.

    Raises the epoch of every workspace. Positions and cursors that were handed out before get 410, so that whoever follows
    the log reads again instead of missing what is new under old numbers; processes that still run load everything anew.
    """
    found = as_owner(read_settings(), upkeep.begin_epoch)
    typer.echo(f"{len(found)} workspaces, each in a new epoch; the highest is {max(found, default=0)}")


@upgrade.command("status")
def status() -> None:
    """Say which format the workspaces are written in, and which this code knows."""
    for format_, number in as_owner(read_settings(), upkeep.formats).items():
        typer.echo(f"format {format_}: {number} workspaces")
    typer.echo(f"this code writes up to format {upkeep.NEWEST_FORMAT}")


@upgrade.command("finish")
def finish() -> None:
    """Let the new code write its own format: when no process of the old release is left. There is no way back but a backup.

    Until then new code writes what the old release can read. Afterwards a process of the old release refuses to decide.
    """
    raised = as_owner(read_settings(), upkeep.finish_upgrade)
    typer.echo(f"{raised} workspaces raised to format {upkeep.NEWEST_FORMAT}")
