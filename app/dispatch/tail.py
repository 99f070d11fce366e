"""Waiting for the log to grow: one tail per workspace and process serves all its readers.

A tail hears of new events from this process's own commits, from Valkey, and from PostgreSQL, which is asked once a
second for all tails that somebody waits at. The first two only make it quicker.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.wake import EVENTS, listen, said_events
from app.queries.tails import last_seqs
from app.tasks import ended

log = structlog.get_logger()

KEEP_SECONDS = 60.0
CLOSE_SECONDS = 5.0
UNKNOWN = -1


@dataclass(slots=True)
class _Tail:
    """`seq` is the last known; `looked` when PostgreSQL was last asked, `used` when somebody last waited (monotonic)."""

    seq: int = UNKNOWN
    looked: float = float("-inf")
    used: float = 0.0
    readers: dict["asyncio.Future[None]", int] = field(default_factory=dict)

    def grow(self, seq: int) -> None:
        if seq > self.seq:
            self.seq = seq
            for reader, after in self.readers.items():
                if after < seq and not reader.done():
                    reader.set_result(None)


class Tails:
    """Starts by itself with the first `wait`. After `close` every wait returns at once: ask `closed` before the next."""

    def __init__(
        self,
        engine: AsyncEngine,
        redis_url: str | None = None,
        *,
        poll_seconds: float = 1.0,
        polled: Callable[[int], None] = lambda _tails: None,
    ) -> None:
        self._engine = engine
        self._url = redis_url
        self._poll_seconds = poll_seconds
        self._polled = polled
        self._tails: dict[bytes, _Tail] = {}
        self._urgent: set[bytes] = set()
        self._asked = asyncio.Event()
        self._poller: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None
        self.closed = False

    def hint(self, workspace: bytes, seq: int) -> None:
        """This process has committed up to `seq`."""
        if (tail := self._tails.get(workspace)) is not None:
            tail.grow(seq)

    async def wait(self, workspace: bytes, after_seq: int, timeout: float) -> int:  # noqa: ASYNC109  (part of the answer, not an error)
        """The last seq, as soon as it is above `after_seq`; after `timeout` seconds the last one known."""
        tail = self._tails.setdefault(workspace, _Tail())
        tail.used = time.monotonic()
        if tail.seq <= after_seq and not self.closed:
            self._start()
            reader = asyncio.get_running_loop().create_future()
            tail.readers[reader] = after_seq
            if tail.used - tail.looked > self._poll_seconds:
                self._urgent.add(workspace)
                self._asked.set()
            try:
                await asyncio.wait([reader], timeout=timeout)
            finally:
                del tail.readers[reader]
        return after_seq if tail.seq == UNKNOWN else tail.seq

    async def close(self) -> None:
        """All readers get their answer; nothing is left running."""
        self.closed = True
        for tail in self._tails.values():
            for reader in tail.readers:
                if not reader.done():
                    reader.set_result(None)
        self._asked.set()
        if self._listener is not None:
            await ended(self._listener)
        if self._poller is not None:
            await asyncio.wait([self._poller], timeout=CLOSE_SECONDS)
            await ended(self._poller)

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._poller is None:
            self._poller = loop.create_task(self._poll(), name="tails")
        if self._listener is None and self._url is not None:
            said = {EVENTS: self._said}
            self._listener = loop.create_task(listen(self._url, said, connected=self._ask_all), name="tails.listen")

    def _said(self, text: str) -> None:
        if (found := said_events(text)) is not None:
            self.hint(*found)

    def _ask_all(self) -> None:
        """Messages may have been missed."""
        self._urgent.update(workspace for workspace, tail in self._tails.items() if tail.readers)
        self._asked.set()

    async def _poll(self) -> None:
        round_at = time.monotonic() + self._poll_seconds
        while not self.closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), max(round_at - time.monotonic(), 0.001))
            self._asked.clear()
            wanted, self._urgent = self._urgent, set()
            if time.monotonic() >= round_at:
                round_at = time.monotonic() + self._poll_seconds
                wanted |= self._waited_for()
            if wanted and not self.closed:
                await self._look(wanted)

    async def _look(self, wanted: set[bytes]) -> None:
        self._polled(len(wanted))
        started = time.monotonic()
        try:
            found = await last_seqs(self._engine, wanted)
        except Exception as error:  # noqa: BLE001  (readers are told at their timeout, and the next look may do better)
            log.warning("tails_not_polled", error=type(error).__name__)
            await asyncio.sleep(self._poll_seconds / 10)
            return
        for workspace in wanted:
            if (tail := self._tails.get(workspace)) is not None:
                tail.looked = started
                tail.grow(found.get(workspace, 0))

    def _waited_for(self) -> set[bytes]:
        """Tails with readers. The others are forgotten after a while."""
        before = time.monotonic() - KEEP_SECONDS
        for workspace in [key for key, tail in self._tails.items() if not tail.readers and tail.used < before]:
            del self._tails[workspace]
        return {workspace for workspace, tail in self._tails.items() if tail.readers}
