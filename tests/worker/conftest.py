"""Dispatchers on a database of the test's own, and a Valkey that a test may kill."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine
from app.dispatch.dispatcher import Dispatcher
from app.embedded import Servers, remove, start_servers
from app.settings import Settings
from tests.databases import Database


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database.app_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
async def dispatcher(engine: AsyncEngine) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(engine)
    yield dispatcher
    await dispatcher.stop()


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A Valkey of the test's own."""
    folder: Path = tmp_path_factory.mktemp("valkey", numbered=True) / "data"
    with start_servers(folder, postgres=False) as servers:
        yield servers
    remove(folder)
