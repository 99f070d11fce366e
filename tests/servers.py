"""One PostgreSQL and one Valkey for a whole test run, shared by all pytest-xdist workers.

Whoever comes first starts a keeper, a process of its own that holds the servers (they die with the process that started
them, and the first worker to come may be the first to finish). Everyone who uses them holds a shared lock on a file; the
keeper waits for the exclusive one, which the kernel grants when the last user has gone, however it went. Then it stops the
servers and deletes their folder.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app.embedded import remove, start_servers

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """postgresql+asyncpg://… as owner, application and superuser, all on the database `giliran`; redis://…"""

    owner_url: str
    app_url: str
    superuser_url: str
    redis_url: str


def run_id() -> str:
    """The same for all workers of one pytest-xdist run, another for every other run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())


@contextlib.contextmanager
def shared_servers(run: str | None = None) -> Iterator[Addresses]:
    """Starts the run's servers or joins them. Use it in a session fixture."""
    folder = Path(tempfile.gettempdir()) / f"giliran-tests-{os.geteuid()}-{run or run_id()}"
    with contextlib.ExitStack() as using:
        while (addresses := _join(folder, using)) is None:
            using.close()  # the last keeper was tidying up: its files are not the ones others will see
        yield addresses


def _join(folder: Path, using: contextlib.ExitStack) -> Addresses | None:
    folder.mkdir(mode=0o711, exist_ok=True)
    try:
        with _locked(folder / "start", fcntl.LOCK_EX) as start:
            users = using.enter_context(_locked(folder / "users", fcntl.LOCK_SH))
            if not (_is_still(folder / "start", start) and _is_still(folder / "users", users)):
                return None
            ready = folder / "addresses.json"
            if not ready.exists():
                _start_keeper(folder, ready)
            return Addresses(**json.loads(ready.read_text()))
    except FileNotFoundError:
        return None


def _is_still(path: Path, descriptor: int) -> bool:
    return path.exists() and os.path.samestat(path.stat(), os.fstat(descriptor))


def _start_keeper(folder: Path, ready: Path) -> None:
    log = folder / "keeper.log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not ready.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the test servers did not start: {log.read_text()}")
        time.sleep(0.02)
    keeper.returncode = 0  # it may outlive this process, which then must not warn that it did not wait


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield descriptor
    finally:
        os.close(descriptor)


def keep(folder: Path) -> None:
    """The keeper: servers run until nobody holds a shared lock any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    data = folder / "data"
    ready = folder / "addresses.json"
    with contextlib.ExitStack() as tidying:
        with start_servers(data, durable=False) as servers:
            scratch = folder / "addresses.new"
            scratch.touch(mode=0o600)
            addresses = Addresses(servers.owner_url, servers.app_url, servers.superuser_url, servers.redis_url)
            scratch.write_text(json.dumps(asdict(addresses)))
            scratch.rename(ready)
            tidying.enter_context(_locked(folder / "users", fcntl.LOCK_EX))
            ready.unlink()
        remove(data)
        with contextlib.suppress(OSError):  # somebody new may be about to join: then the folder stays
            for left in folder.iterdir():
                left.unlink()
            folder.rmdir()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
