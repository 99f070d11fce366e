"""The lab: servers, proxies in front of them, and `giliran run` behind the proxies with several processes of each kind."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import migrate
from app.embedded import remove
from app.embedded.processes import working_in
from app.embedded.secrets import Passwords, write_private
from app.engine.ids import WorkspaceId
from app.engine.vocabulary import Role
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from tests.faults.client import BrokenError, Client
from tests.faults.desks import configuration
from tests.faults.keeper import away
from tests.faults.ledger import Ledger
from tests.faults.processes import START_SECONDS, Keeper, Program, kill, send, until
from tests.faults.proxy import Proxy
from tests.servers import Addresses

API, WORKER = "app.main", "app.worker"
READY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Desk:
    """A configured workspace with a ledger of its own."""

    workspace: WorkspaceId
    slug: str
    client: Client
    ledger: Ledger
    agents: tuple[str, ...]

    @property
    def uuid(self) -> UUID:
        return UUID(bytes=self.workspace)


@dataclass(slots=True)
class Lab:
    """What runs, and the handles to break it."""

    folder: Path
    addresses: Addresses
    port: int
    keeper: Keeper | None = None
    service: Program | None = None
    database: Proxy | None = None
    valkey: Proxy | None = None
    ledgers: Path | None = None  # where the callers write, if it is not to be in `folder`
    _desks: int = 0
    _undo: list[Ledger] = field(default_factory=list)

    @property
    def apis(self) -> list[int]:
        return self.service.children(API) if self.service else []

    @property
    def workers(self) -> list[int]:
        return self.service.children(WORKER) if self.service else []

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def proxies(self) -> tuple[Proxy, Proxy]:
        assert self.database is not None
        assert self.valkey is not None
        return self.database, self.valkey

    def postgres(self) -> list[int]:
        """The postmaster and its children."""
        return working_in(self.data / "postgres", "postgres")

    def postmaster(self) -> int:
        return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])

    def valkey_pids(self) -> list[int]:
        return [pid for name in ("valkey-server", "valkey") for pid in working_in(self.data / "valkey", name)]

    def kill_postgres(self) -> None:
        """All of its processes at once."""
        for pid in self.postgres():
            kill(pid)

    @contextlib.contextmanager
    def without(self, server: str, number: signal.Signals = signal.SIGKILL) -> Iterator[None]:
        """PostgreSQL or Valkey is gone, and comes back afterwards."""
        mark = away(self.folder, server)
        mark.touch()
        for pid in [self.postmaster()] if server == "PostgreSQL" else self.valkey_pids():
            send(pid, number)
        try:
            yield
        finally:
            mark.unlink()

    async def sql(self, statement: str, *arguments: object) -> list[Any]:
        """As superuser, past all proxies."""
        connection = await self.session()
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    async def session(self) -> "asyncpg.Connection[Any]":
        return await asyncpg.connect(self.addresses.superuser_url.replace("+asyncpg", ""), timeout=10)

    async def answers(self) -> bool:
        """Whether the API says that it may be sent work."""
        return await answers(self.port)

    async def healed(self, seconds: float = READY_SECONDS) -> float:
        """Waits until every process is there and work is taken; how long that took."""
        return await until(self.answers, seconds, "the service answers")

    async def desk(self, slug: str = "", *, mode: Mode = Mode.LIVE, **wishes: Any) -> Desk:
        """A new workspace, configured over the API (see desks.py for the wishes)."""
        self._desks += 1
        slug = slug or f"desk-{os.getpid()}-{self._desks}"
        owner = create_async_engine(self.addresses.owner_url)
        try:
            made = await workspaces.create(owner, slug=slug, mode=mode)
            key = await workspace_keys.create_key(owner, made, workspace_keys.KeyDraft(Role.ADMIN, "faults"))
        finally:
            await owner.dispose()
        ledger = Ledger((self.ledgers or self.folder) / f"{slug}.ledger")
        self._undo.append(ledger)
        client = Client(self.port, key.text, ledger)
        document = configuration(**wishes)
        await client.ok("PUT", "/v1/configuration", document, **{"If-None-Match": "*"})
        for agent in document["agents"]:
            await client.ok("POST", f"/v1/agents/{agent['name']}/presence", {"presence": "available"})
        listed = await client.ok("GET", "/v1/agents?limit=200")
        givers = tuple(agent["id"] for agent in listed["data"] if agent["name"].startswith("giver"))
        return Desk(made.id, slug, client, ledger, givers)

    def close(self) -> None:
        for ledger in self._undo:
            ledger.close()


@contextlib.asynccontextmanager
async def laboratory(folder: Path, *, apis: int = 2, workers: int = 2) -> AsyncIterator[Lab]:
    """Everything started and answering; nothing is left afterwards but the folder."""
    keeper = Keeper(folder)
    service: Program | None = None
    proxies: list[Proxy] = []
    try:
        addresses = await keeper.addresses()
        await migrate(addresses.owner_url)
        for url, postgres in ((addresses.app_url, True), (addresses.redis_url, False)):
            target = make_url(url).port
            assert target is not None
            proxies.append(await Proxy(target, speaks_postgres=postgres).start())
        database, valkey = proxies
        lab = Lab(folder, addresses, free_port(), keeper, None, database, valkey)
        service = lab.service = serve(lab, apis=apis, workers=workers)
        await until(lab.answers, READY_SECONDS, f"the service starts: {service.says()[-2000:]}")
        yield lab
        lab.close()
    finally:
        if service is not None:
            service.end()
        for proxy in proxies:
            await proxy.stop()
        keeper.end()


@contextlib.asynccontextmanager
async def whole(folder: Path, *, apis: int = 2, workers: int = 2) -> AsyncIterator[Lab]:
    """All by one command, `giliran run`, as on a bare machine: it starts the servers too. The folder is removed afterwards."""
    open_to_all(folder)
    lab = await start_whole(folder, apis=apis, workers=workers)
    try:
        yield lab
        lab.close()
    finally:
        if lab.service is not None:
            lab.service.end()
        remove(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


async def start_whole(folder: Path, *, apis: int, workers: int) -> Lab:
    """Returns when it answers."""
    port, postgres, valkey = free_port(), free_port(), free_port()
    environment = {
        "GILIRAN_DATA_DIR": str(folder / "data"),
        "GILIRAN_PORT": str(port),
        "GILIRAN_POSTGRES_PORT": str(postgres),
        "GILIRAN_VALKEY_PORT": str(valkey),
        "GILIRAN_API_PROCESSES": str(apis),
        "GILIRAN_WORKER_PROCESSES": str(workers),
        "GILIRAN_LOG_LEVEL": "warning",
    }
    service = Program("-m", "app.cli", "run", log=folder / "service.log", environment=environment)
    await until(lambda: answers(port), START_SECONDS, f"the service starts: {folder / 'service.log'}")
    found = Passwords(**json.loads((folder / "data" / "passwords.json").read_text()))
    database = f"127.0.0.1:{postgres}/giliran"
    addresses = Addresses(
        f"postgresql+asyncpg://giliran_owner:{found.giliran_owner}@{database}",
        f"postgresql+asyncpg://giliran_app:{found.giliran_app}@{database}",
        f"postgresql+asyncpg://postgres:{found.postgres}@{database}",
        f"redis://:{found.valkey}@127.0.0.1:{valkey}/0",
    )
    return Lab(folder, addresses, port, service=service)


def serve(lab: Lab, *, apis: int, workers: int, port: int | None = None) -> Program:
    """`giliran run` on the lab's servers, through the proxies where there are any."""
    counts = {"GILIRAN_API_PROCESSES": str(apis), "GILIRAN_WORKER_PROCESSES": str(workers)}
    environment = environment_of(lab, port=port or lab.port) | counts
    log = lab.folder / f"service-{port or lab.port}.log"
    return Program("-m", "app.cli", "run", log=log, environment=environment)


