"""What the engine says is so now, in the words of the API: ids with their prefix, times as text."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.identifiers import NOUNS, encode

_PREFIXES = {noun: prefix for prefix, noun in NOUNS.items()} | {"merged_into": "cus"}


def shown_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _shown(name, value) for name, value in facts.items()}


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return encode(_PREFIXES[name.removesuffix("_id").removesuffix("_ids")], value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(name, item) for item in value]
    if isinstance(value, dict):
        return {str(key): _shown(name, item) for key, item in value.items()}
    if name.endswith("_at") and isinstance(value, int):
        return time_text(value)
    return value


def time_text(milliseconds: int) -> str:
    """RFC 3339 in UTC with Z and milliseconds."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"
