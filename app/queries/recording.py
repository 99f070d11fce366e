"""What a batch writes: set-based, one statement per table, rows in id order."""

INSERT_CONFIGURATION = """
INSERT INTO configurations (workspace_id, version, document, applied_at, actor_type, actor_id)
SELECT w.workspace_id, $2::int, $3::text::jsonb, $4::timestamptz, $5::text, $6::text FROM workspace_heads w WHERE w.workspace_id = $1
"""

PUT_AGENTS = """
INSERT INTO agents (workspace_id, id, number, name, title, external_id, teams, skills, languages, areas, capacity, limits, weight,
                    presence, presence_changed_at, idle_since, load, version, created_at, updated_at)
SELECT w.workspace_id, u.id, u.number, u.name, u.title, u.external_id, ARRAY(SELECT jsonb_array_elements_text(u.teams::jsonb)::uuid),
       u.skills::jsonb, ARRAY(SELECT jsonb_array_elements_text(u.languages::jsonb)),
       ARRAY(SELECT jsonb_array_elements_text(u.areas::jsonb)), u.capacity, u.limits::jsonb, u.weight,
       u.presence, u.presence_changed_at, u.idle_since, u.load, u.version, $19::timestamptz, $19::timestamptz
FROM workspace_heads w,
     unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[],
            $12::text[], $13::int[], $14::text[], $15::timestamptz[], $16::timestamptz[], $17::int[], $18::int[])
     AS u (id, number, name, title, external_id, teams, skills, languages, areas, capacity, limits, weight, presence,
           presence_changed_at, idle_since, load, version)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, id) DO UPDATE
SET name = EXCLUDED.name, title = EXCLUDED.title, external_id = EXCLUDED.external_id, teams = EXCLUDED.teams,
    skills = EXCLUDED.skills, languages = EXCLUDED.languages, areas = EXCLUDED.areas, capacity = EXCLUDED.capacity,
    limits = EXCLUDED.limits, weight = EXCLUDED.weight, presence = EXCLUDED.presence,
    presence_changed_at = EXCLUDED.presence_changed_at, idle_since = EXCLUDED.idle_since, load = EXCLUDED.load,
    version = EXCLUDED.version, updated_at = EXCLUDED.updated_at
"""

REMOVE_AGENTS = """
UPDATE agents SET deleted_at = $3, updated_at = $3, presence = 'offline', load = 0
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

REMOVE_TURNS = "DELETE FROM turns WHERE workspace_id = $1 AND agent_id = ANY($2::uuid[])"

UPDATE_AGENTS = """
UPDATE agents a
SET presence = u.presence, presence_changed_at = u.presence_changed_at, idle_since = u.idle_since, load = u.load,
    version = u.version, updated_at = $8::timestamptz
FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::int[])
     AS u (id, presence, presence_changed_at, idle_since, load, version)
WHERE a.workspace_id = $1 AND a.id = u.id
"""

PUT_TURNS = """
INSERT INTO turns (workspace_id, queue_id, agent_id, last_seq, pass, credit, assigned)
SELECT w.workspace_id, u.queue_id, u.agent_id, u.last_seq, u.pass, u.credit, u.assigned
FROM workspace_heads w, unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
     AS u (queue_id, agent_id, last_seq, pass, credit, assigned)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, queue_id, agent_id) DO UPDATE
SET last_seq = EXCLUDED.last_seq, pass = EXCLUDED.pass, credit = EXCLUDED.credit, assigned = EXCLUDED.assigned
"""

PUT_QUEUE_TURNS = """
INSERT INTO queue_turns (workspace_id, queue_id, pass)
SELECT w.workspace_id, u.queue_id, u.pass FROM workspace_heads w, unnest($2::uuid[], $3::bigint[]) AS u (queue_id, pass)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, queue_id) DO UPDATE SET pass = EXCLUDED.pass
"""

PUT_SWITCHES = """
INSERT INTO switches (workspace_id, subject_id, state, since)
SELECT w.workspace_id, u.subject_id, u.state, u.since
FROM workspace_heads w, unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS u (subject_id, state, since)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, subject_id) DO UPDATE SET state = EXCLUDED.state, since = EXCLUDED.since
"""

PUT_CUSTOMERS = """
INSERT INTO customers (workspace_id, id, external_id, name, name_key, tier, language, preferred_channel, contacts, attributes, metadata,
                       merged_into_id, version, created_at, updated_at, updated_seq)
