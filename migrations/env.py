"""How alembic runs our migrations: one at a time, each in its own transaction, and never waiting long for a lock.

`giliran` and the tests hand over a connection (`config.attributes["connection"]`, not in a transaction); the command
line `alembic` opens its own to `DATABASE_OWNER_URL`. With `--sql` nothing is opened and the statements are printed.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from app.connections import Primary, Target, connect_arguments
from app.models import metadata
from app.settings import Settings

TIMEOUTS = {"lock_timeout": "1s", "statement_timeout": "10min"}
WAIT_SECONDS = 120
LOCK = 5284141131  # any number that nothing else uses


def offline() -> None:
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True, transaction_per_migration=True)
    with context.begin_transaction():
        for name, value in TIMEOUTS.items():
            context.execute(f"SET {name} = '{value}'")
        context.run_migrations()


def online(connection: Connection) -> None:
    with _alone(connection):
        context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Two processes that start at once migrate one after the other, and the second finds nothing left to do.

    The lock is the session's, so that a migration may commit in between (CREATE INDEX CONCURRENTLY). It is asked for
    again and again instead of waited for: a waiting statement holds a snapshot, for which such an index would wait.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one():
        connection.commit()
        if time.monotonic() > deadline:
            raise TimeoutError(f"Another process has been migrating this database for {WAIT_SECONDS} s")
        connection.exec_driver_sql("SELECT pg_sleep(0.1)")
        connection.commit()
    for name, value in TIMEOUTS.items():
        connection.exec_driver_sql(f"SET {name} = '{value}'")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        for name in TIMEOUTS:
            connection.exec_driver_sql(f"RESET {name}")
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK})")
        connection.commit()


async def _open_and_run() -> None:
    url = Settings().owner_url
    if url is None:
        raise RuntimeError("Set DATABASE_OWNER_URL (or DATABASE_URL) to the database that shall be migrated")
    target = Target.of(url)
    engine = create_async_engine(target.url, poolclass=NullPool, connect_args=connect_arguments(target, Primary(target)))
    async with engine.connect() as connection:
        await connection.run_sync(online)
    await engine.dispose()


handed_over = context.config.attributes.get("connection")
if context.is_offline_mode():
    offline()
elif handed_over is not None:
    online(handed_over)
else:
    asyncio.run(_open_and_run())
