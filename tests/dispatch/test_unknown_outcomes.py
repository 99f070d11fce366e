"""COMMIT was sent, and what became of it cannot be told at once, or only in part: nothing is claimed and nothing is kept in memory."""

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine
from app.dispatch import attempt
from app.dispatch.catch_up import LogBroken, catch_up
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.transaction import Transaction, transaction
from app.errors import Unavailable
from app.settings import Settings
from tests.databases import Database
from tests.dispatch.test_dispatcher import assert_rows_equal_state, new_ticket, rows
from tests.workspaces import make_desk

DENIED = asyncpg.CannotConnectNowError("starting up")


async def test_an_outcome_that_stays_unknown_leaves_no_picture_behind(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    monkeypatch.setattr(attempt, "RETRY_SECONDS", (0.0,))
    monkeypatch.setattr(attempt, "LOOK_SECONDS", (0.0,), raising=False)
    real, away = Transaction.commit, [True]

    async def commit(self: Transaction, last: str = "") -> None:
        if not away:
            return await real(self, last)
        self.committing = True
        self.connection.terminate()
        raise asyncpg.ConnectionDoesNotExistError("cut")

    def lock_denied(*_: Any) -> None:
        raise DENIED

    monkeypatch.setattr(Transaction, "commit", commit)
    context = dispatcher._context
    found = type(context)._found

    async def never_found(self: Any, *arguments: Any) -> bool:
        monkeypatch.setattr(attempt, "transaction", lock_denied)
        try:
            return await found(self, *arguments)
        finally:
            monkeypatch.setattr(attempt, "transaction", transaction)

    monkeypatch.setattr(type(context), "_found", never_found)
    with pytest.raises(Unavailable):
        await dispatcher.submit(desk.workspace, new_ticket())
    away.clear()
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert outcome.ticket is not None
    assert outcome.ticket["number"] == 1
    assert [row["number"] for row in await rows(engine, desk.workspace, "SELECT number FROM tickets")] == [1]
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_a_state_ahead_of_the_log_is_never_decided_on(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 1)
    state = dispatcher._workspaces[desk.workspace].state
    assert state is not None
    async with transaction(engine, desk.workspace, snapshot=True) as opened:
        with pytest.raises(LogBroken):
            await catch_up(opened.connection, state, state.seq - 1)


async def test_a_commit_that_warns_is_no_success(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the wait for a synchronous standby is cut short: committed here, perhaps nowhere else."""
    desk = await make_desk(dispatcher, database, 3)
    monkeypatch.setattr(attempt, "RETRY_SECONDS", (0.0,))
    monkeypatch.setattr(attempt, "LOOK_SECONDS", (0.0,))
    await _warn_at_commit(database, "UPDATE ON workspace_heads")
    with pytest.raises(Unavailable):
        await dispatcher.submit(desk.workspace, new_ticket())
    await _administer(database, "DROP TRIGGER warning ON workspace_heads")
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert outcome.ticket is not None
    assert outcome.ticket["number"] == 2
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_a_commit_that_warned_stands_once_a_later_one_is_confirmed(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    await _warn_at_commit(database, "INSERT ON tickets")
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert outcome.ticket is not None
    assert outcome.ticket["number"] == 1
    assert [row["number"] for row in await rows(engine, desk.workspace, "SELECT number FROM tickets")] == [1]
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_a_command_that_takes_too_long_takes_its_connection_with_it(database: Database) -> None:
    engine = make_engine(database.app_url, Settings())
    try:
        async with engine.connect() as pooled:
            connection: Any = (await pooled.get_raw_connection()).driver_connection
            with pytest.raises(TimeoutError):
                await connection.fetch("SELECT pg_sleep(5)", timeout=0.05)
            assert connection.is_closed()
    finally:
        await engine.dispose()


async def test_a_session_that_slept_in_its_transaction_is_taken_as_lost(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    from app.dispatch import batch  # noqa: PLC0415  # the seam is this module's function
    from app.dispatch import record as recording  # noqa: PLC0415

    real = recording.record
    slept: list[Any] = []

    async def record(writing: Any, *rest: Any) -> Any:
        if not slept:
            connection = writing.connection
            slept.append(connection)
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
            await asyncio.sleep(0.2)
        return await real(writing, *rest)

    monkeypatch.setattr(batch, "record", record)
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert outcome.ticket is not None
    assert outcome.ticket["number"] == 1


async def _warn_at_commit(database: Database, when: str) -> None:
    await _administer(
        database,
        "CREATE FUNCTION warning() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$",
    )
    await _administer(
        database,
        f"CREATE CONSTRAINT TRIGGER warning AFTER {when} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warning()",
    )


async def _administer(database: Database, statement: str) -> None:
    superuser = make_engine(database.superuser_url, Settings())
    async with superuser.begin() as connection:
        await connection.exec_driver_sql(statement)
    await superuser.dispose()
