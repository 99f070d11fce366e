"""Which server a connection goes to: of several hosts the one that may be written to.

`postgresql://user:password@one:5432,two:5432/giliran` names several hosts, `?pgbouncer=true` a pooler in between. All
hosts are asked at once; of those that take writes the one of the highest timeline is it, because each promotion begins
a new timeline: a primary that was frozen or cut off while another was promoted is alive, writable and wrong. A process
that has seen a timeline never goes back to a lower one.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Self
from weakref import WeakSet

import asyncpg
import structlog
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

HOST_SECONDS = 1.5
ASKED_AFTER_SECONDS = 1.0
LOOK_SECONDS = 2.0
DEFAULT_PORT = 5432
LOOPBACK = frozenset({"", "localhost", "127.0.0.1", "::1"})
BROKEN = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

_HOME = """
SELECT pg_is_in_recovery() AS standby,
       CASE WHEN pg_is_in_recovery() THEN 0
            ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint END AS timeline
"""

log = structlog.get_logger()


class NoPrimary(ConnectionError):  # noqa: N818  (named as the situation)
    """None of the hosts takes writes now."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a DATABASE_URL leads: user and database in `url`, and its hosts, at least one."""

    url: URL
    hosts: tuple[tuple[str, int], ...]
    pgbouncer: bool

    @classmethod
    def of(cls, text: str) -> Self:
        """Hosts stand in the address as libpq has them, or as several `host=` behind it. Raises ArgumentError."""
        scheme, _, rest = text.partition("://")
        authority, slash, tail = rest.partition("/")
        credentials, at, listed = authority.rpartition("@")
        first, *others = listed.split(",")
        try:
            url = make_url(f"{scheme}://{credentials}{at}{first}{slash}{tail}" if rest else text)
            named = url.query.get("host", ())
            named = (named,) if isinstance(named, str) else named
            hosts = [_host(one) for one in (*((first, *others) if first else ()), *named)]
        except (ArgumentError, ValueError):
            raise ArgumentError("the address is not of the form postgresql://user:password@host:port/database") from None
        pgbouncer = url.query.get("pgbouncer") == "true"
        return cls(url.difference_update_query(["pgbouncer", "host"]), tuple(hosts) or (("", DEFAULT_PORT),), pgbouncer)

    @property
    def elsewhere(self) -> bool:
        """Whether it may freeze, be replaced or be cut off without this machine."""
        return len(self.hosts) > 1 or self.pgbouncer or self.hosts[0][0] not in LOOPBACK

    @property
    def shown(self) -> str:
        """Without user and password."""
        return f"{','.join(f'{host}:{port}' for host, port in self.hosts)}/{self.url.database or ''}"


class Connection(asyncpg.Connection):  # type: ignore[misc]  # the library has no types
    """Knows which server it is at, and what that has warned of lately."""

    __slots__ = ("asked_at", "home", "primary", "warning")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.primary: Primary | None = None
        self.home: tuple[str, int, int] | None = None  # host, port, timeline; None where there is but one host
        self.warning: str | None = None
        self.asked_at = time.monotonic()
        self.add_log_listener(_heed)

    def _cancel_current_command(self, *_waiters: Any) -> None:
        """A command that is given up takes its connection with it. asyncpg would ask the server to cancel it and wait for
        the answer: for ever, where the server is frozen or the network is silent, and that is when commands are given up.
        """
        self._loop.call_soon(self.terminate)  # not at once: the caller is still to be told that the time is up


