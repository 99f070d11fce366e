"""Plain data as YAML that every reader takes for the same: what could be taken for something else stands in double quotes."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.services.configuration.sections import ALL_SECTIONS
from app.services.configuration.yaml_text import plainly_text

WIDTH = 120
STEP = 2
_PLAIN = re.compile(r"[^\W\d_][\w ./@+()-]*")


def whole_file(document: Mapping[str, Any], *, head: Sequence[str] = ()) -> str:
    """The document with a blank line between its parts; `head` are lines of comment above it, without #."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in head)
    settings = [entry(key, value, 0) for key, value in document.items() if key not in ALL_SECTIONS]
    sections = [entry(key, value, 0) for key, value in document.items() if key in ALL_SECTIONS]
    return "\n".join(part for part in (comment, "".join(settings), *sections) if part)


def entry(key: str, value: Any, indent: int) -> str:
    """`key: value` as lines, each with its end."""
    pad, text = " " * indent, flow(value)
    if _fits(value, text, indent + len(key) + 2):
        return f"{pad}{scalar(key)}: {text}\n"
    return f"{pad}{scalar(key)}:\n{block(value, indent + STEP)}"


def block(value: Any, indent: int) -> str:
    """A mapping or a list that is not empty as lines, each with its end."""
    if isinstance(value, dict):
        return "".join(entry(key, inner, indent) for key, inner in value.items())
    return "".join(item(inner, indent) for inner in value)


def item(value: Any, indent: int) -> str:
    """One item of a list as lines."""
    pad, text = " " * indent, flow(value)
    named = isinstance(value, dict) and "name" in value
    if not isinstance(value, (dict, list)) or not value or (not named and indent + STEP + len(text) <= WIDTH):
        return f"{pad}- {text}\n"
    if isinstance(value, dict):
        return f"{pad}- {block(value, indent + STEP)[indent + STEP :]}"
    return f"{pad}-\n{block(value, indent + STEP)}"


def flow(value: Any) -> str:
    """On one line, as it may stand anywhere."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def scalar(value: str | float | bool | None) -> str:  # noqa: FBT001 - a value, not a switch
    """Text, a number, true, false or null."""
    if not isinstance(value, str):
        return json.dumps(value)
    return value if _PLAIN.fullmatch(value) and value[-1] != " " and plainly_text(value) else quoted(value)


def quoted(text: str) -> str:
    """In double quotes, on one line, with escapes that JSON and YAML have in common, and one of YAML's own."""
    return "".join(c if c.isprintable() else _escape(c) for c in json.dumps(text, ensure_ascii=False))


def _escape(mark: str) -> str:
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else f"\\U{ord(mark):08x}"


def _fits(value: Any, text: str, before: int) -> bool:
    """Objects with names, and lists of them, take lines of their own."""
    if not value or not isinstance(value, (dict, list)):
        return True
    if isinstance(value, list) and any(isinstance(inner, dict) and "name" in inner for inner in value):
        return False
    return before + len(text) <= WIDTH
