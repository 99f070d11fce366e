"""`giliran run` with several processes, as somebody outside sees it."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.db import make_engine
from app.embedded.processes import wait_until
from app.engine.vocabulary import Role
from app.models.workspaces import Mode
from app.services import workspace_keys, workspaces
from app.services.workspace_keys import KeyDraft
from app.settings import Settings, with_driver
from tests.databases import Database
from tests.embedded.watching import ROOT, all_gone, descendants
from tests.servers import Addresses

API, WORKER = "-m app.main", "-m app.worker"
Json = dict[str, Any]


@dataclass
class Run:
    """The supervisor, and its children by what they run."""

    process: "subprocess.Popen[str]"
    database: Database
    said: list[str] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        found = re.search(r"^API +(http://\S+)", "".join(self.said), re.MULTILINE)
        assert found, self.said
        return found[1]

    def pids(self, words: str) -> list[int]:
        found = []
        for pid in descendants(self.process.pid):
            with contextlib.suppress(OSError):
                if words in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip():
                    found.append(pid)
        return sorted(found)

    @contextlib.contextmanager
    def through(self, pid: int, key: str) -> Iterator[httpx.Client]:
        """A client whose one connection that process has accepted: the others were stopped meanwhile."""
        others = [other for other in self.pids(API) if other != pid]
        with httpx.Client(base_url=self.base_url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
            for other in others:
                os.kill(other, signal.SIGSTOP)
            try:
                client.get("/health/live").raise_for_status()
            finally:
                for other in others:
                    os.kill(other, signal.SIGCONT)
            yield client

    def client(self, key: str) -> httpx.Client:
        """A new connection for each call: whoever is there answers."""
        headers = {"Authorization": f"Bearer {key}", "Connection": "close"}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=30)

    def desk(self, slug: str, **document: Any) -> str:
        """The admin's key of a new live workspace with two agents of capacity 5, available."""
        key = asyncio.run(self.workspace(slug))
        names = ("ani", "budi")
        desk = {
            "teams": [{"name": "team"}],
            "routing_policies": [{"name": "fair", "strategy": "least_load"}],
            "queues": [{"name": "general", "routing_policy": "fair", "teams": ["team"], **document.pop("queue", {})}],
            "agents": [{"name": name, "title": name, "teams": ["team"], "capacity": 5} for name in names],
            **document,
        }
        with self.client(key) as client:
            client.put("/v1/configuration", json=desk, headers={"If-None-Match": "*"}).raise_for_status()
            for name in names:
                client.post(f"/v1/agents/{name}/presence", json={"presence": "available"}).raise_for_status()
        return key

    async def workspace(self, slug: str) -> str:
        owner = make_engine(with_driver(self.database.owner_url), Settings(pool_size=2))
        try:
            made = await workspaces.create(owner, slug=slug, mode=Mode.LIVE)
            return (await workspace_keys.create_key(owner, made, KeyDraft(Role.ADMIN, "test"))).text
        finally:
            await owner.dispose()

    def metric(self, name: str, **labels: str) -> float:
        """The sum over the lines of that name whose labels include these."""
        total = 0.0
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        for line in httpx.get(f"{self.base_url}/metrics").text.splitlines():
            if re.match(rf"{name}[ {{]", line) and all(text in line for text in wanted):
                total += float(line.rpartition(" ")[2])
        return total


@contextlib.contextmanager
def giliran_run(servers: Addresses, database: Database, data: Path, *options: str, **environment: str) -> Iterator[Run]:
    """Ends with Ctrl-C, after which nothing may be left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "run", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database.app_url,
            "DATABASE_OWNER_URL": database.owner_url,
            "REDIS_URL": servers.redis_url,
            "GILIRAN_DATA_DIR": str(data),
            **environment,
        },
    )
    run = Run(process, database)
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: run.said.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        assert wait_until(lambda: any("ready" in line for line in run.said) or process.poll() is not None, 180), run.said
        assert process.poll() is None, run.said
        yield run
        below = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0, run.said
        assert all_gone(below, 2)
    finally:
        process.kill()
        process.wait()
        reader.join(5)
        process.stdout.close()


def feed(client: httpx.Client, *types: str) -> list[Json]:
    """All events of these types."""
    found: list[Json] = []
    after = 0
    while True:
        page = client.get("/v1/events", params={"after": after, "type": types, "limit": 200}).raise_for_status().json()
        found += page["data"]
        if page["last_seq"] == after:
            return found
        after = page["last_seq"]
