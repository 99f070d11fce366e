"""The event log, as the writer reads and writes it."""

AFTER = """
SELECT seq, type, data, at FROM events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""

BATCH_OF = "SELECT batch_id FROM events WHERE workspace_id = $1 AND seq = $2"

APPEND = """
INSERT INTO events (workspace_id, seq, id, type, subject_type, subject_id, data, at, actor_type, actor_id, request_id, batch_id)
SELECT w.workspace_id, u.seq, u.id, u.type, u.subject_type, u.subject_id, u.data::jsonb, $8, u.actor_type, u.actor_id,
       u.request_id, $12
FROM workspace_heads w, unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[], $9::text[], $10::text[],
                               $11::text[]) AS u (seq, id, type, subject_type, subject_id, data, actor_type, actor_id, request_id)
WHERE w.workspace_id = $1
"""
