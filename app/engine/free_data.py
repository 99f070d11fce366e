"""How much free data a ticket may carry, whether it comes whole or is put together from changes."""

from collections.abc import Mapping

FREE_BYTES = 16 * 1024
MOST_NAMES = 50


def free_bytes(attributes: Mapping[str, object], metadata: Mapping[str, str]) -> int:
    """Names and values of both together, as UTF-8."""
    size = sum(len(key.encode()) + len(value.encode()) for key, value in metadata.items())
    return size + sum(len(key) + len(str(value).encode()) for key, value in attributes.items())