SELECT w.workspace_id, u.id, u.external_id, u.name, u.name_key, u.tier, u.language, u.preferred_channel,
       coalesce(u.contacts, '[]')::jsonb,
       coalesce(u.attributes, '{}')::jsonb, coalesce(u.metadata, '{}')::jsonb, u.merged_into_id, u.version, u.created_at,
       u.updated_at, $16::bigint
FROM workspace_heads w,
     unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
            $12::uuid[], $13::int[], $14::timestamptz[], $15::timestamptz[])
     AS u (id, external_id, name, name_key, tier, language, preferred_channel, contacts, attributes, metadata, merged_into_id, version, created_at,
           updated_at)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, id) DO UPDATE
SET external_id = EXCLUDED.external_id, name = EXCLUDED.name, name_key = EXCLUDED.name_key, tier = EXCLUDED.tier, language = EXCLUDED.language,
    preferred_channel = EXCLUDED.preferred_channel, contacts = EXCLUDED.contacts, attributes = EXCLUDED.attributes,
    metadata = EXCLUDED.metadata, merged_into_id = EXCLUDED.merged_into_id, version = EXCLUDED.version,
    updated_at = EXCLUDED.updated_at, updated_seq = EXCLUDED.updated_seq
"""

PUT_CONTACTS = """
INSERT INTO customer_contacts (workspace_id, customer_id, kind, match)
SELECT w.workspace_id, u.customer_id, u.kind, u.match
FROM workspace_heads w, unnest($2::uuid[], $3::text[], $4::text[]) AS u (customer_id, kind, match)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, customer_id, kind, match) DO NOTHING
"""

REMOVE_CONTACTS = """
DELETE FROM customer_contacts c
USING unnest($2::uuid[], $3::text[], $4::text[]) AS u (customer_id, kind, match)
WHERE c.workspace_id = $1 AND c.customer_id = u.customer_id AND c.kind = u.kind AND c.match = u.match
"""

REMOVE_CUSTOMERS = "DELETE FROM customers WHERE workspace_id = $1 AND id = ANY($2::uuid[])"

BEGIN_MERGE = """
INSERT INTO customer_merges (workspace_id, seq, customer_id, into_id, tickets)
SELECT w.workspace_id, $2::bigint, $3::uuid, $4::uuid,
       ARRAY(SELECT t.id FROM tickets t WHERE t.workspace_id = $1 AND t.customer_id = $3::uuid ORDER BY t.number)
FROM workspace_heads w WHERE w.workspace_id = $1
"""

MOVE_TICKETS = """
UPDATE tickets t
SET customer_id = $3::uuid, version = t.version + CASE WHEN t.id = ANY($4::uuid[]) THEN 0 ELSE 1 END, updated_at = $5::timestamptz,
    updated_seq = $6::bigint
WHERE t.workspace_id = $1 AND t.customer_id = $2::uuid
"""

MOVE_BACK_TICKETS = """
UPDATE tickets t
SET customer_id = $2::uuid, version = t.version + CASE WHEN t.id = ANY($3::uuid[]) THEN 0 ELSE 1 END, updated_at = $4::timestamptz,
    updated_seq = $5::bigint
FROM customer_merges m
WHERE m.workspace_id = $1 AND m.customer_id = $2::uuid AND m.undone_seq IS NULL AND t.workspace_id = $1 AND t.id = ANY(m.tickets)
"""

END_MERGE = """
UPDATE customer_merges SET undone_seq = $3::bigint WHERE workspace_id = $1 AND customer_id = $2::uuid AND undone_seq IS NULL
"""

INSERT_TICKETS = """
INSERT INTO tickets (workspace_id, id, number, kind, status, priority, channel, category, language, area, external_id, customer_id,
                     customer_tier, queue_id, team_id, skills, wishes, cost, agent_id, assignment_id, offer_id, decision_id, declined,
                     tags, attributes, metadata, waiting_since, assigned_at, first_responded_at, pending_reason, resolved_at,
                     closed_at, reopened, escalated, transferred, snoozed_until, version, created_at, updated_at, created_seq, updated_seq)
