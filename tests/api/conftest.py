"""The API with a small service desk."""

from collections.abc import AsyncIterator

import pytest

from tests.api.service import Service, running
from tests.databases import Database


@pytest.fixture
async def bare(database: Database) -> AsyncIterator[Service]:
    """Nothing configured yet."""
    async with running(database) as service:
        yield service


@pytest.fixture
async def service(bare: Service) -> Service:
    """The desk of `service.DOCUMENT`, everybody offline."""
    assert (await bare.apply()).status_code == 200
    return bare
