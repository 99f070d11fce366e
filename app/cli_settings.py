"""Settings as a command reads them: what is wrong is named, and ends it."""

import typer
from pydantic import ValidationError

from app.settings import Settings, environment_name


def read_settings(**given: str | int | None) -> Settings:
    try:
        return Settings.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = str(problem["loc"][-1]) if problem["loc"] else ""
            typer.echo(f"error {environment_name(name.removeprefix('GILIRAN_').lower())}: {problem['msg']}", err=True)
        raise typer.Exit(2) from None
