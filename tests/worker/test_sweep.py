"""What is due fires once, in order, whoever else fires too; what cannot be decided is parked and holds up nobody."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.transaction import transaction
from app.engine import decide
from app.engine.commands import Command, OfferDue, RespondTicket, SnoozeTicket, TimerDue
from app.engine.ids import TicketId, WorkspaceId
from app.errors import Unavailable
from app.queries.due import due_workspaces, read_head
from app.services.sweep import AT_ONCE, Meters, Sweep
from tests.databases import Database
from tests.worker.desks import count, pass_time, promise, steps, submit_tickets, sweep_all
from tests.workspaces import SYSTEM, make_desk


async def test_what_is_not_due_is_left_alone(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=[promise(first=60)])
    await submit_tickets(dispatcher, desk.workspace)
    result = await Sweep(engine, dispatcher).round(desk.workspace)
    assert not result.more
    assert result.in_ms is not None
    assert 50_000 < result.in_ms <= 60_000
    assert await due_workspaces(engine) == []
    assert [found.id for found in await due_workspaces(engine, ahead_seconds=61)] == [desk.workspace]


async def test_two_workers_fire_each_step_once(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 3, sla_policies=[promise(first=60, resolution=120, warn=50)])
    await submit_tickets(dispatcher, desk.workspace, 120)
    await pass_time(dispatcher, desk.workspace, 3600)
    other = Dispatcher(engine)
    rounds = await asyncio.gather(*(sweep_all(Sweep(engine, one), desk.workspace) for one in (dispatcher, other)))
    await other.stop()
    assert min(rounds) > 1
    fired = Counter((step.type, step.ticket, step.metric) for step in await steps(engine, desk.workspace))
    assert len(fired) == 4 * 120
    assert set(fired.values()) == {1}
    head = await read_head(engine, desk.workspace)
    assert head is not None
    assert head.next_due is None


async def test_long_overdue_steps_fire_once_in_due_order(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=[promise(first=10, warn=50)])
    for _ in range(10):
        await submit_tickets(dispatcher, desk.workspace, 100)
        await pass_time(dispatcher, desk.workspace, 1)
    await pass_time(dispatcher, desk.workspace, 86_400)
    late: list[float] = []
    await sweep_all(Sweep(engine, dispatcher, meters=Meters(late=late.append)), desk.workspace)
    fired = await steps(engine, desk.workspace)
    assert len(fired) == len({(step.type, step.ticket) for step in fired}) == 2000 == len(late)
    moments = [step.moment for step in fired]
    assert moments == sorted(moments)
    assert min(step.late for step in fired) > 86_000_000


def poison(monkeypatch: pytest.MonkeyPatch, ticket: bytes) -> None:
    """From now on every step of this ticket is a mistake in our code."""
    cause, handler = decide._HANDLERS[TimerDue]

    def broken(decider: Any, command: TimerDue) -> None:
        if command.ticket == ticket:
            raise ZeroDivisionError
        handler(decider, command)

    monkeypatch.setitem(decide._HANDLERS, TimerDue, (cause, broken))


async def test_poison_timer_is_parked_and_the_others_are_on_time(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=[promise(first=60)])
    outcomes = await submit_tickets(dispatcher, desk.workspace, 10)
    ill = outcomes[0].result.ticket
    assert ill is not None
    poison(monkeypatch, ill)
    await pass_time(dispatcher, desk.workspace, 61)
    counted: Counter[str] = Counter()
    meters = Meters(failed=lambda: counted.update(["failed"]), parked=lambda: counted.update(["parked"]))
    sweep = Sweep(engine, dispatcher, rest_seconds=0.01, meters=meters)
    await sweep_all(sweep, desk.workspace)
    assert len(await steps(engine, desk.workspace)) == 9
    while not counted["parked"]:
        await sweep_all(sweep, desk.workspace)
        await asyncio.sleep(0.01)
    assert counted == {"failed": 5, "parked": 1}
    assert await count(engine, desk.workspace, "timer.parked") == 1
    async with transaction(engine, desk.workspace, snapshot=True) as opened:
        row = await opened.connection.fetchrow("SELECT next_at FROM timers WHERE ticket_id = $1::uuid", ill.hex())
    assert row["next_at"] is None
    assert (await read_head(engine, desk.workspace)).next_due is None  # type: ignore[union-attr]


async def test_many_that_fail_hold_up_nobody_behind_them(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=[promise(first=60)])
    ill = {outcome.result.ticket for outcome in await submit_tickets(dispatcher, desk.workspace, AT_ONCE + 20)}
    await pass_time(dispatcher, desk.workspace, 1)
    await submit_tickets(dispatcher, desk.workspace, 5)
    await pass_time(dispatcher, desk.workspace, 61)

    class Failing:
        refresh_due = staticmethod(dispatcher.refresh_due)

        async def submit(self, workspace: WorkspaceId, command: Command, *, request_id: str, deadline: float) -> Any:
            if isinstance(command, TimerDue) and command.ticket in ill:
                raise ZeroDivisionError
            return await dispatcher.submit(workspace, command, request_id=request_id, deadline=deadline)

    await sweep_all(Sweep(engine, Failing(), rest_seconds=60), desk.workspace)
    assert len(await steps(engine, desk.workspace)) == 5


async def test_an_outage_counts_against_no_timer(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=[promise(first=60)])
    await submit_tickets(dispatcher, desk.workspace, 3)
    await pass_time(dispatcher, desk.workspace, 61)

    class Away:
        refresh_due = staticmethod(dispatcher.refresh_due)

        async def submit(self, *_: object, **__: object) -> Any:
            raise Unavailable("database_away", "Try again.")

    sweep = Sweep(engine, Away())
    for _ in range(7):
        assert not (await sweep.round(desk.workspace)).more
    async with transaction(engine, desk.workspace, snapshot=True) as opened:
        assert await opened.connection.fetchval("SELECT max(attempts) FROM timers") == 0
    await sweep_all(Sweep(engine, dispatcher), desk.workspace)
    assert len(await steps(engine, desk.workspace)) == 3


async def test_head_that_was_lowered_too_far_is_put_right(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 1, sla_policies=[promise(first=60)])
    outcome = (await submit_tickets(dispatcher, desk.workspace))[0]
    assert outcome.result.ticket is not None
    await dispatcher.submit(desk.workspace, RespondTicket(SYSTEM, TicketId(outcome.result.ticket)))
    await pass_time(dispatcher, desk.workspace, 61)
    sweep = Sweep(engine, dispatcher)
    assert not (await sweep.round(desk.workspace)).more
    assert await due_workspaces(engine) == []
    assert await steps(engine, desk.workspace) == []


async def test_offer_that_nobody_answers_lapses_once(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    policy = {"name": "policy", "id": f"{3:032x}", "strategy": "least_load", "order": "fifo", "handover": "offer"}
    desk = await make_desk(dispatcher, database, 2, routing_policies=[policy], sla_policies=[promise(first=3600)])
    await submit_tickets(dispatcher, desk.workspace)
    await pass_time(dispatcher, desk.workspace, 61)
    other = Dispatcher(engine)
    await asyncio.gather(*(sweep_all(Sweep(engine, one), desk.workspace) for one in (dispatcher, other)))
    await other.stop()
    assert await count(engine, desk.workspace, "offer.expired") == 1
    assert await count(engine, desk.workspace, "offer.created") == 2


async def test_offer_that_cannot_be_ended_is_tried_ever_more_rarely(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    policy = {"name": "policy", "id": f"{3:032x}", "strategy": "least_load", "order": "fifo", "handover": "offer"}
    desk = await make_desk(dispatcher, database, 1, routing_policies=[policy], sla_policies=[promise(first=60)])
    await submit_tickets(dispatcher, desk.workspace)
    await pass_time(dispatcher, desk.workspace, 61)
    tries = 0

    class Failing:
        refresh_due = staticmethod(dispatcher.refresh_due)

        async def submit(self, workspace: WorkspaceId, command: Command, *, request_id: str, deadline: float) -> Any:
            nonlocal tries
            if isinstance(command, OfferDue):
                tries += 1
                raise ZeroDivisionError
            return await dispatcher.submit(workspace, command, request_id=request_id, deadline=deadline)

    sweep = Sweep(engine, Failing(), rest_seconds=60)
    for _ in range(5):
        await sweep_all(sweep, desk.workspace)
    assert tries == 1
    assert len(await steps(engine, desk.workspace)) == 1


async def test_workspace_that_does_not_exist_is_no_error(engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    result = await Sweep(engine, dispatcher).round(WorkspaceId(bytes(16)))
    assert (result.more, result.in_ms) == (False, None)


async def test_a_snoozed_ticket_is_woken_once_at_its_moment(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 1, sla_policies=[promise(resolution=100_000)])
    outcome = (await submit_tickets(dispatcher, desk.workspace))[0]
    assert outcome.ticket is not None
    ticket = TicketId(outcome.ticket["id"].bytes)
    await dispatcher.submit(desk.workspace, SnoozeTicket(SYSTEM, ticket, milliseconds=60_000))
    sweep = Sweep(engine, dispatcher)
    result = await sweep.round(desk.workspace)
    assert result.in_ms is not None
    assert 50_000 < result.in_ms <= 60_000
    await pass_time(dispatcher, desk.workspace, 61)
    other = Dispatcher(engine)
    await asyncio.gather(*(sweep_all(Sweep(engine, one), desk.workspace) for one in (dispatcher, other)))
    await other.stop()
    assert await count(engine, desk.workspace, "ticket.resumed") == 1
    head = await read_head(engine, desk.workspace)
    assert head is not None
    assert head.next_due is not None
    assert head.next_due > head.now + 30_000_000  # the promise alone