SELECT w.workspace_id, u.id, u.number, u.kind, u.status, u.priority, u.channel, u.category, u.language, u.area, u.external_id,
       u.customer_id, u.customer_tier, u.queue_id, u.team_id,
       coalesce(u.skills, '[]')::jsonb, coalesce(u.wishes, '[]')::jsonb, u.cost, u.agent_id,
       u.assignment_id, u.offer_id, u.decision_id,
       CASE WHEN u.declined IS NULL THEN '{}' ELSE ARRAY(SELECT jsonb_array_elements_text(u.declined::jsonb)::uuid) END,
       CASE WHEN u.tags IS NULL THEN '{}' ELSE ARRAY(SELECT jsonb_array_elements_text(u.tags::jsonb)) END,
       coalesce(u.attributes, '{}')::jsonb, coalesce(u.metadata, '{}')::jsonb, u.waiting_since,
       u.assigned_at, u.first_responded_at, u.pending_reason, u.resolved_at, u.closed_at, u.reopened, u.escalated,
       coalesce(u.transferred, 0), u.snoozed_until, u.version, $37::timestamptz, $37::timestamptz, u.created_seq, $38::bigint
FROM workspace_heads w,
     unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::uuid[], $13::text[], $14::uuid[], $15::uuid[], $16::text[], $17::text[], $18::int[], $19::uuid[],
            $20::uuid[], $21::uuid[], $22::uuid[], $23::text[], $24::text[], $25::text[], $26::text[], $27::timestamptz[],
            $28::timestamptz[], $29::timestamptz[], $30::text[], $31::timestamptz[], $32::timestamptz[], $33::int[], $34::int[],
            $35::int[], $36::timestamptz[], $39::int[], $40::bigint[])
     AS u (id, number, kind, status, priority, channel, category, language, area, external_id, customer_id, customer_tier, queue_id,
           team_id, skills, wishes, cost, agent_id, assignment_id, offer_id, decision_id, declined, tags, attributes, metadata,
           waiting_since, assigned_at, first_responded_at, pending_reason, resolved_at, closed_at, reopened, escalated,
           transferred, snoozed_until, version, created_seq)
WHERE w.workspace_id = $1
"""

INSERT_TEXTS = """
INSERT INTO ticket_texts (workspace_id, ticket_id, subject, text)
SELECT w.workspace_id, u.ticket_id, u.subject, u.text
FROM workspace_heads w, unnest($2::uuid[], $3::text[], $4::text[]) AS u (ticket_id, subject, text)
WHERE w.workspace_id = $1
"""

UPDATE_TICKETS = """
UPDATE tickets t
SET status = u.status, priority = u.priority, queue_id = u.queue_id, team_id = u.team_id,
    skills = coalesce(u.skills, '[]')::jsonb, wishes = coalesce(u.wishes, '[]')::jsonb,
    agent_id = CASE WHEN u.ended THEN coalesce(u.agent_id, t.agent_id) ELSE u.agent_id END,
    assignment_id = CASE WHEN u.agent_id IS NULL AND NOT u.ended THEN NULL ELSE coalesce(u.assignment_id, t.assignment_id) END,
    offer_id = u.offer_id, decision_id = coalesce(u.decision_id, t.decision_id),
    declined = CASE WHEN u.declined IS NULL THEN '{}' ELSE ARRAY(SELECT jsonb_array_elements_text(u.declined::jsonb)::uuid) END,
    waiting_since = u.waiting_since,
    assigned_at = CASE WHEN u.ended THEN coalesce(u.assigned_at, t.assigned_at) ELSE u.assigned_at END,
    first_responded_at = u.first_responded_at, pending_reason = u.pending_reason,
    resolved_at = CASE WHEN u.ended THEN coalesce(u.resolved_at, t.resolved_at) END,
    closed_at = CASE WHEN u.ended THEN coalesce(u.closed_at, t.closed_at) END,
    reopened = u.reopened, escalated = u.escalated, version = u.version, transferred = coalesce(u.transferred, 0),
    snoozed_until = u.snoozed_until, updated_at = $25::timestamptz, updated_seq = $26::bigint
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::uuid[], $10::uuid[], $11::uuid[],
            $12::uuid[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::text[], $18::timestamptz[],
            $19::timestamptz[], $20::int[], $21::int[], $22::int[], $23::int[], $24::timestamptz[],
            $27::bool[])
     AS u (id, status, priority, queue_id, team_id, skills, wishes, agent_id, assignment_id, offer_id, decision_id, declined,
           waiting_since, assigned_at, first_responded_at, pending_reason, resolved_at, closed_at, reopened, escalated, version,
           transferred, snoozed_until, ended)
