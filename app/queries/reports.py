"""What supervisors ask about many tickets at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import turns

Row = dict[str, Any]

_RANGE = (
    bindparam("workspace", type_=Uuid()),
    bindparam("since", type_=DateTime(True)),
    bindparam("until", type_=DateTime(True)),
)

QUEUES = text("""
WITH received AS (
    SELECT t.workspace_id, t.id, t.queue_id, t.status, t.escalated, t.created_at, t.waiting_since, t.first_responded_at,
           t.resolved_at
    FROM tickets t
    WHERE t.workspace_id = :workspace AND t.created_at >= :since AND t.created_at < :until
), handed AS (
    SELECT a.workspace_id, a.ticket_id, min(a.started_at) AS started_at
    FROM assignments a JOIN received r ON r.workspace_id = a.workspace_id AND r.id = a.ticket_id
    WHERE a.workspace_id = :workspace
    GROUP BY a.workspace_id, a.ticket_id
)
SELECT r.queue_id,
       count(*) AS received,
       count(h.ticket_id) AS assigned,
       count(*) FILTER (WHERE r.status = 'waiting') AS waiting,
       count(*) FILTER (WHERE r.status IN ('offered', 'assigned', 'in_progress', 'pending')) AS in_hand,
       count(*) FILTER (WHERE r.escalated > 0) AS escalated,
       count(*) FILTER (WHERE r.status IN ('resolved', 'closed')) AS resolved,
       count(*) FILTER (WHERE r.status = 'cancelled') AS cancelled,
       min(r.waiting_since) FILTER (WHERE r.status = 'waiting') AS longest_waiting_since,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM h.started_at - r.created_at)) AS wait_median,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM h.started_at - r.created_at)) AS wait_p95,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.first_responded_at - r.created_at)) AS response_median,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.resolved_at - r.created_at)) AS resolution_median
FROM received r LEFT JOIN handed h ON h.workspace_id = r.workspace_id AND h.ticket_id = r.id
WHERE r.workspace_id = :workspace
GROUP BY r.queue_id
""").bindparams(*_RANGE)

# A promise is made for the priority at the start, which an escalation may have raised since: the log remembers the first.
PROMISES = text("""
SELECT coalesce(e.data ->> 'priority', t.priority) AS priority,
       m.metric,
       count(*) FILTER (WHERE m.state = 'met') AS met,
       count(*) FILTER (WHERE m.state IN ('breached', 'missed')) AS broken,
       count(*) FILTER (WHERE m.state IN ('running', 'paused')) AS running,
       count(*) FILTER (WHERE m.state = 'cancelled') AS cancelled
FROM tickets t
JOIN timers m ON m.workspace_id = t.workspace_id AND m.ticket_id = t.id
LEFT JOIN events e ON e.workspace_id = t.workspace_id AND e.seq = t.created_seq AND e.type = 'ticket.created'
WHERE t.workspace_id = :workspace AND t.created_at >= :since AND t.created_at < :until
GROUP BY 1, 2
""").bindparams(*_RANGE)


async def queues(connection: AsyncConnection, workspace: UUID, *, since: datetime, until: datetime) -> list[Row]:
    """What became of the tickets received in a time, per queue; waits in seconds."""
    rows = await connection.execute(QUEUES, {"workspace": workspace, "since": since, "until": until})
    return [{**row} for row in rows.mappings().all()]


async def promises(connection: AsyncConnection, workspace: UUID, *, since: datetime, until: datetime) -> list[Row]:
    """What became of the promises for tickets received in a time, per priority and metric."""
    rows = await connection.execute(PROMISES, {"workspace": workspace, "since": since, "until": until})
    return [{**row} for row in rows.mappings().all()]


async def turns_taken(connection: AsyncConnection, workspace: UUID) -> list[Row]:
    """Per queue and agent: how many tickets came by turn, and the share still owed in 2^-32 tickets."""
    statement = (
        select(turns.c.queue_id, turns.c.agent_id, turns.c.assigned, turns.c.credit, turns.c.last_seq)
        .where(turns.c.workspace_id == workspace)
        .order_by(turns.c.queue_id, turns.c.agent_id)
    )
    return [{**row} for row in (await connection.execute(statement)).mappings().all()]
