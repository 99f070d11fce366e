"""What the worker looks for: workspaces with something due, what is due in one, and whether anybody waits there.

A workspace's clock is PostgreSQL's plus its offset; no clock of a worker decides anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import workspace_transaction
from app.engine.commands import Actor, Command, OfferDue, TimerDue, WakeTicket
from app.engine.ids import OfferId, TicketId, WorkspaceId
from app.engine.vocabulary import Metric

# Two branches, so that live workspaces, which have no offset, are found by the index on next_due_at.
# The third lists all heads for the search of those who wait; it is skipped unless asked for.
DUE_WORKSPACES = """
SELECT workspace_id, last_seq, ceil(1000 * extract(epoch FROM next_due_at - now() - ahead))::bigint AS in_ms
FROM (
    SELECT workspace_id, last_seq, next_due_at, interval '0' AS ahead
    FROM workspace_heads WHERE mode = 'live' AND NOT $2 AND next_due_at <= now() + $1 * interval '1 second'
    UNION ALL
    SELECT workspace_id, last_seq, next_due_at, clock_offset_ms * interval '1 millisecond'
    FROM workspace_heads
    WHERE mode = 'sandbox' AND NOT $2
      AND next_due_at <= now() + clock_offset_ms * interval '1 millisecond' + $1 * interval '1 second'
    UNION ALL
    SELECT workspace_id, last_seq, next_due_at, clock_offset_ms * interval '1 millisecond' FROM workspace_heads WHERE $2
) heads
ORDER BY in_ms, workspace_id
LIMIT $3
"""

HEAD = """
SELECT mode, last_seq, floor(1000 * extract(epoch FROM now()))::bigint + clock_offset_ms AS now_ms,
       ceil(1000 * extract(epoch FROM next_due_at))::bigint AS next_due_ms
FROM workspace_heads WHERE workspace_id = $1
"""

DUE = """
(
    SELECT next_at AS at, ticket_id, metric, version, attempts, NULL::uuid AS offer_id, CASE step WHEN 0 THEN due_at END AS then_at
    FROM timers
    WHERE workspace_id = $1 AND next_at <= to_timestamp($2::bigint / 1000.0)
    ORDER BY next_at, ticket_id, metric LIMIT $3
)
UNION ALL
(
    SELECT expires_at, ticket_id, NULL, 0, 0, id, NULL
    FROM offers
    WHERE workspace_id = $1 AND status = 'pending' AND expires_at <= to_timestamp($2::bigint / 1000.0)
    ORDER BY expires_at, ticket_id LIMIT $3
)
UNION ALL
(
    SELECT snoozed_until, id, NULL, 0, 0, NULL, NULL
    FROM tickets
    WHERE workspace_id = $1 AND snoozed_until <= to_timestamp($2::bigint / 1000.0)
    ORDER BY snoozed_until, id LIMIT $3
)
ORDER BY at, ticket_id, metric LIMIT $3
"""

COUNT_ATTEMPT = """
UPDATE timers SET attempts = attempts + 1
WHERE workspace_id = $1 AND ticket_id = $2 AND metric = $3 AND version = $4 AND next_at IS NOT NULL
RETURNING attempts
"""

WAITING = """
SELECT EXISTS (SELECT FROM tickets WHERE workspace_id = $1 AND status = 'waiting') AS anybody,
       EXISTS (
           SELECT FROM tickets
           WHERE workspace_id = $1 AND status = 'waiting'
             AND waiting_since <= now() + ($2::bigint + clock_offset_ms) * interval '1 millisecond'
       ) AS for_long
FROM workspace_heads WHERE workspace_id = $1
"""

TIMERS_FIRED = """
SELECT count(*) FROM events
WHERE workspace_id = $1 AND seq > $2 AND seq <= $3
  AND type IN ('sla.warned', 'sla.breached', 'sla.stepped', 'offer.expired')
"""


PRUNE_ANSWERS = """
DELETE FROM idempotency_keys
WHERE workspace_id = $1 AND key = ANY(ARRAY(
    SELECT k.key FROM idempotency_keys k
    WHERE k.workspace_id = $1
      AND k.created_at < (
          SELECT now() + (h.clock_offset_ms - $2::bigint) * interval '1 millisecond' FROM workspace_heads h WHERE h.workspace_id = $1
      )
    ORDER BY k.created_at LIMIT $3 FOR UPDATE SKIP LOCKED
))
"""


@dataclass(frozen=True, slots=True)
class DueWorkspace:
    """`in_ms` until something is due, none or negative when it is overdue; None when nothing is planned."""

    id: WorkspaceId
    seq: int
    in_ms: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a workspace stands, by its own clock in ms."""

    sandbox: bool
    seq: int
    now: int
    next_due: int | None

    @property
    def overdue(self) -> bool:
        return self.next_due is not None and self.next_due <= self.now