WHERE t.workspace_id = $1 AND t.id = u.id
"""

UPDATE_DETAILS = """
UPDATE tickets t
SET category = u.category, language = u.language, area = u.area,
    tags = CASE WHEN u.tags IS NULL THEN '{}' ELSE ARRAY(SELECT jsonb_array_elements_text(u.tags::jsonb)) END,
    attributes = coalesce(u.attributes, '{}')::jsonb, metadata = coalesce(u.metadata, '{}')::jsonb
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
     AS u (id, category, language, area, tags, attributes, metadata)
WHERE t.workspace_id = $1 AND t.id = u.id
"""

PUT_TEXTS = """
INSERT INTO ticket_texts (workspace_id, ticket_id, subject, text)
SELECT w.workspace_id, u.ticket_id, u.subject, u.text
FROM workspace_heads w, unnest($2::uuid[], $3::text[], $4::text[]) AS u (ticket_id, subject, text)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, ticket_id) DO UPDATE SET subject = EXCLUDED.subject, text = EXCLUDED.text
"""

END_ASSIGNMENTS = """
UPDATE assignments a SET ended_at = $4, end_reason = u.reason
FROM unnest($2::uuid[], $3::text[]) AS u (ticket_id, reason)
WHERE a.workspace_id = $1 AND a.ticket_id = u.ticket_id AND a.ended_at IS NULL
"""

INSERT_ASSIGNMENTS = """
INSERT INTO assignments (workspace_id, id, ticket_id, agent_id, queue_id, how, forced, decision_id, started_at, ended_at, end_reason)
SELECT w.workspace_id, u.id, u.ticket_id, u.agent_id, u.queue_id, u.how, u.forced, u.decision_id, u.started_at, u.ended_at, u.end_reason
FROM workspace_heads w,
     unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::bool[], $8::uuid[], $9::timestamptz[], $10::timestamptz[],
            $11::text[])
     AS u (id, ticket_id, agent_id, queue_id, how, forced, decision_id, started_at, ended_at, end_reason)
WHERE w.workspace_id = $1
"""

INSERT_HANDOVERS = """
INSERT INTO handovers (workspace_id, ticket_id, seq, kind, from_agent_id, queue_id, team_id, agent_id, reason, actor_type, actor_id, created_at)
SELECT w.workspace_id, u.ticket_id, u.seq, u.kind, u.from_agent_id, u.queue_id, u.team_id, u.agent_id, u.reason, u.actor_type,
       u.actor_id, $12::timestamptz
FROM workspace_heads w,
     unnest($2::uuid[], $3::bigint[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::text[])
     AS u (ticket_id, seq, kind, from_agent_id, queue_id, team_id, agent_id, reason, actor_type, actor_id)
WHERE w.workspace_id = $1
"""

PUT_FOLLOWERS = """
INSERT INTO followers (workspace_id, ticket_id, agent_id, since)
SELECT w.workspace_id, u.ticket_id, u.agent_id, $4::timestamptz
FROM workspace_heads w, unnest($2::uuid[], $3::uuid[]) AS u (ticket_id, agent_id)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, ticket_id, agent_id) DO NOTHING
"""

REMOVE_FOLLOWERS = """
DELETE FROM followers f USING unnest($2::uuid[], $3::uuid[]) AS u (ticket_id, agent_id)
WHERE f.workspace_id = $1 AND f.ticket_id = u.ticket_id AND f.agent_id = u.agent_id
"""

END_OFFERS = """
UPDATE offers o SET status = u.status, ended_at = $4
FROM unnest($2::uuid[], $3::text[]) AS u (id, status)
WHERE o.workspace_id = $1 AND o.id = u.id
"""

INSERT_OFFERS = """
INSERT INTO offers (workspace_id, id, ticket_id, agent_id, status, decision_id, created_at, expires_at, ended_at)
SELECT w.workspace_id, u.id, u.ticket_id, u.agent_id, u.status, u.decision_id, $9::timestamptz, u.expires_at, u.ended_at
FROM workspace_heads w,
     unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::timestamptz[], $8::timestamptz[])
     AS u (id, ticket_id, agent_id, status, decision_id, expires_at, ended_at)
