"""YAML that a person reads: one object a line where it fits, broken up where it does not."""

import json
from collections.abc import Mapping
from typing import Any

WIDTH = 126
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ ")


def object_lines(item: Mapping[str, Any], *, indent: int) -> str:
    """On one line when it fits, else one line a member. `indent` is where its first member stands."""
    flow = _flow(item)
    if len(flow) + indent <= WIDTH:
        return flow
    return ("\n" + " " * indent).join(f"{key}:{_member(key, value, indent)}" for key, value in item.items())


def _member(key: str, value: Any, indent: int) -> str:
    flow = _flow(value)
    if len(flow) + len(key) + indent + 2 <= WIDTH:
        return f" {flow}"
    pad = "\n" + " " * (indent + 2)
    if isinstance(value, Mapping):
        return pad + pad.join(f"{inner}:{_member(inner, held, indent + 2)}" for inner, held in value.items())
    if all(isinstance(held, str) for held in value):
        return " [" + pad + pad.join(_filled([_flow(word) for word in value], WIDTH - indent - 2)) + pad[:-2] + "]"
    return pad + pad.join(f"- {object_lines(held, indent=indent + 4)}" for held in value)


def _filled(words: list[str], width: int) -> list[str]:
    lines = [""]
    for place, word in enumerate(words, 1):
        shown = word if place == len(words) else f"{word}, "
        if len(lines[-1]) + len(shown.rstrip()) > width:
            lines.append("")
        lines[-1] += shown
    return [line.rstrip() for line in lines]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(held)}" for key, held in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and value and _BARE.issuperset(value) and value == value.strip() and not value[0].isdigit():
        return value
    return json.dumps(value, ensure_ascii=False)
