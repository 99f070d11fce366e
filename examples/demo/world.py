"""Everything the demo starts, and stops again however it ends: servers in a temporary folder, and a sandbox workspace."""

import contextlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.embedded import remove
from app.settings import ADDRESSES, PREFIX
from examples.demo.processes import python

START_SECONDS, COMMAND_SECONDS = 60.0, 60.0
LAST_LINES = 25


class NotStartedError(Exception):
    """Something could not be started or ended by itself; the message says what it printed last."""


@dataclass(frozen=True, slots=True)
class World:
    """What runs, and how to talk to it."""

    base_url: str
    key: str = field(repr=False)
    folder: Path

    def apply(self, configuration: Path) -> None:
        """As a person would: `giliran apply` over HTTP."""
        log = self.folder / "apply.log"
        environment = _environment() | {"GILIRAN_URL": self.base_url, "GILIRAN_KEY": self.key}
        with (
            log.open("wb") as output,
            python("app.cli", "apply", str(configuration), environment=environment, output=output) as done,
        ):
            if done.wait(COMMAND_SECONDS):
                raise NotStartedError(_last_lines(f"giliran apply ended with status {done.returncode}", log))


@contextlib.contextmanager
def running() -> Iterator[World]:
    """Starts everything; when the block ends all of it has been stopped and deleted."""
    folder = Path(tempfile.mkdtemp(prefix="giliran-demo-"))
    try:
        folder.chmod(0o711)  # where root runs this, PostgreSQL's user must get through
        with _servers(folder) as ready:
            yield World(ready["base_url"], ready["key"], folder)
    finally:
        remove(folder / "data")
        for left in (*folder.glob("*"), folder):
            left.rmdir() if left.is_dir() else left.unlink()


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[dict[str, str]]:
    """Address and key, as soon as everything answers."""
    ready, log = folder / "ready.json", folder / "servers.log"
    arguments = ("examples.demo.servers", str(folder / "data"), str(ready))
    with log.open("wb") as output, python(*arguments, environment=_environment(), output=output) as child:
        try:
            _wait_until_ready(child, ready, log)
            yield json.loads(ready.read_text())
        except Exception as error:
            if child.poll() is None:
                raise
            raise NotStartedError(_last_lines("The servers ended", log)) from error


def _wait_until_ready(child: subprocess.Popen[bytes], ready: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready.exists():
        if child.poll() is not None or time.monotonic() > deadline:
            raise NotStartedError(_last_lines("The servers did not start", log))
        time.sleep(0.02)


def _environment() -> dict[str, str]:
    """Ours without what would lead to servers or settings of the user's own."""
    return {
        name: value for name, value in os.environ.items() if name.upper() not in ADDRESSES and not name.upper().startswith(PREFIX)
    }


def _last_lines(what: str, log: Path) -> str:
    return f"{what}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])
