"""Everything the demo starts, and stops again however it ends: servers in a temporary folder, a sandbox workspace, its key."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.embedded import remove
from app.settings import ADDRESSES, PREFIX

ROOT = Path(__file__).parents[2]
START_SECONDS, STOP_SECONDS, COMMAND_SECONDS = 60.0, 20.0, 60.0
LAST_LINES = 25


class NotStartedError(Exception):
    """Something could not be started; the message says what it printed last."""


@dataclass(frozen=True, slots=True)
class World:
    """What runs, and how to talk to it."""

    base_url: str
    key: str = field(repr=False)
    environment: dict[str, str] = field(repr=False)

    def apply(self, configuration: Path) -> None:
        """As a person would: `giliran apply` over HTTP."""
        _giliran(
            "apply", str(configuration), environment=self.environment | {"GILIRAN_URL": self.base_url, "GILIRAN_KEY": self.key}
        )


@contextlib.contextmanager
def running() -> Iterator[World]:
    """Starts everything; when the block ends all of it has been stopped and deleted."""
    folder = Path(tempfile.mkdtemp(prefix="giliran-demo-"))
    data_dir = folder / "data"
    folder.chmod(0o711)
    environment = {
        name: value for name, value in os.environ.items() if name.upper() not in ADDRESSES and not name.upper().startswith(PREFIX)
    }
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
    try:
        with _servers(data_dir, folder / "ready.json", folder / "servers.log", environment) as ready:
            yield World(ready["base_url"], ready["key"], environment)
    finally:
        remove(data_dir)
        for left in (*folder.glob("*"), folder):
            left.rmdir() if left.is_dir() else left.unlink()


@contextlib.contextmanager
def _servers(data_dir: Path, ready: Path, log: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Address and key, as soon as everything answers."""
    with log.open("wb") as output:
        # A session of its own: Ctrl-C reaches only us, and we stop it in order.
        child = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-m", "examples.demo.servers", str(data_dir), str(ready)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_ready(child, ready, log)
        yield json.loads(ready.read_text())
    except Exception as error:
        if child.poll() is None:
            raise
        raise NotStartedError(_last_lines(log)) from error
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()  # the kernel ends its children with it
            child.wait()
        if child.stdin is not None:
            child.stdin.close()


def _wait_until_ready(child: subprocess.Popen[bytes], ready: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready.exists():
        if child.poll() is not None or time.monotonic() > deadline:
            raise NotStartedError(_last_lines(log))
        time.sleep(0.02)


def _giliran(*arguments: str, environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603  (our own module)
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout}\n{done.stderr}".strip()
        raise NotStartedError(f"`giliran {' '.join(arguments)}` ended with status {done.returncode}:\n{said}")
    return done.stdout


def _last_lines(log: Path) -> str:
    return "The servers did not start or ended:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])