def environment_of(lab: Lab, *, port: int) -> dict[str, str]:
    """What a process of ours needs to work on the lab's servers."""
    secrets = lab.folder / f"addresses-{port}.json"
    database, valkey = (proxy.port if proxy else None for proxy in (lab.database, lab.valkey))
    addresses = {
        "DATABASE_URL": _through(lab.addresses.app_url, database),
        "DATABASE_OWNER_URL": lab.addresses.owner_url,
        "REDIS_URL": _through(lab.addresses.redis_url, valkey),
    }
    write_private(secrets, json.dumps(addresses))
    return {
        "GILIRAN_SECRETS_FILE": str(secrets),
        "GILIRAN_DATA_DIR": str(lab.folder / f"service-{port}"),
        "GILIRAN_PORT": str(port),
        "GILIRAN_LOG_LEVEL": "warning",
    }


def beside(lab: Lab, module: str, port: int, offsets: str = "0") -> contextlib.AbstractAsyncContextManager[Program]:
    """One more process of ours on the same servers that nobody starts again, with a clock that may be wrong (see shifted.py)."""
    return _beside(lab, port, "tests.faults.shifted", module, offsets)


def newer(lab: Lab, module: str, port: int) -> contextlib.AbstractAsyncContextManager[Program]:
    """One of the next release (see newer.py)."""
    return _beside(lab, port, "tests.faults.newer", module)


@contextlib.asynccontextmanager
async def _beside(lab: Lab, port: int, *words: str) -> AsyncIterator[Program]:
    program = Program("-m", *words, log=lab.folder / f"{words[1]}-{port}.log", environment=environment_of(lab, port=port))
    try:
        yield program
    finally:
        await asyncio.to_thread(program.end)  # the proxies that it still speaks through are in this loop


async def answers(port: int) -> bool:
    """Whether the API there says, within two seconds, that it may be sent work."""
    with contextlib.suppress(BrokenError):
        return (await Client(port, "", seconds=2.0).ask("GET", "/health/ready", Connection="close")).status == 200
    return False


def open_to_all(folder: Path) -> None:
    """The user who runs PostgreSQL when root starts it must be able to pass."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


@contextlib.contextmanager
def scratch(place: Path | None = None) -> Iterator[Path]:
    """A folder that every user may enter, on the disk and not in memory; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="giliran-faults-", dir=place or "/var/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        remove(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _through(url: str, port: int | None) -> str:
    return url if port is None else make_url(url).set(port=port).render_as_string(hide_password=False)
