"""Many commands as one: in one transaction, never torn apart, done once whoever asks, wherever, however often."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import make_engine
from app.dispatch import batch, inbox
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.outcome import Bulk, IdempotencyKey, ItemRefused, Outcome, Rendered
from app.dispatch.transaction import Transaction
from app.engine.commands import Changes, CloseTicket, CustomerDraft, ResolveTicket, SubmitTicket, UpdateTicket
from app.engine.decide import decide
from app.engine.ids import CustomerId, TicketId
from app.engine.refusals import TicketNotFound, WrongState
from app.errors import Unavailable
from app.settings import Settings
from tests.databases import Database
from tests.dispatch.test_dispatcher import assert_rows_equal_state, new_ticket, rows
from tests.workspaces import SYSTEM, Desk, make_desk

KEY = IdempotencyKey("k", b"f" * 32)


@pytest.fixture
async def elsewhere(database: Database) -> AsyncIterator[Dispatcher]:
    """Another process's dispatcher, with connections of its own."""
    engine = make_engine(database.app_url, Settings())
    dispatcher = Dispatcher(engine)
    yield dispatcher
    await dispatcher.stop()
    await engine.dispose()


def render(outcome: Outcome) -> Rendered:
    """Whose tickets it was about."""
    about = [one.ticket["number"] for one in outcome.items or [outcome] if isinstance(one, Outcome) and one.ticket]
    return Rendered(200, repr(about).encode())


async def tables(engine: AsyncEngine, desk: Desk) -> list[Any]:
    names = ("tickets", "ticket_texts", "events", "decisions", "assignments", "offers", "timers", "turns", "agents", "customers",
             "idempotency_keys", "workspace_heads")  # fmt: skip
    return [await rows(engine, desk.workspace, f"SELECT t::text FROM {name} t ORDER BY 1") for name in names]


async def test_items_see_what_came_before_them_and_rows_equal_the_state(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 2, capacity=1)
    first, second = new_ticket(), new_ticket(external_id="x")
    changes = Changes(frozenset({"subject", "language", "attributes"}), subject="Baru", language="id", attributes={"a": 1})
    bulk = Bulk((
        first, second, new_ticket(external_id="x"), ResolveTicket(SYSTEM, first.ticket), CloseTicket(SYSTEM, first.ticket),
        UpdateTicket(SYSTEM, second.ticket, None, changes), CloseTicket(SYSTEM, second.ticket), CloseTicket(SYSTEM, TicketId(bytes(16))),
        new_ticket(),
    ))  # fmt: skip
    outcome = await dispatcher.submit(desk.workspace, bulk)
    done = [one.ticket["status"] if isinstance(one, Outcome) and one.ticket else type(one) for one in outcome.items]
    assert done == [
        "closed", "assigned", "assigned", "closed", "closed", "assigned", WrongState, TicketNotFound, "assigned",
    ]  # fmt: skip
    (changed,) = await rows(
        engine, desk.workspace,
        "SELECT t.language, t.attributes, x.subject FROM tickets t JOIN ticket_texts x ON x.ticket_id = t.id WHERE external_id = 'x'",
    )  # fmt: skip
    assert tuple(changed) == ("id", {"a": 1}, "Baru")
    (batches,) = await rows(
        engine, desk.workspace, "SELECT count(DISTINCT batch_id) AS of FROM events WHERE type LIKE 'ticket.%'"
    )
    assert batches["of"] == 1
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_an_atomic_one_that_is_refused_leaves_no_trace(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 1, capacity=1)
    known = new_ticket(external_id="known")
    await dispatcher.submit(desk.workspace, known)
    before = await tables(engine, desk)
    customer = CustomerDraft(CustomerId(b"c" * 16), "c", tier="vip")
    poison = Bulk(
        (new_ticket(customer=customer), ResolveTicket(SYSTEM, known.ticket), CloseTicket(SYSTEM, TicketId(bytes(16)))),
        atomic=True,
    )
    with pytest.raises(ItemRefused) as told:
        await dispatcher.submit(desk.workspace, poison, idempotency=KEY, render=render)
    assert (told.value.index, type(told.value.cause)) == (2, TicketNotFound)
    assert await tables(engine, desk) == before
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)
    others = (new_ticket(), poison, new_ticket(customer=customer))
    outcomes = await asyncio.gather(*(dispatcher.submit(desk.workspace, one) for one in others), return_exceptions=True)
    assert [type(one).__name__ for one in outcomes] == ["Outcome", "ItemRefused", "Outcome"]
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_a_dry_run_leaves_no_trace(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 1, capacity=1)
    before = await tables(engine, desk)
    items = (new_ticket(external_id="a"), new_ticket(external_id="a"), new_ticket())
    outcome = await dispatcher.dry_run(desk.workspace, Bulk(items))
    statuses = [one.ticket["status"] if isinstance(one, Outcome) and one.ticket else one for one in outcome.items]
    assert statuses == ["assigned", "assigned", "waiting"]
    assert await tables(engine, desk) == before
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_many_in_one_are_as_many_single_ones(database: Database, engine: AsyncEngine, dispatcher: Dispatcher) -> None:
    one, other = await make_desk(dispatcher, database, 7, capacity=3), await make_desk(dispatcher, database, 7, capacity=3)
    drafts = [{"subject": n} for n in range(40)]
    for _ in drafts:
        await dispatcher.submit(one.workspace, new_ticket())
    await dispatcher.submit(other.workspace, Bulk(tuple(new_ticket() for _ in drafts)))
    found = [
        [
            tuple(row)
            for row in await rows(
                engine, desk.workspace, "SELECT number, status, agent_id, version, cost FROM tickets ORDER BY 1"
            )
        ]
        for desk in (one, other)
    ]
    assert found[0] == found[1]
    types = [
        [row["type"] for row in await rows(engine, desk.workspace, "SELECT type FROM events ORDER BY seq")]
        for desk in (one, other)
    ]
    assert types[0] == types[1]


