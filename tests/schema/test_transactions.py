"""What app.db promises of a transaction, besides whose rows it sees."""

import asyncio
import time
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine, workspace_transaction
from app.models import configurations, customers
from app.settings import Settings
from tests.databases import Database
from tests.schema.rows import row

OURS = UUID("0197f3a0-0000-7000-8000-00000000000a")


async def count(engine: AsyncEngine) -> int:
    async with workspace_transaction(engine, OURS, read_only=True) as connection:
        return await connection.scalar(select(func.count()).select_from(customers)) or 0


async def test_a_block_that_ends_is_committed(app_engine: AsyncEngine) -> None:
    async with workspace_transaction(app_engine, OURS) as connection:
        await connection.execute(insert(customers).values(row(customers, OURS)))

    assert await count(app_engine) == 1


async def test_a_block_that_raises_is_rolled_back(app_engine: AsyncEngine) -> None:
    async def fail() -> None:
        async with workspace_transaction(app_engine, OURS) as connection:
            await connection.execute(insert(customers).values(row(customers, OURS)))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await count(app_engine) == 0


async def test_a_cancelled_block_is_rolled_back_and_its_connection_is_usable(app_engine: AsyncEngine) -> None:
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with workspace_transaction(app_engine, OURS) as connection:
            await connection.execute(insert(customers).values(row(customers, OURS)))
            written.set()
            await connection.execute(text("SELECT pg_sleep(30)"))

    for _ in range(3):
        written.clear()
        task = asyncio.create_task(write_and_wait())
        await written.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert await count(app_engine) == 0


async def test_a_read_only_transaction_writes_nothing_and_the_next_one_may(app_engine: AsyncEngine) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with workspace_transaction(app_engine, OURS, read_only=True) as connection:
            await connection.execute(insert(customers).values(row(customers, OURS)))
    assert getattr(caught.value.orig, "sqlstate", None) == "25006"

    for _ in range(2):
        async with workspace_transaction(app_engine, OURS) as connection:
            await connection.execute(update(customers).where(customers.c.workspace_id == OURS).values(version=2))
            assert await connection.scalar(text("SHOW transaction_isolation")) == "read committed"


async def test_all_statements_of_a_reader_see_one_snapshot(app_engine: AsyncEngine) -> None:
    async with workspace_transaction(app_engine, OURS, read_only=True) as reader:
        assert await reader.scalar(select(func.count()).select_from(customers)) == 0
        async with workspace_transaction(app_engine, OURS) as writer:
            await writer.execute(insert(customers).values(row(customers, OURS)))
        assert await reader.scalar(select(func.count()).select_from(customers)) == 0

    assert await count(app_engine) == 1


async def test_json_keeps_its_value(app_engine: AsyncEngine) -> None:
    document = {"text": "Apa kabar? ✓", "numbers": [1, 2.5, None, True], "nested": {"a": {}}}
    async with workspace_transaction(app_engine, OURS) as connection:
        await connection.execute(insert(configurations).values(row(configurations, OURS) | {"document": document}))

    async with workspace_transaction(app_engine, OURS) as connection:
        assert await connection.scalar(select(configurations.c.document)) == document


async def test_a_connection_that_was_cut_is_replaced(
    app_engine: AsyncEngine, owner_engine: AsyncEngine, database: Database
) -> None:
    assert await count(app_engine) == 0
    superuser = make_engine(database.superuser_url, Settings(pool_size=2))
    async with superuser.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'giliran_app' AND datname = current_database()"
            )
        )
    await superuser.dispose()

    assert await count(app_engine) == 0


async def test_a_statement_that_is_given_up_is_a_timeout(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.COMMAND_TIMEOUT_SECONDS", 0.2)
    engine = make_engine(database.app_url, Settings(pool_size=2))
    with pytest.raises(TimeoutError):
        async with workspace_transaction(engine, OURS, read_only=True) as connection:
            await connection.execute(text("SELECT pg_sleep(30)"))
    await engine.dispose()


async def test_pgbouncer_mode_keeps_no_statement(database: Database) -> None:
    engine = make_engine(f"{database.app_url}?pgbouncer=true", Settings(pool_size=2))
    assert await count(engine) == 0
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        assert await raw.driver_connection.fetchval("SELECT count(*) FROM pg_prepared_statements") == 0
    await engine.dispose()


async def test_an_empty_pool_says_so_in_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.POOL_TIMEOUT_SECONDS", 0.05)
    engine = make_engine(database.app_url, Settings(pool_size=2))
    begun = time.monotonic()
    async with engine.connect(), engine.connect():
        with pytest.raises(PoolTimeout):
            await count(engine)
    assert time.monotonic() - begun < 5
    await engine.dispose()
