"""A command that takes long lets others of the process work in between, and nobody sees half of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.outcome import Outcome
from app.engine.commands import ApplyConfiguration
from app.engine.decide.configuration import TURN
from app.engine.evolve import evolve
from app.engine.refusals import QueueInUse
from tests.databases import Database
from tests.dispatch.test_bulk import tables
from tests.dispatch.test_dispatcher import assert_rows_equal_state, new_ticket
from tests.workspaces import SYSTEM, agents, document, make_desk

MANY = agents(20 * TURN)


@pytest.fixture
async def evolved(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Counter[int]]:
    """Events applied between two turns of the event loop."""
    turns, counts = 0, Counter[int]()

    def counted(*arguments: Any, **options: Any) -> None:
        counts[turns] += 1
        evolve(*arguments, **options)

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr("app.engine.decide.decider.evolve", counted)
    ticking = asyncio.create_task(turn())
    yield counts
    ticking.cancel()
    await asyncio.wait([ticking])


@pytest.mark.parametrize("imagined", [False, True])
async def test_the_event_loop_turns_while_thousands_of_agents_are_put_in_force(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, evolved: Counter[int], *, imagined: bool
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    command, before = ApplyConfiguration(SYSTEM, 1, document(), MANY), await tables(engine, desk)
    evolved.clear()
    await (dispatcher.dry_run if imagined else dispatcher.submit)(desk.workspace, command)
    assert max(evolved.values()) <= TURN + 1
    assert sum(evolved.values()) == len(MANY) - 3 + 1
    if imagined:
        assert await tables(engine, desk) == before
    evolved.clear()
    await dispatcher.submit(
        desk.workspace, ApplyConfiguration(SYSTEM, 1 if imagined else 2, document(), (), tuple(one.agent for one in MANY))
    )
    assert max(evolved.values()) <= TURN + 1
    assert isinstance(await dispatcher.submit(desk.workspace, new_ticket()), Outcome)
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_one_that_is_refused_or_cut_off_in_the_middle_leaves_no_trace(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, evolved: Counter[int]
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    await dispatcher.submit(desk.workspace, new_ticket())
    before = await tables(engine, desk)
    with pytest.raises(QueueInUse):
        await dispatcher.submit(desk.workspace, ApplyConfiguration(SYSTEM, 1, document(queues=[]), MANY))
    evolved.clear()
    doing = asyncio.create_task(dispatcher.submit(desk.workspace, ApplyConfiguration(SYSTEM, 1, document(), MANY)))
    while len(evolved) < 3:  # noqa: ASYNC110  # what is waited for tells nobody
        await asyncio.sleep(0)
    (at_work,) = (task for task in asyncio.all_tasks() if task.get_name().startswith("dispatch "))
    at_work.cancel()
    await asyncio.wait([doing])
    assert await tables(engine, desk) == before
    await dispatcher.submit(desk.workspace, new_ticket())
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)
