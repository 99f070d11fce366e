"""The whole: told to stop under load, switched off and on, migrated. F-27, F-34, F-39; and the long loop itself."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.db import migrate
from tests.embedded.watching import descendants
from tests.faults.examine import examined
from tests.faults.lab import Lab, free_port, scratch, serve, start_whole
from tests.faults.legs import Plan, Run
from tests.faults.load import Load, Mix
from tests.faults.processes import Program, gone, kill, until
from tests.faults.tally import Tally

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 60.0


@pytest.mark.long
async def test_f27_migration_under_load(lab: Lab) -> None:
    """There is one revision so far, so the migration finds nothing to do; the DDL is of the kind that a later one may have."""
    desk = await lab.desk()
    owner = await lab.session()
    try:
        async with Load(desk, 27, callers=6) as load:
            await until(lambda: load.acknowledged > 20, SECONDS, "tickets are taken")
            await migrate(lab.addresses.owner_url)
            await owner.execute("SET lock_timeout = '1s'")
            await owner.execute("ALTER TABLE tickets ADD COLUMN later text")
            await owner.execute("CREATE INDEX CONCURRENTLY ix_tickets_later ON tickets (workspace_id, later)")
            await owner.execute("DROP INDEX CONCURRENTLY ix_tickets_later")
            await owner.execute("ALTER TABLE tickets DROP COLUMN later")
            before = load.acknowledged
            await until(lambda: load.acknowledged > before + 20, SECONDS, "tickets are taken")
    finally:
        await owner.close()
    await examined(lab, desk, seed=27)


@contextlib.asynccontextmanager
async def _another(lab: Lab) -> AsyncIterator[tuple[Program, int]]:
    """One more `giliran run` on the lab's servers."""
    port = free_port()
    service = serve(lab, apis=1, workers=1, port=port)
    try:
        yield service, port
    finally:
        service.end()


@pytest.mark.long
@pytest.mark.parametrize("how", ["once", "twice", "while the database is away"])
async def test_f34_told_to_stop_under_load(lab: Lab, how: str) -> None:
    desk = await lab.desk()
    async with _another(lab) as (service, port):
        desk.client.port = port
        load = Load(desk, 34, callers=6, mix=Mix(promised=0.3)).start()
        await until(lambda: load.acknowledged > 20, SECONDS, "tickets are taken")
        below = descendants(service.process.pid)
        with lab.without("PostgreSQL") if how == "while the database is away" else contextlib.nullcontext():
            service.process.send_signal(signal.SIGTERM)
            if how == "twice":
                await asyncio.sleep(0.05)
                service.process.send_signal(signal.SIGTERM)
            took = await until(lambda: not service.running, SECONDS, "it has stopped")
            await gone(below)
        desk.client.port = lab.port
        await lab.healed()
        await load.finish()
    await examined(lab, desk, outage_ms=60_000, seed=34)
    assert took < 15


async def test_f39_whole_machine_off_and_on() -> None:
    with scratch() as folder:
        lab = await start_whole(folder, apis=2, workers=2)
        service = lab.service
        assert service is not None
        try:
            desk = await lab.desk()
            load = Load(desk, 39, callers=6, mix=Mix(promised=0.3)).start()
            await until(lambda: load.acknowledged > 30, SECONDS, "tickets are taken")
            below = descendants(service.process.pid)
            for pid in (service.process.pid, *below):
                kill(pid)
            await gone(below)
            service.process.wait()
            again = await start_whole(folder, apis=2, workers=2)
            service = again.service
            desk.client.port = again.port
            again.service, lab = service, again
            await load.finish()
            await examined(again, desk, outage_ms=60_000, seed=39)
            desk.ledger.close()
        finally:
            assert service is not None
            service.end()


async def test_a_leg_of_the_long_loop(tmp_path: Path) -> None:
    with scratch() as folder:
        plan = Plan(seed=5, minutes=0.25, folder=folder, callers=8, leg_seconds=15)
        run = Run(plan, Tally(5))
        await run.go()
        assert run.tally.legs >= 1
        assert run.tally.acknowledged > 0
        assert sum(run.tally.kills.values()) > 0
        again = Tally.resume(folder / "tally.json", 5)
        assert again == run.tally
        with pytest.raises(ValueError, match="seed 5"):
            Tally.resume(folder / "tally.json", 6)
        assert "held" in again.table()
