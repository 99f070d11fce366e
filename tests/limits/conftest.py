"""One API behind a socket, for tests that need nothing special of it."""

from collections.abc import AsyncIterator

import pytest

from tests.api.service import Service, running
from tests.databases import Database
from tests.limits.serving import Served, served


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Served]:
    async with served(database) as running:
        yield running


@pytest.fixture
async def service(database: Database) -> AsyncIterator[Service]:
    """The API without a socket, with the desk of tests.api.service."""
    async with running(database) as made:
        assert (await made.apply()).status_code == 200
        yield made
