"""A primary and a synchronous standby, from the programs the embedded server uses, and what may happen to them."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from app.embedded import EmbeddedError, binaries, owner, ports, processes
from app.embedded.owner import Owner
from migrations.application_role import set_statements

DATABASE = "giliran"
PASSWORD = "only-for-tests"
OPTIONS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 32MB
max_connections = 60
wal_level = replica
max_wal_senders = 5
wal_keep_size = 256MB
hot_standby = on
wal_receiver_timeout = 2s
wal_retrieve_retry_interval = 200ms
fsync = off
full_page_writes = off
"""
ACCESS = "local all all trust\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n"


@dataclass
class Server:
    """One PostgreSQL and its folder."""

    name: str
    data: Path
    port: int
    programs: Path
    user: Owner
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        program = [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(self.port), "-c", f"cluster_name={self.name}"]
        self.process = processes.launch(program, owner=self.user, log=self.data.with_suffix(".log"))
        assert processes.wait_until(self._ready, 60), self.said()

    def _ready(self) -> bool:
        """The eighth line of the pid file says ready, or standby."""
        with contextlib.suppress(OSError):
            return (self.data / "postmaster.pid").read_text().splitlines()[7:8] in (["ready   "], ["standby "])
        return False

    def kill(self) -> None:
        """As a power cut would: all its processes at once."""
        assert self.process is not None
        self._signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None:
            self.thaw()
            processes.end(self.process, (signal.SIGINT, 5.0), (signal.SIGQUIT, 3.0))
            self.process = None

    def _signal(self, number: signal.Signals) -> None:
        for pid in processes.working_in(self.data, "postgres"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def said(self) -> str:
        return self.data.with_suffix(".log").read_text(errors="replace")[-3000:]

    async def run(self, *statements: str, database: str = DATABASE) -> None:
        async with self.connected(database) as connection:
            for statement in statements:
                await connection.execute(statement)

    async def value(self, query: str) -> object:
        async with self.connected() as connection:
            return await connection.fetchval(query)

    @contextlib.asynccontextmanager
    async def connected(self, database: str = DATABASE) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=self.port, user="postgres", database=database, ssl=False, timeout=10
        )
        try:
            yield connection
        finally:
            connection.terminate()


@dataclass
class Cluster:
    """`primary` copies to `standby` before it says COMMIT is done."""

    primary: Server
    standby: Server
    folder: Path

    def url(self, *, user: str = "giliran_app") -> str:
        return f"postgresql://{user}:{PASSWORD}@127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}/{DATABASE}"

    async def promote(self) -> None:
        """As an orchestrator does it: the new primary waits for nobody, until it has a standby of its own."""
        await self.standby.run(
            "SELECT pg_promote(true, 30)", "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"
        )

    async def in_step(self) -> None:
        """Until the standby is the one that COMMIT waits for."""
        query = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        for _ in range(300):
            if await self.primary.value(query) == 1:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(self.standby.said())


@contextlib.contextmanager
def place() -> Iterator[tuple[Path, Path, Owner]]:
    """A folder for servers, where their programs are, and who runs them. Skips where a program is missing."""
    try:
        found = binaries.find_postgres(None)
        user = owner.choose()
    except EmbeddedError as error:
        pytest.skip(error.message)
    if not (found.bin / "pg_basebackup").exists():
        pytest.skip(f"no pg_basebackup beside {found.bin}/postgres")
    folder = Path(tempfile.mkdtemp(prefix="giliran-failover-"))
    folder.chmod(0o755)
    try:
        yield folder, binaries.readable_postgres(found, user, folder / "runtime").bin, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Both servers run, with roles and an empty database; the standby is not yet waited for (see `in_step`)."""
    with place() as (folder, programs, user):
        source = binaries.find_postgres(None).bin
        primary, standby = (
            Server(name, folder / name, ports.pick(0, what=name, setting="-"), programs, user) for name in ("one", "two")
        )
        primary.data.mkdir(mode=0o700)
        user.own(primary.data)
        words = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
        _run([str(programs / "initdb"), "-D", str(primary.data), *words], user, folder / "initdb.log")
        (primary.data / "pg_hba.conf").write_text(ACCESS)
        with (primary.data / "postgresql.conf").open("a") as file:
            file.write(OPTIONS)
        try:
            primary.start()
            asyncio.run(_roles(primary))
            standby.data.mkdir(mode=0o700)
            words = [
                "-h",
                "127.0.0.1",
                "-p",
                str(primary.port),
                "-U",
                "postgres",
                "-X",
                "stream",
                "-R",
                "--checkpoint=fast",
                "--no-sync",
            ]
            done = subprocess.run(
                [str(source / "pg_basebackup"), "-D", str(standby.data), *words], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            for path in (standby.data, *standby.data.rglob("*")):
                user.own(path)
            standby.start()
            yield Cluster(primary, standby, folder)
        finally:
            primary.stop()
            standby.stop()


async def _roles(server: Server) -> None:
    await server.run(
        f"CREATE ROLE giliran_owner LOGIN PASSWORD '{PASSWORD}'",
        f"CREATE ROLE giliran_app LOGIN PASSWORD '{PASSWORD}'",
        *set_statements(180_000),  # the wheels have this version
        f"CREATE DATABASE {DATABASE} OWNER giliran_owner",
        database="postgres",
    )


def synchronous(server: Server) -> tuple[str, ...]:
    """What makes COMMIT wait for the server of that name."""
    return f"ALTER SYSTEM SET synchronous_standby_names = '\"{server.name}\"'", "SELECT pg_reload_conf()"


def _run(program: list[str], user: Owner, log: Path) -> None:
    code = processes.launch(program, owner=user, log=log).wait(timeout=120)
    assert code == 0, log.read_text(errors="replace")
