"""The service under measurement: embedded servers with everything durable on, API processes, configured workspaces."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from redis import Redis
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import migrate
from app.embedded import Servers, remove, start_servers
from app.engine.vocabulary import Role
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from bench.load import Plan

AGENTS = 100
CAPACITY = 1_000  # the most an agent may have: a hundred agents take a hundred thousand tickets
PROMISES = {
    "name": "promise",
    "targets": {
        priority: {"first_response_seconds": 3600, "resolution_seconds": 86_400}
        for priority in ("urgent", "high", "medium", "low")
    },
    "warn_at_percent": 75,
}


def configuration(*, full: bool = False, extra_team: str | None = None, agents: int = AGENTS) -> dict[str, Any]:
    """Agents under least load; `full` promises a first response and a resolution to every ticket."""
    queue = {"name": "general", "routing_policy": "policy", "teams": ["team"]}
    return {
        "default_queue": "general",
        "teams": [{"name": "team"}, *([{"name": extra_team}] if extra_team else [])],
        "routing_policies": [{"name": "policy", "strategy": "least_load"}],
        "sla_policies": [PROMISES] if full else [],
        "queues": [{**queue, "sla_policy": "promise"} if full else queue],
        "agents": [
            {"name": f"agent-{number}", "title": f"Agent {number}", "teams": ["team"], "capacity": CAPACITY}
            for number in range(agents)
        ],
    }


@dataclass(frozen=True, slots=True)
class Server:
    """PostgreSQL and Valkey in a folder of their own."""

    folder: Path
    servers: Servers

    @contextmanager
    def emptied(self) -> Iterator[None]:
        """Valkey is emptied every second meanwhile."""
        over = threading.Event()

        def empty() -> None:
            with Redis.from_url(self.servers.redis_url) as redis:
                while not over.wait(1):
                    redis.flushall()

        thread = threading.Thread(target=empty)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    @contextmanager
    def without_valkey(self) -> Iterator[None]:
        """Valkey has ended; it is started again afterwards."""
        valkey = self.servers.valkey
        assert valkey is not None  # noqa: S101  # it was started with the rest
        valkey.stop()
        try:
            yield
        finally:
            valkey.restart()
            time.sleep(1)  # those who lost it come back within a second


@dataclass(slots=True)
class Service:
    """API processes behind one socket. `keys` is one a workspace."""

    host: str
    port: int
    keys: tuple[str, ...]
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def load(self, connections: int, seconds: float, *, bulk: int = 0, idempotent: bool = False) -> dict[str, Any]:
        """Post tickets from a process of its own."""
        plan = Plan(self.host, self.port, self.keys, connections, seconds, bulk, idempotent)
        command = [sys.executable, "-m", "bench.load", plan.as_text()]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # our own program
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def stop(self) -> None:
        """End the API processes; workspaces and keys stay."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(20)
        self.processes.clear()

    def resident_mib(self) -> float:
        """Memory of the largest API process."""
        pages = (int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) for process in self.processes)
        return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def cpu_seconds(self) -> float:
        """What the API processes have used so far."""
        ticks = 0
        for process in self.processes:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def server() -> Iterator[Server]:
    """Start PostgreSQL and Valkey in a new folder, on the disk and not in memory, and leave nothing."""
    folder = Path(tempfile.mkdtemp(prefix="giliran-bench-", dir="/var/tmp"))  # see above
    folder.chmod(0o755)
    try:
        with start_servers(folder / "data") as servers:
            asyncio.run(migrate(servers.owner_url))
            yield Server(folder, servers)
    finally:
        remove(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def service(
    at: Server, *, api: int = 1, count: int = 1, full: bool = False, extra_team: str | None = None, agents: int = AGENTS
) -> Iterator[Service]:
    """`api` processes on `count` new workspaces."""
    keys = tuple(asyncio.run(_workspace(at.servers, f"bench-{time.time_ns()}")) for _ in range(count))
    with processes(at, Service("127.0.0.1", 0, keys), api=api) as running:
        for key in keys:
            _configure(running, key, configuration(full=full, extra_team=extra_team, agents=agents))
        yield running


@contextmanager
def processes(at: Server, wanted: Service, *, api: int = 1) -> Iterator[Service]:
    """API processes on workspaces that are there already."""
    with socket.create_server((wanted.host, 0), backlog=2048) as shared:
        running = replace(wanted, port=int(shared.getsockname()[1]), processes=[])
        log = at.folder / "api.log"
        try:
            for _ in range(api):
                running.processes.append(_api(at, shared, log))
            _until_ready(running, log)
            yield running
        finally:
            running.stop()


async def _workspace(servers: Servers, slug: str) -> str:
    owner = create_async_engine(servers.owner_url)
    try:
        made = await workspaces.create(owner, slug=slug, mode=Mode.LIVE)
        key = await workspace_keys.create_key(owner, made, workspace_keys.KeyDraft(Role.ADMIN, "bench"))
    finally:
        await owner.dispose()
    return key.text


def _api(at: Server, shared: socket.socket, log: Path) -> "subprocess.Popen[bytes]":
    secrets = at.folder / "addresses.json"
    secrets.touch(0o600)
    secrets.write_text(json.dumps({"DATABASE_URL": at.servers.app_url, "REDIS_URL": at.servers.redis_url}))
    environment = {
        **os.environ,
        "GILIRAN_SECRETS_FILE": str(secrets),
        "GILIRAN_LISTEN_FD": str(shared.fileno()),
        "GILIRAN_LOG_LEVEL": "warning",
        "GILIRAN_RATE_LIMIT": "1000000/second",  # what is measured is the service, not its limit
        "GILIRAN_OPEN_REQUESTS_PER_KEY": "100000",
    }
    with log.open("a") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "app.main"], env=environment, stdout=out, stderr=out, pass_fds=[shared.fileno()]
        )


def _until_ready(running: Service, log: Path) -> None:
    for _ in range(600):
        if any(process.poll() is not None for process in running.processes):
            raise RuntimeError(f"the API ended: {log.read_text()[-2000:]}")
        try:
            httpx.get(f"http://{running.host}:{running.port}/health/ready", timeout=5).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the API did not come up")


def _configure(running: Service, key: str, document: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {key}", "If-None-Match": "*"}
    with httpx.Client(base_url=f"http://{running.host}:{running.port}", headers=headers, timeout=30) as client:
        client.put("/v1/configuration", json=document).raise_for_status()
        cursor: dict[str, str] = {}
        while True:
            page = client.get("/v1/agents", params={"limit": 200, **cursor}).raise_for_status().json()
            for agent in page["data"]:
                client.post(f"/v1/agents/{agent['id']}/presence", json={"presence": "available"}).raise_for_status()
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}
