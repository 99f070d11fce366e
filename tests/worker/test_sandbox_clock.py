"""A sandbox's clock moves from due time to due time, and the worker fires what falls due, at its moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.outcome import IdempotencyKey
from app.dispatch.tail import Tails
from app.dispatch.wake import Wake
from app.engine.ids import WorkspaceId
from app.engine.refusals import NotASandbox
from app.errors import NotFound, Unavailable
from app.queries.due import read_head
from app.services import sandbox_clock
from app.services.sandbox_clock import Advanced, Mover, advance
from tests.databases import Database
from tests.servers import Addresses
from tests.worker.desks import count, pass_time, promise, running_worker, steps, submit_tickets
from tests.workspaces import SYSTEM, make_desk, make_workspace

ESCALATED = [
    promise(
        first=100,
        resolution=600,
        warn=80,
        escalations=[{"metric": "resolution", "after_seconds": 60, "raise_priority": True}],
    )
]
MOMENTS = [
    ("sla.warned", "first_response", 80),
    ("sla.breached", "first_response", 100),
    ("sla.warned", "resolution", 480),
    ("sla.breached", "resolution", 600),
    ("sla.stepped", "resolution", 660),
]
NOISE_MS = 500


@dataclass(frozen=True, slots=True)
class Process:
    """What an API process has."""

    engine: AsyncEngine
    dispatcher: Dispatcher
    tails: Tails
    wake: Wake

    async def advance(self, workspace: WorkspaceId, seconds: float, key: IdempotencyKey | None = None) -> Advanced:
        return await advance(self, workspace, round(seconds * 1000), Mover(SYSTEM, "test", key))


@asynccontextmanager
async def process(engine: AsyncEngine, redis_url: str | None) -> AsyncIterator[Process]:
    wake, tails = Wake(redis_url), Tails(engine, redis_url)

    def committed(workspace: bytes, seq: int, next_due_ms: int | None) -> None:
        tails.hint(workspace, seq)
        wake(workspace, seq, next_due_ms)

    dispatcher = Dispatcher(engine, wake=committed)
    try:
        yield Process(engine, dispatcher, tails, wake)
    finally:
        await dispatcher.stop()
        await tails.close()
        await wake.close()


async def test_steps_fire_in_order_at_their_moments(database: Database, engine: AsyncEngine, servers: Addresses) -> None:
    async with running_worker(database, servers.redis_url), process(engine, servers.redis_url) as api:
        desk = await make_desk(api.dispatcher, database, 0, sla_policies=ESCALATED)
        created = (await submit_tickets(api.dispatcher, desk.workspace))[0].at
        advanced = await api.advance(desk.workspace, 700)
    assert (advanced.advanced_ms, advanced.timers_fired) == (700_000, 5)
    assert 700_000 <= advanced.now_ms - created < 700_000 + 10_000
    fired = await steps(engine, desk.workspace)
    assert [(step.type, step.metric, (step.moment - created) // 1000) for step in fired] == MOMENTS
    assert max(step.late for step in fired) < NOISE_MS
    assert await count(engine, desk.workspace, "ticket.escalated") == 1


async def test_many_small_steps_end_where_one_large_one_does(database: Database, engine: AsyncEngine, servers: Addresses) -> None:
    async with running_worker(database, servers.redis_url), process(engine, servers.redis_url) as api:
        desk = await make_desk(api.dispatcher, database, 0, sla_policies=ESCALATED)
        created = (await submit_tickets(api.dispatcher, desk.workspace))[0].at
        fired = sum([(await api.advance(desk.workspace, 10)).timers_fired for _ in range(70)])
    assert fired == 5
    assert [(step.type, step.metric, (step.moment - created) // 1000) for step in await steps(engine, desk.workspace)] == MOMENTS


async def test_without_valkey_the_sweep_does_it(database: Database, engine: AsyncEngine) -> None:
    async with running_worker(database, sweep_seconds=0.05), process(engine, None) as api:
        desk = await make_desk(api.dispatcher, database, 0, sla_policies=ESCALATED)
        await submit_tickets(api.dispatcher, desk.workspace)
        assert (await api.advance(desk.workspace, 700)).timers_fired == 5


async def test_clock_of_a_quiet_sandbox_just_moves(database: Database, engine: AsyncEngine) -> None:
    async with process(engine, None) as api:
        workspace = await make_workspace(database)
        before = await api.dispatcher.now(workspace)
        advanced = await api.advance(workspace, 3600)
        assert (advanced.advanced_ms, advanced.timers_fired) == (3_600_000, 0)
        assert before + 3_600_000 <= advanced.now_ms <= await api.dispatcher.now(workspace)


async def test_worker_that_is_away_is_said_with_how_far_the_clock_came(
    database: Database, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_clock, "DEADLINE_SECONDS", 0.3)
    async with process(engine, None) as api:
        desk = await make_desk(api.dispatcher, database, 0, sla_policies=ESCALATED)
        await submit_tickets(api.dispatcher, desk.workspace)
        with pytest.raises(Unavailable) as told:
            await api.advance(desk.workspace, 700)
    assert told.value.code == "worker_away"
    assert told.value.extra["advanced_seconds"] in {79, 80}


async def test_what_was_overdue_before_is_fired_first(database: Database, engine: AsyncEngine, servers: Addresses) -> None:
    async with process(engine, servers.redis_url) as api:
        desk = await make_desk(api.dispatcher, database, 0, sla_policies=ESCALATED)
        await submit_tickets(api.dispatcher, desk.workspace)
        await pass_time(api.dispatcher, desk.workspace, 90)
        async with running_worker(database, servers.redis_url):
            advanced = await api.advance(desk.workspace, 20)
    assert (advanced.advanced_ms, advanced.timers_fired) == (20_000, 2)


async def test_two_at_once_both_move_it(database: Database, engine: AsyncEngine, servers: Addresses) -> None:
    async with running_worker(database, servers.redis_url), process(engine, servers.redis_url) as api:
        desk = await make_desk(api.dispatcher, database, 0, sla_policies=ESCALATED)
        created = (await submit_tickets(api.dispatcher, desk.workspace))[0].at
        await asyncio.gather(*(api.advance(desk.workspace, 350) for _ in range(2)))
        head = await read_head(engine, desk.workspace)
        assert head is not None
        assert head.now - created >= 700_000
        assert len(await steps(engine, desk.workspace)) == 5


async def test_two_at_once_under_one_key_move_it_once(database: Database, engine: AsyncEngine, servers: Addresses) -> None:
    key = IdempotencyKey("k", bytes(32))
    async with (
        running_worker(database, servers.redis_url),
        process(engine, servers.redis_url) as one,
        process(engine, servers.redis_url) as other,
    ):
        desk = await make_desk(one.dispatcher, database, 0, sla_policies=ESCALATED)
        created = (await submit_tickets(one.dispatcher, desk.workspace))[0].at
        done = await asyncio.gather(*(api.advance(desk.workspace, 700, key) for api in (one, other, one, other)))
        assert {(each.advanced_ms, each.timers_fired) for each in done} == {(700_000, 5)}
        assert 700_000 <= await one.dispatcher.now(desk.workspace) - created < 710_000
        assert len(await steps(engine, desk.workspace)) == 5


async def test_a_move_that_was_broken_off_is_taken_up_under_its_key(
    database: Database, engine: AsyncEngine, servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = IdempotencyKey("k", bytes(32))
    monkeypatch.setattr(sandbox_clock, "DEADLINE_SECONDS", 0.3)
    async with process(engine, servers.redis_url) as api:
        desk = await make_desk(api.dispatcher, database, 0, sla_policies=ESCALATED)
        created = (await submit_tickets(api.dispatcher, desk.workspace))[0].at
        for _ in range(2):
            with pytest.raises(Unavailable) as told:
                await api.advance(desk.workspace, 700, key)
            assert told.value.extra["advanced_seconds"] in {79, 80}
        monkeypatch.undo()
        async with running_worker(database, servers.redis_url):
            done = await api.advance(desk.workspace, 700, key)
            assert (done.advanced_ms, done.timers_fired) == (700_000, 5)
            assert 700_000 <= await api.dispatcher.now(desk.workspace) - created < 710_000
            again = await api.advance(desk.workspace, 700, key)
            assert (again.advanced_ms, again.timers_fired) == (700_000, 5)
            assert 700_000 <= await api.dispatcher.now(desk.workspace) - created < 710_000


async def test_only_a_sandbox_has_a_clock_to_move(database: Database, engine: AsyncEngine) -> None:
    async with process(engine, None) as api:
        with pytest.raises(NotASandbox):
            await api.advance(await make_workspace(database, mode="live"), 1)
        with pytest.raises(NotFound):
            await api.advance(WorkspaceId(bytes(16)), 1)
