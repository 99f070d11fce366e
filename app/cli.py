"""The command line. Each command is a thin caller of a module that can be used without it."""

import asyncio
from typing import Annotated

import typer
from pydantic import ValidationError

from app import doctor as examination
from app.db import migrate
from app.settings import Settings, environment_name
from app.supervisor import Supervisor

app = typer.Typer(name="giliran", no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.callback()
def giliran() -> None:
    """Giliran: whose turn is it? Assigns tickets, leads, chats and calls to the right agent."""


@app.command()
def run(
    host: Annotated[str | None, typer.Option(help="Address to listen on; GILIRAN_HOST, else 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, 0 = any free one; GILIRAN_PORT, else 8000.")] = None,
) -> None:
    """Start everything: PostgreSQL, Valkey, API and worker.

    Without DATABASE_URL and REDIS_URL real servers are started from their wheels, with data and passwords in GILIRAN_DATA_DIR
    (.data). Ctrl-C stops all of it cleanly, a second one at once.
    """
    supervisor = Supervisor(_settings(host=host, port=port), migrate=lambda owner_url: asyncio.run(migrate(owner_url)))
    raise typer.Exit(supervisor.run())


@app.command()
def doctor() -> None:
    """Say what is here, what is wrong and the way out; exit code 1 when something fails."""
    raise typer.Exit(examination.run(_settings()))


def _settings(**given: str | int | None) -> Settings:
    try:
        return Settings.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = str(problem["loc"][-1]) if problem["loc"] else ""
            typer.echo(f"error {environment_name(name.removeprefix('GILIRAN_').lower())}: {problem['msg']}", err=True)
        raise typer.Exit(2) from None


def main() -> None:
    app()
