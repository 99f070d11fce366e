"""Several statements in one round trip: each becomes a part of one WITH, its parameters numbered on. One may run while more are collected.

All parts see the rows as they were before, and in no order among each other. So whatever must have ended before something
else begins, or must exist before something else refers to it, or writes a row that another part writes too, is sent apart, at
once and first.
"""

import asyncio
import contextlib
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
        recording.UPDATE_DETAILS,
        recording.BEGIN_MERGE,
        recording.MOVE_TICKETS,
        recording.MOVE_BACK_TICKETS,
        recording.END_MERGE,
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
        self._running: asyncio.Task[Any] | None = None

    async def add(self, text: str, *parameters: Any) -> None:
        """Keep a statement for `begin`; one that stands apart runs now."""
        if text in APART:
            await self._done()
            await self.connection.execute(text, *parameters)
            return
        self._texts.append(text)
        self._parameters.extend(parameters)
        self._counts.append(len(parameters))

    async def begin(self) -> None:
        """Have PostgreSQL run all that was kept since the last time, and come back before it has."""
        await self._done()
        if not self._texts:
            return
        text = self._texts[0] if len(self._texts) == 1 else joined(tuple(self._texts), tuple(self._counts))
        self._running = asyncio.create_task(self.connection.execute(text, *self._parameters))
        self._texts, self._parameters, self._counts = [], [], []
        await asyncio.sleep(0)  # the task speaks to the connection
        await asyncio.sleep(0)  # and the loop to the socket

    async def finish(self) -> None:
        """Return when everything has run."""
        await self.begin()
        await self._done()

    async def quiet(self) -> None:
        """Wait for what is under way, whatever becomes of it: the connection must be free before it is rolled back."""
        if self._running is not None:
            with contextlib.suppress(Exception):
                await self._done()

    async def _done(self) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            await running


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
