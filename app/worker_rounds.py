"""What the worker does every now and then, beside the sweep."""

import asyncio
import contextlib

import structlog

from app.services.sweep import passes

log = structlog.get_logger()


class Rounds:
    """A `round` each `seconds` until `stop`; one that fails is said as `failure` and tried again at the next."""

    failure: str

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`; begins with a pause, because a start is busy enough."""
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._seconds)
                return
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001  (the next round tries again)
                log.warning(self.failure, error=type(error).__name__, passes=passes(error))

    def stop(self) -> None:
        self._stopping.set()

    async def round(self) -> int:
        """How much was done."""
        raise NotImplementedError
