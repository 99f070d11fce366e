"""The child that runs PostgreSQL, Valkey, the API and a worker for the demo: the supervisor of `giliran run`, in a folder of its own.

    python -m examples.demo.servers DATA_DIR READY_FILE

When everything answers, READY_FILE holds the addresses (mode 0600). It stops on a signal, or when its input ends: so nothing
is left running even if whoever started it was killed.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from app.db import migrate
from app.embedded.secrets import write_private
from app.settings import Settings
from app.supervisor import Started, Supervisor


def main(data_dir: Path, ready_file: Path) -> int:
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    settings = Settings.model_validate({"data_dir": data_dir, "port": 0, "log_level": "warning"})
    return Supervisor(
        settings,
        migrate=lambda owner_url: asyncio.run(migrate(owner_url)),
        on_ready=partial(_ready, ready_file),
    ).run()


def _stop_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _ready(path: Path, started: Started) -> None:
    addresses = {
        "base_url": started.base_url,
        "DATABASE_URL": started.app_url,
        "DATABASE_OWNER_URL": started.owner_url,
        "REDIS_URL": started.redis_url,
    }
    write_private(path, json.dumps(addresses))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
