"""Real servers for every test that needs them: one PostgreSQL and one Valkey a run, one database a test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.databases import Database, fresh_database
from tests.servers import Addresses, shared_servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    with shared_servers() as addresses:
        yield addresses


@pytest.fixture
async def database(servers: Addresses) -> AsyncIterator[Database]:
    async with fresh_database(servers) as made:
        yield made
