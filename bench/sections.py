"""What is measured, one function a section. Each prints as it goes and gives a table for RESULTS.md."""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import httpx

from app.identifiers import read
from app.services.keys import parse
from bench import decisions, physical, waiting
from bench.ceiling import Ceiling, Measured
from bench.service import AGENTS, Server, Service, processes, service

CONNECTIONS = (1, 8, 64, 256)
BULKS = (1, 10, 100, 1000)
WAITING = (0, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how often."""

    rounds: int = 3
    seconds: float = 10


@dataclass(slots=True)
class Table:
    """Rows under headings; `chart` names the columns to draw: (labels, values)."""

    title: str
    about: str
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    chart: tuple[int, int] | None = None

    def add(self, *cells: Any) -> None:
        self.rows.append(cells)
        say("  " + "   ".join(f"{heading} {cell}" for heading, cell in zip(self.headings, cells, strict=True)))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def posts(at: Server, options: Options) -> list[Table]:
    """Single tickets at several numbers of connections, bare and full, interleaved with the ceiling."""
    table = Table(
        "Single POST",
        f"`POST /v1/tickets` over HTTP, one API process, {AGENTS} agents, against pgbench on the same server, which writes the rows of"
        " one routed ticket per transaction in one workspace. Full: two SLA promises a ticket and an Idempotency-Key a request. The"
        " strict ceiling is pgbench at 8 clients; its p99 is that at as many clients as connections.",
        ("connections", "ceiling/s", "bare/s", "bare ÷ ceiling", "full/s", "full ÷ ceiling", "bare p99 ms", "ceiling p99 ms"),
        chart=(0, 3),
    )
    ceiling = _ceiling(at)
    say(f"{table.title}: {options.rounds} rounds of {options.seconds:g} s, medians")
    for connections in CONNECTIONS:
        strict: list[Measured] = []
        same: list[Measured] = []
        singles: list[dict[str, Any]] = []
        fulls: list[dict[str, Any]] = []
        with service(at) as bare, service(at, full=True) as full:
            bare.load(64, 2)
            full.load(64, 2, idempotent=True)
            for _ in range(options.rounds):
                strict.append(ceiling.measure(int(options.seconds)))
                singles.append(bare.load(connections, options.seconds))
                if connections <= 64:  # the server takes no more sessions than a pool needs
                    same.append(ceiling.measure(int(options.seconds), clients=connections))
                fulls.append(full.load(connections, options.seconds, idempotent=True))
        most = median(one.per_second for one in strict)
        one, other = _median(singles), _median(fulls)
        table.add(
            connections, round(most), round(one), _ratio(one, most), round(other), _ratio(other, most),
            round(median(each["p99_ms"] for each in singles), 1),
            round(median(each.p99_ms for each in same), 1) if same else "-",
        )  # fmt: skip
    return [table]


def rows_alone(at: Server, options: Options) -> list[Table]:
    """The ceiling's rows by unnest."""
    table = Table(
        "What is physical",
        "The ceiling's rows in batches by `unnest`, one connection, no HTTP, no decision, against the strict ceiling.",
        ("batch", "tickets/s", "÷ ceiling"),
        chart=(0, 2),
    )
    ceiling = _ceiling(at)
    say(table.title)
    strict = median(ceiling.measure(int(options.seconds)).per_second for _ in range(options.rounds))
    found: dict[int, list[float]] = {}
    for _ in range(options.rounds):
        for size, rate in physical.measure(at.servers.superuser_url, options.seconds / 2):
            found.setdefault(size, []).append(rate)
    for size, rates in found.items():
        table.add(size, round(median(rates)), _ratio(median(rates), strict))
    return [table]


def bulks(at: Server, options: Options) -> list[Table]:
    """Many tickets a request."""
    table = Table(
        "Bulk",
        "`POST /v1/tickets/bulk` with so many new tickets, 8 connections, 400 agents, tickets a second against the strict ceiling.",
        ("items", "ceiling/s", "tickets/s", "÷ ceiling", "p99 ms"),
        chart=(0, 3),
    )
    ceiling = _ceiling(at)
    say(table.title)
    for size in BULKS:
        strict, found = [], []
        with service(at, agents=400) as running:  # a workspace of its own: what finds no room would only wait, which costs less
            running.load(8, 1, bulk=10)
            for _ in range(options.rounds):
                strict.append(ceiling.measure(int(options.seconds)).per_second)
                found.append(running.load(8, options.seconds / 2, bulk=size))
        rate, most = _median(found), median(strict)
        table.add(size, round(most), round(rate), _ratio(rate, most), round(median(one["p99_ms"] for one in found)))
    return [table]


def deciding(at: Server, options: Options) -> list[Table]:  # noqa: ARG001  # one shape for all
    """The engine alone."""
    table = Table(
        "Decisions",
        "One submitted ticket in the engine alone (rules, promises, choice, events), least load, medians of 7, sizes in turns.",
        ("agents", "microseconds", "times that at 10"),
        chart=(0, 2),
    )
    say(table.title)
    costs = dict(decisions.measure())
    for size, seconds in costs.items():
        table.add(size, round(seconds * 1e6, 1), _ratio(seconds, costs[decisions.SIZES[0]]))
    return [table]


def with_waiting(at: Server, options: Options) -> list[Table]:
    """The same POST with more and more tickets waiting, and what loading them costs."""
    table = Table(
        "With tickets waiting",
        "Single POST at 64 connections while so many tickets wait for a team without agents; the API process is started anew for each"
        " number and loads them. Memory is the process's after the posts. Each number is followed by a measure with none waiting.",
        ("waiting", "POST/s", "POST/s with none", "time ÷ time with none", "load s", "resident MiB"),
        chart=(0, 3),
    )
    say(table.title)
    with service(at, extra_team="nobody", agents=400) as first, service(at, agents=400) as empty:
        empty.load(64, 2)
        key = first.keys[0]
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"http://{first.host}:{first.port}", headers=headers, timeout=30) as client:
            queue = _uuid("que", client.get("/v1/queues").raise_for_status().json()["data"][0]["id"])
            teams = client.get("/v1/teams").raise_for_status().json()["data"]
            team = next(_uuid("tem", one["id"]) for one in teams if one["name"] == "nobody")
        presented = parse(key)
        assert presented is not None  # noqa: S101  # it was made a moment ago
        workspace = presented.workspace
        first.stop()
        there = 0
        for wanted in WAITING:
            asyncio.run(waiting.fill(at.servers.superuser_url, workspace, queue, team, wanted - there))
            there = wanted
            with processes(at, first) as running:
                began = time.perf_counter()
                _first_post(running)
                loading = time.perf_counter() - began
                running.load(64, 2)
                with_some, with_none = [], []
                for _ in range(options.rounds):
                    with_some.append(running.load(64, options.seconds))
                    with_none.append(empty.load(64, options.seconds))
                some, none = _median(with_some), _median(with_none)
                table.add(wanted, round(some), round(none), _ratio(none, some), round(loading, 1), round(running.resident_mib()))
    return [table]


