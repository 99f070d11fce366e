"""`giliran run`: the parent of PostgreSQL, Valkey, the API and the workers, and of nothing else.

It does no work itself, so there is little in it that can fail. What dies is started again; when it is told to stop, it stops
API, workers, Valkey and PostgreSQL in this order; when it is killed, the kernel ends its children (see embedded.launcher).
Everything here runs in the main thread.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from rich.console import Console

from app import telemetry
from app.embedded import EmbeddedError, Servers, start_servers
from app.embedded.child import Child
from app.embedded.kernel import adopt_orphans
from app.embedded.preload import Forked, Preload
from app.embedded.secrets import write_private
from app.settings import ADDRESSES, SECRETS_FILE, Settings, environment_name

API = (sys.executable, "-m", "app.main")
WORKER = (sys.executable, "-m", "app.worker")

API_STOP_SECONDS, WORKER_STOP_SECONDS = 6.0, 2.0
SERVER_RETRY_SECONDS = 2.0
READY_SECONDS, PRELOAD_SECONDS = 120.0, 30.0
LOOK_SECONDS = 0.02
ANSWER_SECONDS = 1.0  # the kernel takes the connection also where nobody is: look meanwhile who has died


@dataclass(frozen=True, slots=True)
class Started:
    """What `on_ready` gets: everything answers by now."""

    base_url: str
    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    say: Callable[[str], None] = print


class Supervisor:
    """Holds what runs. `migrate` gets the owner's address; `on_ready` may print what only a first start has to say."""

    def __init__(
        self,
        settings: Settings,
        *,
        migrate: Callable[[str], None],
        on_ready: Callable[[Started], None] = lambda _: None,
        api: tuple[str, ...] = API,
        worker: tuple[str, ...] = WORKER,
        console: Console | None = None,
    ) -> None:
        self._settings = settings
        self._migrate = migrate
        self._on_ready = on_ready
        self._api, self._worker = api, worker
        self._console = console or Console(soft_wrap=True, highlight=False)
        self._servers: Servers | None = None
        self._apis: list[Child] = []
        self._workers: list[Child] = []
        self._preload: Preload | None = None
        self._adopts = False
        self._stops = 0
        self._starting = True
        self._server_retry_at: dict[str, float] = {}

    def run(self) -> int:
        """Returns when told to stop: 0, or 1 after an error that was printed."""
        try:
            with contextlib.ExitStack() as undo:
                undo.enter_context(self._signals())
                try:
                    self._start(undo)
                    while not self._stops:
                        self._tend()
                        time.sleep(LOOK_SECONDS)
                finally:
                    self._starting = False
        except _StoppedWhileStartingError:
            return 0
        except EmbeddedError as error:
            self._console.print(f"[bold red]error[/] {_plain(error.message)}\n      {_plain(error.way_out)}")
            return 1
        return 0

    def say(self, text: str) -> None:
        self._console.print(_plain(text))

    def _start(self, undo: contextlib.ExitStack) -> None:
        settings = self._settings
        listener = undo.enter_context(_listen(settings.host, settings.port))
        environment = _environment(settings, listener) | {telemetry.FOLDER: str(undo.enter_context(_metrics_folder()))}
        self._begin_preload(environment, undo)
        owner_url, app_url, redis_url = self._addresses(undo)
        self._bring_up_to_date(owner_url)
        addresses = dict(zip(ADDRESSES, (app_url, owner_url, redis_url), strict=True))
        secrets_file = undo.enter_context(_secrets_file(settings.data_dir.absolute(), addresses))
        environment[SECRETS_FILE] = str(secrets_file)
        api_environment = environment | {environment_name("listen_fd"): str(listener.fileno())}
        fds = (listener.fileno(),)
        self._apis = [
            Child(f"API {n}", self._api, api_environment | {telemetry.PROCESS_NAME: f"api-{n}"}, fds, self._fork)
            for n in range(1, settings.api_processes + 1)
        ]
        self._workers = [
            Child(f"worker {n}", self._worker, environment | {telemetry.PROCESS_NAME: f"worker-{n}"}, starter=self._fork)
            for n in range(1, settings.worker_processes + 1)
        ]
        undo.callback(self._stop_children)
        self._await_preload()
        for child in (*self._apis, *self._workers):
            child.start()
        base_url = _base_url(settings.host, listener)
        self._wait_until_answered(listener)
        self.say(f"API          {base_url}  ({settings.api_processes} API, {settings.worker_processes} worker)")
        if settings.docs:
            self.say(f"docs         {base_url}/docs")
        self._on_ready(Started(base_url, owner_url, app_url, redis_url, self.say))
        self.say("ready        Ctrl-C stops everything")
        self._starting = False

    def _begin_preload(self, environment: dict[str, str], undo: contextlib.ExitStack) -> None:
        """It imports while servers start and migrations run."""
        if self._settings.preload and adopt_orphans():
            self._adopts = True
            modules = dict.fromkeys((self._api[2], self._worker[2]))
            self._preload = Preload(tuple(modules), environment | {telemetry.PROCESS_NAME: "preload"}, self.say)
            undo.callback(self._preload.stop)
            self._preload.start()

    def _await_preload(self) -> None:
        deadline = time.monotonic() + PRELOAD_SECONDS
        while self._preload and self._preload.awaited() and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)

    def _fork(self, child: Child) -> Forked | None:
        if self._preload is None:
            return None
        return self._preload.fork(child.name, child.program, child.environment, child.pass_fds)

    def _addresses(self, undo: contextlib.ExitStack) -> tuple[str, str, str]:
        settings = self._settings
        if settings.database_url is None or settings.redis_url is None:
            self._servers = servers = start_servers(
                settings.data_dir,
                postgres=settings.database_url is None,
                valkey=settings.redis_url is None,
                postgres_port=settings.postgres_port,
                valkey_port=settings.valkey_port,
                postgres_bin=settings.postgres_bin,
            )
            undo.callback(self._stop_servers)
            for server in reversed(servers.members):
                self.say(f"{server.name:<12} {server.version} on 127.0.0.1:{server.port}, data in {settings.data_dir}")
            return (
                settings.owner_url or servers.owner_url,
                settings.database_url or servers.app_url,
                settings.redis_url or servers.redis_url,
            )
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.say("servers      your own, from DATABASE_URL and REDIS_URL")
        return settings.owner_url or "", settings.database_url, settings.redis_url

    def _bring_up_to_date(self, owner_url: str) -> None:
        try:
            self._migrate(owner_url)
        except Exception as error:
            raise EmbeddedError(
                f"The database could not be brought up to date: {type(error).__name__}: {error}",
                "giliran doctor says whether it can be reached and at which revision it is.",
            ) from error
        self.say("migrations   up to date")

    def _tend(self) -> None:
        now = time.monotonic()
        for server in self._servers.members if self._servers else ():
            if not server.alive() and now >= self._server_retry_at.get(server.name, 0):
                # Never given up: the API answers 503 meanwhile, and a disk that was full may have room again.
                self.say(f"{server.name} ended; starting it again")
                try:
                    server.restart()
                except EmbeddedError as error:
                    self._server_retry_at[server.name] = time.monotonic() + SERVER_RETRY_SECONDS
                    self.say(f"{error.message} (next try in {SERVER_RETRY_SECONDS:.0f} s)")
        for child in (*self._apis, *self._workers):
            child.tend(self.say)
        if self._preload is not None:
            self._preload.tend()
        self._reap_orphans()

    def _reap_orphans(self) -> None:
        """As the first process of a container, or as who adopts, this one gets every orphan, and must take their exit codes."""
        if os.getpid() != 1 and not self._adopts:
            return
        ours = {child.process.pid for child in (*self._apis, *self._workers) if child.process}
        ours |= {self._preload.pid} if self._preload and self._preload.pid else set()
        ours |= {server.pid for server in self._servers.members if server.pid} if self._servers else set()
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and found.si_pid not in ours:
                os.waitpid(found.si_pid, 0)

    def _wait_until_answered(self, listener: socket.socket) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(listener):
            self._tend()
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"The API did not answer within {READY_SECONDS:.0f} s",
                    "Its own lines above may say why; giliran doctor looks too.",
                )
            time.sleep(LOOK_SECONDS)

    def _stop_children(self) -> None:
        self.say("stopping     API, worker, Valkey, PostgreSQL")
        for children, seconds in ((self._apis, API_STOP_SECONDS), (self._workers, WORKER_STOP_SECONDS)):
            for child in children:
                child.signal(signal.SIGTERM)
            deadline = time.monotonic() + seconds
            while not all(child.ended() for child in children) and time.monotonic() < deadline:
                time.sleep(0.02)
            for child in children:
                child.signal(signal.SIGKILL)
                if child.process is not None:
                    child.process.wait()

    def _stop_servers(self) -> None:
        if self._servers is not None:
            self._servers.stop()
        self.say("stopped")

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._told_to_stop) for number in watched}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stops += 1
        if self._stops > 1:
            for child in (*self._apis, *self._workers):
                child.signal(signal.SIGKILL)
            for server in self._servers.members if self._servers else ():
                server.force()
        elif self._starting:
            self._starting = False
            raise _StoppedWhileStartingError


