"""Processes of a simulated world: each holds a dispatcher of its own, with its states, and may die at any moment."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.outcome import Bulk, IdempotencyKey, Outcome, Render
from app.engine.commands import Command
from app.engine.ids import WorkspaceId
from app.engine.state import State
from tests.simulation.connections import Base, Pool

_Answer = TypeVar("_Answer")


class Gone(Exception):  # noqa: N818  (named as the situation)
    """The process died before it answered: whoever asked does not know what has become of it."""


class Process:
    """`kept` is how many states it holds: with one, each change of workspace evicts and reloads. `skew_ms` is its clock's error."""

    def __init__(self, name: str, base: Base, *, kept: int) -> None:
        self.name = name
        self.kept = kept
        self.skew_ms = 0
        self._base = base
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self.start()

    def start(self) -> None:
        """Alive, with nothing in memory."""
        self.pool = Pool(self._base)
        engine: Any = self.pool
        self.dispatcher = Dispatcher(engine, kept_workspaces=self.kept)
        self._death = asyncio.get_running_loop().create_future()

    @property
    def alive(self) -> bool:
        return not self.pool.dead

    def kill(self) -> None:
        """At once: what it has under way is never finished here, and PostgreSQL notices that its connections are gone."""
        self.pool.kill()
        self._death.set_result(None)
        for task in (*self._tasks, *(held.task for held in self.dispatcher._workspaces.values() if held.task)):
            task.cancel()

    async def submit(
        self,
        workspace: WorkspaceId,
        command: Command | Bulk,
        *,
        request_id: str,
        idempotency: IdempotencyKey | None = None,
        render: Render | None = None,
    ) -> Outcome:
        """As the dispatcher does. Raises Gone when the process dies first, or is dead."""
        return await self._answer(
            self.dispatcher.submit(workspace, command, request_id=request_id, idempotency=idempotency, render=render)
        )

    async def refresh_due(self, workspace: WorkspaceId) -> None:
        """As the dispatcher does."""
        await self._answer(self.dispatcher.refresh_due(workspace))

    async def recall(self, workspace: WorkspaceId, idempotency: IdempotencyKey) -> Outcome | None:
        return await self._answer(self.dispatcher.recall(workspace, idempotency))

    async def dry_run(self, workspace: WorkspaceId, command: Command | Bulk) -> Outcome:
        return await self._answer(self.dispatcher.dry_run(workspace, command))

    def states(self, workspace: WorkspaceId) -> list[tuple[State, bool]]:
        """The state held, if any, and whether it is at rest: nothing decided in it that is not committed or undone."""
        held = self.dispatcher._workspaces.get(workspace)
        if held is None or held.state is None or not self.alive:
            return []
        return [(held.state, not held.state.journal.mark)]

    async def _answer(self, asked: Coroutine[Any, Any, _Answer]) -> _Answer:
        if not self.alive:
            asked.close()
            raise Gone
        task = asyncio.create_task(asked)
        self._tasks[task] = None
        task.add_done_callback(self._tasks.pop)
        death = self._death
        try:
            await asyncio.wait({task, death}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if death.done():
            task.cancel()
            raise Gone
        return task.result()
