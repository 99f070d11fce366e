"""Where tickets have waited for long, the worker proves that nobody could take them, and does not prove it twice."""

from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.dispatcher import Dispatcher
from app.engine.commands import SetPresence
from app.engine.vocabulary import Presence
from app.worker_drains import Drains
from tests.databases import Database
from tests.worker.desks import pass_time, promise, submit_tickets
from tests.workspaces import SYSTEM, make_desk, make_workspace


async def test_only_workspaces_where_somebody_waits_for_long_are_drained(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    await make_workspace(database)
    served = await make_desk(dispatcher, database, 1, capacity=5)
    waiting = await make_desk(dispatcher, database, 1, capacity=1)
    for desk in (served, waiting):
        await submit_tickets(dispatcher, desk.workspace, 3)
    drains = Drains(engine, dispatcher)
    assert await drains.round() == 0
    await pass_time(dispatcher, waiting.workspace, 31)
    assert await drains.round() == 1
    assert await drains.round() == 0
    await dispatcher.submit(waiting.workspace, SetPresence(SYSTEM, waiting.agents[0], Presence.AWAY))
    assert await drains.round() == 1


async def test_young_waiters_are_looked_at_again(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 0, sla_policies=[promise()])
    await submit_tickets(dispatcher, desk.workspace)
    drains = Drains(engine, dispatcher, seconds=30)
    assert await drains.round() == 0
    drains._seconds = 0
    assert await drains.round() == 1
