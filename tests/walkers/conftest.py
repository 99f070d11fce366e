"""Two desks for the walkers."""

from collections.abc import AsyncIterator

import pytest

from tests.databases import Database
from tests.walkers.desks import Desk, two_desks


@pytest.fixture
async def desks(database: Database) -> AsyncIterator[tuple[Desk, Desk]]:
    async with two_desks(database) as both:
        yield both


@pytest.fixture
async def desk(desks: tuple[Desk, Desk]) -> Desk:
    return desks[0]