async def test_a_batch_ends_at_a_thousand_items_and_tears_no_bulk_apart(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 1)
    sizes = (600, 300, 200, 1000, 1)
    await asyncio.gather(*(dispatcher.submit(desk.workspace, Bulk(tuple(new_ticket() for _ in range(size)))) for size in sizes))
    batches = await rows(
        engine, desk.workspace,
        "SELECT count(*) AS made FROM events WHERE type = 'ticket.created' GROUP BY batch_id ORDER BY min(seq)",
    )  # fmt: skip
    made = [row["made"] for row in batches]
    assert sum(made) == sum(sizes)
    assert max(made) <= 1000
    ends = {sum(made[: n + 1]) for n in range(len(made))}
    assert ends <= {sum(sizes[: n + 1]) for n in range(len(sizes))}


async def test_an_inbox_full_of_items_refuses_at_once(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 1)
    monkeypatch.setattr(inbox, "LIMIT_ITEMS", 25)
    sent = [dispatcher.submit(desk.workspace, Bulk(tuple(new_ticket() for _ in range(10)))) for _ in range(5)]
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    refused = [one for one in outcomes if isinstance(one, Unavailable)]
    assert len(refused) == 3
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 20
    await dispatcher.submit(
        desk.workspace, Bulk(tuple(new_ticket() for _ in range(100)))
    )  # a large one is taken when nobody waits


async def test_one_key_sent_a_hundred_times_over_two_processes_while_callers_leave(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, elsewhere: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 2)
    tasks = [
        asyncio.create_task((dispatcher, elsewhere)[n % 2].submit(desk.workspace, new_ticket(), idempotency=KEY, render=render))
        for n in range(100)
    ]
    await asyncio.sleep(0)
    for task in tasks[::7]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    answers = {one.rendered.body for one in outcomes if isinstance(one, Outcome) and one.rendered}
    assert answers == {b"[1]"}
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 1
    after_restart = Dispatcher(engine)
    again = await after_restart.submit(desk.workspace, new_ticket(), idempotency=KEY, render=render)
    assert again.replayed
    assert again.rendered == Rendered(200, b"[1]")
    await after_restart.stop()


@pytest.mark.parametrize("really", [True, False], ids=["it was committed", "it was not"])
async def test_a_bulk_whose_commit_was_lost_is_done_once(
    database: Database,
    engine: AsyncEngine,
    dispatcher: Dispatcher,
    elsewhere: Dispatcher,
    monkeypatch: pytest.MonkeyPatch,
    *,
    really: bool,
) -> None:
    desk = await make_desk(dispatcher, database, 2)
    real, lost = Transaction.commit, list[Transaction]()

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
    bulk = Bulk(tuple(new_ticket(external_id=f"x-{n}") for n in range(50)))
    sent = [each.submit(desk.workspace, bulk, idempotency=KEY, render=render) for each in (dispatcher, elsewhere, dispatcher)]
    answers = {one.rendered.body for one in await asyncio.gather(*sent) if one.rendered}
    assert answers == {repr(list(range(1, 51))).encode()}
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 50
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)


