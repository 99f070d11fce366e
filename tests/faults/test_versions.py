"""Two releases on one database, and back again, and on for good: F-26. The new one is this one that knows a format more (newer.py)."""

import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app.queries.heads import NEWEST_FORMAT
from tests.faults import newer as next_release
from tests.faults.client import Client
from tests.faults.examine import examined
from tests.faults.lab import Desk, Lab, answers, environment_of, free_port, laboratory, newer, scratch
from tests.faults.load import Load, Mix
from tests.faults.processes import Program, kill, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 60.0
MIX = Mix(resolve=0.2, promised=0.5, offered=0.2)
_FORMAT = "SELECT format FROM workspace_heads WHERE workspace_id = $1"
_RAISE = f"UPDATE workspace_heads SET format = {next_release.NEXT_FORMAT} WHERE workspace_id = $1"
_OF_THE_NEXT = f"SELECT count(*) AS found FROM events WHERE workspace_id = $1 AND data ? '{next_release.MEMBER}'"


@contextlib.asynccontextmanager
async def both(lab: Lab) -> AsyncIterator[int]:
    """The new release beside the old one: the port of its API."""
    port = free_port()
    async with newer(lab, "app.main", port), newer(lab, "app.worker", port + 1):
        await until(lambda: answers(port), SECONDS, "the new API answers")
        yield port


def at(desk: Desk, port: int) -> Desk:
    """The same workspace, asked at another port."""
    return dataclasses.replace(desk, client=Client(port, desk.client.key, desk.ledger))


async def together(lab: Lab, desk: Desk, port: int, *, tickets: int, seed: int, seconds: float = 0) -> None:
    """For so long both take so many tickets, and both take part in what is done with them; an old API and an old worker die meanwhile."""
    old = Load(desk, seed, callers=3, mix=MIX, prefix="old")
    new = Load(at(desk, port), seed + 1, callers=3, mix=MIX, prefix="new")
    async with old, new:
        await _taken(tickets // 2, seconds / 2, old, new)
        for pid in (lab.apis[0], lab.workers[0]):
            kill(pid)
        await _taken(tickets, seconds / 2, old, new)
    assert set(old.answers) | set(new.answers) <= {"ticket", "200", "201", "409", "503", "unknown"}


async def _taken(tickets: int, seconds: float, *loads: Load) -> None:
    """Each has had so many tickets taken, and so much time has gone by."""
    ends = time.monotonic() + seconds
    await until(
        lambda: min(load.acknowledged for load in loads) > tickets and time.monotonic() > ends,
        SECONDS + seconds,
        "all take tickets",
    )


async def and_back(lab: Lab, *, tickets: int, rounds: int, seconds: float = 0) -> None:
    """Before the upgrade is finished the old release can go on alone, at any time."""
    desk = await lab.desk()
    for turn in range(rounds):
        async with both(lab) as port:
            await together(lab, desk, port, tickets=tickets, seed=26 + 10 * turn, seconds=seconds)
        async with Load(desk, 28 + 10 * turn, callers=3, mix=MIX, prefix="alone") as alone:
            await _taken(tickets, seconds / 2, alone)
        assert [row["format"] for row in await lab.sql(_FORMAT, desk.uuid)] == [NEWEST_FORMAT]
    await examined(lab, desk, outage_ms=10_000, seed=26)


async def test_f26_two_versions_and_back_again(lab: Lab) -> None:
    await and_back(lab, tickets=40, rounds=1)


@pytest.mark.long
async def test_f26_two_versions_and_back_again_for_minutes(lab: Lab) -> None:
    await and_back(lab, tickets=200, rounds=3, seconds=60)


async def for_good(lab: Lab, finish: Callable[[Lab, Desk], Awaitable[object]], monkeypatch: pytest.MonkeyPatch) -> None:
    """The old release decides nothing more and says so; it still reads, also what it does not know of."""
    desk = await lab.desk()
    async with both(lab) as port:
        await together(lab, desk, port, tickets=20, seed=126)
        assert not (await lab.sql(_OF_THE_NEXT, desk.uuid))[0]["found"]
        await finish(lab, desk)
        assert [row["format"] for row in await lab.sql(_FORMAT, desk.uuid)] == [next_release.NEXT_FORMAT]
        new = at(desk, port)
        async with Load(new, 128, callers=3, mix=MIX, prefix="after") as after:
            await until(lambda: after.acknowledged > 20, SECONDS, "the new one goes on")
        await _refuses_to_decide(desk)
        await _reads_as(desk.client, new.client)
        assert (await lab.sql(_OF_THE_NEXT, desk.uuid))[0]["found"]
        monkeypatch.setattr("app.dispatch.catch_up.from_data", next_release.read_event)
        await examined(lab, desk, outage_ms=10_000, seed=126)


async def test_f26_a_workspace_of_the_next_format(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    await for_good(lab, lambda lab, desk: lab.sql(_RAISE, desk.uuid), monkeypatch)


@pytest.mark.long
async def test_f26_after_the_upgrade_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    with scratch() as folder:
        async with laboratory(folder) as lab:
            await for_good(lab, _finished, monkeypatch)


async def _finished(lab: Lab, _desk: Desk) -> None:
    """`giliran upgrade finish` of the new release."""
    words, log = ("-m", "tests.faults.newer", "app.cli", "upgrade", "finish"), lab.folder / "finish.log"
    program = Program(*words, log=log, environment=environment_of(lab, port=free_port()))
    await until(lambda: not program.running, SECONDS, "the upgrade is finished")
    assert program.process.returncode == 0, program.says()


async def _refuses_to_decide(desk: Desk) -> None:
    for path, body in (("/v1/tickets", {"subject": "late"}), ("/v1/agents/giver-0/presence", {"presence": "away"})):
        reply = await desk.client.ask("POST", path, body)
        problem = reply.json()
        assert (reply.status, problem["code"]) == (503, "overloaded"), problem
        assert "newer version of the service" in problem["detail"]
        assert int(reply.headers["retry-after"]) == 30


async def _reads_as(old: Client, new: Client) -> None:
    """Every page of the feed, lists and decisions: the old release shows what the new one does."""
    decided: list[Any] = []
    after = 0
    while True:
        events = f"/v1/events?after={after}&limit=200"
        pages = [await client.ask("GET", events) for client in (old, new)]
        assert [page.status for page in pages] == [200, 200]
        page, other = (one.json() for one in pages)
        assert page["data"] == other["data"][: len(page["data"])], "the log may have grown in between"
        decided += [event["data"]["decision_id"] for event in page["data"] if event["type"] == "ticket.assigned"]
        if page["last_seq"] == after:
            break
        after = page["last_seq"]
    known = [f"/v1/decisions/{decision}" for decision in decided if decision][-20:]
    assert known
    for address in ("/v1/agents", "/v1/tickets?limit=200", "/v1/tickets/count", "/v1/configuration", *known):
        await until(lambda address=address: _same(old, new, address), SECONDS, f"{address} is the same")  # type: ignore[misc]


async def _same(old: Client, new: Client, address: str) -> bool:
    """Timers still fire, so that two looks may be at two moments."""
    replies = [await client.ask("GET", address) for client in (old, new)]
    assert [reply.status for reply in replies] == [200, 200], address
    return replies[0].body == replies[1].body
