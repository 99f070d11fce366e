"""Answers under an Idempotency-Key are kept for thirty days of their workspace's clock, then forgotten in small transactions."""

from sqlalchemy.ext.asyncio import AsyncEngine

from app.queries.due import all_workspaces, prune_answers
from app.worker_rounds import Rounds

KEPT_MS = 30 * 86_400_000
AT_ONCE = 500


class Prunes(Rounds):
    """One round each `seconds`, one workspace after the other. Several workers take different rows."""

    failure = "prune_failed"

    def __init__(self, engine: AsyncEngine, *, seconds: float = 600.0, at_once: int = AT_ONCE) -> None:
        super().__init__(seconds)
        self._engine = engine
        self._at_once = at_once

    async def round(self) -> int:
        """How many answers were forgotten."""
        forgotten = 0
        for head in await all_workspaces(self._engine):
            found = self._at_once
            while found == self._at_once and not self._stopping.is_set():
                found = await prune_answers(self._engine, head.id, older_than_ms=KEPT_MS, limit=self._at_once)
                forgotten += found
        return forgotten