@dataclass(frozen=True, slots=True)
class Due:
    """A timer's step (`metric` is set), an offer's end (`offer` is set), or else a snoozed ticket's waking.

    `then` is when a warning's breach follows.
    """

    at: int
    ticket: TicketId
    metric: Metric | None
    version: int
    attempts: int
    offer: OfferId | None
    then: int | None

    @property
    def key(self) -> tuple[bytes, str, int]:
        return self.offer or self.ticket, self.metric or "", self.version

    def command(self, actor: Actor) -> Command:
        if self.offer is not None:
            return OfferDue(actor, self.offer, self.ticket)
        if self.metric is None:
            return WakeTicket(actor, self.ticket, self.at)
        return TimerDue(actor, self.ticket, self.metric, self.version)


async def due_workspaces(engine: AsyncEngine, *, ahead_seconds: float = 0, limit: int = 1000) -> list[DueWorkspace]:
    """Workspaces with something due now or within `ahead_seconds`, the most overdue first."""
    return await _heads(engine, ahead_seconds, False, limit)


async def all_workspaces(engine: AsyncEngine, *, limit: int = 1_000_000) -> list[DueWorkspace]:
    return await _heads(engine, 0.0, True, limit)


async def _heads(engine: AsyncEngine, ahead: float, whole: bool, limit: int) -> list[DueWorkspace]:  # noqa: FBT001  ($2 of the query)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        rows = await connection.exec_driver_sql(DUE_WORKSPACES, (ahead, whole, limit))
        return [DueWorkspace(WorkspaceId(row.workspace_id.bytes), row.last_seq, row.in_ms) for row in rows]


async def read_head(engine: AsyncEngine, workspace: WorkspaceId) -> Head | None:
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        row = (await connection.exec_driver_sql(HEAD, (UUID(bytes=workspace),))).one_or_none()
    return row and Head(row.mode == "sandbox", row.last_seq, row.now_ms, row.next_due_ms)


async def look(engine: AsyncEngine, workspace: WorkspaceId, *, limit: int) -> tuple[Head, Sequence[Due]] | None:
    """The head and the first `limit` things that are due, in due order, from one snapshot. None: no such workspace."""
    key = UUID(bytes=workspace)
    async with workspace_transaction(engine, workspace, read_only=True) as connection:
        row = (await connection.exec_driver_sql(HEAD, (key,))).one_or_none()
        if row is None:
            return None
        rows = await connection.exec_driver_sql(DUE, (key, row.now_ms, limit))
        head = Head(row.mode == "sandbox", row.last_seq, row.now_ms, row.next_due_ms)
        return head, [
            Due(
                at=_ms(found.at.timestamp()),
                ticket=TicketId(found.ticket_id.bytes),
                metric=found.metric and Metric(found.metric),
                version=found.version,
                attempts=found.attempts,
                offer=found.offer_id and OfferId(found.offer_id.bytes),
                then=found.then_at and _ms(found.then_at.timestamp()),
            )
            for found in rows
        ]


async def count_attempt(engine: AsyncEngine, workspace: WorkspaceId, due: Due) -> int:
    """One more failure of this step, committed by itself; how many there are now, 0 when the timer has moved on."""
    async with workspace_transaction(engine, workspace) as connection:
        arguments = (UUID(bytes=workspace), UUID(bytes=due.ticket), due.metric, due.version)
        return (await connection.exec_driver_sql(COUNT_ATTEMPT, arguments)).scalar_one_or_none() or 0


async def waiting(engine: AsyncEngine, workspace: WorkspaceId, *, seconds: float) -> tuple[bool, bool]:
    """Whether any ticket waits there, and whether one has for longer than `seconds`."""
    async with workspace_transaction(engine, workspace, read_only=True) as connection:
        rows = await connection.exec_driver_sql(WAITING, (UUID(bytes=workspace), -int(seconds * 1000)))
        row = rows.one_or_none()
        return (row.anybody, row.for_long) if row else (False, False)


async def prune_answers(engine: AsyncEngine, workspace: WorkspaceId, *, older_than_ms: int, limit: int) -> int:
    """Forget at most `limit` of the oldest answers given under keys, committed by itself; how many there were."""
    async with workspace_transaction(engine, workspace) as connection:
        return (await connection.exec_driver_sql(PRUNE_ANSWERS, (UUID(bytes=workspace), older_than_ms, limit))).rowcount


async def timers_fired(engine: AsyncEngine, workspace: WorkspaceId, *, after: int, to: int) -> int:
    """How many steps of timers and ends of offers the log holds between two positions."""
    async with workspace_transaction(engine, workspace, read_only=True) as connection:
        count: int = (await connection.exec_driver_sql(TIMERS_FIRED, (UUID(bytes=workspace), after, to))).scalar_one()
        return count


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
