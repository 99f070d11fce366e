"""The long loop: legs of a minute, each on a workspace of its own, in which everything is killed in turn under load."""

import asyncio
import contextlib
import gc
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.faults.case import Case, Violation, wishes_of
from tests.faults.examine import examine
from tests.faults.lab import Desk, Lab, whole
from tests.faults.ledger import Ledger
from tests.faults.load import Load, Mix
from tests.faults.processes import gone, kill, until
from tests.faults.tally import Tally

LEGS_PER_SERVERS = 15
RECOVERY_SECONDS = 120.0
GRACE_MS = 5_000
MIX = Mix(resolve=0.3, promised=0.05, offered=0.03, bulk=0.05, look=0.005)
KINDS = ("one API", "one worker", "PostgreSQL", "every API")


class BrokenLegError(Exception):
    """A leg found something: which, and what."""

    def __init__(self, seed: int, leg: int, found: list[Violation]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.seed, self.leg, self.found = seed, leg, found


@dataclass(slots=True)
class Plan:
    """What a run was asked for."""

    seed: int
    minutes: float
    folder: Path
    apis: int = 2
    workers: int = 2
    callers: int = 16
    leg_seconds: float = 60.0
    only_leg: int | None = None


@dataclass(slots=True)
class Run:
    """Goes on from what the folder holds until the minutes are over."""

    plan: Plan
    tally: Tally
    passed: dict[UUID, tuple[int, ...]] = field(default_factory=dict)

    async def go(self) -> None:
        """Raises BrokenLegError."""
        ends = time.monotonic() + 60 * self.plan.minutes
        while time.monotonic() < ends:
            self.passed.clear()
            async with whole(self.plan.folder / "servers", apis=self.plan.apis, workers=self.plan.workers) as lab:
                for _ in range(LEGS_PER_SERVERS):
                    left = ends - time.monotonic()
                    if left < 1:
                        break
                    leg = self.tally.legs + 1 if self.plan.only_leg is None else self.plan.only_leg
                    await self._leg(lab, leg, min(left, self.plan.leg_seconds))
                    if self.plan.only_leg is not None:
                        return
                await self._earlier_legs_stand(lab)

    async def _leg(self, lab: Lab, number: int, seconds: float) -> None:
        dice = random.Random(f"{self.plan.seed}:{number}")
        desk = await lab.desk(f"leg-{number}-{time.time_ns():x}", agents=40, askers=4, capacity=10)
        tally = Tally(self.plan.seed)
        began = time.monotonic()
        load = Load(desk, dice.randrange(1 << 30), callers=self.plan.callers, mix=MIX).start()
        try:
            await self._deaths(lab, load, dice, tally, until_time=began + seconds)
            await asyncio.wait_for(load.finish(), RECOVERY_SECONDS)
        except (AssertionError, TimeoutError) as error:
            load.cancel()
            what = f"{error or 'calls stay unsettled'}; the service says: {lab.service.says()[-1000:] if lab.service else ''}"
            raise BrokenLegError(self.plan.seed, number, [Violation("I8 heals itself", what)]) from error
        tally.seconds = time.monotonic() - began
        worst = max((one for many in tally.recoveries.values() for one in many), default=0.0)
        with uncollected():
            case, found = await examine(lab, desk, outage_ms=int(worst * 1000) + GRACE_MS)
        _count(tally, case, load)
        if found:
            raise BrokenLegError(self.plan.seed, number, found)
        self.tally.add(tally)
        if self.plan.only_leg is None:
            self.tally.save(self.plan.folder / "tally.json")
        self.passed[desk.uuid] = await _figures(lab, desk.uuid)
        _tidy(desk)
        print(f"leg {number:>4}  {self.tally.line}  worst recovery {worst:.2f} s", flush=True)  # noqa: T201

    async def _deaths(self, lab: Lab, load: Load, dice: random.Random, tally: Tally, *, until_time: float) -> None:
        await until(lambda: load.acknowledged > 0, RECOVERY_SECONDS, "the first ticket is taken")
        turn = dice.randrange(len(KINDS))
        while time.monotonic() < until_time:
            await asyncio.sleep(dice.uniform(0.1, 1.3))
            kind = KINDS[turn % len(KINDS)]
            tally.killed(kind, await self._kill(lab, kind, dice, load))
            turn += 1

    async def _kill(self, lab: Lab, kind: str, dice: random.Random, load: Load) -> float:
        """How long until a ticket is accepted that was sent after the death."""
        apis, workers = sorted(lab.apis), sorted(lab.workers)
        victims = {
            "one API": apis and [dice.choice(apis)],
            "one worker": workers and [dice.choice(workers)],
            "PostgreSQL": lab.postgres(),
            "every API": apis,
        }[kind]
        for pid in victims:
            kill(pid)
        await gone(victims)
        load.mark()
        return await until(lambda: load.accepted_since_mark, RECOVERY_SECONDS, f"tickets are taken after the death of {kind}")

    async def _earlier_legs_stand(self, lab: Lab) -> None:
        """What was settled in earlier legs is as it was, whatever died since."""
        for workspace, figures in self.passed.items():
            if (now := await _figures(lab, workspace)) != figures:
                raise BrokenLegError(
                    self.plan.seed, self.tally.legs, [Violation("I1 nothing lost", f"{workspace}: {figures} became {now}")]
                )


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """An examination makes a million objects and hardly a cycle: looking for cycles only takes time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _figures(lab: Lab, workspace: UUID) -> tuple[int, ...]:
    (row,) = await lab.sql(
        "SELECT (SELECT count(*) FROM tickets WHERE workspace_id = $1), (SELECT count(*) FROM idempotency_keys WHERE workspace_id = $1),"
        " (SELECT count(*) FROM events WHERE workspace_id = $1 AND seq <= 1000)",
        workspace,
    )
    return tuple(row)


def _count(tally: Tally, case: Case, load: Load) -> None:
    bulks = [call for call in case.bulks() if call.accepted]
    tally.bulks = len(bulks)
    tally.of_bulks = sum(1 for call in bulks for wish in wishes_of(call) if wish.said)
    tally.acknowledged = tally.of_bulks + sum(1 for call in case.creates() if call.accepted)
    tally.calls = len(case.calls)
    tally.unknown = sum(1 for call in case.calls if not call.answers[0].known)
    tally.unknown_settled = sum(1 for call in case.calls if call.settled_by_repeating)
    tally.events = len(case.book.events)
    tally.steps = sum(1 for event in case.book.events if event.type.startswith("sla.") and "late_ms" in event.data)


def _tidy(desk: Desk) -> None:
    """A ledger of a leg that passed has served."""
    ledger: Ledger = desk.ledger
    ledger.path.unlink(missing_ok=True)
