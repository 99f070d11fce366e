"""Embedded servers with everything durable on, in a process of their own that starts again what dies.

`python -m tests.faults.keeper FOLDER` prints one line of JSON with the addresses and runs until it is told to stop. While a file
FOLDER/away-PostgreSQL or FOLDER/away-Valkey exists, that server is not started again.
"""

import contextlib
import json
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from app.embedded import EmbeddedError, start_servers
from tests.servers import Addresses

LOOK_SECONDS = 0.02


def away(folder: Path, name: str) -> Path:
    return folder / f"away-{name}"


class _Told(BaseException):
    """Told to stop."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Told


def keep(folder: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    with contextlib.suppress(_Told), start_servers(folder / "data") as servers:
        addresses = Addresses(servers.owner_url, servers.app_url, servers.superuser_url, servers.redis_url)
        sys.stdout.write(json.dumps(asdict(addresses)) + "\n")
        sys.stdout.flush()
        while True:
            for server in servers.members:
                if not server.alive() and not away(folder, server.name).exists():
                    with contextlib.suppress(EmbeddedError):  # a full disk: the next look tries again
                        server.restart()
            time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
