"""Tickets that wait, as the service would have written them, put straight into PostgreSQL: a million in a minute."""

import asyncpg
from sqlalchemy import make_url

from app.dispatch.moments import uuid_of

FILL = """
INSERT INTO tickets (workspace_id, id, number, kind, status, priority, channel, queue_id, team_id, skills, wishes, cost, declined,
                     tags, attributes, metadata, waiting_since, reopened, escalated, transferred, version, created_at, updated_at, created_seq,
                     updated_seq)
SELECT h.workspace_id, gen_random_uuid(), h.last_number + n, 'ticket', 'waiting', 'medium', 'whatsapp', $2, $3, '[]', '[]', 1, '{}',
       '{}', '{}', '{}', h.last_at, 0, 0, 0, 1, h.last_at, h.last_at, h.last_seq, h.last_seq
FROM workspace_heads h, generate_series(1, $4::int) n WHERE h.workspace_id = $1
"""
MOVE = "UPDATE workspace_heads SET last_number = last_number + $2 WHERE workspace_id = $1"
PART = 50_000


async def fill(url: str, workspace: bytes, queue: bytes, team: bytes, more: int) -> None:
    """Add `more` tickets that only `team` may take, while no API process runs; those load them when they start again."""
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        while more > 0:
            part = min(more, PART)
            async with connection.transaction():
                await connection.execute(FILL, uuid_of(workspace), uuid_of(queue), uuid_of(team), part, timeout=300)
                await connection.execute(MOVE, uuid_of(workspace), part)
            more -= part
        await connection.execute("VACUUM ANALYZE tickets", timeout=300)
    finally:
        await connection.close()
