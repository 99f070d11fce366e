"""`giliran apply FILE` and `giliran diff FILE`: a configuration file put in force, or held against what is in force."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from app.cli_changes import changes_of, made, reached, screen, summed, told
from app.cli_client import LOCAL, InForce, Key, Moved, Url, connected, in_force, opened, put, would_change
from app.cli_database import fail
from app.services.configuration.diff import Change, ChangeKind, diff
from app.services.configuration.reach import reach
from app.services.configuration.source import Source

SAME, DIFFERENT, WRONG = 0, 1, 2

File = Annotated[Path, typer.Argument(help="A YAML or JSON document.")]
Prune = Annotated[bool, typer.Option("--prune", help="Remove what the file does not name.")]


def apply(
    file: File,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    prune: Prune = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before something is removed.")] = False,
    version: Annotated[int | None, typer.Option(min=0, help="Only if this version is in force now, 0 for none.")] = None,
    url: Url = LOCAL,
    key: Key = None,
) -> None:
    """Put a configuration file in force, after showing what that changes.

    Mistakes are printed with line and column, and nothing is applied. Before something is removed it asks.
    """
    with connected(url, key) as client:
        source = opened(file)
        base, answer = would_change(client, source, name=str(file), prune=prune)
        if version is not None and version != base.version:
            raise fail(f"Version {base.version} is in force, not {version}. giliran diff {file} shows how they differ.")
        changes = changes_of(answer)
        _show(changes, base, source)
        if not dry_run and made(changes):
            _may_remove(changes, yes=yes)
            answer = _applied(client, source, base, name=str(file), prune=prune)
    screen().print(summed(changes, answer["version"], dry_run=dry_run))


def show_diff(
    file: File,
    *,
    prune: Prune = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    url: Url = LOCAL,
    key: Key = None,
) -> None:
    """Show what apply would change; exit code 0 when nothing, 1 when something, 2 when it cannot be said."""
    try:
        with connected(url, key) as client:
            source = opened(file)
            base, answer = would_change(client, source, name=str(file), prune=prune)
    except typer.Exit:
        raise typer.Exit(WRONG) from None
    changes = changes_of(answer)
    if as_json:
        agents = asdict(reach(changes, base.document, source.document))
        said = {"version": base.version, "changes": answer["changes"], "agents": agents}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _show(changes, base, source)
        screen().print(summed(changes, answer["version"], dry_run=True))
    raise typer.Exit(DIFFERENT if made(changes) else SAME)


def _show(changes: list[Change], base: InForce, source: Source) -> None:
    console = screen()
    for line in (*told(changes), *reached(changes, base.document, source.document)):
        console.print(line)


def asks() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def _may_remove(changes: list[Change], *, yes: bool) -> None:
    count = sum(change.kind is ChangeKind.REMOVED for change in changes)
    if not count or yes:
        return
    what = f"{count} object{'s' if count != 1 else ''}"
    if not asks():
        raise fail(f"This removes {what}, and there is nobody to ask: add --yes. Nothing was applied.")
    if not typer.confirm(f"This removes {what}. Apply it?"):
        typer.echo("Nothing was applied.")
        raise typer.Exit(1)


def _applied(client: httpx.Client, source: Source, base: InForce, *, name: str, prune: bool) -> dict[str, Any]:
    try:
        return put(client, source, base, name=name, dry_run=False, prune=prune)
    except Moved:
        raise _overtaken(client, source, base, name=name, prune=prune) from None


def _overtaken(client: httpx.Client, source: Source, base: InForce, *, name: str, prune: bool) -> typer.Exit:
    """Both sides: what somebody else has just changed, and what the file would change now."""
    now = in_force(client)
    console = screen()
    console.print(f"Somebody else changed the configuration meanwhile, from version {base.version} to {now.version}:")
    for line in told(diff(base.document, now.document, prune=True) if base.document and now.document else []):
        console.print(line)
    latest, answer = would_change(client, source, name=name, prune=prune)
    console.print(f"Your file would now change version {latest.version} so:")
    for line in told(changes_of(answer)):
        console.print(line)
    return fail("Nothing was applied. If that is what you want, apply again; else take their change over into your file first.")
