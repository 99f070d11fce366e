"""Moving the clock of a sandbox: from due time to due time, so that everything between happens when it would have.

Only the clock is moved here. What falls due is fired by the worker, as in earnest; this waits for it.

A move takes several transactions. Under an Idempotency-Key each of them has a key of its own, made of the caller's and of how
far the clock had come: whoever repeats the call, after a crash or at the same time, follows the steps that were taken.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.outcome import IdempotencyKey, Outcome, Render, Rendered
from app.engine.commands import Actor, AdvanceClock, Command
from app.engine.ids import WorkspaceId
from app.engine.refusals import NotASandbox
from app.errors import NotFound, Unavailable
from app.queries.due import Head, read_head, timers_fired

DEADLINE_SECONDS = 25.0
FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.003, 0.025
REMIND_SECONDS = 0.5


class Dispatches(Protocol):
    async def submit(
        self,
        workspace: WorkspaceId,
        command: Command,
        *,
        request_id: str,
        idempotency: IdempotencyKey | None,
        render: Render | None,
    ) -> Outcome: ...

    async def recall(self, workspace: WorkspaceId, idempotency: IdempotencyKey) -> Outcome | None: ...


class Waits(Protocol):
    async def wait(self, workspace: bytes, after_seq: int, timeout: float) -> int: ...  # noqa: ASYNC109  (Tails has it)


class Wakes(Protocol):
    def due(self, workspace: bytes) -> None: ...


class Services(Protocol):
    """The part of the process's services that is needed here."""

    @property
    def engine(self) -> AsyncEngine: ...
    @property
    def dispatcher(self) -> Dispatches: ...
    @property
    def tails(self) -> Waits: ...
    @property
    def wake(self) -> Wakes: ...


@dataclass(frozen=True, slots=True)
class Advanced:
    """The sandbox's clock now, by how much it was moved, and how many steps of timers and offers that set off."""

    now_ms: int
    advanced_ms: int
    timers_fired: int


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves a clock, for which request and under which key."""

    actor: Actor
    request_id: str
    key: IdempotencyKey | None = None


async def advance(services: Services, workspace: WorkspaceId, milliseconds: int, mover: Mover) -> Advanced:
    """Raises NotASandbox, and Unavailable `worker_away` when the worker takes longer than 25 s in all."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    before = head = await _head(services, workspace)
    if not head.sandbox:
        raise NotASandbox("Only the clock of a sandbox workspace can be moved.")
    moved, began = await _taken(services, workspace, mover, before.seq)
    waited = moved > 0
    while True:
        if head.overdue:
            waited = True
            head = await _fired(services, workspace, head, deadline, moved)
        if moved == milliseconds:
            break
        step = milliseconds - moved
        if head.next_due is not None:
            step = min(step, max(head.next_due - head.now, 0))
        if step:
            outcome, (step, began) = await _step(services, workspace, step, mover, moved=moved, began=began)
            moved += step
            now = outcome.at + step
            waited = waited or outcome.replayed
            if moved == milliseconds and not outcome.replayed and (head.next_due is None or head.next_due > now):
                head = Head(True, outcome.seq, now, head.next_due)
                break
        head = await _head(services, workspace)
    fired = await timers_fired(services.engine, workspace, after=began, to=head.seq) if waited else 0
    return Advanced(head.now, moved, fired)


async def _taken(services: Services, workspace: WorkspaceId, mover: Mover, seq: int) -> tuple[int, int]:
    """How far the clock was moved for this key already, and where the log stood when that began."""
    moved, began = 0, seq
    while (key := _key(mover, moved)) is not None:
        known = await services.dispatcher.recall(workspace, key)
        if known is None or known.rendered is None:
            break
        step, began = _read(known.rendered)
        moved += step
    return moved, began


def _key(mover: Mover, moved: int) -> IdempotencyKey | None:
    """Of the step from here; no caller's key has two lines."""
    return mover.key and IdempotencyKey(f"{mover.key.key}\n{moved}", mover.key.fingerprint)


def _read(taken: Rendered) -> tuple[int, int]:
    step, began = map(int, taken.body.split())
    return step, began


async def _step(
    services: Services, workspace: WorkspaceId, step: int, mover: Mover, *, moved: int, began: int
) -> tuple[Outcome, tuple[int, int]]:
    """Take a step, or learn of the one that was taken from here: how long it was, and where the log stood when the first began."""
    key = _key(mover, moved)
    taken = Rendered(200, f"{step} {began}".encode())
    outcome = await services.dispatcher.submit(
        workspace,
        AdvanceClock(mover.actor, step),
        request_id=mover.request_id,
        idempotency=key,
        render=None if key is None else lambda _: taken,
    )
    return outcome, (step, began) if outcome.rendered is None else _read(outcome.rendered)


async def _head(services: Services, workspace: WorkspaceId) -> Head:
    head = await read_head(services.engine, workspace)
    if head is None:
        raise NotFound("workspace_not_found", "There is no such workspace.")
    return head


async def _fired(services: Services, workspace: WorkspaceId, head: Head, deadline: float, moved: int) -> Head:
    """The head once nothing is due any more: looks when the log grows, and every few milliseconds besides."""
    pause, remind_at = FIRST_LOOK_SECONDS, 0.0
    while head.overdue:
        now = time.monotonic()
        if now >= deadline:
            raise Unavailable(
                "worker_away",
                "The worker has not fired what is due; the clock stands where `advanced_seconds` says. Try again for the rest.",
                retry_after=2,
                advanced_seconds=moved // 1000,
                now_ms=head.now,
            )
        if now >= remind_at:
            services.wake.due(workspace)
            remind_at = now + REMIND_SECONDS
        seq = await services.tails.wait(workspace, head.seq, pause)
        if seq <= head.seq:
            pause = min(2 * pause, LONGEST_LOOK_SECONDS)
            await asyncio.sleep(0)
        head = await _head(services, workspace)
    return head
