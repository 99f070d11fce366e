"""More than can be done: refused soon with a time to come back, without harm to others, and over when it is over (RES-17, F-14, F-25)."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import set_workspace
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.inbox import LIMIT
from app.engine.commands import SubmitTicket, TicketContent
from app.engine.ids import TicketId, WorkspaceId
from app.engine.vocabulary import Channel, Kind, Priority
from app.errors import Unavailable
from app.identifiers import mint
from app.services.workspaces import Workspace
from tests.databases import Database
from tests.limits.serving import Served, closed, head, served, until
from tests.workspaces import SYSTEM, make_desk


@asynccontextmanager
async def locked(database: Database, *workspaces: WorkspaceId) -> AsyncIterator[None]:
    """Somebody else holds the heads of these workspaces."""
    connection = await asyncpg.connect(database.superuser_url.replace("+asyncpg", ""))
    try:
        await connection.execute("BEGIN")
        for workspace in workspaces:
            await connection.execute("SELECT 1 FROM workspace_heads WHERE workspace_id = $1 FOR UPDATE", UUID(bytes=workspace))
        yield
        await connection.execute("ROLLBACK")
    finally:
        await connection.close()


@asynccontextmanager
async def slow_reads(api: Served, workspace: Workspace) -> AsyncIterator[None]:
    """Each read of that workspace holds its connection until the end of the block."""
    over = asyncio.Event()
    enter = AsyncConnection.exec_driver_sql

    async def slow(self: AsyncConnection, statement: str, *arguments: object, **more: object) -> object:
        done = await enter(self, statement, *arguments, **more)  # type: ignore[arg-type]
        if statement == set_workspace(workspace.id) and self.sync_connection is not None:
            if not self.sync_connection.get_execution_options().get("postgresql_readonly"):
                return done  # a look for a key
            await self.execute(text("SELECT pg_sleep(0.05)"))
            await over.wait()
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AsyncConnection, "exec_driver_sql", slow)
        try:
            yield
        finally:
            over.set()


async def test_two_hundred_slow_reads(api: Served) -> None:
    """RES-17: the others of that workspace are told so within two seconds, other workspaces are served, and it passes."""
    key = await api.configured()
    async with api.client(key) as client:
        assert (await client.get("/v1/tickets")).status_code == 200
        async with api.probed(), slow_reads(api, api.desk):
            reads = [asyncio.create_task(client.get("/v1/tickets")) for _ in range(200)]
            await until(lambda: sum(task.done() for task in reads) >= 190)
            refused = [task.result() for task in reads if task.done()]
            assert Counter(answer.status_code for answer in refused) == {503: len(refused)}
            assert {answer.json()["code"] for answer in refused} <= {"overloaded", "database_unavailable"}
            assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
            assert api.checked_out() < 10
        answers = await asyncio.gather(*reads)
        assert {answer.status_code for answer in answers} <= {200, 503}
        await until(lambda: api.services.reads.taken == api.services.reads.waiting == 0)
        assert (await client.get("/v1/tickets")).status_code == 200
        assert (await client.post("/v1/tickets", json={})).status_code == 201


async def test_no_connection_is_free(database: Database) -> None:
    """Reads, writes and keys that are not known yet: 503 with Retry-After, and all is well afterwards."""
    async with served(database, pool_size=4) as api:
        key, stranger = await api.configured(), await api.key()
        async with api.client(key) as client:
            assert (await client.post("/v1/tickets", json={})).status_code == 201
            held = [await api.engine.connect() for _ in range(4)]
            asked = [client.get("/v1/tickets"), client.post("/v1/tickets", json={})]
            asked.append(client.get("/v1/tickets", headers={"Authorization": f"Bearer {stranger}"}))
            answers = await asyncio.gather(*asked)
            assert [answer.status_code for answer in answers] == [503] * 3
            assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
            for connection in held:
                await connection.close()
            assert (await client.get("/v1/tickets/count")).json()["count"] == 1
            assert (await client.post("/v1/tickets", json={})).status_code == 201


async def test_what_was_asked_by_those_who_have_left_is_dropped(api: Served, database: Database) -> None:
    """F-25: a workspace stands still, its callers give up; what they asked is not worked off afterwards."""
    key = await api.configured()
    async with api.client(key) as client:
        assert (await client.post("/v1/tickets", json={"external_id": "first"})).status_code == 201
        async with locked(database, api.desk.id):
            writer = asyncio.create_task(client.post("/v1/tickets", json={"external_id": "waits"}))
            inbox = api.services.dispatcher._workspaces[api.desk.id].inbox
            held = api.services.dispatcher._workspaces[api.desk.id]
            await until(lambda: held.task is not None and not held.task.done() and not len(inbox))
            opened = []
            for number in range(200):
                reader, leaver = await asyncio.open_connection("127.0.0.1", api.port)
                body = b'{"external_id": "left-%d"}' % number
                length = str(len(body))
                leaver.write(head("POST", "/v1/tickets", key, Content_Type="application/json", Content_Length=length) + body)
                opened.append((reader, leaver))
            stays = asyncio.create_task(client.post("/v1/tickets", json={"external_id": "stays"}))
            await until(lambda: len(inbox) == 201)
            await asyncio.gather(*(closed(leaver) for _, leaver in opened))
            await until(lambda: not any(e.caller is not None and not e.caller.disconnected for e in list(inbox._waiting)[:-1]))
        answers = await asyncio.gather(writer, stays)
        assert answers[1].status_code == 201
        assert answers[0].status_code in (201, 503)  # its lock may have taken too long
        found = (await client.get("/v1/tickets", params={"limit": 200})).json()["data"]
        assert not [ticket for ticket in found if ticket["external_id"].startswith("left")]
        await until(lambda: not any(account.open for account in api.services.limiter.accounts))


def a_ticket(external_id: str) -> SubmitTicket:
    return SubmitTicket(
        actor=SYSTEM,
        ticket=TicketId(mint()),
        kind=Kind.TICKET,
        channel=Channel.API,
        priority=Priority.MEDIUM,
        content=TicketContent("", "", (), {}),
        configuration=1,
        patterns=frozenset(),
        external_id=external_id,
    )


async def test_a_full_inbox_refuses_at_once_and_does_not_grow(dispatcher: Dispatcher, database: Database) -> None:
    desk = await make_desk(dispatcher, database, 1)
    async with locked(database, desk.workspace):
        waiting = [asyncio.create_task(dispatcher.submit(desk.workspace, a_ticket(f"t{n}"))) for n in range(LIMIT + 800)]
        await until(lambda: sum(task.done() for task in waiting) >= 300)
        refused = [task.exception() for task in waiting if task.done()]
        assert all(isinstance(error, Unavailable) and error.headers["Retry-After"] for error in refused)
        assert len(dispatcher._workspaces[desk.workspace].inbox) <= LIMIT
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in done) >= LIMIT - 500


async def test_a_full_inbox_delays_another_workspace_by_one_batch_of_each(database: Database) -> None:
    """Counted: of the batches that begin after a calm workspace asks, at most one of each busy one comes before its own."""
    async with contextlib.AsyncExitStack() as stack:
        api = await stack.enter_async_context(served(database, pool_size=2))  # one may wait for a lock at a time
        dispatcher = api.services.dispatcher
        busy = [await make_desk(dispatcher, database, 1) for _ in range(2)]
        calm = await make_desk(dispatcher, database, 1)
        begun: list[bytes] = []
        lock = dispatcher._context._lock

        async def noted(_self: Any, held: Any, opened: Any, attempt: Any) -> None:
            begun.append(held.id)
            await lock(held, opened, attempt)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(dispatcher._context), "_lock", noted)
            over, numbers = asyncio.Event(), iter(range(1_000_000))

            async def hammer(workspace: WorkspaceId) -> None:
                while not over.is_set():
                    await dispatcher.submit(workspace, a_ticket(f"t{next(numbers)}"))

            flood = [asyncio.create_task(hammer(desk.workspace)) for desk in busy for _ in range(300)]
            await until(lambda: len(begun) >= 4)
            for number in range(5):
                before = len(begun)
                await dispatcher.submit(calm.workspace, a_ticket(f"calm-{number}"))
                between = begun[before : begun.index(calm.workspace, before)]
                assert max(Counter(between).values(), default=0) <= 1
            assert min(Counter(begun)[desk.workspace] for desk in busy) >= 2
            over.set()
            await asyncio.gather(*flood)


async def test_locked_workspaces_hold_at_most_half_the_pool(api: Served, database: Database) -> None:
    """F-14: five workspaces stand still; a sixth reads on, and the five are told so."""
    key = await api.configured()
    async with api.client(key) as client:
        desks = [await make_desk(api.services.dispatcher, database, 1) for _ in range(7)]
        async with locked(database, *(desk.workspace for desk in desks)):
            stuck = [asyncio.create_task(api.services.dispatcher.submit(desk.workspace, a_ticket("t"))) for desk in desks]
            most = 0

            def half() -> bool:
                nonlocal most
                most = max(most, api.checked_out())
                return most >= 5

            await until(half)
            async with api.probed():
                assert (await client.get("/v1/tickets")).status_code == 200
            assert most <= 8
            outcomes = await asyncio.gather(*stuck, return_exceptions=True)
        assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
        assert (await client.post("/v1/tickets", json={})).status_code == 201


async def test_the_pool_is_watched_not_only_believed(api: Served) -> None:
    """A thousand reads of two workspaces at once: never more connections than reads may have, one for keys, and the writers'."""
    key = await api.configured()
    most = 0

    def taken(*_about: object) -> None:
        nonlocal most
        most = max(most, api.checked_out())

    event.listen(api.engine.sync_engine, "checkout", taken)
    async with api.probed(), api.client(key) as client:
        answers: list[httpx.Response] = []
        for _ in range(10):
            answers += await asyncio.gather(*(client.get("/v1/tickets/count") for _ in range(30)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert sum(answer.status_code == 200 for answer in answers) > 100
    assert most <= 7