class _StoppedWhileStartingError(KeyboardInterrupt):
    """Unwinds whatever had been started by then. Of this kind, because an event loop lets nothing else through."""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise EmbeddedError(
            f"Port {port} on {host}, wanted for the API, cannot be had: {error.strerror}",
            f"Stop what uses it (ss -ltnp 'sport = :{port}'), choose another with GILIRAN_PORT, or GILIRAN_PORT=0 for any free one.",
        ) from error
    return listener


@contextlib.contextmanager
def _secrets_file(folder: Path, addresses: dict[str, str]) -> Iterator[Path]:
    """Children read the addresses from here: an environment or a command line would show the passwords."""
    path = folder / f"addresses-{os.getpid()}.json"
    write_private(path, json.dumps(addresses))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _metrics_folder() -> Iterator[Path]:
    """Where the processes of this run keep their figures, so that a scrape of one shows the sum."""
    path = Path(tempfile.mkdtemp(prefix="giliran-metrics-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _environment(settings: Settings, listener: socket.socket) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name.upper() not in ADDRESSES}
    source = str(Path(__file__).resolve().parents[1])
    return environment | {
        environment_name("host"): settings.host,
        environment_name("port"): str(listener.getsockname()[1]),
        environment_name("data_dir"): str(settings.data_dir.absolute()),
        "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH")))),
    }


def _base_url(host: str, listener: socket.socket) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  (shown, not bound)
    return f"http://{shown}:{listener.getsockname()[1]}"


def _answers(listener: socket.socket) -> bool:
    host, port = listener.getsockname()[:2]
    connection = HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=ANSWER_SECONDS)  # noqa: S104
    try:
        connection.request("GET", "/health/live")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
