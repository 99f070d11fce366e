"""What a document would change, place by place."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.services.configuration.normalise import same
from app.services.configuration.sections import ALL_SECTIONS, SETTINGS, by_name

_SHOWN = 80


class ChangeKind(StrEnum):
    """What becomes of one place of the configuration."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"
    KEPT_UNLISTED = "kept_unlisted"  # not in the document, and left as it is


@dataclass(frozen=True, slots=True)
class Change:
    """`path` is section, name and field (`queues/billing/routing_policy`); `before` and `after` are None where nothing is."""

    path: str
    kind: ChangeKind
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        match self.kind:
            case ChangeKind.CREATED:
                return f"+ {self.path}"
            case ChangeKind.REMOVED:
                return f"- {self.path}"
            case ChangeKind.KEPT_UNLISTED:
                return f"= {self.path} (not in the document, kept)"
            case ChangeKind.CHANGED:
                return f"~ {self.path}: {_shown(self.before)} → {_shown(self.after)}"


def diff(
    present: Mapping[str, Any],
    wanted: Mapping[str, Any],
    *,
    prune: bool,
    renamed: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Change]:
    """Both normalised and with names; `wanted` may name only some objects. The order of rules counts, of others it does not.

    `renamed` has by section the present name of each object that gets another; it is the one that stands in paths.
    """
    changes = [change for field in SETTINGS for change in _fields(field, present[field], wanted[field])]
    for section in ALL_SECTIONS:
        changes.extend(_section(section, present[section], wanted[section], (renamed or {}).get(section, {}), prune=prune))
    changes.extend(_order(present["rules"], wanted["rules"], (renamed or {}).get("rules", {})))
    return changes


def lines(changes: Sequence[Change]) -> list[str]:
    """One line for people per change."""
    return [str(change) for change in changes]


def fields(path: str, before: Any, after: Any) -> list[Change]:
    """How one object differs from what it was; `path` is put before each field's name."""
    return list(_fields(path, before, after))


def _section(
    section: str,
    present: Sequence[Mapping[str, Any]],
    wanted: Sequence[Mapping[str, Any]],
    renamed: Mapping[str, str],
    *,
    prune: bool,
) -> Iterator[Change]:
    before = by_name(present)
    after = {renamed.get(name, name): item for name, item in by_name(wanted).items()}
    for name, item in after.items():
        path = f"{section}/{name}"
        if name in before:
            yield from _fields(path, before[name], item)
        else:
            yield Change(path, ChangeKind.CREATED, after=item)
    for name, item in before.items():
        if name not in after:
            path = f"{section}/{name}"
            yield Change(path, ChangeKind.REMOVED, item) if prune else Change(path, ChangeKind.KEPT_UNLISTED, item, item)


def _fields(path: str, before: Any, after: Any) -> Iterator[Change]:
    """Objects of the same fields are compared field by field, anything else (conditions, lists) as a whole."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys() and "field" not in before:
        for field in before:
            yield from _fields(f"{path}/{field}", before[field], after[field])
    elif not same(before, after):
        yield Change(path, ChangeKind.CHANGED, before, after)


def _order(
    present: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], renamed: Mapping[str, str]
) -> Iterator[Change]:
    there, named = by_name(present), [renamed.get(name, name) for name in by_name(wanted)]
    before = [name for name in there if name in set(named)]
    after = [name for name in named if name in there]
    if before != after:
        yield Change("rules", ChangeKind.CHANGED, before, after)


def _shown(value: Any) -> str:
    """On one line, cut when long, and nothing in it that moves a cursor or turns the direction of writing."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in cut)
