"""PostgreSQL, or the way to it, goes silent: no answer, no reset, nobody is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from app import db
from app.db import make_engine, workspace_transaction
from app.dispatch.dispatcher import Dispatcher
from app.engine.ids import WorkspaceId
from app.errors import Unavailable
from app.settings import Settings
from tests.databases import Database
from tests.dispatch.test_dispatcher import new_ticket, rows
from tests.faults.proxy import Moment, Proxy, Trap, hold
from tests.worker.conditions import until
from tests.workspaces import make_desk

SECONDS = 3.5


@pytest.fixture
async def proxy(database: Database) -> AsyncIterator[Proxy]:
    port = make_url(database.app_url).port
    assert port is not None
    proxy = await Proxy(port, speaks_postgres=True).start()
    yield proxy
    await proxy.stop()


@pytest.fixture
async def through(database: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncEngine]:
    """An engine whose connections go through the proxy."""
    monkeypatch.setattr(db, "COMMAND_TIMEOUT_SECONDS", SECONDS)
    url = make_url(database.app_url).set(port=proxy.port)
    engine = make_engine(url.render_as_string(hide_password=False), Settings(pool_size=4))
    yield engine
    await asyncio.wait_for(engine.dispose(), 20)


async def _persist(dispatcher: Dispatcher, workspace: WorkspaceId) -> bytes:
    """The same ticket until it is taken: where the silence fell in the middle of a statement the workspace is held for a while."""
    ticket = new_ticket()
    while True:
        with contextlib.suppress(Unavailable):
            outcome = await dispatcher.submit(workspace, ticket)
            assert outcome.ticket is not None
            found: bytes = outcome.ticket["id"].bytes
            return found


@pytest.mark.parametrize(
    "moment", [pytest.param(moment, marks=[] if moment is Moment.COMMITTED else pytest.mark.long) for moment in Moment]
)
async def test_a_writer_whose_connection_went_silent_goes_on_with_another(
    database: Database, engine: AsyncEngine, through: AsyncEngine, proxy: Proxy, moment: Moment
) -> None:
    dispatcher = Dispatcher(through)
    desk = await make_desk(dispatcher, database, 3)
    for _ in range(2):
        trap = proxy.arm(Trap(moment, hold, after=2))
        outcomes = await asyncio.wait_for(asyncio.gather(*(_persist(dispatcher, desk.workspace) for _ in range(4))), 40)
        assert trap.sprung.is_set()
        assert len(set(outcomes)) == 4
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 8
    await until(lambda: through.pool.checkedout() == 0)  # type: ignore[attr-defined]
    await dispatcher.stop()


async def test_readers_and_writers_come_back_when_all_connections_went_silent(
    database: Database, through: AsyncEngine, proxy: Proxy
) -> None:
    dispatcher = Dispatcher(through)
    desk = await make_desk(dispatcher, database, 3)

    async def read() -> None:
        async with workspace_transaction(through, desk.workspace, read_only=True) as connection:
            await connection.exec_driver_sql("SELECT count(*) FROM tickets")

    for _ in range(1):
        await asyncio.gather(*(read() for _ in range(4)))
        with proxy.half_open():
            silent = await asyncio.wait_for(asyncio.gather(*(read() for _ in range(8)), return_exceptions=True), 20)
            assert all(isinstance(error, Exception) for error in silent)
        await asyncio.wait_for(asyncio.gather(*(read() for _ in range(4))), 20)
        await asyncio.wait_for(dispatcher.submit(desk.workspace, new_ticket()), 20)
    await until(lambda: through.pool.checkedout() == 0)  # type: ignore[attr-defined]
    await dispatcher.stop()
