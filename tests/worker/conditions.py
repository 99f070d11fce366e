"""A test waits for a condition, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from app.embedded import Servers


async def until(condition: Callable[[], Awaitable[bool] | bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        met = condition()
        if met if isinstance(met, bool) else await met:
            return
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


def alive(servers: Servers) -> bool:
    """Whether its Valkey runs: a call, so that nothing is concluded from the last answer."""
    return servers.valkey is not None and servers.valkey.alive()
