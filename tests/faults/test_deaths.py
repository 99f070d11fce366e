"""Processes of ours that die, stop and wake up in the middle of what they do: F-01 to F-05, F-20, F-21."""

import asyncio
import random
import signal

import pytest

from tests.faults.bulks import BULK, a_bulk
from tests.faults.case import wishes_of
from tests.faults.examine import examined
from tests.faults.lab import Lab
from tests.faults.load import Load, Mix, ticket
from tests.faults.processes import gone, kill, send, until
from tests.faults.proxy import Link, Moment, Trap

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIMERS = Mix(resolve=0.2, promised=0.8, offered=0.2)
SECONDS = 60.0


async def _killed(lab: Lab, moment: Moment, pids: str, mix: Mix, seed: int) -> None:
    """A process of that kind is killed at that moment of a transaction of its own, under load, and once more."""
    desk = await lab.desk()
    desk.client.seconds = 4.0
    database, _ = lab.proxies()
    victims: list[int] = []

    def strike(link: Link) -> None:
        pid = link.pid
        assert pid is not None
        victims.append(pid)
        kill(pid)

    async with Load(desk, seed, callers=6, mix=mix, pause_seconds=0.02) as load:
        for _ in range(2):
            trap = database.arm(Trap(moment, strike, only=lambda pid: pid in getattr(lab, pids)))
            await asyncio.wait_for(trap.sprung.wait(), SECONDS)
            before = load.acknowledged
            await gone(victims)
            await until(lambda: len(getattr(lab, pids)) == 2, SECONDS, "it was started again")
            await until(lambda before=before: load.acknowledged > before + 5, SECONDS, "tickets are taken")  # type: ignore[misc]
    await examined(lab, desk, outage_ms=10_000, seed=seed)


async def test_f01_api_killed_before_anything_is_written(lab: Lab) -> None:
    await _killed(lab, Moment.BEGIN, "apis", Mix(), 1)


@pytest.mark.long
async def test_f02_api_killed_between_two_statements(lab: Lab) -> None:
    await _killed(lab, Moment.MIDDLE, "apis", Mix(), 2)


async def test_f03_api_killed_after_commit_and_before_the_answers(lab: Lab) -> None:
    await _killed(lab, Moment.COMMITTED, "apis", Mix(), 3)


@pytest.mark.parametrize("moment", [Moment.COMMIT, Moment.COMMITTED])
async def test_api_killed_around_the_commit_of_a_bulk(lab: Lab, moment: Moment) -> None:
    """Before it nothing of the bulk is there, after it all; either way the same key brings it once."""
    desk = await lab.desk()
    database, _ = lab.proxies()
    dice = random.Random(f"bulk {moment}")
    for name in ("plain", "atomic", "spoilt", "several"):
        body = a_bulk(name, dice, ticket, desk.agents)
        trap = database.arm(Trap(moment, lambda link: kill(link.pid), only=lambda pid: pid in lab.apis))
        call = desk.client.begin(name, "POST", BULK, body)
        answer = await asyncio.wait_for(desk.client.settle(call), SECONDS)
        assert trap.sprung.is_set()
        assert (answer.status, call.settled_by_repeating) == (200, True)
        await until(lambda: len(lab.apis) == 2, SECONDS, "it was started again")
    refused = desk.client.begin("refused", "POST", BULK, {**a_bulk("spoilt again", dice, ticket, desk.agents), "atomic": True})
    assert (await desk.client.settle(refused)).status in {404, 409, 422}
    case = await examined(lab, desk, outage_ms=10_000, seed=3)
    assert len(case.book.tickets) == sum(not wish.doomed for call in case.bulks() if call.accepted for wish in wishes_of(call))


@pytest.mark.long
async def test_f04_worker_killed_before_commit(lab: Lab) -> None:
    await _killed(lab, Moment.COMMIT, "workers", TIMERS, 4)


async def test_f05_worker_killed_after_commit_before_it_tells_valkey(lab: Lab) -> None:
    await _killed(lab, Moment.COMMITTED, "workers", TIMERS, 5)


async def _stopped(lab: Lab, pids: str, mix: Mix, seed: int) -> None:
    """A process of that kind is stopped inside a transaction; others go on; it wakes up and must not write its old picture."""
    desk = await lab.desk()
    desk.client.seconds = 2.0
    database, _ = lab.proxies()
    frozen: list[int] = []

    def strike(link: Link) -> None:
        assert link.pid is not None
        frozen.append(link.pid)
        send(link.pid, signal.SIGSTOP)

    async with Load(desk, seed, callers=8, mix=mix, pause_seconds=0.02) as load:
        trap = database.arm(Trap(Moment.MIDDLE, strike, only=lambda pid: pid in getattr(lab, pids)))
        await asyncio.wait_for(trap.sprung.wait(), SECONDS)
        try:
            before = load.acknowledged
            await until(lambda: load.acknowledged > before + 20, SECONDS, "the other process takes tickets")
        finally:
            send(frozen[0], signal.SIGCONT)
        before = load.acknowledged
        await until(lambda: load.acknowledged > before + 50, SECONDS, "both take tickets")
        assert frozen[0] in getattr(lab, pids)
    await examined(lab, desk, outage_ms=15_000, seed=seed)


async def test_f20_api_stopped_inside_a_transaction_lets_go_of_the_workspace(lab: Lab) -> None:
    await _stopped(lab, "apis", Mix(), 20)


async def test_f21_worker_stopped_inside_a_transaction_writes_nothing_late(lab: Lab) -> None:
    await _stopped(lab, "workers", TIMERS, 21)
