"""The whole service on two servers: two API processes and two workers, callers over HTTP, a promotion in the middle."""

import asyncio
import contextlib
import threading
from collections import Counter
from pathlib import Path
from typing import Self

import httpx
import pytest

from app.embedded.processes import wait_until
from tests.databases import Database
from tests.failover.cluster import Cluster, synchronous
from tests.processes.run import Run, feed, giliran_run
from tests.servers import Addresses

pytestmark = pytest.mark.long
CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'giliran_app' AND wait_event IS DISTINCT FROM 'SyncRep'"
TICKET = {"channel": "email", "subject": "Tagihan", "text": "Tidak sesuai"}


class Callers:
    """Each repeats a ticket under its key until it has an answer."""

    def __init__(self, run: Run, key: str) -> None:
        self._run, self._key = run, key
        self._over = threading.Event()
        self.acknowledged: dict[str, str] = {}
        self.statuses: Counter[int] = Counter()
        self._threads = [threading.Thread(target=self._call, args=(number,)) for number in range(6)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(90)

    def more(self, number: int) -> bool:
        wanted = len(self.acknowledged) + number
        return wait_until(lambda: len(self.acknowledged) >= wanted, 60)

    def _call(self, caller: int) -> None:
        turn = 0
        with self._run.client(self._key) as client:
            while not self._over.is_set():
                turn += 1
                name = f"{caller}-{turn}"
                while name not in self.acknowledged:
                    with contextlib.suppress(httpx.TransportError):
                        answer = client.post("/v1/tickets", json=TICKET, headers={"Idempotency-Key": name})
                        self.statuses[answer.status_code] += 1
                        if answer.status_code == 201:
                            self.acknowledged[name] = answer.json()["id"]
                        elif answer.status_code == 503:
                            self._over.wait(0.2)


@pytest.mark.parametrize("how", ["killed", "frozen", "alive"])
def test_the_service_comes_back_by_itself(cluster: Cluster, servers: Addresses, tmp_path: Path, how: str) -> None:
    database = Database("giliran", cluster.url(user="giliran_owner"), cluster.url(), "")
    with giliran_run(servers, database, tmp_path, "--api", "2", "--workers", "2") as run:
        asyncio.run(_ready(cluster))
        promise = {"name": "promise", "targets": {"medium": {"first_response_seconds": 6}}, "warn_at_percent": 10}
        key = run.desk("desk", sla_policies=[promise], queue={"sla_policy": "promise"})
        with Callers(run, key) as callers:
            assert callers.more(100)
            if how == "killed":
                cluster.primary.kill()
            elif how == "frozen":
                cluster.primary.freeze()
            asyncio.run(cluster.promote())
            assert callers.more(100), callers.statuses
        if how == "alive":
            assert wait_until(lambda: asyncio.run(cluster.primary.value(CONNECTED)) == 0, 20), "somebody reads what is old"
        assert set(callers.statuses) <= {200, 201, 503}, callers.statuses
        with run.client(key) as client:
            created = feed(client, "ticket.created")
            tickets = {event["subject"]["id"] for event in created}
            assert len(tickets) == len(created) == len(callers.acknowledged)
            assert tickets == set(callers.acknowledged.values())

            def steps() -> Counter[tuple[str, str]]:
                return Counter((event["type"], event["subject"]["id"]) for event in feed(client, "sla.warned", "sla.breached"))

            assert wait_until(lambda: len(steps()) == 2 * len(tickets), 60)
            assert set(steps().values()) == {1}


async def _ready(cluster: Cluster) -> None:
    await cluster.primary.run(*synchronous(cluster.standby))
    await cluster.in_step()