class Primary:
    """Opens the connections of one pool, and ends those that lead to a server which is no longer the one."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._open: WeakSet[Connection] = WeakSet()
        self._arguments: dict[str, Any] = {}
        self._timeline = 0
        self._watched = False
        self._doubting = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None

    async def connect(self, **arguments: Any) -> Connection:
        """As asyncpg's. Raises OSError, TimeoutError, NoPrimary and what PostgreSQL says."""
        self._arguments = arguments
        if len(self._target.hosts) > 1:
            connection = await self._find()
            if self._looking is None and self._watched:
                self._looking = asyncio.create_task(self._keep_looking(), name="primary")
        else:
            connection = await self._connect(*self._target.hosts[0])
        connection.primary = self
        self._open.add(connection)
        return connection

    async def ask(self, connection: Connection) -> None:
        """Whether a connection that was idle still leads somewhere. Raises DisconnectionError: the pool takes another."""
        now = time.monotonic()
        if not connection.is_closed():
            if now - connection.asked_at < ASKED_AFTER_SECONDS:
                return
            connection.asked_at = now
            try:
                await connection.execute("SELECT 1", timeout=HOST_SECONDS)
            except (*BROKEN, asyncpg.PostgresError):
                await self.doubt(connection)
            else:
                return
        raise DisconnectionError

    async def doubt(self, connection: Connection) -> None:
        """After a timeout or a break: ends it, and with it all connections to whatever is not the primary by now."""
        if connection.is_closed() and len(self._target.hosts) == 1:
            return
        connection.terminate()
        if len(self._target.hosts) == 1:
            return
        async with self._doubting:
            suspects = [other for other in self._open if not other.is_closed() and other.home == connection.home]
            if not suspects:
                return
            await self._end_others(at_worst_all=True)

    def watch(self) -> None:
        """From the first connection on the hosts are looked at every 2 s, until `close`."""
        self._watched = True

    def close(self) -> None:
        self._watched = False
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _keep_looking(self) -> None:
        """A primary that was replaced and lives answers every question: only its successor shows that it is the wrong one."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            async with self._doubting:
                await self._end_others(at_worst_all=False)

    async def _end_others(self, *, at_worst_all: bool) -> None:
        try:
            found = await self._find()
        except (*BROKEN, asyncpg.PostgresError) as error:
            log.warning("primary_not_found", error=type(error).__name__)
            wrong = list(self._open) if at_worst_all else []
        else:
            found.terminate()
            wrong = [other for other in self._open if other.home != found.home]
        for other in wrong:
            other.terminate()

    async def _find(self) -> Connection:
        """A connection to the primary; all hosts are asked at once and get 1.5 s."""
        looks = [asyncio.ensure_future(self._look(*host)) for host in self._target.hosts]
        try:
            answers = await asyncio.gather(*looks, return_exceptions=True)
        except asyncio.CancelledError:
            for look in looks:
                look.add_done_callback(_end)
            raise
        reached = [one for one in answers if isinstance(one, Connection)]
        writable = [one for one in reached if one.home is not None and one.home[2] >= max(self._timeline, 1)]
        chosen = max(writable, key=lambda one: one.home[2] if one.home else 0, default=None)
        for other in reached:
            if other is not chosen:
                other.terminate()
        if chosen is None or chosen.home is None:
            for problem in answers:
                if isinstance(problem, asyncpg.PostgresError) and not isinstance(problem, BROKEN):
                    raise problem
                if isinstance(problem, BaseException) and not isinstance(problem, Exception):
                    raise problem
            raise NoPrimary(f"none of {len(answers)} hosts takes writes at timeline {self._timeline} or above")
        if chosen.home[2] > self._timeline:
            log.info("primary_found", host=chosen.home[0], port=chosen.home[1], timeline=chosen.home[2])
            self._timeline = chosen.home[2]
        return chosen

    async def _look(self, host: str, port: int) -> Connection:
        """A connection whose `home` is known; timeline 0 is a standby."""
        connection = None
        try:
            async with asyncio.timeout(HOST_SECONDS):
                connection = await self._connect(host, port)
                row = await connection.fetchrow(_HOME)
                connection.home = (host, port, row["timeline"])
                return connection
        except BaseException:
            if connection is not None:
                connection.terminate()
            raise

    async def _connect(self, host: str, port: int) -> Connection:
        arguments = self._arguments | ({"host": host, "port": port} if host else {})
        connection: Connection = await asyncpg.connect(**arguments, connection_class=Connection)
        return connection


def connect_arguments(target: Target, primary: Primary) -> dict[str, Any]:
    """For create_async_engine's connect_args. Nothing of it is sent to the server at start: PgBouncer would refuse it."""
    arguments: dict[str, Any] = {"async_creator_fn": primary.connect}
    if target.pgbouncer:
        # No named statement: the next transaction may be on another server, which has not heard of it.
        arguments |= {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": str,
        }
    return arguments


def ask_before_use(engine: AsyncEngine, primary: Primary) -> None:
    """The pool's ping: once a second at most for each connection, 1.5 s for the answer, and one failure speaks for all."""
    primary.watch()

    @event.listens_for(engine.sync_engine, "checkout")
    def ask(adapted: Any, _record: object, _proxy: object) -> None:
        adapted.run_async(primary.ask)

    @event.listens_for(engine.sync_engine, "engine_disposed")
    def disposed(_engine: object) -> None:
        primary.close()


async def connect(url: str, *, timeout: float, command_timeout: float) -> Connection:  # noqa: ASYNC109  (asyncpg's own)
    """One connection without a pool, to the primary. Raises what asyncpg raises."""
    target = Target.of(url)
    opts = {**target.url.translate_connect_args(username="user"), **target.url.query}
    if target.pgbouncer:
        opts["statement_cache_size"] = 0
    return await Primary(target).connect(**opts, timeout=timeout, command_timeout=command_timeout)


async def behind_pooler(connection: "asyncpg.Connection[Any]") -> bool:
    """Whether who answers is not who was connected to: a pooler gives each client a number of its own."""
    return bool(await connection.fetchval("SELECT pg_backend_pid()") != connection.get_server_pid())


async def doubt(connection: AsyncConnection) -> None:
    """See Primary.doubt."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if isinstance(driver, Connection) and driver.primary is not None:
        await driver.primary.doubt(driver)


def _end(look: "asyncio.Future[Connection]") -> None:
    """What was found for somebody who has gone."""
    if not look.cancelled() and look.exception() is None:
        look.result().terminate()


def _heed(connection: Any, message: Any) -> None:
    if message.severity_en == "WARNING":
        connection.warning = message.sqlstate


def _host(text: str) -> tuple[str, int]:
    parsed = make_url(f"postgresql://{text}")
    return parsed.host or "", parsed.port or DEFAULT_PORT
