"""Between the API and PostgreSQL: slow, cut, silent. F-16, F-17, F-18, F-31."""

import asyncio
import random

import pytest
from _pytest.mark import ParameterSet

from tests.faults.bulks import BULK, a_bulk
from tests.faults.examine import examined
from tests.faults.lab import Lab, answers, beside, free_port
from tests.faults.load import Load, Mix, ticket
from tests.faults.processes import until
from tests.faults.proxy import Moment, Trap, cut, hold

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 60.0


def chosen(*quick: Moment) -> list[ParameterSet]:
    """All moments, the others only in long runs."""
    return [pytest.param(moment, marks=[] if moment in quick else [pytest.mark.long]) for moment in Moment]


@pytest.mark.long
async def test_f16_slow_commits_make_batches_grow(lab: Lab) -> None:
    desk = await lab.desk()
    database, _ = lab.proxies()
    database.commit_delay_seconds = 0.5
    try:
        async with Load(desk, 16, callers=60) as load:
            await until(lambda: load.acknowledged > 200, SECONDS, "tickets are taken")
    finally:
        database.commit_delay_seconds = 0.0
    case = await examined(lab, desk, outage_ms=10_000, seed=16)
    batches = len({event.batch for event in case.book.events})
    assert len(case.calls) > 5 * batches


@pytest.mark.parametrize("moment", chosen(Moment.COMMIT, Moment.COMMITTED))
async def test_f17_connection_cut_at_each_moment_of_a_transaction(lab: Lab, moment: Moment) -> None:
    desk = await lab.desk()
    database, _ = lab.proxies()
    async with Load(desk, 17, callers=6, mix=Mix(resolve=0.2)) as load:
        for _ in range(5):
            trap = database.arm(Trap(moment, cut, only=lambda pid: pid in lab.apis))
            await asyncio.wait_for(trap.sprung.wait(), SECONDS)
            before = load.acknowledged
            await until(lambda before=before: load.acknowledged > before, SECONDS, "tickets are taken")  # type: ignore[misc]
    case = await examined(lab, desk, outage_ms=10_000, seed=17)
    assert not any(answer.status == 503 for call in case.calls for answer in call.answers)


@pytest.mark.parametrize("moment", chosen(Moment.COMMIT, Moment.COMMITTED))
async def test_f17_connection_cut_at_each_moment_of_a_bulk(lab: Lab, moment: Moment) -> None:
    """The process finds out what became of it, and nobody has to ask twice."""
    desk = await lab.desk()
    database, _ = lab.proxies()
    dice = random.Random(f"bulk {moment}")
    for name in ("plain", "atomic", "spoilt", "several"):
        trap = database.arm(Trap(moment, cut, only=lambda pid: pid in lab.apis))
        call = desk.client.begin(name, "POST", BULK, a_bulk(name, dice, ticket, desk.agents))
        answer = await desk.client.send(call)
        assert (trap.sprung.is_set(), answer.status) == (True, 200)
        assert (await desk.client.send(call)).digest == answer.digest
    await examined(lab, desk, outage_ms=10_000, seed=17)


@pytest.mark.parametrize("moment", chosen(Moment.COMMITTED))
async def test_f18_one_connection_goes_silent(lab: Lab, moment: Moment) -> None:
    """With one API: no other helps out."""
    desk, port = await lab.desk(), free_port()
    database, _ = lab.proxies()
    async with beside(lab, "app.main", port) as api:
        await until(lambda: answers(port), SECONDS, "the API answers")
        desk.client.port = port
        async with Load(desk, 18, callers=6) as load:
            trap = database.arm(Trap(moment, hold, only=lambda pid: pid == api.process.pid))
            await asyncio.wait_for(trap.sprung.wait(), SECONDS)
            before = load.acknowledged
            await until(lambda: load.acknowledged > before + 20, SECONDS, "tickets are taken")
        desk.client.port = lab.port
        await examined(lab, desk, outage_ms=30_000, seed=18)


async def _all_silent(lab: Lab, seconds: float) -> None:
    desk = await lab.desk()
    database, _ = lab.proxies()
    async with Load(desk, 18, callers=6) as load:
        await until(lambda: load.acknowledged > 20, SECONDS, "tickets are taken")
        with database.half_open():
            await asyncio.sleep(seconds)
        before = load.acknowledged
        healed = await until(lambda: load.acknowledged > before, SECONDS, "tickets are taken")
    await examined(lab, desk, outage_ms=60_000 + int(seconds * 1000), seed=18)
    assert healed < 10


@pytest.mark.long
async def test_f18_all_connections_go_silent(lab: Lab) -> None:
    await _all_silent(lab, 6)


@pytest.mark.long
async def test_f18_all_connections_go_silent_for_two_minutes(lab: Lab) -> None:
    await _all_silent(lab, 120)


async def test_f31_backends_terminated_at_random(lab: Lab) -> None:
    desk = await lab.desk()
    session = await lab.session()
    try:
        async with Load(desk, 31, callers=6) as load:
            for _ in range(20):
                before = load.acknowledged
                await session.execute(_TERMINATE_ONE)
                await until(lambda before=before: load.acknowledged > before + 2, SECONDS, "tickets are taken")  # type: ignore[misc]
        idle = await session.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'giliran_app' AND state LIKE 'idle in transaction%'"
            " AND state_change < now() - interval '4 seconds'"
        )
    finally:
        await session.close()
    assert idle == 0
    await examined(lab, desk, outage_ms=10_000, seed=31)


_TERMINATE_ONE = """
SELECT pg_terminate_backend(pid) FROM (
    SELECT pid FROM pg_stat_activity WHERE usename = 'giliran_app' ORDER BY (state = 'idle'), random() LIMIT 1
) victim
"""
