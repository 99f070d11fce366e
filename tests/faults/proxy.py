"""A TCP proxy that does what networks do: it delays, cuts, goes silent, and strikes at one moment of a transaction.

The moments are those of the writer's transaction as PostgreSQL's protocol shows them (`Moment`). A trap is armed for one of
them and sprung once; what it does is said by the test.
"""

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self

BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL"


class Moment(StrEnum):
    """Where in the writer's transaction."""

    BEGIN = "begin"  # the transaction is about to begin
    MIDDLE = "middle"  # some statements have been sent
    COMMIT = "commit"  # COMMIT was sent and does not arrive
    COMMITTED = "committed"  # COMMIT was done and its answer does not arrive


@dataclass(slots=True, eq=False)
class Link:
    """One connection through the proxy, and how far its transaction is."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    port: int
    started: bool = False
    writing: bool = False
    statements: int = 0
    trapped: "Trap | None" = None
    silent: bool = False

    def cut(self) -> None:
        for side in (self.near, self.far):
            with contextlib.suppress(OSError, RuntimeError):
                side.transport.abort()

    @property
    def pid(self) -> int | None:
        """The process at the near end."""
        return _owner_of(self.port)


Strike = Callable[[Link], Awaitable[None] | None]


@dataclass(slots=True, eq=False)
class Trap:
    """`only` says for which processes. `after` is how many statements of the transaction go before MIDDLE."""

    moment: Moment
    strike: Strike
    only: Callable[[int | None], bool] = lambda _pid: True
    after: int = 4
    sprung: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, eq=False)
class Proxy:
    """Between a client and 127.0.0.1:`target`. `speaks_postgres` lets it see transactions."""

    target: int
    speaks_postgres: bool = False
    port: int = 0
    delay_seconds: float = 0.0
    commit_delay_seconds: float = 0.0
    refusing: bool = False
    silent: bool = False
    links: set[Link] = field(default_factory=set)
    traps: list[Trap] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def start(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Every connection there is ends with a reset."""
        for link in list(self.links):
            link.cut()

    def arm(self, trap: Trap) -> Trap:
        self.traps.append(trap)
        return trap

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Nobody gets through and nobody is left."""
        self.refusing = True
        self.cut()
        try:
            yield
        finally:
            self.refusing = False

    @contextlib.contextmanager
    def half_open(self) -> Iterator[None]:
        """Connections stand, nothing arrives, nobody is told. What was swallowed never comes."""
        self.silent = True
        for link in self.links:
            link.silent = True
        try:
            yield
        finally:
            self.silent = False

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        try:
            far_reader, far = await asyncio.open_connection("127.0.0.1", self.target)
        except (OSError, asyncio.CancelledError):  # cancelled when the lab ends, where nobody waits for this task
            writer.transport.abort()
            return
        link = Link(writer, far, writer.get_extra_info("peername")[1], silent=self.silent)
        link.near.transport.set_write_buffer_limits(high=1 << 20)
        self.links.add(link)
        forth = self._forth if self.speaks_postgres else self._through
        for pump in (forth(link, reader, far), self._back(link, far_reader, writer)):
            task = asyncio.create_task(pump)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _through(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._pass(link, writer, data)
        self._end(link)

    async def _back(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if link.trapped is not None and link.trapped.moment is Moment.COMMITTED:
                    await self._spring(link, link.trapped)  # this was COMMIT's answer
                    continue
                await self._pass(link, writer, data)
        self._end(link)

    async def _forth(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Message by message: a kind, a length, a body; before the start-up message there is no kind."""
        with contextlib.suppress(OSError, EOFError):
            while True:
                head = await reader.readexactly(5 if link.started else 4)
                (length,) = struct.unpack("!I", head[-4:])
                body = await reader.readexactly(length - 4)
                if not link.started:
                    link.started = body[:4] != b"\x04\xd2\x16\x2f"  # a wish for TLS comes before
                    await self._pass(link, writer, head + body)
                elif await self._may_pass(link, head[:1], body):
                    await self._pass(link, writer, head + body)
        self._end(link)

    async def _may_pass(self, link: Link, kind: bytes, body: bytes) -> bool:
        """Whether the message goes on; a trap may spring on it."""
        if kind == b"Q":
            link.statements = 0
            if body.startswith(BEGIN):
                link.writing = True
                return await self._look(link, Moment.BEGIN)
            if link.writing and body.rstrip(b"; \0").endswith(b"COMMIT"):  # alone, or behind a last statement
                link.writing = False
                if self.commit_delay_seconds:
                    await asyncio.sleep(self.commit_delay_seconds)
                if not await self._look(link, Moment.COMMIT):
                    return False
                link.trapped = self._armed(link, Moment.COMMITTED)
        elif kind == b"B" and link.writing:
            link.statements += 1
            return await self._look(link, Moment.MIDDLE)
        return True

    async def _look(self, link: Link, moment: Moment) -> bool:
        if (trap := self._armed(link, moment)) is None:
            return True
        await self._spring(link, trap)
        return False

    def _armed(self, link: Link, moment: Moment) -> Trap | None:
        """The trap that waits for this, taken."""
        for trap in self.traps:
            if trap.moment is moment and (moment is not Moment.MIDDLE or link.statements > trap.after) and trap.only(link.pid):
                self.traps.remove(trap)
                return trap
        return None

    async def _spring(self, link: Link, trap: Trap) -> None:
        link.trapped = None
        struck = trap.strike(link)
        if struck is not None:
            await struck
        trap.sprung.set()

    async def _pass(self, link: Link, writer: asyncio.StreamWriter, data: bytes) -> None:
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        if link.silent or self.silent:
            link.silent = True  # a gap in a stream cannot be mended: this one stays as it is
            return
        writer.write(data)
        await writer.drain()

    def _end(self, link: Link) -> None:
        if link.silent:
            return  # nobody is told
        self.links.discard(link)
        link.cut()


def cut(link: Link) -> None:
    """The plainest strike: both ends see a reset."""
    link.cut()


def hold(link: Link) -> None:
    """Nothing passes any more on this connection, and nobody is told."""
    link.silent = True


def _owner_of(port: int) -> int | None:
    inode = next((row[9] for row in _sockets() if row[1].endswith(f":{port:04X}") and row[3] == "01"), None)
    if inode is None:
        return None
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if any(_points_to(descriptor, f"socket:[{inode}]") for descriptor in (entry / "fd").iterdir()):
                    return int(entry.name)
    return None


def _sockets() -> list[list[str]]:
    return [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]


def _points_to(descriptor: Path, target: str) -> bool:
    try:
        return str(descriptor.readlink()) == target
    except OSError:
        return False
