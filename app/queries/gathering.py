"""What commands need from the rows, one query per kind for the whole batch, under the lock."""

TICKETS_BY_EXTERNAL_ID = """
SELECT external_id, id FROM tickets WHERE workspace_id = $1 AND external_id = ANY($2::text[])
"""

CUSTOMERS_BY_EXTERNAL_ID = """
SELECT id, external_id, name, tier, language, preferred_channel, contacts, attributes, metadata, merged_into_id, version, created_at,
       updated_at
FROM customers WHERE workspace_id = $1 AND external_id = ANY($2::text[])
"""

CUSTOMERS = """
SELECT id, external_id, name, tier, language, preferred_channel, contacts, attributes, metadata, merged_into_id, version, created_at,
       updated_at
FROM customers WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

MERGED_CUSTOMERS = """
SELECT id, external_id, name, tier, language, preferred_channel, contacts, attributes, metadata, merged_into_id, version, created_at,
       updated_at
FROM customers WHERE workspace_id = $1 AND merged_into_id = ANY($2::uuid[]) ORDER BY id
"""

TICKETS_OF_CUSTOMER = """
SELECT id FROM tickets WHERE workspace_id = $1 AND customer_id = $2::uuid ORDER BY number LIMIT $3
"""

MOVED_TICKETS = """
SELECT customer_id, tickets FROM customer_merges
WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND undone_seq IS NULL
"""

ENDED_TICKETS = """
SELECT id, number, kind, status, priority, channel, language, area, customer_tier, queue_id, team_id, skills, wishes, cost, agent_id,
       waiting_since, first_responded_at, reopened, escalated, transferred, version, created_at
FROM tickets WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

DETAILS = """
SELECT t.id, t.category, t.tags, t.attributes, t.metadata, coalesce(x.subject, '') AS subject, coalesce(x.text, '') AS text
FROM tickets t LEFT JOIN ticket_texts x ON x.workspace_id = t.workspace_id AND x.ticket_id = t.id
WHERE t.workspace_id = $1 AND t.id = ANY($2::uuid[])
"""

ANSWERS = """
SELECT key, fingerprint, status, body, headers FROM idempotency_keys WHERE workspace_id = $1 AND key = ANY($2::text[])
"""

TICKETS = """
SELECT t.id, t.number, t.kind, t.status, t.priority, t.channel, t.category, t.language, t.area, t.external_id, t.customer_id,
       t.customer_tier, t.queue_id, t.team_id, t.skills, t.wishes, t.cost, t.agent_id, t.assignment_id, t.offer_id, t.decision_id,
       t.tags, t.attributes, t.metadata, t.waiting_since, t.assigned_at, t.first_responded_at, t.pending_reason, t.snoozed_until, t.resolved_at,
       t.closed_at, t.reopened, t.escalated, t.transferred, t.version, t.created_at, t.updated_at, x.subject, x.text
FROM tickets t LEFT JOIN ticket_texts x ON x.workspace_id = t.workspace_id AND x.ticket_id = t.id
WHERE t.workspace_id = $1 AND t.id = ANY($2::uuid[])
"""

DOCUMENTS = """
SELECT version, document FROM configurations WHERE workspace_id = $1 AND version = ANY($2::int[])
"""

AGENTS = """
SELECT id, number, name, title, external_id, teams, skills, languages, areas, capacity, limits, weight, presence,
       presence_changed_at, idle_since, load, version, created_at, updated_at
FROM agents WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

FOLLOWERS = "SELECT ticket_id, agent_id FROM followers WHERE workspace_id = $1 AND ticket_id = ANY($2::uuid[])"

ANSWERED_OFFERS = """
SELECT id, agent_id, status = 'accepted' AS accepted FROM offers
WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND status IN ('accepted', 'declined')
"""
