"""Write docs/events.md from the engine's own event classes: `python -m app.event_reference [--check]`."""

import sys
from dataclasses import fields
from enum import StrEnum
from inspect import cleandoc
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.engine.events import EVENT_TYPES, ChannelLimit, Event, SkillLevel, StartedTimer
from app.services.views.events import name_of

TARGET = Path(__file__).parent.parent / "docs" / "events.md"
_HEAD = """# Events

Generated from the engine's classes by `make openapi`; do not edit by hand.

Every change of a workspace is one event, numbered by `seq` without a gap in the order of commits. The envelope is the same
everywhere:

```json
{"id": "evt_…", "seq": 42, "type": "ticket.assigned", "at": "2026-03-07T08:00:00.000Z", "actor": {"type": "api_key", "id": "key_…"},
 "subject": {"type": "ticket", "id": "tkt_…"}, "data": {}, "request_id": "req_…", "live": true}
```

`data` holds ids, enums, numbers and times, never a name, a contact, an external id or a word that somebody wrote. Every field is
there; null means none. New fields, types and enum values may come at any time.
"""
_CHANGED = "field → [old, new], or null where only its name is told: of names, contacts, texts, tags, attributes and metadata"
_RECORDS = {
    SkillLevel: "{skill_id, level 1 to 10}",
    ChannelLimit: "{channel, units}",
    StartedTimer: "{metric, due_at, next_at, next_step}",
}


def reference() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_section(EVENT_TYPES[name]) for name in sorted(EVENT_TYPES))])


def _section(cls: type[Event]) -> str:
    hints = get_type_hints(cls)
    rows = [_row(cls.type, field.name, hints[field.name]) for field in fields(cls)]
    table = ["| field | what |", "|---|---|", *rows] if rows else ["No data."]
    return "\n".join([f"## `{cls.type}`", "", cleandoc(cls.__doc__ or ""), "", *table, ""])


def _row(kind: str, field: str, hint: Any) -> str:
    name = name_of(kind, field)
    return f"| `{name}` | {_CHANGED if name == 'changed' else _said(hint, name)} |"


def _said(hint: Any, name: str) -> str:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return " · ".join(f"`{member}`" for member in hint)
    if get_args(hint):
        return _compound(hint, name)
    if getattr(hint, "__supertype__", None) is bytes:
        return f"id of {_words(hint.__name__)}"
    if hint is int and name.endswith("_at"):
        return "time"
    if name == "next_step":
        return "`warning` · `breach` · `escalation_1` …"
    return {**_RECORDS, int: "integer", str: "text", bool: "boolean"}.get(hint, str(hint))


def _compound(hint: Any, name: str) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return " or ".join("null" if part is type(None) else _said(part, name) for part in arguments)
    return f"list of {_said(arguments[0], name)}"


def _words(name: str) -> str:
    word = name.removesuffix("Id")
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in word).strip()
    return f"an {spaced}" if spaced[0] in "aeiou" else f"a {spaced}"


def main() -> None:
    """Write the page, or say that it is out of step."""
    page = reference()
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text() != page:
            sys.exit("docs/events.md is out of step with the engine's events: run `make openapi`.")
        return
    TARGET.write_text(page)


if __name__ == "__main__":
    main()
