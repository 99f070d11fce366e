"""Free data of tickets and customers: how much one may carry, and how changes are put together with what is there."""

from collections.abc import Mapping
from typing import Any

from app.engine.refusals import TooMuchData

FREE_BYTES = 16 * 1024
MOST_NAMES = 50


def free_bytes(attributes: Mapping[str, object], metadata: Mapping[str, str]) -> int:
    """Names and values of both together, as UTF-8."""
    size = sum(len(key.encode()) + len(value.encode()) for key, value in metadata.items())
    return size + sum(len(key) + len(str(value).encode()) for key, value in attributes.items())


def merged(before: Mapping[str, Any], patch: Mapping[str, Any] | None) -> dict[str, Any]:
    """RFC 7396, one level deep: null takes a name away, and null for the whole takes all."""
    if patch is None:
        return {}
    return {name: value for name, value in {**before, **patch}.items() if value is not None}


def differs(before: Any, after: Any) -> bool:
    """To Python true is 1 and 1 is 1.0; to whoever sent them they are not."""
    if not isinstance(before, dict):
        return bool(before != after)
    typed = [{name: (type(value), value) for name, value in each.items()} for each in (before, after)]
    return typed[0] != typed[1]


def check_size(attributes: Mapping[str, object], metadata: Mapping[str, str]) -> None:
    """Raises TooMuchData where there would be too many names or bytes."""
    for name, held in (("attributes", attributes), ("metadata", metadata)):
        if len(held) > MOST_NAMES:
            raise TooMuchData(f"With what is there already, {name} would have more than {MOST_NAMES} names.", pointer=f"/{name}")
    if free_bytes(attributes, metadata) > FREE_BYTES:
        detail = f"With what is there already, attributes and metadata would have more than {FREE_BYTES:,} bytes together."
        raise TooMuchData(detail, pointer="")
