"""What breaks on the way of a batch: one guilty command, a lost COMMIT, callers who leave, a workspace that is held by another."""

import asyncio
import gc
import weakref
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine
from app.dispatch import inbox
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.moments import uuid_of
from app.dispatch.record.together import Together
from app.dispatch.transaction import Transaction, transaction
from app.engine.commands import ResolveTicket, TicketContent
from app.engine.ids import TicketId
from app.errors import Problem, Unavailable
from app.settings import Settings
from tests.databases import Database
from tests.dispatch.test_dispatcher import assert_rows_equal_state, new_ticket, rows
from tests.workspaces import SYSTEM, make_desk


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"], ids=["PostgreSQL refuses", "the driver refuses"])
async def test_a_command_that_breaks_the_batch_fails_alone(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, text: str
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    poison = new_ticket(content=TicketContent(text, "text"))
    commands = [new_ticket(), poison, new_ticket(), new_ticket()]
    outcomes = await asyncio.gather(*(dispatcher.submit(desk.workspace, c) for c in commands), return_exceptions=True)
    assert [isinstance(outcome, Problem) for outcome in outcomes] == [False, True, False, False]
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 3
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_a_command_that_breaks_deciding_fails_alone(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    guilty = new_ticket()
    from app.engine.decide import promises  # noqa: PLC0415  # the seam is this module's function

    real = promises.start

    def start(decider: Any, slot: int, ticket: TicketId, *rest: Any) -> None:
        if ticket == guilty.ticket:
            raise ZeroDivisionError
        real(decider, slot, ticket, *rest)

    monkeypatch.setattr(promises, "start", start)
    outcomes = await asyncio.gather(
        *(dispatcher.submit(desk.workspace, c) for c in (new_ticket(), guilty, new_ticket())), return_exceptions=True
    )
    assert [type(outcome).__name__ for outcome in outcomes] == ["Outcome", "Problem", "Outcome"]
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


@pytest.mark.parametrize("really", [True, False], ids=["it was committed", "it was not"])
async def test_a_lost_commit_is_looked_up_before_anything_is_repeated(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch, *, really: bool
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    real = Transaction.commit
    lost: list[Transaction] = []

    async def commit(self: Transaction, last: str = "") -> None:
        if lost:
            return await real(self, last)
        lost.append(self)
        if really:
            await real(self, last)
            self.over = False
        self.committing = True
        self.connection.terminate()
        raise asyncpg.ConnectionDoesNotExistError("cut")

    monkeypatch.setattr(Transaction, "commit", commit)
    outcomes = await asyncio.gather(*(dispatcher.submit(desk.workspace, new_ticket()) for _ in range(4)))
    assert len(lost) == 1
    assert len({outcome.ticket["number"] for outcome in outcomes if outcome.ticket}) == 4
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 4
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_a_connection_lost_before_commit_is_repeated(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    from app.dispatch import batch  # noqa: PLC0415  # the seam is this module's function
    from app.dispatch import record as recording  # noqa: PLC0415

    real = recording.record
    failed: list[Any] = []

    async def record(writing: Together, *rest: Any) -> Any:
        done = await real(writing, *rest)
        if not failed:
            failed.append(writing)
            await writing.finish()
            writing.connection.terminate()
            raise asyncpg.ConnectionDoesNotExistError("cut")
        return done

    monkeypatch.setattr(batch, "record", record)
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert failed
    assert outcome.ticket is not None
    assert outcome.ticket["number"] == 1
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_callers_who_leave_do_not_undo_what_was_taken(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    tasks = [asyncio.create_task(dispatcher.submit(desk.workspace, new_ticket())) for _ in range(50)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    answered = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert len(answered) == 25
    stored = len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets"))
    assert 25 <= stored <= 50
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_a_full_inbox_refuses_at_once(database: Database, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await make_desk(dispatcher, database, 1)
    monkeypatch.setattr(inbox, "LIMIT", 3)
    outcomes = await asyncio.gather(*(dispatcher.submit(desk.workspace, new_ticket()) for _ in range(10)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    assert refused
    assert all(problem.code == "overloaded" and "Retry-After" in problem.headers for problem in refused)


async def test_another_holder_of_the_head_means_503_and_others_go_on(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    held, free = await make_desk(dispatcher, database, 1), await make_desk(dispatcher, database, 1)
    async with transaction(engine, held.workspace) as opened:
        await opened.connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await opened.connection.execute(
            "UPDATE workspace_heads SET last_at = last_at WHERE workspace_id = $1", uuid_of(held.workspace)
        )
        blocked = asyncio.create_task(dispatcher.submit(held.workspace, new_ticket()))
        outcome = await dispatcher.submit(free.workspace, new_ticket())
        assert outcome.ticket is not None
        with pytest.raises(Unavailable):
            await blocked
    again = await dispatcher.submit(held.workspace, new_ticket())
    assert again.ticket is not None
    assert again.ticket["number"] == 1


async def test_a_command_past_its_deadline_is_dropped(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 1)
    with pytest.raises(Unavailable):
        await dispatcher.submit(desk.workspace, new_ticket(), deadline=0.0)
    assert await rows(engine, desk.workspace, "SELECT 1 FROM tickets") == []


async def test_database_gone_and_back(database: Database, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 1)
    superuser = make_engine(database.superuser_url, Settings())
    async with superuser.connect() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await superuser.dispose()
    outcome = await dispatcher.submit(desk.workspace, new_ticket())
    assert outcome.ticket is not None
    resolved = await dispatcher.submit(desk.workspace, ResolveTicket(SYSTEM, TicketId(outcome.ticket["id"].bytes)))
    assert resolved.ticket is not None
    assert resolved.ticket["status"] == "resolved"


async def test_evicted_workspaces_are_loaded_again(database: Database, engine: AsyncEngine) -> None:
    small = Dispatcher(engine, kept_workspaces=1)
    desks = [await make_desk(small, database, 2) for _ in range(3)]
    states = []
    for _ in range(2):
        for desk in desks:
            await small.submit(desk.workspace, new_ticket())
            states.append(weakref.ref(small._workspaces[desk.workspace].state))
    assert len(small.loaded()) <= 2
    assert sum(state() is not None for state in states) <= 2, "what is let go is freed, without a collector that finds it frozen"
    for desk in desks:
        assert [row["number"] for row in await rows(engine, desk.workspace, "SELECT number FROM tickets ORDER BY number")] == [
            1,
            2,
        ]
    await small.stop()
    with pytest.raises(Unavailable):
        await small.submit(desks[0].workspace, new_ticket())


class Ring:
    """Garbage that counting alone does not free."""

    def __init__(self) -> None:
        self.itself = self


async def test_loading_a_state_does_not_keep_garbage_for_ever(database: Database, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 2)
    dispatcher._workspaces.clear()
    gc.collect()
    gc.disable()
    try:
        ring = weakref.ref(Ring())
        assert ring() is not None, "only the collector frees it"
        await dispatcher.submit(desk.workspace, new_ticket())
    finally:
        gc.enable()
    gc.collect()
    assert ring() is None, "frozen with the state, it would stay as long as the process lives"
