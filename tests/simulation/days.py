"""Play a day by its seed, and say what came of it."""

import asyncio
import gc
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import asyncpg
import structlog

from app.dispatch import batch
from tests.simulation.chance import DISTURBANCES, Chance
from tests.simulation.connections import Dead
from tests.simulation.faults import injected
from tests.simulation.loop import SimulatedLoop
from tests.simulation.tables import Broken, unforeseen
from tests.simulation.traces import Line
from tests.simulation.watch import CHECKS
from tests.simulation.world import World

COMMANDS = 320
WHOLE_BATCHES = float("inf")
ONE_BY_ONE = -1.0
PARTS = (batch.PART, 1, 3)  # how many commands of a batch are written together
_OURS = ("decide_failed", "undo_failed", "log_broken", "batch_failed", "command_failed")
_SIMULATED = (asyncpg.DataError, asyncpg.DeadlockDetectedError, asyncpg.DiskFullError, Dead, asyncio.CancelledError)


@dataclass(frozen=True, slots=True)
class Day:
    """`asked` and `events` count commands and what came of them; `lines` is everything that was noted, `broken` what was found."""

    seed: int
    broken: Broken | None
    lines: list[Line]
    asked: Counter[str]
    events: Counter[str]
    commits: int
    played: Counter[str]


def play(
    seed: int,
    *,
    disturbances: Collection[str] = DISTURBANCES,
    checks: Collection[str] = CHECKS,
    commands: int = COMMANDS,
    fault: str | None = None,
) -> Day:
    """One day. The same arguments give the same day; `fault` puts one of `faults.FAULTS` into it."""
    chance, worlds = Chance(seed, disturbances), list[World]()
    deciding, part = (ONE_BY_ONE if seed % 8 == 7 else WHOLE_BATCHES), PARTS[seed % len(PARTS)]
    gc.disable()
    try:
        with (
            injected(fault),
            listening(worlds),
            patch.object(batch, "DECIDING_SECONDS", deciding),
            patch.object(batch, "PART", part),
            asyncio.Runner(loop_factory=SimulatedLoop) as runner,
        ):
            return runner.run(_play(chance, worlds, checks, commands))
    finally:
        gc.enable()
        gc.unfreeze()  # loading a state freezes it, and a day's states must not outlive the day
        gc.collect()


async def _play(chance: Chance, worlds: list[World], checks: Collection[str], commands: int) -> Day:
    world = World(chance, checks, commands)
    worlds.append(world)
    day = asyncio.create_task(world.live())
    ends: list[asyncio.Future[Any]] = [day, world.broken]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for process in world.processes:
        if process.alive:
            process.kill()
    if not world.broken.done():
        day.result()
    day.cancel()
    watches = world.watches.values()
    played = sum((Counter(watch.played) for watch in watches), Counter({"Recall": world.callers.recalled}))
    broken = world.broken.result() if world.broken.done() else None
    return Day(chance.seed, broken, list(world.lines), world.asked, world.events, sum(watch.commits for watch in watches), played)


@contextmanager
def listening(worlds: list[World]) -> Iterator[None]:
    """What the dispatcher logs as an error of its own breaks the day; nothing is printed."""

    def hear(_logger: Any, _name: str, line: Any) -> Any:
        error = sys.exc_info()[1]
        for world in worlds if line["event"] in _OURS and not isinstance(error, _SIMULATED) else ():
            world.fail(error if isinstance(error, Broken) else unforeseen(f"{line['event']} {line.get('command', '')}", error))
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[hear], wrapper_class=structlog.BoundLogger, cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)
