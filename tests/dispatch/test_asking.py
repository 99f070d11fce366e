"""Questions through the dispatcher: between two commands, without a trace; and what a trial reads goes by indexes."""

import asyncio
import json
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import workspace_transaction
from app.dispatch.dispatcher import Dispatcher
from app.engine.asking import Page, Question, WhatNext, WhoCould, WhoCouldTake
from app.engine.canonical import canonical
from app.engine.ids import TicketId
from app.queries import trials
from tests.databases import Database
from tests.dispatch.test_dispatcher import assert_rows_equal_state, new_ticket, rows
from tests.worker.test_prunes import read_whole
from tests.workspaces import make_desk


async def test_questions_among_commands_change_nothing(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 6, capacity=2)
    made = await dispatcher.submit(desk.workspace, new_ticket())
    assert made.ticket is not None
    ticket, page = TicketId(made.ticket["id"].bytes), Page(50)
    questions: list[Question] = [WhoCould(ticket, page), WhatNext(ticket), WhoCouldTake(new_ticket(), page)]
    await asyncio.gather(
        *(dispatcher.submit(desk.workspace, new_ticket()) for _ in range(20)),
        *(dispatcher.ask(desk.workspace, question) for question in questions for _ in range(5)),
    )
    state = dispatcher._workspaces[desk.workspace].state
    assert state is not None
    before, seq = canonical(state), state.seq
    answers = [await dispatcher.ask(desk.workspace, question) for question in questions]
    assert [answer.seq for answer in answers] == [seq] * 3
    assert canonical(state) == before
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)
    counted = await rows(engine, desk.workspace, "SELECT count(*) FROM events WHERE type = 'ticket.created'")
    assert counted[0]["count"] == 21


async def test_a_trial_reads_no_table_from_end_to_end(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 2)
    await asyncio.gather(*(dispatcher.submit(desk.workspace, new_ticket()) for _ in range(1500)))
    async with workspace_transaction(engine, UUID(bytes=desk.workspace)) as connection:
        for table in ("tickets", "ticket_texts", "customers", "events"):
            await connection.execute(text(f"ANALYZE {table}"))
    async with workspace_transaction(engine, UUID(bytes=desk.workspace), read_only=True) as connection:
        workspace = UUID(bytes=desk.workspace)
        ids = await trials.last(connection, workspace, 20)
        assert len(await trials.as_they_came(connection, workspace, ids)) == 20
        asked: list[tuple[str, dict[str, Any]]] = [
            (trials.LAST, {"workspace": workspace, "last": 20}),
            (trials.AS_THEY_CAME, {"workspace": workspace, "ids": ids}),
        ]
        for statement, values in asked:
            told = await connection.scalar(text(f"EXPLAIN (FORMAT JSON) {statement}"), values)
            plans = json.loads(told) if isinstance(told, str) else told
            assert set(read_whole(plans[0]["Plan"])) <= {"customers"}  # there are none
