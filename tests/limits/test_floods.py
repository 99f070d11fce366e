"""Floods leave a bounded trace: RES-15 in the metrics, RES-16 in the log."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from structlog.testing import capture_logs

from app import telemetry
from app.api import middleware
from app.api.refusals import WHOLE_PER_SECOND, Refusals
from tests.api.service import Service
from tests.limits.serving import until


def series() -> set[str]:
    lines = telemetry.exposition().decode().splitlines()
    return {line.rpartition(" ")[0] for line in lines if not line.startswith("#")}


async def ask(service: Service, key: str, number: int) -> None:
    """A request unlike every other: method, path, id, query, agent, key."""
    method = ("GET", "POST", "BREW", f"M{number}")[number % 4]
    path = (f"/nowhere/{number}", f"/v1/tickets/ext:{number}", f"/v1/agents/a{number}?x{number}=1", f"/v1/queues/{number}")[
        number // 4 % 4
    ]
    bearer = (key, f"{key[:-6]}{number:06d}", f"{number}")[number % 3]
    await service.client.request(method, path, headers={"User-Agent": f"agent {number}", "Authorization": f"Bearer {bearer}"})


async def test_metric_series_do_not_grow_with_what_is_sent(service: Service) -> None:
    """RES-15"""
    key = await service.key("admin")
    for number in range(240):
        await ask(service, key, number)
    before = series()
    for number in range(240, 1_200):
        await ask(service, key, number)
    assert series() == before
    assert 50 < len(before) < 40 * len(service.app.routes)


async def test_a_flood_of_refusals_is_counted_and_not_told_one_by_one() -> None:
    """RES-16: ten thousand at once."""
    with capture_logs() as entries:
        refusals = Refusals()
        whole = sum(refusals.seen(("invalid_key", "not_found")[number % 5 == 0]) for number in range(10_000))
        await until(lambda: bool(entries))
    (told,) = [entry for entry in entries if entry["event"] == "requests_refused"]
    assert whole <= 3 * WHOLE_PER_SECOND
    assert told["requests"] + whole == 10_000
    assert sum(told["by_code"].values()) == told["requests"]
    assert list(told["by_code"]) == ["invalid_key", "not_found"]


async def test_the_reason_stays_visible(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "REFUSALS", Refusals(whole=3))
    before = telemetry.REFUSALS.labels("not_found")._value.get()
    with capture_logs() as entries:
        await asyncio.gather(*(service.client.get(f"/nowhere/{number}") for number in range(200)))
        assert (await service.call("GET", "/v1/queues")).status_code == 200
        told: Counter[str] = Counter()

        def all_told() -> bool:
            told.clear()
            for entry in entries:
                told[entry["event"]] += entry.get("requests", 1) if entry.get("status") != 200 else 0
            return told["request"] + told["requests_refused"] == 200

        await until(all_told)
    lines: list[Any] = [entry for entry in entries if entry["event"] == "request" and entry["status"] == 404]
    assert len(lines) < 100
    assert {line["code"] for line in lines} == {"not_found"}
    assert telemetry.REFUSALS.labels("not_found")._value.get() - before == 200
    assert "/nowhere" not in str(entries)
