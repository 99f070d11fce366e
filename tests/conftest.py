"""Real servers for every test that needs them: one PostgreSQL and one Valkey a run, one database a test."""

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app import logs
from app.db import make_engine
from app.dispatch.dispatcher import Dispatcher
from app.settings import Settings
from tests.databases import Database, fresh_database
from tests.servers import Addresses, shared_servers

# structlog's own way of printing an error writes out every local variable of every frame, however large.
structlog.configure(
    processors=[structlog.processors.add_log_level, logs.without_values, structlog.dev.ConsoleRenderer(colors=False)]
)


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    with shared_servers() as addresses:
        yield addresses


@pytest.fixture
async def database(servers: Addresses) -> AsyncIterator[Database]:
    async with fresh_database(servers) as made:
        yield made


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database.app_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
async def dispatcher(engine: AsyncEngine) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(engine)
    await dispatcher.start()
    yield dispatcher
    await dispatcher.stop()
