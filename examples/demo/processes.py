"""Child processes that never outlive the block they were started for."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 20.0
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def python(module: str, *arguments: str, environment: dict[str, str], output: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A module as a process of its own session, so that Ctrl-C reaches only us and we stop it in order. Main thread only.

    Its input stays open for as long as we live.
    """
    child = None
    try:
        with _told_later():
            child = subprocess.Popen(  # noqa: S603  (our own module)
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        yield child
    finally:
        if child is not None:
            _stop(child)


@contextlib.contextmanager
def _told_later() -> Iterator[None]:
    """A signal that comes while a process is being started is acted on as soon as we know whom to stop."""
    told: list[int] = []
    before = {number: signal.signal(number, lambda number, _: told.append(number)) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if told:
        signal.raise_signal(told[0])


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()  # a supervisor's children end with it: the kernel sees to that
        child.wait()
    if child.stdin is not None:
        child.stdin.close()