WHERE w.workspace_id = $1
"""

PUT_TIMERS = """
INSERT INTO timers (workspace_id, ticket_id, metric, started_at, due_at, next_at, step, state, version, left_ms, next_left_ms, attempts)
SELECT w.workspace_id, u.ticket_id, u.metric, u.started_at, u.due_at, u.next_at, u.step, u.state, u.version, u.left_ms,
       u.next_left_ms, 0
FROM workspace_heads w,
     unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::int[], $8::text[], $9::int[],
            $10::bigint[], $11::bigint[])
     AS u (ticket_id, metric, started_at, due_at, next_at, step, state, version, left_ms, next_left_ms)
WHERE w.workspace_id = $1
ON CONFLICT (workspace_id, ticket_id, metric) DO UPDATE
SET started_at = EXCLUDED.started_at, due_at = EXCLUDED.due_at, next_at = EXCLUDED.next_at,
    step = EXCLUDED.step, state = EXCLUDED.state, version = EXCLUDED.version, left_ms = EXCLUDED.left_ms,
    next_left_ms = EXCLUDED.next_left_ms, attempts = 0
"""

INSERT_DECISIONS = """
INSERT INTO decisions (workspace_id, id, ticket_id, queue_id, seq, at, cause, outcome, agent_id, configuration_version,
                       engine_version, body, reasons)
SELECT w.workspace_id, u.id, u.ticket_id, u.queue_id, u.seq, $12::timestamptz, u.cause, u.outcome, u.agent_id,
       u.configuration_version, $11::text, u.body::jsonb, u.reasons
FROM workspace_heads w,
     unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::uuid[], $9::int[], $10::text[], $13::bytea[])
     AS u (id, ticket_id, queue_id, seq, cause, outcome, agent_id, configuration_version, body, reasons)
WHERE w.workspace_id = $1
"""

INSERT_MESSAGES = """
INSERT INTO ticket_messages (workspace_id, id, ticket_id, inbound, agent_id, text, created_at)
SELECT w.workspace_id, u.id, u.ticket_id, u.inbound, u.agent_id, u.text, $7::timestamptz
FROM workspace_heads w, unnest($2::uuid[], $3::uuid[], $4::bool[], $5::uuid[], $6::text[]) AS u (id, ticket_id, inbound, agent_id, text)
WHERE w.workspace_id = $1
"""

STORE_ANSWERS = """
INSERT INTO idempotency_keys (workspace_id, key, fingerprint, status, body, headers, ticket_id, customer_id, ticket_ids,
                              customer_ids, created_at, touched_at)
SELECT w.workspace_id, u.key, u.fingerprint, u.status, u.body, u.headers::jsonb, u.ticket_id, u.customer_id,
       CASE WHEN u.ticket_ids IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(u.ticket_ids::jsonb)::uuid) END,
       CASE WHEN u.customer_ids IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(u.customer_ids::jsonb)::uuid) END,
       $9::timestamptz, $9::timestamptz
FROM workspace_heads w,
     unnest($2::text[], $3::bytea[], $4::int[], $5::bytea[], $6::text[], $7::uuid[], $8::uuid[], $10::text[], $11::text[])
     AS u (key, fingerprint, status, body, headers, ticket_id, customer_id, ticket_ids, customer_ids)
WHERE w.workspace_id = $1
"""

TOUCH_ANSWERS = """
UPDATE idempotency_keys SET touched_at = $3 WHERE workspace_id = $1 AND key = ANY($2::text[])
"""
