"""The API with a small service desk."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

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


@pytest.fixture
async def address(bare: Service) -> AsyncIterator[str]:
    """Where `bare` listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(bare.app, lifespan="off", log_config=None, ws="none"))
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving
