"""One lab for the scenarios that mend what they break; those that end processes for good start one of their own."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.faults.lab import Lab, laboratory, scratch


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lab() -> AsyncIterator[Lab]:
    with scratch() as folder:
        async with laboratory(folder) as running:
            yield running
