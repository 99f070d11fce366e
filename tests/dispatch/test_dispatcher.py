"""The writer on real PostgreSQL: what it answers is committed, whole, once, and the rows say what the state says."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.load import load
from app.dispatch.moments import uuid_of
from app.dispatch.outcome import IdempotencyKey, Outcome, Rendered
from app.dispatch.transaction import transaction
from app.engine.canonical import canonical
from app.engine.commands import (
    AdvanceClock,
    AssignTicket,
    CloseTicket,
    CustomerDraft,
    ReopenTicket,
    ResolveTicket,
    RespondTicket,
    SubmitTicket,
    TicketContent,
)
from app.engine.ids import CustomerId, TicketId, WorkspaceId
from app.engine.refusals import AgentAtCapacity, TicketNotFound
from app.engine.vocabulary import Channel, Kind, Priority
from app.errors import Invalid
from app.queries import heads
from tests.databases import Database
from tests.workspaces import SYSTEM, make_desk


def new_ticket(**changes: Any) -> SubmitTicket:
    content = TicketContent("Tagihan saya", "Tagihan bulan ini tidak sesuai")
    values = {"kind": Kind.TICKET, "channel": Channel.WHATSAPP, "priority": Priority.MEDIUM, "content": content, **changes}
    return SubmitTicket(SYSTEM, TicketId(uuid4().bytes), configuration=1, **values)


async def rows(engine: AsyncEngine, workspace: WorkspaceId, query: str) -> list[Any]:
    async with transaction(engine, workspace, snapshot=True) as opened:
        return list(await opened.connection.fetch(query))


async def assert_rows_equal_state(engine: AsyncEngine, dispatcher: Dispatcher, workspace: WorkspaceId) -> None:
    async with transaction(engine, workspace, snapshot=True) as opened:
        rebuilt = await load(opened.connection, workspace)
    live = dispatcher._workspaces[workspace].state
    assert live is not None
    assert canonical(rebuilt) == canonical(live)


async def test_five_hundred_tickets_fill_fifty_places_exactly(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 10, capacity=5)
    outcomes = await asyncio.gather(*(dispatcher.submit(desk.workspace, new_ticket()) for _ in range(500)))
    statuses = Counter(outcome.ticket["status"] for outcome in outcomes if outcome.ticket)
    assert statuses == {"assigned": 50, "waiting": 450}
    stored = await rows(engine, desk.workspace, "SELECT status, count(*) FROM tickets GROUP BY status")
    assert {row["status"]: row["count"] for row in stored} == {"assigned": 50, "waiting": 450}
    loads = await rows(engine, desk.workspace, "SELECT load FROM agents")
    assert [row["load"] for row in loads] == [5] * 10
    numbers = await rows(
        engine, desk.workspace, "SELECT count(*), min(seq), max(seq), count(DISTINCT seq) AS distinct FROM events"
    )
    assert numbers[0]["count"] == numbers[0]["max"] == numbers[0]["distinct"]
    waiting = [
        outcome.decisions[0].body["rejected"] for outcome in outcomes if outcome.ticket and outcome.ticket["status"] == "waiting"
    ]
    assert all(reasons == [{"reason": "capacity", "agents": 10}] for reasons in waiting)
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_life_of_a_ticket_leaves_rows_and_state_equal(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 2)
    customer = CustomerDraft(CustomerId(uuid4().bytes), "crm-1", "Ani", tier="vip")
    first = await dispatcher.submit(desk.workspace, new_ticket(customer=customer, external_id="wa-1"))
    again = await dispatcher.submit(desk.workspace, new_ticket(external_id="wa-1"))
    assert again.result.existing
    assert again.ticket is not None
    assert first.ticket is not None
    assert again.ticket["id"] == first.ticket["id"]
    ticket = TicketId(first.ticket["id"].bytes)
    for command in (RespondTicket(SYSTEM, ticket), ResolveTicket(SYSTEM, ticket), ReopenTicket(SYSTEM, ticket)):
        await dispatcher.submit(desk.workspace, command)
        await assert_rows_equal_state(engine, dispatcher, desk.workspace)
    await dispatcher.submit(desk.workspace, ResolveTicket(SYSTEM, ticket))
    closed = await dispatcher.submit(desk.workspace, CloseTicket(SYSTEM, ticket))
    assert closed.ticket is not None
    assert (closed.ticket["status"], closed.ticket["reopened"]) == ("closed", 1)
    assert closed.ticket["agent_id"] is not None
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_another_process_catches_up(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 3)
    other = Dispatcher(engine)
    for _ in range(5):
        await dispatcher.submit(desk.workspace, new_ticket())
        await other.submit(desk.workspace, new_ticket())
    await assert_rows_equal_state(engine, other, desk.workspace)
    await dispatcher.submit(desk.workspace, AdvanceClock(SYSTEM, 1000))
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)
    loads = await rows(engine, desk.workspace, "SELECT load FROM agents ORDER BY number")
    assert sorted(row["load"] for row in loads) == [3, 3, 4]
    await other.stop()


async def test_refusal_changes_nothing(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 1, capacity=1)
    await dispatcher.submit(desk.workspace, new_ticket())
    waiting = await dispatcher.submit(desk.workspace, new_ticket())
    assert waiting.ticket is not None
    before = await rows(engine, desk.workspace, "SELECT * FROM tickets ORDER BY id")
    heads = await rows(engine, desk.workspace, "SELECT last_seq FROM workspace_heads")
    with pytest.raises(AgentAtCapacity):
        await dispatcher.submit(desk.workspace, AssignTicket(SYSTEM, TicketId(waiting.ticket["id"].bytes), agent=desk.agents[0]))
    with pytest.raises(TicketNotFound):
        await dispatcher.submit(desk.workspace, ResolveTicket(SYSTEM, TicketId(uuid4().bytes)))
    assert await rows(engine, desk.workspace, "SELECT * FROM tickets ORDER BY id") == before
    assert await rows(engine, desk.workspace, "SELECT last_seq FROM workspace_heads") == heads
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_dry_run_tells_and_changes_nothing(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 2)
    before = await rows(engine, desk.workspace, "SELECT last_seq, last_number FROM workspace_heads")
    imagined = await dispatcher.dry_run(desk.workspace, new_ticket())
    assert imagined.ticket is not None
    assert (imagined.ticket["status"], imagined.ticket["id"], imagined.ticket["number"]) == ("assigned", None, None)
    assert await rows(engine, desk.workspace, "SELECT last_seq, last_number FROM workspace_heads") == before
    assert await rows(engine, desk.workspace, "SELECT 1 FROM tickets") == []
    real = await dispatcher.submit(desk.workspace, new_ticket())
    assert real.ticket is not None
    assert real.ticket["agent_id"] == imagined.ticket["agent_id"]
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_one_key_one_ticket(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 2)
    key = IdempotencyKey("k-1", b"f" * 32)

    def render(outcome: Outcome) -> Rendered:
        assert outcome.ticket is not None
        return Rendered(201, str(outcome.ticket["id"]).encode(), {"Location": "here"})

    sent = [dispatcher.submit(desk.workspace, new_ticket(), idempotency=key, render=render) for _ in range(20)]
    outcomes = await asyncio.gather(*sent)
    bodies = {outcome.rendered.body for outcome in outcomes if outcome.rendered}
    assert len(bodies) == 1
    assert [outcome.replayed for outcome in outcomes].count(False) == 1
    later = await dispatcher.submit(desk.workspace, new_ticket(), idempotency=key, render=render)
    assert later.replayed
    assert later.rendered is not None
    assert (later.rendered.status, later.rendered.body, later.rendered.headers) == (201, bodies.pop(), {"Location": "here"})
    with pytest.raises(Invalid):
        await dispatcher.submit(desk.workspace, new_ticket(), idempotency=IdempotencyKey("k-1", b"g" * 32), render=render)
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 1


async def test_those_who_come_while_the_lock_is_held_elsewhere_are_one_batch(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    async with transaction(engine, desk.workspace) as elsewhere:
        await elsewhere.connection.fetchrow(heads.LOCK, uuid_of(desk.workspace))
        first = asyncio.create_task(dispatcher.submit(desk.workspace, new_ticket()))
        await asyncio.sleep(0.1)  # it waits for the lock by now
        others = [asyncio.create_task(dispatcher.submit(desk.workspace, new_ticket())) for _ in range(7)]
        await asyncio.sleep(0.1)
    await asyncio.gather(first, *others)
    found = await rows(engine, desk.workspace, "SELECT DISTINCT batch_id FROM events WHERE type = 'ticket.created'")
    assert len(found) == 1
