"""A dispatcher on a database of its own."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine
from app.dispatch.dispatcher import Dispatcher
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
    await dispatcher.start()
    yield dispatcher
    await dispatcher.stop()
