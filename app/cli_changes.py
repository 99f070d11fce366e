"""Changes of the configuration in lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from app.engine.mistakes import on_one_line
from app.services.configuration.brief import brief_item
from app.services.configuration.diff import Change, ChangeKind
from app.services.configuration.reach import Reach, moved, reach
from app.services.configuration.yaml_write import flow

STYLES = {ChangeKind.CREATED: "green", ChangeKind.REMOVED: "red", ChangeKind.CHANGED: "yellow", ChangeKind.KEPT_UNLISTED: "dim"}
SIGNS = {ChangeKind.CREATED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}
_LONGEST = 80
_NAMED = 10


def screen() -> Console:
    """Colours only on a terminal, and nowhere where NO_COLOR is set."""
    return Console(highlight=False, soft_wrap=True, markup=False)


def changes_of(answer: Mapping[str, Any]) -> list[Change]:
    return [Change(one["path"], ChangeKind(one["kind"]), one["before"], one["after"]) for one in answer["changes"]]


def made(changes: Sequence[Change]) -> list[Change]:
    """Without what only stays."""
    return [change for change in changes if change.kind is not ChangeKind.KEPT_UNLISTED]


def told(changes: Sequence[Change]) -> Iterator[Text]:
    """Objects that come and go on a line each, changed ones with a line per field."""
    for (kind, place), group in groupby(made(changes), key=_object):
        if kind is not ChangeKind.CHANGED:
            yield from (Text(f"{SIGNS[kind]} {place}{_content(change)}", style=STYLES[kind]) for change in group)
            continue
        yield Text(f"~ {place}", style=STYLES[kind])
        yield from (Text(f"    {line}") for change in group for line in _fields(change, place))
    kept = len(changes) - len(made(changes))
    if kept:
        yield Text(
            f"= {_counted(kept, 'object')} not in the file, kept (--prune removes)", style=STYLES[ChangeKind.KEPT_UNLISTED]
        )


def reached(changes: Sequence[Change], present: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> Iterator[Text]:
    """Which agents notice."""
    found: Reach = reach(changes, present, wanted)
    for names, said in ((found.changed, "changed"), (found.by_queue, "with changed queues")):
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            yield Text(f"{_counted(len(names), 'agent')} {said}: {', '.join(names[:_NAMED])}{more}")


def summed(changes: Sequence[Change], version: int, *, dry_run: bool) -> Text:
    count = len(made(changes))
    said = "nothing to change" if count == 0 else _counted(count, "change")
    return Text(f"{said}; {'would be ' if dry_run and count else ''}version {version}")


def _object(change: Change) -> tuple[ChangeKind, str]:
    return change.kind, "/".join(change.path.split("/")[:2])


def _content(change: Change) -> str:
    """What a new object is like, in short."""
    section = change.path.split("/")[0]
    if change.kind is not ChangeKind.CREATED or not isinstance(change.after, dict):
        return ""
    said = {name: value for name, value in brief_item(section, change.after).items() if name != "name"}
    return f"  {_shown(said)}" if said else ""


def _fields(change: Change, place: str) -> Iterator[str]:
    if change.path == "rules":
        for name, follower in moved(change.before, change.after).items():
            yield f"{name} moves to {'the end' if follower is None else f'before {follower}'}"
        return
    field = change.path[len(place) + 1 :].replace("/", ".")
    yield f"{f'{field}: ' if field else ''}{_shown(change.before)} → {_shown(change.after)}"


def _shown(value: Any) -> str:
    text = on_one_line(flow(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count != 1 else ''}"
