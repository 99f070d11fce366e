"""The rows a state is built from, in one snapshot."""

AGENTS = """
SELECT id, number, teams, skills, languages, areas, capacity, limits, weight, presence, presence_changed_at, idle_since, version
FROM agents WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY number
"""

OPEN_TICKETS = """
SELECT id, number, kind, status, priority, channel, language, area, customer_tier, queue_id, team_id, skills, wishes, cost, agent_id,
       declined, waiting_since, assigned_at, first_responded_at, pending_reason, snoozed_until, reopened, escalated, transferred, version, created_at
FROM tickets
WHERE workspace_id = $1 AND status IN ('waiting', 'offered', 'assigned', 'in_progress', 'pending') AND id > $2
ORDER BY id LIMIT $3
"""

LIVE_TIMERS = """
SELECT ticket_id, metric, started_at, due_at, next_at, step, state, version, left_ms, next_left_ms
FROM timers
WHERE workspace_id = $1 AND state IN ('running', 'paused', 'breached') AND ticket_id > $2 AND ticket_id <= $3
ORDER BY ticket_id, metric
"""

PENDING_OFFERS = """
SELECT id, ticket_id, agent_id, expires_at FROM offers WHERE workspace_id = $1 AND status = 'pending' ORDER BY id
"""

TURNS = """
SELECT queue_id, agent_id, last_seq, pass, credit, assigned FROM turns WHERE workspace_id = $1 ORDER BY queue_id, agent_id
"""

QUEUE_TURNS = "SELECT queue_id, pass FROM queue_turns WHERE workspace_id = $1 ORDER BY queue_id"

SWITCHES = "SELECT subject_id, state, since FROM switches WHERE workspace_id = $1 AND state <> 'running' ORDER BY subject_id"
