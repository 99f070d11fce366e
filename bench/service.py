"""The service under measurement: embedded servers with everything durable on, one API process, one configured workspace."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import migrate
from app.embedded import Servers, remove, start_servers
from app.engine.vocabulary import Role
from app.models.workspaces import Mode
from app.services import workspaces

AGENTS = 100
CONFIGURATION: dict[str, Any] = {
    "default_queue": "general",
    "teams": [{"name": "team"}],
    "routing_policies": [{"name": "policy", "strategy": "least_load"}],
    "queues": [{"name": "general", "routing_policy": "policy", "teams": ["team"]}],
    "agents": [
        {"name": f"agent-{number}", "title": f"Agent {number}", "teams": ["team"], "capacity": 1000} for number in range(AGENTS)
    ],
}


@dataclass(frozen=True, slots=True)
class Service:
    """Where to post, and the database beside which the ceiling is measured."""

    host: str
    port: int
    key: str
    superuser_url: str

    def load(self, connections: int, seconds: int) -> dict[str, Any]:
        """Post tickets from a process of its own."""
        command = [sys.executable, "-m", "bench.load", self.host, str(self.port), self.key, str(connections), str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # our own program
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@contextmanager
def service() -> Iterator[Service]:
    """Start everything in a new folder, and leave nothing."""
    folder = Path(tempfile.mkdtemp(prefix="giliran-bench-", dir="/var/tmp"))  # on the disk, not in memory
    folder.chmod(0o755)
    try:
        with start_servers(folder / "data") as servers:
            asyncio.run(migrate(servers.owner_url))
            key = asyncio.run(_workspace(servers))
            with _api(folder, servers) as port:
                _configure(port, key)
                yield Service("127.0.0.1", port, key, servers.superuser_url)
    finally:
        remove(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


async def _workspace(servers: Servers) -> str:
    owner = create_async_engine(servers.owner_url)
    try:
        made = await workspaces.create(owner, slug="bench", mode=Mode.LIVE)
        key = await workspaces.create_key(owner, made, workspaces.KeyDraft(Role.ADMIN, "bench"))
    finally:
        await owner.dispose()
    return key.text


@contextmanager
def _api(folder: Path, servers: Servers) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    secrets = folder / "addresses.json"
    secrets.touch(0o600)
    secrets.write_text(json.dumps({"DATABASE_URL": servers.app_url, "REDIS_URL": servers.redis_url}))
    environment = {**os.environ, "GILIRAN_SECRETS_FILE": str(secrets), "GILIRAN_PORT": str(port), "GILIRAN_LOG_LEVEL": "warning"}
    with (folder / "api.log").open("w") as log:
        child = subprocess.Popen([sys.executable, "-m", "app.main"], env=environment, stdout=log, stderr=log)
    try:
        _until_ready(port, child, folder / "api.log")
        yield port
    finally:
        child.terminate()
        child.wait(20)


def _until_ready(port: int, child: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        if child.poll() is not None:
            raise RuntimeError(f"the API ended: {log.read_text()[-2000:]}")
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/live")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the API did not come up")


def _configure(port: int, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "If-None-Match": "*"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
        client.put("/v1/configuration", json=CONFIGURATION).raise_for_status()
        for agent in client.get("/v1/agents", params={"limit": 200}).raise_for_status().json()["data"]:
            client.post(f"/v1/agents/{agent['id']}/presence", json={"presence": "available"}).raise_for_status()
