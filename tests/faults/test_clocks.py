"""Clocks that are wrong, loops that stand still, workers that were away, timers that are poison: F-22, F-28, F-30, F-33."""

import asyncio
import signal

import pytest

from app.db import make_engine
from app.dispatch.dispatcher import Dispatcher
from app.engine.commands import AdvanceClock
from app.models.workspaces import Mode
from app.settings import Settings
from tests.faults.examine import examined
from tests.faults.lab import Lab, answers, beside, free_port
from tests.faults.load import Load, Mix, ticket
from tests.faults.processes import send, until
from tests.workspaces import SYSTEM

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 60.0
TIMERS = Mix(resolve=0.2, promised=0.8, offered=0.2)
DAY_MS = 86_400_000
_BREACHED = "SELECT 1 FROM events WHERE workspace_id = $1 AND type = 'sla.breached' LIMIT 1"


@pytest.mark.parametrize(
    "offsets",
    [
        pytest.param("3600", id="an hour ahead", marks=pytest.mark.long),
        pytest.param("-3600", id="an hour behind", marks=pytest.mark.long),
        pytest.param("300,-300", id="jumping"),
    ],
)
async def test_f22_clock_of_one_process_is_wrong(lab: Lab, offsets: str) -> None:
    desk, port = await lab.desk(), free_port()
    async with beside(lab, "app.main", port, offsets), beside(lab, "app.worker", port + 1, offsets):
        await until(lambda: answers(port), SECONDS, "the API with the wrong clock answers")
        right = Load(desk, 22, callers=3, mix=TIMERS).start()
        desk.client.port = port
        async with Load(desk, 221, callers=3, mix=TIMERS) as load:
            await until(lambda: load.acknowledged > 60 and right.acknowledged > 60, SECONDS, "tickets are taken")
        await right.finish()
        desk.client.port = lab.port
        await until(lambda: lab.sql(_BREACHED, desk.uuid), SECONDS, "a promise is broken, with one clock or the other")
        case = await examined(lab, desk, seed=22)
    assert any(event.type == "sla.breached" for event in case.book.events)


@pytest.mark.long
async def test_f28_poison_timer_is_parked_and_others_are_on_time(lab: Lab) -> None:
    desk = await lab.desk()
    poison = await desk.client.settle(
        desk.client.begin("poison", "POST", "/v1/tickets", {**ticket("poison"), "priority": "high", "external_id": "poison"})
    )
    for statement in _POISON:
        await lab.sql(statement)
    try:
        async with Load(desk, 28, callers=3, mix=TIMERS) as load:
            await until(lambda: load.acknowledged > 50, SECONDS, "tickets are taken")
            await until(lambda: lab.sql(_PARKED, desk.uuid), SECONDS, "the poison timer is parked")
    finally:
        await lab.sql("DROP FUNCTION poison() CASCADE")
    assert poison.accepted
    case = await examined(lab, desk, outage_ms=5_000, seed=28)
    assert sum(event.type == "timer.parked" for event in case.book.events) == 1


_POISON = (
    """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM tickets t WHERE t.workspace_id = NEW.workspace_id AND t.id = NEW.ticket_id AND t.external_id = 'poison')
    THEN RAISE EXCEPTION 'poison'; END IF;
    RETURN NEW;
END $$
""",
    "CREATE TRIGGER poison BEFORE UPDATE ON timers FOR EACH ROW WHEN (NEW.step <> OLD.step) EXECUTE FUNCTION poison()",
)
_PARKED = "SELECT 1 FROM events WHERE workspace_id = $1 AND type = 'timer.parked'"


async def _away_for_a_day(lab: Lab, tickets: int) -> None:
    desk = await lab.desk(mode=Mode.SANDBOX)
    engine = make_engine(lab.addresses.app_url, Settings())
    dispatcher = Dispatcher(engine)
    workers = lab.workers
    for pid in workers:
        send(pid, signal.SIGSTOP)
    try:
        async with Load(desk, 30, callers=20, mix=Mix(resolve=0, presence=0, assign=0, promised=1, offered=0)) as load:
            await until(lambda: load.acknowledged >= tickets, 20 * SECONDS, "tickets are taken")
        await dispatcher.submit(desk.workspace, AdvanceClock(SYSTEM, DAY_MS))
    finally:
        for pid in workers:
            send(pid, signal.SIGCONT)
        await dispatcher.stop()
        await engine.dispose()
    await until(lambda: lab.sql(_FIRED, desk.uuid, 3 * tickets), 10 * SECONDS, "all steps have been fired")
    case = await examined(lab, desk, outage_ms=DAY_MS + 60_000, seed=30)
    for kind in ("sla.warned", "sla.breached", "sla.stepped"):
        moments = [event.at - event.data["late_ms"] for event in case.book.events if event.type == kind]
        assert len(moments) >= tickets
        assert moments == sorted(moments)


_FIRED = "SELECT 1 FROM events WHERE workspace_id = $1 AND type LIKE 'sla.%ed' AND type <> 'sla.started' HAVING count(*) >= $2"


async def test_f30_workers_away_for_a_day(lab: Lab) -> None:
    await _away_for_a_day(lab, 200)


@pytest.mark.long
async def test_f30_workers_away_for_a_day_with_ten_thousand_timers(lab: Lab) -> None:
    await _away_for_a_day(lab, 10_000)


@pytest.mark.long
async def test_f33_event_loop_stands_still(lab: Lab) -> None:
    desk, port = await lab.desk(), free_port()
    async with beside(lab, "app.main", port) as api:
        await until(lambda: answers(port), SECONDS, "the second API answers")
        desk.client.port = port
        desk.client.seconds = 2.0
        async with Load(desk, 33, callers=4, mix=TIMERS) as load:
            await until(lambda: load.acknowledged > 10, SECONDS, "tickets are taken")
            send(api.process.pid, signal.SIGUSR1)
            await until(lambda: _silent(port), SECONDS, "its health is red")
            before = load.acknowledged
            await until(lambda: load.acknowledged > before + 10, SECONDS, "tickets are taken")
        desk.client.port = lab.port
        await examined(lab, desk, outage_ms=10_000, seed=33)


async def _silent(port: int) -> bool:
    await asyncio.sleep(0.05)
    return not await answers(port)