def side_by_side(at: Server, options: Options) -> list[Table]:
    """One and two API processes, one and four workspaces."""
    table = Table(
        "Processes and workspaces",
        "Single POST at 64 connections; the last column is against one API process on as many workspaces.",
        ("API processes", "workspaces", "POST/s", "÷ one process"),
    )
    say(table.title)
    for count in (1, 4):
        with service(at, count=count) as alone, processes(at, alone, api=2) as two:
            alone.load(64, 2)
            two.load(64, 2)
            singles, pairs = [], []
            for _ in range(options.rounds):
                singles.append(alone.load(64, options.seconds))
                pairs.append(two.load(64, options.seconds))
            one, other = _median(singles), _median(pairs)
            table.add(1, count, round(one), _ratio(one, one))
            table.add(2, count, round(other), _ratio(other, one))
    return [table]


def without_valkey(at: Server, options: Options) -> list[Table]:
    """What single posts lose when Valkey is emptied each second, or is not there."""
    table = Table(
        "Without Valkey",
        "Single POST at 64 connections in turns: Valkey untouched, emptied by FLUSHALL every second, and stopped altogether (its"
        " process is ended and started anew for the next turn). Ratios of medians.",
        ("Valkey", "POST/s", "÷ untouched", "p99 ms", "p99 ÷ untouched"),
    )
    say(table.title)
    ways: dict[str, Callable[[], AbstractContextManager[None]]] = {
        "untouched": nullcontext,
        "emptied every second": at.emptied,
        "stopped": at.without_valkey,
    }
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    with service(at) as running:
        running.load(64, 2)
        for _ in range(options.rounds):
            for way, happens in ways.items():
                with happens():
                    found[way].append(running.load(64, options.seconds))
    rates = {way: _median(measured) for way, measured in found.items()}
    slowest = {way: median(float(one["p99_ms"]) for one in measured) for way, measured in found.items()}
    for way in ways:
        rate, p99 = rates[way], slowest[way]
        table.add(way, round(rate), _ratio(rate, rates["untouched"]), round(p99, 1), _ratio(p99, slowest["untouched"]))
    return [table]


def times(at: Server, options: Options) -> list[Table]:
    """Start, first answer, catching up with another process."""
    table = Table(
        "Times",
        "Start: from the start of an API process to ready. Catch-up: what a second process evolves of the log of the first.",
        ("what", "seconds", "rate"),
    )
    say(table.title)
    with service(at) as running:
        running.load(64, 2)
        began = time.perf_counter()
        with processes(at, running) as other:
            table.add("API process ready", round(time.perf_counter() - began, 2), "-")
            began = time.perf_counter()
            _first_post(other)
            table.add("first POST after a start, state loaded", round(time.perf_counter() - began, 3), "-")
            measured = running.load(64, options.seconds)
            events = 2 * sum(measured["statuses"].values())
            before = other.cpu_seconds()
            _first_post(other)
            took = max(other.cpu_seconds() - before, 0.01)
            table.add(f"catch-up with {events} events, CPU", round(took, 2), f"{round(events / took)} events/s")
    return [table]


SECTIONS: dict[str, Callable[[Server, Options], list[Table]]] = {
    "posts": posts,
    "physical": rows_alone,
    "bulk": bulks,
    "decisions": deciding,
    "waiting": with_waiting,
    "processes": side_by_side,
    "valkey": without_valkey,
    "times": times,
}


def _ceiling(at: Server) -> Ceiling:
    ceiling = Ceiling(at.servers.superuser_url)
    ceiling.prepare()
    return ceiling


def _median(measured: list[dict[str, Any]]) -> float:
    return median(float(one["per_second"]) for one in measured)


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}"


def _uuid(prefix: str, text: str) -> bytes:
    raw = read(prefix, text)
    if raw is None:
        raise ValueError(text)
    return raw


def _first_post(running: Service) -> None:
    headers = {"Authorization": f"Bearer {running.keys[0]}"}
    with httpx.Client(base_url=f"http://{running.host}:{running.port}", headers=headers, timeout=300) as client:
        for _ in range(200):
            if client.post("/v1/tickets", json={"channel": "whatsapp"}).status_code == 201:
                return
            time.sleep(0.1)
    raise RuntimeError("the first ticket was not taken")
