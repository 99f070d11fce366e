"""A bounded number at a time, and whoever waits is served name by name: a long queue of one delays the others by one turn."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.dispatch.inbox import overloaded

WAIT_SECONDS = 1.5
MOST_WAITING = 1_000

_Waiter = asyncio.Future[None]


class Turns:
    """At most `size` at a time, of one name all but one of them; of each name `most_waiting` may wait, for `seconds`."""

    def __init__(self, size: int, *, most_waiting: int = MOST_WAITING, seconds: float = WAIT_SECONDS) -> None:
        self._free = size
        self._share = max(1, size - 1)
        self._most_waiting = most_waiting
        self._seconds = seconds
        self._held: dict[bytes, int] = {}
        self._waiting: OrderedDict[bytes, deque[_Waiter]] = OrderedDict()

    @property
    def taken(self) -> int:
        return sum(self._held.values())

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def turn(self, name: bytes, *, seconds: float | None = None) -> AsyncIterator[None]:
        """Raises Unavailable at once when too many of this name wait, or when the turn did not come in time."""
        if self._free and self._held.get(name, 0) < self._share:
            self._take(name)
        else:
            await self._wait(name, self._seconds if seconds is None else seconds)
        try:
            yield
        finally:
            self._leave(name)

    def _take(self, name: bytes) -> None:
        self._free -= 1
        self._held[name] = self._held.get(name, 0) + 1

    async def _wait(self, name: bytes, seconds: float) -> None:
        line = self._waiting.setdefault(name, deque())
        if len(line) >= self._most_waiting:
            raise overloaded("More of this workspace's reads wait than can be served soon. Try again shortly.")
        waiter: _Waiter = asyncio.get_running_loop().create_future()
        line.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except BaseException as error:
            self._give_up(name, waiter)
            if isinstance(error, TimeoutError):
                raise overloaded("The database is busy with other reads. Try again shortly.") from None
            raise

    def _give_up(self, name: bytes, waiter: _Waiter) -> None:
        if waiter.done() and not waiter.cancelled():
            self._leave(name)  # the turn came in the same moment
            return
        waiter.cancel()
        line = self._waiting.get(name)
        if line is not None and waiter in line:
            line.remove(waiter)
            if not line:
                del self._waiting[name]

    def _leave(self, name: bytes) -> None:
        self._free += 1
        if self._held[name] == 1:
            del self._held[name]
        else:
            self._held[name] -= 1
        self._call_next()

    def _call_next(self) -> None:
        """The first name that may have one more; it goes to the end of the names."""
        for name in list(self._waiting):
            if not self._free:
                return
            if self._held.get(name, 0) >= self._share:
                continue
            line = self._waiting[name]
            waiter = line.popleft()
            if line:
                self._waiting.move_to_end(name)
            else:
                del self._waiting[name]
            if not waiter.done():
                self._take(name)
                waiter.set_result(None)
