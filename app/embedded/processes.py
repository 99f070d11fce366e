"""Starting, finding and ending processes of our own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from app.embedded.owner import Owner

LAUNCHER = Path(__file__).with_name("launcher.py")
KNOWS_ALL = sys.platform == "linux"  # /proc tells who runs; elsewhere PostgreSQL checks its own pid file
CLEAN_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"}


def launch(
    program: list[str],
    *,
    owner: Owner | None = None,
    parent_death_signal: signal.Signals = signal.SIGKILL,
    environment: Mapping[str, str] = CLEAN_ENVIRONMENT,
    log: Path | None = None,
    feed: str | None = None,
    pass_fds: Iterable[int] = (),
) -> subprocess.Popen[bytes]:
    """A child that dies with this process, in a session of its own so that Ctrl-C at the terminal reaches only us.

    Call it from the main thread: the kernel watches the thread that forked. `feed` is its standard input.
    """
    uid, gid = (owner.uid, owner.gid) if owner and owner.dropped else (-1, -1)
    words = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(parent_death_signal)), str(uid), str(gid)]
    with contextlib.ExitStack() as open_files:
        output = open_files.enter_context(log.open("ab")) if log else None
        child = subprocess.Popen(  # noqa: S603  (our own program, no shell)
            [*words, *program],
            stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=dict(environment),
            cwd="/" if owner else None,
            start_new_session=True,
            pass_fds=tuple(pass_fds),
        )
    if feed is not None and child.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(feed.encode())
            child.stdin.close()
    return child


def end(child: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Sends each signal and gives the child its seconds, SIGKILL last; returns when it is gone."""
    for number, seconds in steps:
        if child.poll() is not None:
            return
        child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    if child.poll() is None:
        child.kill()
    child.wait()


def end_strangers(find: Callable[[], list[int]], *steps: tuple[signal.Signals, float]) -> None:
    """The same for processes that are not our children; `find` says which are still there."""
    for number, seconds in (*steps, (signal.SIGKILL, 5.0)):
        for pid in find():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not find(), seconds):
            return


def wait_until(condition: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def working_in(folder: Path, program: str) -> list[int]:
    """Ids of the processes of that name whose working folder is `folder`: both servers change into their own."""
    if sys.platform != "linux":
        return []  # without /proc nothing is known; PostgreSQL's own check of its pid file remains
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _works_in(entry, folder, program)]


def _works_in(entry: Path, folder: Path, program: str) -> bool:
    try:
        return (
            (entry / "cwd").readlink() == folder
            and (entry / "comm").read_text().strip() == program
            and ") Z " not in (entry / "stat").read_text()
        )
    except OSError:
        return False


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
