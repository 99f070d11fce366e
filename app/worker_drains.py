"""The proof that nobody waits for nothing: where tickets have waited for long, their workspace is drained.

A workspace whose log has not grown since the last proof is as it was then, so it is passed over; now and then it is
looked at all the same, because time changes things too.
"""

import time
from uuid import uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.engine.commands import Drain
from app.engine.ids import WorkspaceId
from app.queries.due import all_workspaces, waiting
from app.services.sweep import COMMAND_SECONDS, WORKER, Dispatches
from app.worker_rounds import Rounds

log = structlog.get_logger()

AGAIN_SECONDS = 600.0


class Drains(Rounds):
    """One round each `seconds`, one workspace after the other."""

    failure = "drain_not_looked"

    def __init__(self, engine: AsyncEngine, dispatcher: Dispatches, *, seconds: float = 30.0) -> None:
        super().__init__(seconds)
        self._engine = engine
        self._dispatcher = dispatcher
        self._proved: dict[WorkspaceId, tuple[int, float]] = {}

    async def round(self) -> int:
        """How many workspaces were drained."""
        drained = 0
        heads = await all_workspaces(self._engine)
        for head in heads:
            if self._stopping.is_set():
                break
            if not self._is_proved(head.id, head.seq):
                drained += await self._drain(head.id, head.seq)
        for gone in self._proved.keys() - {head.id for head in heads}:
            del self._proved[gone]
        return drained

    def _is_proved(self, workspace: WorkspaceId, seq: int) -> bool:
        proved, at = self._proved.get(workspace, (-1, 0.0))
        return proved == seq and time.monotonic() - at < AGAIN_SECONDS

    async def _drain(self, workspace: WorkspaceId, seq: int) -> bool:
        anybody, for_long = await waiting(self._engine, workspace, seconds=self._seconds)
        if not for_long:
            if not anybody:
                self._proved[workspace] = seq, time.monotonic()
            return False
        try:
            outcome = await self._dispatcher.submit(
                workspace, Drain(WORKER), request_id=f"drain_{uuid4().hex}", deadline=COMMAND_SECONDS
            )
        except Exception as error:  # noqa: BLE001  (the next round tries again, the other workspaces go on)
            log.warning("drain_failed", workspace=workspace.hex(), error=type(error).__name__)
            return False
        self._proved[workspace] = outcome.seq, time.monotonic()
        if outcome.events:
            log.warning("drain_found_work", workspace=workspace.hex(), events=len(outcome.events))
        return True
