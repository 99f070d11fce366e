"""Several statements in one round trip: each becomes a part of one WITH, its parameters numbered on.

All parts see the rows as they were before, and in no order among each other. So whatever must have ended before something
else begins, or must exist before something else refers to it, is sent apart, at once and first.
"""

import re
from functools import lru_cache
from typing import Any

from app.queries import recording

APART = frozenset(
    {
        recording.PUT_AGENTS,
        recording.REMOVE_AGENTS,
        recording.REMOVE_TURNS,
        recording.END_ASSIGNMENTS,
        recording.END_OFFERS,
    }
)
_PARAMETER = re.compile(r"\$(\d+)")


class Together:
    """Collects statements that may run side by side; `connection` is asyncpg's."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._texts: list[str] = []
        self._parameters: list[Any] = []
        self._counts: list[int] = []

    async def add(self, text: str, *parameters: Any) -> None:
        """Keep a statement for `send`; one that stands apart runs now."""
        if text in APART:
            await self.connection.execute(text, *parameters)
            return
        self._texts.append(text)
        self._parameters.extend(parameters)
        self._counts.append(len(parameters))

    async def send(self) -> None:
        """Run all that was kept since the last time."""
        if len(self._texts) == 1:
            await self.connection.execute(self._texts[0], *self._parameters)
        elif self._texts:
            await self.connection.execute(joined(tuple(self._texts), tuple(self._counts)), *self._parameters)
        self._texts, self._parameters, self._counts = [], [], []


@lru_cache(maxsize=256)
def joined(texts: tuple[str, ...], counts: tuple[int, ...]) -> str:
    """One statement of many; there are few combinations, and each is prepared once."""
    parts, offset = [], 0
    for index, (text, count) in enumerate(zip(texts, counts, strict=True)):
        parts.append(f"p{index} AS ({_moved(text.strip(), offset)})")
        offset += count
    return "WITH " + ",\n".join(parts) + "\nSELECT 1"


def _moved(text: str, offset: int) -> str:
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + offset}", text)
