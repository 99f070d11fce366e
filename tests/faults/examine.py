"""The end of every scenario: the ledger from the disk, the rows, the feed, and what the invariants say to them."""

import asyncio
import time
from itertools import pairwise
from uuid import UUID

from app.db import make_engine
from app.dispatch.catch_up import catch_up
from app.dispatch.load import load
from app.dispatch.transaction import transaction
from app.engine.canonical import canonical
from app.engine.ids import WorkspaceId
from app.engine.state import State
from app.settings import Settings
from tests.faults.book import Book, read_book
from tests.faults.case import Case, Violation
from tests.faults.client import BrokenError
from tests.faults.invariants import check, idle
from tests.faults.lab import Desk, Lab
from tests.faults.ledger import Ledger
from tests.faults.processes import until

PAGE = 200
READERS = 4
SWEPT_SECONDS = 120.0
QUIET_SECONDS = 30.0


async def feed(desk: Desk, until_seq: int) -> list[tuple[int, str, str]]:
    """The feed up to `until_seq`, read by several at once, each of whom follows the pages through a stretch of it."""
    bounds = [until_seq * part // READERS for part in range(READERS + 1)]
    stretches = await asyncio.gather(*(_stretch(desk, after, end) for after, end in pairwise(bounds)))
    return [event for stretch in stretches for event in stretch]


async def _stretch(desk: Desk, after: int, until_seq: int) -> list[tuple[int, str, str]]:
    """Page by page; a page that does not come is asked for again."""
    found: list[tuple[int, str, str]] = []
    while True:
        try:
            reply = await desk.client.ask("GET", f"/v1/events?after={after}&limit={PAGE}")
        except BrokenError:
            continue
        if reply.status == 503:
            continue
        page = reply.json()
        found += [(event["seq"], event["id"], event["type"]) for event in page["data"]]
        if page["last_seq"] >= until_seq or page["last_seq"] == after:
            return [event for event in found if event[0] <= until_seq]
        after = page["last_seq"]


async def quiet(lab: Lab, workspace: WorkspaceId) -> None:
    """Waits until nothing is overdue any more."""

    async def nothing_due() -> bool:
        return not await lab.sql(_OVERDUE, UUID(bytes=workspace))

    await until(nothing_due, QUIET_SECONDS, "everything that is due has been fired")


async def swept(lab: Lab, workspace: WorkspaceId) -> Book:
    """The book; where tickets wait behind many that were declined, as soon as the sweep has looked at them, or the time is up."""
    ends = time.monotonic() + SWEPT_SECONDS
    while True:
        connection = await lab.session()
        try:
            book = await read_book(connection, workspace)
        finally:
            await connection.close()
        left = list(idle(book))
        if not left or not all(behind for _, _, behind in left) or time.monotonic() > ends:
            return book
        await asyncio.sleep(1)


async def examine(
    lab: Lab, desk: Desk, *, outage_ms: int = 0, lowered: frozenset[bytes] = frozenset()
) -> tuple[Case, list[Violation]]:
    """Waits until all that is due has happened, then says what is broken."""
    await quiet(lab, desk.workspace)
    book = await swept(lab, desk.workspace)
    case = Case(book, Ledger.read(desk.ledger.path), await feed(desk, book.last_seq), outage_ms, lowered=lowered)
    await desk.client.close()
    return case, check(case) + await two_truths(lab, desk.workspace)


async def examined(
    lab: Lab, desk: Desk, *, outage_ms: int = 0, lowered: frozenset[bytes] = frozenset(), seed: int | None = None
) -> Case:
    """Asserts every invariant. The case, for what a test wants to know besides."""
    case, found = await examine(lab, desk, outage_ms=outage_ms, lowered=lowered)
    assert not found, f"seed {seed}, workspace {desk.slug}:\n" + "\n".join(map(str, found))
    return case


async def two_truths(lab: Lab, workspace: WorkspaceId) -> list[Violation]:
    """The state built from the rows and the one replayed from the log are equal."""
    engine = make_engine(lab.addresses.app_url, Settings())
    try:
        async with transaction(engine, workspace, snapshot=True) as opened:
            rebuilt = await load(opened.connection, workspace)
            replayed = State(workspace)
            await catch_up(opened.connection, replayed, rebuilt.seq)
    finally:
        await engine.dispose()
    same = canonical(rebuilt) == canonical(replayed)
    return [] if same else [Violation("one truth", "the state of the rows and the state of the log differ")]


_OVERDUE = """
SELECT 1 FROM workspace_heads h
WHERE workspace_id = $1 AND (
    EXISTS (SELECT FROM timers t WHERE t.workspace_id = h.workspace_id
            AND t.next_at <= now() + h.clock_offset_ms * interval '1 millisecond')
    OR EXISTS (SELECT FROM offers o WHERE o.workspace_id = h.workspace_id AND o.status = 'pending'
               AND o.expires_at <= now() + h.clock_offset_ms * interval '1 millisecond')
)
"""
