"""The child that runs PostgreSQL, Valkey, the API and a worker for the demo: the supervisor of `giliran run`, in a folder of its own.

    python -m examples.demo.servers DATA_DIR READY_FILE

When everything answers, READY_FILE (mode 0600) holds the API's address and an admin's key of a new sandbox workspace. It stops on a signal, or when its input ends: so nothing
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

from sqlalchemy.ext.asyncio import create_async_engine

from app.db import migrate
from app.embedded.secrets import write_private
from app.engine.vocabulary import Role
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from app.services.workspace_keys import KeyDraft
from app.settings import Settings
from app.supervisor import Started, Supervisor

WORKSPACE = "demo"


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
    key = asyncio.run(_make_sandbox(started.owner_url))
    write_private(path, json.dumps({"base_url": started.base_url, "key": key}))


async def _make_sandbox(owner_url: str) -> str:
    """What `giliran workspaces create demo --sandbox` and `giliran keys create` do; two processes less to wait for."""
    owner = create_async_engine(owner_url)
    try:
        made = await workspaces.create(owner, slug=WORKSPACE, mode=Mode.SANDBOX)
        return (await workspace_keys.create_key(owner, made, KeyDraft(Role.ADMIN, "demo"))).text
    finally:
        await owner.dispose()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
