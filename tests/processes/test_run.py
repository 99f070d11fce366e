"""Two API and two worker processes behind one port."""

import asyncio
import contextlib
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.embedded.processes import command_line, wait_until
from tests.databases import fresh_database
from tests.processes.run import API, WORKER, Run, feed, giliran_run
from tests.servers import Addresses

TICKET = {"channel": "email", "subject": "Tagihan", "text": "Tidak sesuai"}


@pytest.fixture(scope="module")
def run(servers: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Each process keeps the states of two workspaces, so whoever works with a third has one loaded again and again."""
    data: Path = tmp_path_factory.mktemp("run")
    with asyncio.Runner() as runner:
        making = fresh_database(servers)
        database = runner.run(making.__aenter__())
        try:
            with giliran_run(servers, database, data, "--api", "2", "--workers", "2", GILIRAN_KEPT_WORKSPACES="2") as running:
                assert wait_until(lambda: len(running.pids(API)) == len(running.pids(WORKER)) == 2, 10)
                yield running
        finally:
            runner.run(making.__aexit__(None, None, None))


def test_two_processes_are_one_service(run: Run) -> None:
    key = run.desk("one-service")
    one, two = run.pids(API)
    before = run.metric("giliran_requests_total", route="/v1/tickets", method="POST")
    with run.through(one, key) as a, run.through(two, key) as b, ThreadPoolExecutor(2) as threads:
        for first, second in ((a, b), (b, a)) * 5:
            made = [threads.submit(client.post, "/v1/tickets", json=TICKET) for client in (first, second)]
            tickets = [answer.result().raise_for_status().json() for answer in made]
            for ticket, other in zip(tickets, (second, first), strict=True):
                assert other.get(f"/v1/tickets/{ticket['id']}").raise_for_status().json()["number"] == ticket["number"]
        listed = a.get("/v1/tickets", params={"limit": 200, "sort": "created_at"}).json()["data"]
        assert sorted(ticket["number"] for ticket in listed) == list(range(1, 21))
        assert Counter(ticket["status"] for ticket in listed) == {"assigned": 10, "waiting": 10}
        same = [threads.submit(c.post, "/v1/tickets", json=TICKET, headers={"Idempotency-Key": "k"}) for c in (a, b)]
        assert len({answer.result().raise_for_status().json()["id"] for answer in same}) == 1
        assert [event["seq"] for event in feed(a)] == list(range(1, len(feed(b)) + 1))
    assert run.metric("giliran_requests_total", route="/v1/tickets", method="POST") == before + 22
    assert run.metric("giliran_catch_up_events_sum") > 0


def test_each_process_is_forked_and_keeps_figures_of_its_own(run: Run) -> None:
    for kind, words in (("API", API), ("worker", WORKER)):
        lines = {command_line(pid): Path(f"/proc/{pid}/maps").read_text() for pid in run.pids(words)}
        assert set(lines) == {f"giliran: {kind} {number}: python {words}" for number in (1, 2)}
        for line, maps in lines.items():
            name = f"{kind.lower()}-{line.split(':')[1].split()[1]}"
            assert set(re.findall(r"/(?:counter|histogram|gauge_livesum)_(\S+)\.db", maps)) == {name}


def test_two_workers_take_each_step_once(run: Run) -> None:
    promise = {"name": "promise", "targets": {"medium": {"first_response_seconds": 2}}, "warn_at_percent": 50}
    key = run.desk("each-step-once", sla_policies=[promise], queue={"sla_policy": "promise"})
    with run.client(key) as client:
        tickets = {client.post("/v1/tickets", json=TICKET).raise_for_status().json()["id"] for _ in range(40)}

        def steps() -> Counter[tuple[str, str]]:
            return Counter((event["type"], event["subject"]["id"]) for event in feed(client, "sla.warned", "sla.breached"))

        assert wait_until(lambda: len(steps()) == 80, 30), steps()
        assert steps() == Counter({(kind, ticket): 1 for kind in ("sla.warned", "sla.breached") for ticket in tickets})
    assert run.metric("giliran_timer_lateness_seconds_count") >= 80, "the workers' figures are at the API's /metrics too"


def test_more_workspaces_than_a_process_keeps(run: Run) -> None:
    keys = [run.desk(f"many-{number}") for number in range(5)]
    one, two = run.pids(API)
    with contextlib.ExitStack() as opened:
        clients = [opened.enter_context(run.through(pid, key)) for key in keys for pid in (one, two)]
        for _ in range(4):
            for client in clients:
                client.post("/v1/tickets", json=TICKET).raise_for_status()
        for client in clients[::2]:
            listed = client.get("/v1/tickets", params={"limit": 200}).json()["data"]
            assert sorted(ticket["number"] for ticket in listed) == list(range(1, 9))
            loads = [client.get(f"/v1/agents/{name}").json()["load"] for name in ("ani", "budi")]
            assert loads == [4, 4]


def test_whoever_is_killed_is_started_again(run: Run) -> None:
    key = run.desk("killed")
    acknowledged: dict[str, str] = {}
    before = run.metric("giliran_requests_total", route="/v1/tickets", method="POST")

    def post(name: str) -> bool:
        """Once, without looking what became of it where there was no answer."""
        with contextlib.suppress(httpx.TransportError), run.client(key) as client:
            answer = client.post("/v1/tickets", json=TICKET, headers={"Idempotency-Key": name})
            if answer.status_code == 201:
                acknowledged[name] = answer.json()["id"]
        return name in acknowledged

    for number, words in enumerate((API, WORKER, API, API)):
        victim = run.pids(words)[number % 2]
        assert wait_until(lambda n=number: post(f"before-{n}"), 10)  # type: ignore[misc]
        os.kill(victim, signal.SIGKILL)
        assert wait_until(lambda n=number: post(f"after-{n}"), 10)  # type: ignore[misc]
        assert wait_until(lambda v=victim, w=words: v not in run.pids(w) and len(run.pids(w)) == 2, 10)  # type: ignore[misc]
    with run.client(key) as client:
        listed = client.get("/v1/tickets", params={"limit": 200}).json()["data"]
    assert len(acknowledged) == 8
    assert sorted(ticket["id"] for ticket in listed) == sorted(acknowledged.values())
    assert run.process.poll() is None
    counted = run.metric("giliran_requests_total", route="/v1/tickets", method="POST")
    assert counted >= before + 8 - 3, "counters never fall; who is killed may have answered and not yet counted"
