"""A small desk behind a real address, in processes that can be killed."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from app.db import make_engine
from app.engine.vocabulary import Role
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from app.services.workspace_keys import KeyDraft
from app.settings import Settings, with_driver
from tests.databases import Database
from tests.servers import Addresses

ROOT = Path(__file__).parents[2]
DESK = {
    "teams": [{"name": "billing"}],
    "routing_policies": [{"name": "standard", "strategy": "least_load"}],
    "queues": [{"name": "general", "routing_policy": "standard", "teams": ["billing"]}],
    "agents": [{"name": "ani", "title": "Ani", "teams": ["billing"], "capacity": 5}],
}


@dataclass
class Api:
    """One port; the process that listens there comes and goes."""

    environment: dict[str, str]
    folder: Path
    key: str
    port: int = 0
    children: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(512)
        self.port = listener.getsockname()[1]
        with listener, (self.folder / "output").open("ab") as output:
            self.children.append(
                subprocess.Popen(
                    [sys.executable, "-m", "app.main"],
                    env=self.environment | {"GILIRAN_LISTEN_FD": str(listener.fileno())},
                    pass_fds=(listener.fileno(),),
                    cwd=self.folder,
                    stdout=output,
                    stderr=output,
                )
            )

    def kill(self) -> None:
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            child.wait()


@pytest.fixture
async def api(database: Database, servers: Addresses, tmp_path: Path) -> AsyncIterator[Api]:
    owner = make_engine(with_driver(database.owner_url), Settings(pool_size=2))
    workspace = await workspaces.create(owner, slug="clients", mode=Mode.SANDBOX)
    key = (await workspace_keys.create_key(owner, workspace, KeyDraft(Role.ADMIN, "test"))).text
    await owner.dispose()
    secrets = tmp_path / "addresses.json"
    addresses = {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url, "REDIS_URL": servers.redis_url}
    secrets.write_text(json.dumps(addresses))
    own = {name: value for name, value in os.environ.items() if not name.startswith("GILIRAN_")}
    own |= {"GILIRAN_SECRETS_FILE": str(secrets), "GILIRAN_ALLOWED_HOSTS": "*", "PYTHONPATH": str(ROOT)}
    running = Api(own, tmp_path, key)
    running.start()
    try:
        prepare(running)
        yield running
    finally:
        running.kill()


def prepare(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.key}"}
    with httpx.Client(base_url=api.url, headers=headers, timeout=180) as client:
        client.put("/v1/configuration", json=DESK, headers={"If-None-Match": "*"}).raise_for_status()
        client.post("/v1/agents/ani/presence", json={"presence": "available"}).raise_for_status()


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GILIRAN_URL", "GILIRAN_KEY"):
        monkeypatch.delenv(name, raising=False)
