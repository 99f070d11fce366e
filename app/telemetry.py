"""Metrics of the process, read at /metrics. A leaf: whoever measures something imports it. No label names a tenant.

With PROMETHEUS_MULTIPROC_DIR each process keeps its figures in files of that folder, and a scrape of any API process sees
the sum of all, workers too. GILIRAN_PROCESS_NAME names the files: whoever is started again goes on where its forerunner
ended, so counters never fall and files do not pile up.
"""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 500)
LATE = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
WAITS = (0.1, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400)

FOLDER, PROCESS_NAME = "PROMETHEUS_MULTIPROC_DIR", "GILIRAN_PROCESS_NAME"


_name = ""


def _take_name() -> None:
    """From the environment. What the forerunner of that name had open ended with it."""
    global _name
    if FOLDER in os.environ and PROCESS_NAME in os.environ:
        folder, _name = os.environ[FOLDER], os.environ[PROCESS_NAME]
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        mark_process_dead(_name, folder)  # type: ignore[no-untyped-call]


_take_name()
if _name:
    values.ValueClass = values.MultiProcessValue(lambda: _name)  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)

REQUESTS = Counter(
    "giliran_requests", "Answers by route template, method and class of status.", ("route", "method", "status"), registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "giliran_request_seconds",
    "From the request's head to the answer's end.",
    ("route", "method"),
    buckets=FAST,
    registry=REGISTRY,
)
REQUESTS_OPEN = Gauge(
    "giliran_requests_open", "Requests being answered.", registry=REGISTRY, multiprocess_mode="livesum"
)  # fmt: skip
BATCH_COMMANDS = Histogram("giliran_batch_commands", "Commands committed together.", buckets=SIZES, registry=REGISTRY)
DECISION_SECONDS = Histogram("giliran_decision_seconds", "Deciding one batch, without I/O.", buckets=FAST, registry=REGISTRY)
CATCH_UP_EVENTS = Histogram(
    "giliran_catch_up_events", "Events of other processes read before a batch.", buckets=SIZES, registry=REGISTRY
)
WAITED_SECONDS = Histogram(
    "giliran_waited_seconds", "From the moment a ticket began to wait to its assignment.", buckets=WAITS, registry=REGISTRY
)
TIMER_LATENESS_SECONDS = Histogram(
    "giliran_timer_lateness_seconds", "From a timer's due time to its firing.", buckets=LATE, registry=REGISTRY
)
TIMER_FAILURES = Counter(
    "giliran_timer_failures", "Steps of timers and ends of offers that could not be decided.", registry=REGISTRY
)
TIMERS_PARKED = Counter("giliran_timers_parked", "Timers that failed too often and were stopped.", registry=REGISTRY)
WAKES_DROPPED = Counter(
    "giliran_wakes_dropped", "Hints through Valkey that were not said; PostgreSQL is asked instead.", registry=REGISTRY
)
STATES_LOADED = Counter(
    "giliran_states_loaded", "States built from rows: at first use, after eviction, failover or restore.", registry=REGISTRY
)
DATABASE_RETRIES = Counter(
    "giliran_database_retries", "Transactions of the writer begun again because the database was away.", registry=REGISTRY
)
UNKNOWN_OUTCOMES = Counter(
    "giliran_unknown_outcomes", "Commits that had no answer and were looked up before anything was repeated.", registry=REGISTRY
)
TAILS_POLLED = Counter("giliran_tails_polled", "Logs asked for new events because somebody waits.", registry=REGISTRY)

REFUSALS = Counter("giliran_refusals", "Requests that got a no, by the code of the problem.", ("code",), registry=REGISTRY)
LIMITED = Counter("giliran_limited", "Requests beyond a limit, by the limit.", ("limit",), registry=REGISTRY)
STREAMS_OPEN = Gauge(
    "giliran_streams_open", "Requests that wait for events.", registry=REGISTRY, multiprocess_mode="livesum"
)  # fmt: skip

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def begin_anew() -> None:
    """In a process that was forked and has an environment of its own now: from here on it writes files of its own."""
    _take_name()
    STREAMS_OPEN.inc(0)  # at the next change of any figure the library sees the new name and opens them all


def exposition() -> bytes:
    """All metrics in Prometheus's text form."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
