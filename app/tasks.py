"""The end of a task that goes on until it is told. A leaf: knows nothing of ours."""

import asyncio
from typing import Any

AGAIN_SECONDS = 1.0


async def ended(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel these until they have ended.

    Once is not enough: a cancellation that meets the end of a time-out within a library may be taken for it (asyncio.wait_for
    before Python 3.12, python/cpython#86296), and a task that is a loop then goes on as if nothing had been said.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
