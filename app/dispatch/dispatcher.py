"""The only writer. Callers submit commands and wait; per workspace one task takes them batch by batch."""

import asyncio
from collections import OrderedDict

from sqlalchemy.ext.asyncio import AsyncEngine

from app.connections import BROKEN
from app.dispatch import attempt
from app.dispatch.due import earliest_due
from app.dispatch.inbox import Envelope, overloaded
from app.dispatch.moments import milliseconds, uuid_of
from app.dispatch.origins import origin_of
from app.dispatch.outcome import Ask, Bulk, IdempotencyKey, Outcome, Recall, Render, Wake
from app.dispatch.transaction import transaction
from app.dispatch.workspace import Workspace
from app.engine.asking import Question
from app.engine.commands import Command
from app.engine.configuration import Configuration
from app.engine.ids import WorkspaceId
from app.queries import heads

DEADLINE_SECONDS = 30.0
STOP_SECONDS = 10.0
KEPT_WORKSPACES = 256


class Dispatcher:
    """One per process. `wake(workspace, seq, next_due_ms)` is called after each commit and must neither block nor raise."""

    def __init__(self, engine: AsyncEngine, *, wake: Wake | None = None, kept_workspaces: int = KEPT_WORKSPACES) -> None:
        self._context = attempt.Context(engine, wake or _nobody, asyncio.Semaphore(_lock_waiters(engine)))
        self._engine = engine
        self._workspaces: OrderedDict[WorkspaceId, Workspace] = OrderedDict()
        self._kept = kept_workspaces
        self._stopping = False

    async def start(self) -> None:
        """Ready at once; workspaces are loaded when first asked for."""
        self._stopping = False

    async def stop(self) -> None:
        """Take nothing new, refuse what waits, await the batches under way for at most ten seconds."""
        self._stopping = True
        running = []
        for workspace in self._workspaces.values():
            workspace.inbox.refuse_all(overloaded("The service is shutting down; nothing was changed."))
            if workspace.task is not None:
                running.append(workspace.task)
        if running:
            await asyncio.wait(running, timeout=STOP_SECONDS)

    async def submit(
        self,
        workspace: WorkspaceId,
        command: Command | Bulk,
        *,
        request_id: str | None = None,
        deadline: float | None = None,
        idempotency: IdempotencyKey | None = None,
        render: Render | None = None,
    ) -> Outcome:
        """Have a command, or a bulk of them, decided and committed. `deadline` is in seconds from now, 30 by default.

        Raises:
            Refusal: it cannot be done; nothing has changed.
            ItemRefused: an item of an atomic bulk cannot be done; nothing has changed.
            Invalid: the idempotency key was used for something else.
            Unavailable: overloaded, past the deadline, or the database is away.

        """
        envelope = Envelope(command, request_id, _until(deadline), _future(), idempotency=idempotency, render=render)
        envelope.origin = origin_of(request_id)
        return await self._post(workspace, envelope)

    async def recall(self, workspace: WorkspaceId, idempotency: IdempotencyKey) -> Outcome | None:
        """The answer that was given under this key; None where there is none. Raises Invalid when it was used for something else."""
        envelope = Envelope(Recall(), None, _until(None), _future(), idempotency=idempotency)
        outcome = await self._post(workspace, envelope)
        return outcome if outcome.replayed else None

    async def keep(self, workspace: WorkspaceId, idempotency: IdempotencyKey, render: Render) -> Outcome:
        """Nothing is to be done: have that answer kept under the key. Raises Invalid when it was used for something else."""
        return await self._post(
            workspace, Envelope(Recall(), None, _until(None), _future(), idempotency=idempotency, render=render)
        )

    async def dry_run(self, workspace: WorkspaceId, command: Command | Bulk) -> Outcome:
        """Decide as `submit` would and change nothing; raises likewise."""
        return await self._post(workspace, Envelope(command, None, _until(None), _future(), dry_run=True))

    async def ask(self, workspace: WorkspaceId, question: Question, *, needs: tuple[Command, ...] = ()) -> Outcome:
        """Have a question answered by the state as it is between two commands; nothing is changed. Raises what the question raises."""
        return await self._post(workspace, Envelope(Ask(question, needs), None, _until(None), _future()))

    async def configuration(self, workspace: WorkspaceId) -> Configuration:
        """The configuration as this process knows it; a command decided under a newer one says so."""
        held = self._workspace(workspace)
        if held.state is None:
            await self._context.load(held)
        if held.state is None:
            raise overloaded("The workspace is being loaded. Try again shortly.")
        return held.known

    def known(self, workspace: WorkspaceId) -> Configuration | None:
        """The configuration of the state this process holds, without a wait; None where it holds none."""
        held = self._workspaces.get(workspace)
        return None if held is None or held.state is None else held.known

    async def now(self, workspace: WorkspaceId) -> int:
        """The workspace's time in ms: PostgreSQL's clock and the sandbox offset, never before the last event.

        A connection that turns out to have died while nobody used it is replaced, once.
        """
        try:
            return await self._now(workspace)
        except BROKEN as error:
            if isinstance(error, TimeoutError):
                raise
            return await self._now(workspace)

    async def _now(self, workspace: WorkspaceId) -> int:
        async with transaction(self._engine, workspace, snapshot=True) as opened:
            head = await opened.connection.fetchrow(heads.READ, uuid_of(workspace))
            clock = await opened.connection.fetchval(heads.CLOCK)
        if head is None:
            raise LookupError("no such workspace")
        return max(milliseconds(clock) + int(head["clock_offset_ms"]), milliseconds(head["last_at"]))

    async def refresh_due(self, workspace: WorkspaceId) -> None:
        """Set the head's next due time to what the rows say, where a sweep found nothing to do."""
        key = uuid_of(workspace)
        async with transaction(self._engine, workspace) as opened:
            await opened.connection.fetchrow(heads.LOCK, key)
            await opened.connection.execute(heads.SET_DUE, key, await earliest_due(opened.connection, key))
            await opened.commit()

    def loaded(self) -> list[WorkspaceId]:
        """The workspaces whose state this process holds."""
        return [key for key, held in self._workspaces.items() if held.state is not None]

    async def _post(self, key: WorkspaceId, envelope: Envelope) -> Outcome:
        if self._stopping:
            raise overloaded("The service is shutting down; nothing was changed.")
        held = self._workspace(key)
        held.inbox.put(envelope)
        if held.task is None or held.task.done():
            held.task = asyncio.create_task(self._context.work(held), name=f"dispatch {key.hex()}")
        return await envelope.answer

    def _workspace(self, key: WorkspaceId) -> Workspace:
        held = self._workspaces.get(key)
        if held is None:
            held = self._workspaces[key] = Workspace(key)
            self._evict()
        self._workspaces.move_to_end(key)
        return held

    def _evict(self) -> None:
        """Least recently used first; one that is at work stays."""
        for key in list(self._workspaces):
            if len(self._workspaces) <= self._kept:
                return
            held = self._workspaces[key]
            if held.idle and key != next(reversed(self._workspaces)):
                del self._workspaces[key]


def _nobody(workspace: WorkspaceId, seq: int, due: int | None) -> None:
    """Nobody is to be woken: the polling readers find it."""


def _future() -> "asyncio.Future[Outcome]":
    return asyncio.get_running_loop().create_future()


def _until(seconds: float | None) -> float:
    return asyncio.get_running_loop().time() + (DEADLINE_SECONDS if seconds is None else seconds)


def _lock_waiters(engine: AsyncEngine) -> int:
    """At most half the pool waits for locks, so that reads always find a connection."""
    size = getattr(engine.pool, "size", lambda: 2)()
    return max(1, int(size) // 2)
