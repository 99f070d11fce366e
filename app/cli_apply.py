"""`giliran apply FILE`: a configuration file put in force over HTTP, as any client could do it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.text import Text

from app.cli_database import fail
from app.services.configuration.diff import Change, ChangeKind
from app.services.configuration.read import read
from app.services.configuration.source import Source, Unreadable

ADDRESS = "/v1/configuration"
SECONDS = 30.0
STYLES = {ChangeKind.CREATED: "green", ChangeKind.REMOVED: "red", ChangeKind.CHANGED: "yellow", ChangeKind.KEPT_UNLISTED: "dim"}


def apply(
    file: Annotated[Path, typer.Argument(help="A YAML or JSON document.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what the file does not name.")] = False,
    url: Annotated[str, typer.Option(envvar="GILIRAN_URL", help="Where the API is.")] = "http://127.0.0.1:8000",
    key: Annotated[str | None, typer.Option(envvar="GILIRAN_KEY", help="A key of the role admin; better in GILIRAN_KEY.")] = None,
) -> None:
    """Put a configuration file in force, and print what that changes.

    Mistakes are printed with line and column, and nothing is applied.
    """
    if not key:
        raise fail("No key: set GILIRAN_KEY to one of the role admin. giliran keys create makes one.", code=2)
    source = _read(file)
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=SECONDS) as client:
        answer = apply_source(client, source, name=str(file), dry_run=dry_run, prune=prune)
    console = Console(highlight=False, soft_wrap=True)
    for line in told(answer, dry_run=dry_run):
        console.print(line)


def apply_source(client: httpx.Client, source: Source, *, name: str, dry_run: bool, prune: bool) -> dict[str, Any]:
    """The answer; what is refused is said on stderr and exits."""
    asked = {"dry_run": str(dry_run).lower(), "prune": str(prune).lower()}
    try:
        answer = client.put(ADDRESS, json=source.document, params=asked, headers=_condition(client))
    except httpx.HTTPError as error:
        raise fail(f"The API at {client.base_url} cannot be reached: {type(error).__name__}.") from None
    if answer.is_success:
        return dict(answer.json())
    raise _refused(answer, source, name)


def told(answer: Mapping[str, Any], *, dry_run: bool) -> list[Text]:
    """One line per change and one that sums up."""
    changes = [Change(one["path"], ChangeKind(one["kind"]), one["before"], one["after"]) for one in answer["changes"]]
    lines = [Text(str(change), style=STYLES[change.kind]) for change in changes]
    count = sum(change.kind is not ChangeKind.KEPT_UNLISTED for change in changes)
    said = "nothing to change" if count == 0 else f"{count} change{'s' if count != 1 else ''}"
    would = "would be " if dry_run else ""
    return [*lines, Text(f"{said}; {would}version {answer['version']}")]


def _condition(client: httpx.Client) -> dict[str, str]:
    """Replace the version that is in force now, or create the first one."""
    present = client.get(ADDRESS)
    if present.status_code == 404:
        return {"If-None-Match": "*"}
    if not present.is_success or "ETag" not in present.headers:
        raise _refused(present, None, "")
    return {"If-Match": present.headers["ETag"]}


def _read(file: Path) -> Source:
    try:
        return read(file)
    except Unreadable as error:
        raise fail(f"{file}:{error}" if error.place else f"{file}: {error}") from None


def _refused(answer: httpx.Response, source: Source | None, name: str) -> typer.Exit:
    try:
        problem: dict[str, Any] = answer.json()
    except ValueError:
        return fail(f"The answer was {answer.status_code} and no JSON: is this the address of Giliran?")
    for mistake in problem.get("errors", ()) if source else ():
        typer.echo(f"{name}:{_located(source, mistake)}", err=True)
    request_id = problem.get("request_id", "unknown")
    return fail(f"{answer.status_code} {problem.get('code')}: {problem.get('detail')} ({request_id})")


def _located(source: Source | None, mistake: Mapping[str, Any]) -> str:
    pointer = str(mistake["pointer"])
    place = f"{source.place_of(pointer)}: " if source else ""
    allowed = mistake.get("allowed")
    return f"{place}{pointer or '/'}: {mistake['detail']}" + (f" Allowed: {', '.join(allowed)}." if allowed else "")
