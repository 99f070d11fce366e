"""The end of every scenario: the ledger from the disk, the rows, the feed, and what the invariants say to them."""

from uuid import UUID

from app.db import make_engine
from app.dispatch.catch_up import catch_up
from app.dispatch.load import load
from app.dispatch.transaction import transaction
from app.engine.canonical import canonical
from app.engine.ids import WorkspaceId
from app.engine.state import State
from app.settings import Settings
from tests.faults.book import read_book
from tests.faults.case import Case, Violation
from tests.faults.client import BrokenError
from tests.faults.invariants import check
from tests.faults.lab import Desk, Lab
from tests.faults.ledger import Ledger
from tests.faults.processes import until

PAGE = 200
QUIET_SECONDS = 30.0


async def feed(desk: Desk, until_seq: int) -> list[tuple[int, str, str]]:
    """The feed up to `until_seq`, page by page; a page that does not come is asked for again."""
    found: list[tuple[int, str, str]] = []
    after = 0
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


async def examine(
    lab: Lab, desk: Desk, *, outage_ms: int = 0, lowered: frozenset[bytes] = frozenset()
) -> tuple[Case, list[Violation]]:
    """Waits until all that is due has happened, then says what is broken."""
    await quiet(lab, desk.workspace)
    connection = await lab.session()
    try:
        book = await read_book(connection, desk.workspace)
    finally:
        await connection.close()
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
