"""The command line. Each command is a thin caller of a module that can be used without it."""

import asyncio
from typing import Annotated

import typer
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from app import cli_apply, cli_export, cli_faults, cli_identity, cli_init, cli_keys, cli_upkeep, cli_workspaces
from app import doctor as examination
from app.cli_database import fail, owner_url, reason
from app.cli_first import first_workspace
from app.cli_settings import read_settings
from app.db import current_revision, make_engine, migrate
from app.settings import Settings
from app.supervisor import Supervisor

app = typer.Typer(name="giliran", no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
app.add_typer(cli_workspaces.workspaces, name="workspaces")
app.add_typer(cli_keys.keys, name="keys")
app.add_typer(cli_identity.providers, name="identity-providers")
app.add_typer(cli_upkeep.upgrade, name="upgrade")
app.command("init")(cli_init.init)
app.command("apply")(cli_apply.apply)
app.command("diff")(cli_apply.show_diff)
app.command("export")(cli_export.export)
app.command("schema")(cli_export.schema)
app.command("login-link")(cli_keys.login_link)
app.command("faults")(cli_faults.faults)
app.command("restored")(cli_upkeep.restored)


@app.callback()
def giliran() -> None:
    """Giliran: whose turn is it? Assigns tickets, leads, chats and calls to the right agent."""


@app.command()
def run(
    host: Annotated[str | None, typer.Option(help="Address to listen on; GILIRAN_HOST, else 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, 0 = any free one; GILIRAN_PORT, else 8000.")] = None,
    api: Annotated[int | None, typer.Option(help="API processes on that port; GILIRAN_API_PROCESSES, else 1.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; GILIRAN_WORKER_PROCESSES, else 1.")] = None,
) -> None:
    """Start everything: PostgreSQL, Valkey, API and worker.

    Without DATABASE_URL and REDIS_URL real servers are started from their wheels, with data and passwords in GILIRAN_DATA_DIR
    (.data). What dies is started again. Ctrl-C stops all of it cleanly, a second one at once.
    """
    settings = read_settings(host=host, port=port, api_processes=api, worker_processes=workers)
    raise typer.Exit(Supervisor(settings, migrate=lambda url: asyncio.run(migrate(url)), on_ready=first_workspace).run())


@app.command("migrate")
def bring_up_to_date() -> None:
    """Bring the database up to date. Several may try at once: the first does it, the others wait."""
    settings = read_settings()
    url = owner_url(settings)
    try:
        typer.echo(f"database at {asyncio.run(_migrated(url, settings))}")
    except (CommandError, SQLAlchemyError, OSError, TimeoutError, RuntimeError) as error:
        raise fail(f"The database could not be brought up to date: {reason(error)}.") from None


@app.command()
def doctor() -> None:
    """Say what is here, what is wrong and the way out; exit code 1 when something fails."""
    raise typer.Exit(examination.run(read_settings()))


async def _migrated(url: str, settings: Settings) -> str | None:
    await migrate(url)
    engine = make_engine(url, settings)
    try:
        return await current_revision(engine)
    finally:
        await engine.dispose()


def main() -> None:
    app()


if __name__ == "__main__":
    main()
