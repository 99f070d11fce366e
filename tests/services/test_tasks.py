"""Tasks that end although a library has swallowed their cancellation."""

import asyncio

import pytest

from app import tasks
from app.services.limiting.sharing import Sharing
from app.tasks import ended


class Swallowing:
    """Takes the first cancellations for something else, as a time-out within a library may."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.began = asyncio.Event()

    async def __call__(self, *_: object) -> None:
        self.began.set()
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            self.left -= 1
            if self.left < 0:
                raise

    async def forever(self) -> None:
        while True:
            await self()


async def test_a_task_that_swallows_its_cancellation_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AGAIN_SECONDS", 0.01)
    deaf, other = Swallowing(2), Swallowing(0)
    running = [asyncio.create_task(each.forever()) for each in (deaf, other)]
    await asyncio.gather(deaf.began.wait(), other.began.wait())
    async with asyncio.timeout(60):
        await ended(*running)
    assert all(task.cancelled() for task in running)
    await ended(*running)  # what has ended needs nothing
    await ended()


async def test_sharing_stops_although_the_client_of_valkey_swallows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the API would hang at its end, until it is killed."""
    monkeypatch.setattr(tasks, "AGAIN_SECONDS", 0.01)
    sharing, deaf = Sharing("redis://127.0.0.1:1/0", every_seconds=0.001), Swallowing(1)
    monkeypatch.setattr(sharing, "_tell", deaf)
    sharing.start()
    async with asyncio.timeout(60):
        await deaf.began.wait()
        await sharing.stop()
