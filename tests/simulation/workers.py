"""Workers of a simulated world: whoever finds something due makes commands of it. Two of them look at the same rows.

A worker is told when the head of a workspace is next due and comes when it comes: a little late, an hour late, or early because its own
clock is wrong. What it asks for names what it saw, so that the second to ask, and the one who asks too soon, change nothing.
"""

import asyncio
import contextlib
from random import Random

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.dispatch.moments import milliseconds
from app.engine.commands import Command, Drain, OfferDue, ParkTimer, TimerDue, WakeTicket
from app.engine.ids import OfferId, TicketId, WorkspaceId
from app.engine.refusals import Refusal
from app.engine.vocabulary import Metric
from app.errors import Problem
from app.services.sweep import AT_ONCE, WORKER
from tests.simulation import statements
from tests.simulation.chance import Chance
from tests.simulation.deliveries import Callers
from tests.simulation.processes import Gone, Process
from tests.simulation.tables import Clock, Row, Rows, Transaction

IDLE_SLEEP_SECONDS, LONGEST_SLEEP_SECONDS = 30.0, 1800.0


class Worker:
    """One process's sweep over all workspaces."""

    def __init__(self, process: Process, rows: list[Rows], clock: Clock, chance: Chance, callers: Callers) -> None:
        self.process = process
        self.calm = False
        self._rows = rows
        self._clock = clock
        self._chance = chance
        self._random: Random = chance.workers
        self._callers = callers
        self._told = asyncio.Event()
        self._wakes_at = 0.0
        self._rests: dict[Command, tuple[float, float]] = {}

    def tell(self, rows: Rows) -> None:
        """Something may be due sooner than it was."""
        if asyncio.get_running_loop().time() + self._in_seconds(rows) < self._wakes_at:
            self._told.set()

    async def run(self, until: float) -> None:
        """Look, fire, sleep until the next thing is due by the clock this worker has."""
        loop, idle = asyncio.get_running_loop(), 0.0
        while loop.time() < until:
            self._told.clear()
            fired = [await self.round(rows) for rows in self._rows] if self.process.alive else []
            late = self._random.expovariate(1.0)
            if "late workers" in self._chance.on and self._random.random() < 0.01:
                late += self._random.uniform(60, 3600)
                await asyncio.sleep(late)
            idle = 0.0 if any(fired) else min(max(2 * idle, IDLE_SLEEP_SECONDS), LONGEST_SLEEP_SECONDS)
            wait = max(min(self._in_seconds(rows) for rows in self._rows), idle)
            self._wakes_at = loop.time() + min(wait, LONGEST_SLEEP_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), self._wakes_at - loop.time())
            await asyncio.sleep(late)

    async def round(self, rows: Rows) -> int:
        """How many steps were asked for."""
        now = self._now(rows)
        due = rows.head["next_due_at"]
        if due is None or milliseconds(due) > now:
            return 0
        everything = self.due(rows, now)
        found = [command for command in everything if not self._rests_still(command)]
        if not everything and self.process.skew_ms <= 0:
            await self._refresh(rows)
        if self._random.random() < 0.2:
            self._random.shuffle(found)
        await asyncio.gather(*(self._fire(rows, command) for command in found[:AT_ONCE]))
        return len(found)

    async def drain(self, rows: Rows) -> None:
        """The proof that nobody waits for nothing, once in a while."""
        await self._fire(rows, Drain(WORKER))

    def due(self, rows: Rows, now: int) -> list[Command]:
        """What is due at `now`, in due order."""
        planned = []
        for at, timer, row in statements.planned(Transaction(rows, snapshot=False)):
            if milliseconds(at) <= now:
                ticket = TicketId(row["ticket_id"].bytes)
                planned.append((at, ticket, self._command(ticket, row, timer=timer is not None)))
        return [command for _, _, command in sorted(planned, key=lambda entry: entry[:2])]

    def _command(self, ticket: TicketId, row: Row, *, timer: bool) -> Command:
        if not timer and "snoozed_until" in row:
            return WakeTicket(WORKER, ticket, milliseconds(row["snoozed_until"]))
        if not timer:
            return OfferDue(WORKER, OfferId(row["id"].bytes), ticket)
        if self._random.random() < 0.01:
            return ParkTimer(WORKER, ticket, Metric(row["metric"]))
        return TimerDue(WORKER, ticket, Metric(row["metric"]), row["version"])

    async def _fire(self, rows: Rows, command: Command) -> None:
        call = self._callers.call(WorkspaceId(rows.key), command, keyed=False)
        with contextlib.suppress(Gone, Refusal, Problem):  # the rows still say that it is due
            outcome = await self._callers.ask(self.process, call)
            if not outcome.events:
                self._let_rest(command)

    def _let_rest(self, command: Command) -> None:
        """What had no effect, for another was quicker or it is too early, is tried again later and later."""
        _, rest = self._rests.get(command, (0.0, 20.0))
        self._rests[command] = asyncio.get_running_loop().time() + rest, rest * 20

    def _rests_still(self, command: Command) -> bool:
        return not self.calm and self._rests.get(command, (0.0, 0.0))[0] > asyncio.get_running_loop().time()

    async def _refresh(self, rows: Rows) -> None:
        with contextlib.suppress(Gone, asyncpg.PostgresError, PoolTimeout, OSError):
            await self.process.refresh_due(WorkspaceId(rows.key))

    def _now(self, rows: Rows) -> int:
        """The workspace's time: PostgreSQL's, or what a wrong clock makes of it."""
        skew = self.process.skew_ms if not self.calm and "skew" in self._chance.on else 0
        return self._clock.now() + int(rows.head["clock_offset_ms"]) + skew

    def _in_seconds(self, rows: Rows) -> float:
        due = rows.head["next_due_at"]
        return LONGEST_SLEEP_SECONDS if due is None else (milliseconds(due) - self._now(rows)) / 1000
