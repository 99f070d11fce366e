"""What is forgotten by age, in small transactions: answers under an Idempotency-Key, entries of the audit, marks that are past.

Answers are kept for thirty days of their workspace's clock, the audit for as long as is set by the real one.
"""

from sqlalchemy.ext.asyncio import AsyncEngine

from app.engine.ids import WorkspaceId
from app.queries import audit, marks
from app.queries.due import all_workspaces, prune_answers
from app.worker_rounds import Rounds

KEPT_MS = 30 * 86_400_000
AT_ONCE = 500
AUDIT_DAYS = 400


class Prunes(Rounds):
    """One round each `seconds`, one workspace after the other. Several workers take different rows."""

    failure = "prune_failed"

    def __init__(
        self, engine: AsyncEngine, *, seconds: float = 600.0, at_once: int = AT_ONCE, audit_days: int = AUDIT_DAYS
    ) -> None:
        super().__init__(seconds)
        self._engine = engine
        self._at_once = at_once
        self._audit_days = audit_days

    async def round(self) -> int:
        """How much was forgotten."""
        forgotten = 0
        for head in await all_workspaces(self._engine):
            for prune in (self._answers, self._audit, self._marks):
                found = self._at_once
                while found == self._at_once and not self._stopping.is_set():
                    found = await prune(head.id)
                    forgotten += found
        return forgotten

    async def _answers(self, workspace: WorkspaceId) -> int:
        return await prune_answers(self._engine, workspace, older_than_ms=KEPT_MS, limit=self._at_once)

    async def _audit(self, workspace: WorkspaceId) -> int:
        return await audit.prune(self._engine, workspace, kept_days=self._audit_days, limit=self._at_once)

    async def _marks(self, workspace: WorkspaceId) -> int:
        return await marks.prune(self._engine, workspace, limit=self._at_once)