async def test_one_external_id_in_two_processes_is_one_ticket(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, elsewhere: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 2)

    def wish(n: int) -> SubmitTicket | Bulk:
        one = new_ticket(external_id="wa-1")
        return one if n % 3 else Bulk((one, new_ticket(external_id="wa-1")))

    sent = [(dispatcher, elsewhere)[n % 2].submit(desk.workspace, wish(n)) for n in range(40)]
    outcomes = await asyncio.gather(*sent)
    leaves = [leaf for one in outcomes for leaf in (one.items or [one]) if isinstance(leaf, Outcome)]
    assert len({leaf.ticket["id"] for leaf in leaves if leaf.ticket}) == 1
    assert [leaf.result.existing for leaf in leaves].count(False) == 1
    assert len(await rows(engine, desk.workspace, "SELECT 1 FROM tickets")) == 1


async def test_a_refused_try_leaves_its_key_to_the_next_in_the_same_batch(database: Database, dispatcher: Dispatcher) -> None:
    desk = await make_desk(dispatcher, database, 1)
    known = new_ticket()
    await dispatcher.submit(desk.workspace, known)
    close = CloseTicket(SYSTEM, known.ticket)
    sent = [
        dispatcher.submit(desk.workspace, close, idempotency=KEY, render=render),
        dispatcher.submit(desk.workspace, ResolveTicket(SYSTEM, known.ticket)),
        dispatcher.submit(desk.workspace, close, idempotency=KEY, render=render),
        dispatcher.submit(desk.workspace, close, idempotency=KEY, render=render),
    ]
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(one).__name__ for one in outcomes] == ["WrongState", "Outcome", "Outcome", "Outcome"]
    assert [one.replayed for one in outcomes[1:] if isinstance(one, Outcome)] == [False, False, True]


async def test_a_replay_touches_its_row_and_a_recall_finds_only_what_was_answered(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher
) -> None:
    desk = await make_desk(dispatcher, database, 1)
    assert await dispatcher.recall(desk.workspace, KEY) is None
    sent = [
        dispatcher.recall(desk.workspace, KEY),
        dispatcher.submit(desk.workspace, new_ticket(), idempotency=KEY, render=render),
    ]
    nothing, made = await asyncio.gather(*sent)
    assert nothing is None
    assert made is not None
    (before,) = await rows(engine, desk.workspace, "SELECT created_at, touched_at FROM idempotency_keys")
    known = await dispatcher.recall(desk.workspace, KEY)
    assert known is not None
    assert known.rendered == made.rendered
    (after,) = await rows(engine, desk.workspace, "SELECT created_at, touched_at FROM idempotency_keys")
    assert after["created_at"] == before["created_at"]
    assert after["touched_at"] > before["touched_at"]


async def test_the_event_loop_turns_while_a_bulk_is_decided_and_nobody_sees_half_of_it(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await make_desk(dispatcher, database, 3)
    turns, decided = 0, Counter[int]()
    real = decide

    def counted(*arguments: Any, **options: Any) -> Any:
        decided[turns] += 1
        return real(*arguments, **options)

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(batch, "decide", counted)
    ticking = asyncio.create_task(turn())
    bulk = Bulk(tuple(new_ticket() for _ in range(200)))
    long = asyncio.create_task(dispatcher.submit(desk.workspace, bulk))
    while len(decided) < 2:  # noqa: ASYNC110  # what is waited for tells nobody
        await asyncio.sleep(0)
    assert not long.done()
    known = await dispatcher.configuration(desk.workspace)
    tried, after = await asyncio.gather(
        dispatcher.dry_run(desk.workspace, Bulk(tuple(new_ticket() for _ in range(100)))),
        dispatcher.submit(desk.workspace, new_ticket()),
    )
    outcome = await long
    ticking.cancel()
    await asyncio.wait([ticking])
    assert max(decided.values()) <= batch.TURN + 1
    assert known.version == 1
    made = [one.ticket["number"] for one in outcome.items if isinstance(one, Outcome) and one.ticket]
    assert made == list(range(1, 201))
    assert [one for one in tried.items if isinstance(one, BaseException)] == []
    assert after.ticket is not None
    assert after.ticket["number"] == 201
    await assert_rows_equal_state(engine, dispatcher, desk.workspace)
