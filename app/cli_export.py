"""`giliran export` and `giliran schema`: what is in force as a file, and what editors complete such a file by."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.api.docs.configuration_schema import ADDRESS, as_text
from app.api.schemas.configuration import ConfigurationDocument
from app.cli_client import LOCAL, Key, Url, connected, in_force
from app.cli_database import fail
from app.cli_write import write
from app.engine.mistakes import below
from app.services.configuration.brief import brief
from app.services.configuration.read import parse
from app.services.configuration.rewrite import rewrite
from app.services.configuration.source import Unreadable
from app.services.configuration.yaml_write import whole_file

ENDINGS = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}


class Format(StrEnum):
    """The language of a file."""

    YAML = "yaml"
    JSON = "json"


def export(
    file: Annotated[Path, typer.Argument(help="Where to; - is the screen.")] = Path("-"),
    *,
    form: Annotated[
        Format | None, typer.Option("--format", help="yaml or json; else as the file ends, yaml on the screen.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="With every default written out, and the file written anew.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write a file that is there anew, without its comments.")] = False,
    url: Url = LOCAL,
    key: Key = None,
) -> None:
    """Write what is in force to a file that apply --prune takes back without loss.

    A YAML file that is there keeps its comments, order and layout; only values that differ are changed, what is gone goes with
    the comment directly above it, and what is new goes to the end of its list.
    """
    on_screen = str(file) == "-"
    form = _form(file, form, on_screen=on_screen)
    with connected(url, key) as client:
        present = in_force(client)
    if present.document is None:
        raise fail("Nothing has been applied yet, so there is nothing to export. giliran init writes a first file.")
    if on_screen:
        typer.echo(_text(present.document, form, url, full=full), nl=False)
        return
    anew = full or force or form is Format.JSON or not file.exists()
    text = _text(present.document, form, url, full=full) if anew else _updated(file, present.document)
    changed = write(file, text)
    typer.echo(f"{file}: version {present.version}{'' if changed else ', as it was'}", err=True)


def schema() -> None:
    """Print the JSON Schema of configuration files, by which editors complete and check them."""
    sys.stdout.write(as_text())


def schema_comment(url: str) -> str:
    """The first line of a file, without #: where an editor finds the schema."""
    return f"yaml-language-server: $schema={url.rstrip('/')}{ADDRESS}"


def _form(file: Path, asked: Format | None, *, on_screen: bool) -> Format:
    if on_screen:
        return asked or Format.YAML
    ending = ENDINGS.get(file.suffix.lower())
    if ending is None:
        raise fail(f"A configuration file ends in {', '.join(ENDINGS)}.", code=2)
    if asked is not None and asked != ending:
        raise fail(f"A file that ends in {file.suffix} is {ending}, not {asked}.", code=2)
    return Format(ending)


def _text(document: dict[str, Any], form: Format, url: str, *, full: bool) -> str:
    said = document if full else brief(document)
    if form is Format.JSON:
        return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    return whole_file(said, head=[schema_comment(url)])


def _updated(file: Path, document: dict[str, Any]) -> str:
    """The file's own text brought up to date; what keeps that from being done is said with its place."""
    try:
        data = file.read_bytes()
        source = parse(data, suffix=file.suffix)
        ConfigurationDocument.model_validate(source.document)
        return _with_mark(data, rewrite(data.decode("utf-8-sig"), document))
    except OSError as error:
        raise fail(f"{file}: The file cannot be read: {error.strerror}.") from None
    except Unreadable as error:
        typer.echo(f"{file}:{error}" if error.place else f"{file}: {error}", err=True)
    except ValidationError as error:
        for mistake in error.errors()[:20]:
            pointer = ""
            for step in mistake["loc"]:
                pointer = below(pointer, step)
            typer.echo(f"{file}:{source.place_of(pointer)}: {pointer or '/'}: {mistake['msg']}.", err=True)
    raise fail(f"{file} cannot be brought up to date, and was left as it is. Mend it, or write it anew with --force.")


def _with_mark(data: bytes, text: str) -> str:
    return "\ufeff" + text if data.startswith(b"\xef\xbb\xbf") else text
