"""What is physical: the ceiling's rows in batches by unnest, on one connection, without HTTP and without a decision."""

import asyncio
import time
from collections.abc import Iterator
from itertools import count
from uuid import UUID, uuid4

import asyncpg
import uvloop
from sqlalchemy import make_url

BATCHES = (1, 8, 64)
AGENTS = 100
DECISION = '{"policy": 3, "rejected": {"offline": 12}, "ranked": [{"agent": 7, "load": 3, "score": 81}], "tie_break": "turn"}'
EVENT = '{"queue": 1, "priority": 3, "channel": "whatsapp", "agent": 7}'

_HEAD = "UPDATE ceiling.workspaces SET seq = seq + $2 WHERE id = $1 RETURNING seq"
_ROWS = """
WITH ticket AS (
  INSERT INTO ceiling.tickets (workspace_id, id, number, subject, channel, priority, status, agent_id, attributes)
  SELECT $1, u.id, u.number, 'Tagihan bulan ini tidak sesuai', 'whatsapp', 3, 'assigned', u.agent, '{"city": "Bandung"}'
  FROM unnest($2::uuid[], $3::bigint[], $4::int[]) AS u (id, number, agent)
), owned AS (
  INSERT INTO ceiling.assignments (workspace_id, ticket_id, agent_id)
  SELECT $1, u.id, u.agent FROM unnest($2::uuid[], $4::int[]) AS u (id, agent)
), decided AS (
  INSERT INTO ceiling.decisions (workspace_id, ticket_id, body) SELECT $1, u.id, $5::text::jsonb FROM unnest($2::uuid[]) AS u (id)
), loaded AS (
  UPDATE ceiling.agents a SET load = a.load + u.taken
  FROM (SELECT agent, count(*)::int AS taken FROM unnest($4::int[]) AS u (agent) GROUP BY agent) u
  WHERE a.workspace_id = $1 AND a.id = u.agent
)
INSERT INTO ceiling.events (workspace_id, seq, type, ticket_id, data)
SELECT $1, 2 * u.number + n, CASE n WHEN 0 THEN 'ticket.created' ELSE 'ticket.assigned' END, u.id, $6::text::jsonb
FROM unnest($2::uuid[], $3::bigint[]) AS u (id, number), generate_series(0, 1) n
"""


def measure(url: str, seconds: float) -> Iterator[tuple[int, float]]:
    """Tickets per second by size of batch; the ceiling's schema is there."""
    for size in BATCHES:
        yield size, uvloop.run(_rate(url, size, seconds))


async def _rate(url: str, size: int, seconds: float) -> float:
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    workspace = 10  # the last of the ceiling's; pgbench's busy one is the first
    try:
        numbers = count(1 + int(await connection.fetchval("SELECT seq FROM ceiling.workspaces WHERE id = $1", workspace)))
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            tickets: list[UUID] = sorted(uuid4() for _ in range(size))
            async with connection.transaction():
                await connection.fetchval(_HEAD, workspace, 2 * size)
                taken = [next(numbers) for _ in tickets]
                agents = [1 + number % AGENTS for number in taken]
                await connection.execute(_ROWS, workspace, tickets, taken, agents, DECISION, EVENT)
            done += size
            await asyncio.sleep(0)
        return done / (time.perf_counter() - began)
    finally:
        await connection.close()
