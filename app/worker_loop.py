"""When to sweep which workspace: PostgreSQL is asked every interval, and whoever hears of something earlier says so.

Workspaces wait in one line. One that has more to do than a round goes to its end, so that nobody waits for a big one.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.engine.ids import WorkspaceId
from app.queries.due import due_workspaces
from app.services.sweep import Sweep, passes

log = structlog.get_logger()

Alarm = Callable[[bytes, int], None]


class SweepLoop:
    """`runners` workspaces at a time. `alarm(workspace, in_ms)` hears when a swept workspace will be due again."""

    def __init__(
        self,
        engine: AsyncEngine,
        sweep: Sweep,
        *,
        seconds: float,
        runners: int,
        alarm: Alarm = lambda _workspace, _in_ms: None,
    ) -> None:
        self._engine = engine
        self._sweep = sweep
        self._seconds = seconds
        self._runners = runners
        self._alarm = alarm
        self._line: deque[WorkspaceId] = deque()
        self._standing: set[WorkspaceId] = set()
        self._swept: dict[WorkspaceId, bool] = {}
        self._soon: dict[WorkspaceId, asyncio.TimerHandle] = {}
        self._filled = asyncio.Event()
        self._stopping = asyncio.Event()

    def wake(self, workspace: bytes) -> None:
        """Sweep this workspace as soon as a runner is free; once more when it is being swept now."""
        key = WorkspaceId(workspace)
        if key in self._swept:
            self._swept[key] = True
        elif key not in self._standing:
            self._standing.add(key)
            self._line.append(key)
            self._filled.set()

    def wake_in(self, workspace: bytes, in_ms: int) -> None:
        """Sweep this workspace in so many ms, where that is before the next look."""
        key = WorkspaceId(workspace)
        if in_ms <= 0:
            self.wake(key)
            return
        loop = asyncio.get_running_loop()
        at = loop.time() + in_ms / 1000
        planned = self._soon.get(key)
        if in_ms > 1500 * self._seconds or self._stopping.is_set() or (planned is not None and planned.when() <= at):
            return
        if planned is not None:
            planned.cancel()
        self._soon[key] = loop.call_at(at, self._now, key)

    async def run(self) -> None:
        """Until `stop`; then the rounds that have begun are finished."""
        runners = [asyncio.create_task(self._run(), name=f"sweep {number}") for number in range(self._runners)]
        try:
            while not self._stopping.is_set():
                await self._look()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._seconds)
        finally:
            self.stop()
            for handle in self._soon.values():
                handle.cancel()
            await asyncio.wait(runners)

    def stop(self) -> None:
        self._stopping.set()
        self._filled.set()

    async def _look(self) -> None:
        try:
            found = await due_workspaces(self._engine, ahead_seconds=self._seconds)
        except Exception as error:  # noqa: BLE001  (the next look tries again)
            log.warning("sweep_not_looked", error=type(error).__name__, passes=passes(error))
            return
        for workspace in found:
            self.wake_in(workspace.id, workspace.in_ms or 0)

    def _now(self, key: WorkspaceId) -> None:
        self._soon.pop(key, None)
        self.wake(key)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._line:
                self._filled.clear()
                await self._filled.wait()
                continue
            key = self._line.popleft()
            self._standing.discard(key)
            self._swept[key] = False
            more = await self._round(key)
            if self._swept.pop(key) or more:
                self.wake(key)

    async def _round(self, key: WorkspaceId) -> bool:
        try:
            result = await self._sweep.round(key)
        except Exception as error:  # noqa: BLE001  (the next look finds this workspace again)
            log.warning("sweep_failed", workspace=key.hex(), error=type(error).__name__, passes=passes(error))
            return False
        if result.in_ms is not None:
            self.wake_in(key, result.in_ms)
            self._alarm(key, result.in_ms)
        return result.more
