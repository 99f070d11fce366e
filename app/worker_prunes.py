"""Answers under an Idempotency-Key are kept for thirty days of their workspace's clock, then forgotten in small transactions."""

import asyncio
import contextlib

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.queries.due import all_workspaces, prune_answers
from app.services.sweep import passes

log = structlog.get_logger()

KEPT_MS = 30 * 86_400_000
AT_ONCE = 500


class Prunes:
    """One round each `seconds`, one workspace after the other. Several workers take different rows."""

    def __init__(self, engine: AsyncEngine, *, seconds: float = 600.0, at_once: int = AT_ONCE) -> None:
        self._engine = engine
        self._seconds = seconds
        self._at_once = at_once
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`; begins with a pause, because a start is busy enough."""
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._seconds)
                return
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001  (the next round tries again)
                log.warning("prune_failed", error=type(error).__name__, passes=passes(error))

    def stop(self) -> None:
        self._stopping.set()

    async def round(self) -> int:
        """How many answers were forgotten."""
        forgotten = 0
        for head in await all_workspaces(self._engine):
            found = self._at_once
            while found == self._at_once and not self._stopping.is_set():
                found = await prune_answers(self._engine, head.id, older_than_ms=KEPT_MS, limit=self._at_once)
                forgotten += found
        return forgotten
