"""The head row: the lock of a workspace, and the counters that only its holder may move."""

LOCK = """
UPDATE workspace_heads SET last_at = last_at WHERE workspace_id = $1
RETURNING mode, last_seq, last_number, last_agent_number, last_at, clock_offset_ms, next_due_at, configuration_version, format, epoch
"""

CLOCK = "SELECT clock_timestamp()"

MOVE = """
UPDATE workspace_heads
SET last_seq = $2, last_number = $3, last_agent_number = $4, last_at = $5, clock_offset_ms = $6, next_due_at = $7,
    configuration_version = $8
WHERE workspace_id = $1
"""

READ = """
SELECT mode, last_seq, last_number, last_agent_number, last_at, clock_offset_ms, next_due_at, configuration_version, format, epoch
FROM workspace_heads WHERE workspace_id = $1
"""

EARLIEST_DUE = """
SELECT least(
    (SELECT min(next_at) FROM timers WHERE workspace_id = $1 AND next_at IS NOT NULL),
    (SELECT min(expires_at) FROM offers WHERE workspace_id = $1 AND status = 'pending')
)
"""

SET_DUE = "UPDATE workspace_heads SET next_due_at = $2 WHERE workspace_id = $1"
