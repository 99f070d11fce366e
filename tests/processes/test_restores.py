"""What the head row says about the rows: which restore they come from, and which code may write them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.db import make_engine
from app.dispatch import attempt
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.transaction import Transaction
from app.errors import Conflict, Unavailable
from app.models.workspaces import Mode
from app.queries.heads import NEWEST_FORMAT
from app.services import upkeep, workspaces
from app.settings import Settings
from tests.api.service import Service
from tests.databases import Database
from tests.dispatch.test_dispatcher import assert_rows_equal_state, new_ticket, rows
from tests.workspaces import make_desk


@asynccontextmanager
async def owning(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(database.owner_url)
    try:
        yield engine
    finally:
        await engine.dispose()


class Backup:
    """A copy of the whole database, as it was when this was made."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._name = f"giliran_test_{uuid4().hex}"

    async def take(self) -> None:
        await self._copy(self._database.name, self._name)

    async def restore(self) -> None:
        """Under whoever still runs: their connections are ended."""
        await self._run(f"DROP DATABASE {self._database.name} WITH (FORCE)")
        await self._copy(self._name, self._database.name)
        await self._run(
            f"ALTER DATABASE {self._database.name} OWNER TO giliran_owner",
            f"GRANT CONNECT ON DATABASE {self._database.name} TO giliran_app",
            f"DROP DATABASE {self._name}",
        )

    async def _copy(self, source: str, target: str) -> None:
        end = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{source}'"
        await self._run(end, f"CREATE DATABASE {target} TEMPLATE {source}")

    async def _run(self, *statements: str) -> None:
        url = make_url(self._database.superuser_url).set(drivername="postgresql", database="postgres")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@pytest.mark.parametrize("said", [True, False], ids=["and said so", "and not said so"])
async def test_a_process_that_outlives_a_restore_decides_on_what_is_there_now(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, *, said: bool
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    await dispatcher.submit(desk.workspace, new_ticket())
    backup = Backup(database)
    await backup.take()
    for _ in range(5):
        await dispatcher.submit(desk.workspace, new_ticket())
    await backup.restore()
    if said:
        async with owning(database) as owner:
            assert await upkeep.begin_epoch(owner) == [2]
        other_engine = make_engine(database.app_url, Settings(pool_size=2))
        other = Dispatcher(other_engine)
        for _ in range(8):  # the log is as long as this process remembers, and longer, with other events in it
            await other.submit(desk.workspace, new_ticket())
        await other.stop()
        await other_engine.dispose()
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert outcome.ticket is not None
    assert outcome.ticket["number"] == (10 if said else 2)
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)
    log = await rows(engine, desk.workspace, "SELECT count(*) AS number, max(seq) AS last FROM events")
    assert log[0]["number"] == log[0]["last"] == outcome.seq


async def test_an_outcome_that_stays_unknown_leaves_no_doubtful_state(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    real = Transaction.commit
    cut: list[bool] = []

    async def commit(self: Transaction, last: str = "") -> None:
        if len(cut) < 2:  # the batch's, and that of the look for it
            cut.append(True)
            self.committing = True
            self.connection.terminate()
            raise asyncpg.ConnectionDoesNotExistError("cut")
        await real(self, last)

    monkeypatch.setattr(Transaction, "commit", commit)
    with pytest.raises(Unavailable, match="Idempotency-Key"):
        await dispatcher.submit(desk.workspace, new_ticket(), deadline=0.02)
    assert cut == [True, True]
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert outcome.ticket is not None
    assert outcome.ticket["number"] == 1
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_older_code_does_not_decide(database: Database, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 3)
    async with owning(database) as owner, owner.begin() as connection:
        await connection.execute(text("UPDATE workspace_heads SET format = :newer"), {"newer": NEWEST_FORMAT + 1})
    for _ in range(2):
        with pytest.raises(Unavailable, match="newer version"):
            await dispatcher.submit(desk.workspace, new_ticket())
    fresh = Dispatcher(dispatcher._engine)
    with pytest.raises(Unavailable, match="newer version"):
        await fresh.submit(desk.workspace, new_ticket())
    async with owning(database) as owner:
        with pytest.raises(Conflict):
            await upkeep.finish_upgrade(owner)


async def test_new_code_writes_the_old_format_until_the_upgrade_is_finished(
    database: Database, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    for module in (attempt, upkeep, workspaces):
        monkeypatch.setattr(module, "NEWEST_FORMAT", NEWEST_FORMAT + 1)
    async with owning(database) as owner:
        await dispatcher.submit(desk.workspace, new_ticket())
        await workspaces.create(owner, slug="beside-the-old", mode=Mode.LIVE)
        assert await upkeep.formats(owner) == {NEWEST_FORMAT: 2}
        assert await upkeep.finish_upgrade(owner) == 2
        assert await upkeep.finish_upgrade(owner) == 0
        await dispatcher.submit(desk.workspace, new_ticket())
        await workspaces.create(owner, slug="after", mode=Mode.LIVE)
        assert await upkeep.formats(owner) == {NEWEST_FORMAT + 1: 3}


async def test_positions_of_before_a_restore_are_gone(service: Service) -> None:
    for _ in range(3):
        await service.ticket()
    page = await service.get("/v1/events", params={"limit": 2})
    listed = await service.get("/v1/tickets", params={"limit": 1})
    asked = {"after": page["last_seq"], "epoch": page["epoch"]}
    assert (await service.get("/v1/events", params=asked))["data"]
    await upkeep.begin_epoch(service.owner)
    problem = await service.get("/v1/events", params=asked, status=410)
    assert (problem["code"], problem["oldest_seq"]) == ("events_expired", 1)
    problem = await service.get("/v1/tickets", params={"limit": 1, "cursor": listed["next_cursor"]}, status=410)
    assert problem["code"] == "cursor_expired"
    again = await service.get("/v1/events", params={"limit": 2})
    assert again["epoch"] == page["epoch"] + 1
    listed = await service.get("/v1/tickets", params={"limit": 1})
    await service.get("/v1/tickets", params={"limit": 1, "cursor": listed["next_cursor"]})


async def test_who_waits_while_a_backup_is_restored_is_told(service: Service) -> None:
    after = await service.last_seq()
    waiting = asyncio.create_task(service.get("/v1/events", params={"after": after, "wait": 20}, status=410))
    await asyncio.sleep(0.1)
    await upkeep.begin_epoch(service.owner)
    await service.ticket()
    assert (await waiting)["code"] == "events_expired"
