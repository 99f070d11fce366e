from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine
from app.settings import Settings
from tests.databases import Database


@pytest.fixture
async def app_engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database.app_url, Settings(pool_size=2))
    yield engine
    await engine.dispose()


@pytest.fixture
async def owner_engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database.owner_url, Settings(pool_size=2))
    yield engine
    await engine.dispose()
