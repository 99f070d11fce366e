"""The spine: workspaces, agents, tickets, their log, and who may see what.

Revision ID: 0001
Revises:
"""

from alembic import op

from migrations.application_role import application_role
from migrations.by_workspace import by_workspace
from migrations.isolation import isolate, isolate_head

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Parents before children: Citus distributes a table only after those it refers to.
TABLES = {
    "workspaces": """
        CREATE TABLE workspaces (
            workspace_id uuid NOT NULL, slug text NOT NULL, name text NOT NULL, mode text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_workspaces PRIMARY KEY (workspace_id),
            CONSTRAINT ck_workspaces_mode CHECK (mode IN ('live', 'sandbox'))
        )
    """,
    "workspace_slugs": """
        CREATE TABLE workspace_slugs (
            slug text NOT NULL, workspace_id uuid NOT NULL,
            CONSTRAINT pk_workspace_slugs PRIMARY KEY (slug)
        )
    """,
    "workspace_heads": """
        CREATE TABLE workspace_heads (
            workspace_id uuid NOT NULL, mode text NOT NULL, last_seq bigint NOT NULL, last_number bigint NOT NULL,
            last_agent_number integer NOT NULL, last_at timestamptz NOT NULL, clock_offset_ms bigint NOT NULL,
            next_due_at timestamptz, configuration_version integer NOT NULL, format integer NOT NULL,
            epoch integer NOT NULL,
            CONSTRAINT pk_workspace_heads PRIMARY KEY (workspace_id),
            CONSTRAINT ck_workspace_heads_mode CHECK (mode IN ('live', 'sandbox'))
        ) WITH (fillfactor = 50)
    """,
    "configurations": """
        CREATE TABLE configurations (
            workspace_id uuid NOT NULL, version integer NOT NULL, document jsonb NOT NULL,
            applied_at timestamptz NOT NULL, actor_type text NOT NULL, actor_id text NOT NULL,
            CONSTRAINT pk_configurations PRIMARY KEY (workspace_id, version),
            CONSTRAINT ck_configurations_actor_type CHECK (actor_type IN ('api_key', 'agent', 'person', 'system'))
        )
    """,
    "agents": """
        CREATE TABLE agents (
            workspace_id uuid NOT NULL, id uuid NOT NULL, number integer NOT NULL, name text NOT NULL,
            title text NOT NULL, external_id text, teams uuid[] NOT NULL, skills jsonb NOT NULL,
            languages text[] NOT NULL, areas text[] NOT NULL, capacity integer NOT NULL, limits jsonb NOT NULL,
            weight integer NOT NULL, presence text NOT NULL, presence_changed_at timestamptz NOT NULL,
            idle_since timestamptz, load integer NOT NULL, version integer NOT NULL, created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL, deleted_at timestamptz,
            CONSTRAINT pk_agents PRIMARY KEY (workspace_id, id),
            CONSTRAINT uq_agents_number UNIQUE (workspace_id, number),
            CONSTRAINT ck_agents_presence CHECK (presence IN ('offline', 'away', 'busy', 'available')),
            CONSTRAINT ck_agents_load CHECK (load >= 0)
        ) WITH (fillfactor = 70)
    """,
    "turns": """
        CREATE TABLE turns (
            workspace_id uuid NOT NULL, queue_id uuid NOT NULL, agent_id uuid NOT NULL, last_seq bigint NOT NULL,
            pass bigint NOT NULL, credit bigint NOT NULL, assigned bigint NOT NULL,
            CONSTRAINT pk_turns PRIMARY KEY (workspace_id, queue_id, agent_id)
        )
    """,
    "queue_turns": """
        CREATE TABLE queue_turns (
            workspace_id uuid NOT NULL, queue_id uuid NOT NULL, pass bigint NOT NULL,
            CONSTRAINT pk_queue_turns PRIMARY KEY (workspace_id, queue_id)
        )
    """,
    "switches": """
        CREATE TABLE switches (
            workspace_id uuid NOT NULL, subject_id uuid NOT NULL, state text NOT NULL, since timestamptz NOT NULL,
            CONSTRAINT pk_switches PRIMARY KEY (workspace_id, subject_id),
            CONSTRAINT ck_switches_state CHECK (state IN ('running', 'paused', 'draining'))
        )
    """,
    "customers": """
        CREATE TABLE customers (
            workspace_id uuid NOT NULL, id uuid NOT NULL, external_id text, name text,
            name_key text COLLATE "C", tier text, language text, preferred_channel text, contacts jsonb NOT NULL, attributes jsonb NOT NULL, metadata jsonb NOT NULL,
            merged_into_id uuid, version integer NOT NULL, created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL, updated_seq bigint NOT NULL,
            CONSTRAINT pk_customers PRIMARY KEY (workspace_id, id),
            CONSTRAINT uq_customers_external_id UNIQUE (workspace_id, external_id),
            CONSTRAINT ck_customers_preferred_channel CHECK (preferred_channel IN (
                'whatsapp', 'instagram', 'messenger', 'telegram', 'line', 'email', 'live_chat', 'web_form', 'phone',
                'sms', 'api'
            ))
        )
    """,
    "customer_contacts": """
        CREATE TABLE customer_contacts (
            workspace_id uuid NOT NULL, customer_id uuid NOT NULL, kind text NOT NULL, match text NOT NULL,
            CONSTRAINT pk_customer_contacts PRIMARY KEY (workspace_id, customer_id, kind, match),
            CONSTRAINT ck_customer_contacts_kind CHECK (kind IN (
                'email', 'phone', 'whatsapp', 'instagram', 'messenger', 'telegram', 'line'
            )),
            CONSTRAINT fk_customer_contacts_customers FOREIGN KEY (workspace_id, customer_id)
                REFERENCES customers (workspace_id, id) ON DELETE CASCADE
        )
    """,
    "customer_merges": """
        CREATE TABLE customer_merges (
            workspace_id uuid NOT NULL, seq bigint NOT NULL, customer_id uuid NOT NULL, into_id uuid NOT NULL,
            tickets uuid[] NOT NULL, undone_seq bigint,
            CONSTRAINT pk_customer_merges PRIMARY KEY (workspace_id, seq)
        )
    """,
    "tickets": """
        CREATE TABLE tickets (
            workspace_id uuid NOT NULL, id uuid NOT NULL, number bigint NOT NULL, kind text NOT NULL,
            status text NOT NULL, priority text NOT NULL, channel text NOT NULL, category text, language text, area text,
            external_id text, customer_id uuid, customer_tier text, queue_id uuid NOT NULL, team_id uuid,
            skills jsonb NOT NULL, wishes jsonb NOT NULL, cost integer NOT NULL, agent_id uuid, assignment_id uuid,
            offer_id uuid, decision_id uuid, declined uuid[] NOT NULL, tags text[] NOT NULL, attributes jsonb NOT NULL,
            metadata jsonb NOT NULL, waiting_since timestamptz, assigned_at timestamptz, first_responded_at timestamptz,
            pending_reason text, snoozed_until timestamptz, resolved_at timestamptz, closed_at timestamptz, reopened integer NOT NULL,
            escalated integer NOT NULL, transferred integer NOT NULL, version integer NOT NULL,
            created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, created_seq bigint NOT NULL, updated_seq bigint NOT NULL,
            CONSTRAINT pk_tickets PRIMARY KEY (workspace_id, id),
            CONSTRAINT uq_tickets_number UNIQUE (workspace_id, number),
            CONSTRAINT ck_tickets_kind CHECK (kind IN ('ticket', 'lead', 'chat', 'call', 'task', 'meeting')),
            CONSTRAINT ck_tickets_status CHECK (status IN (
                'waiting', 'offered', 'assigned', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled'
            )),
            CONSTRAINT ck_tickets_priority CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
            CONSTRAINT ck_tickets_channel CHECK (channel IN (
                'whatsapp', 'instagram', 'messenger', 'telegram', 'line', 'email', 'live_chat', 'web_form', 'phone',
                'sms', 'api'
            )),
            CONSTRAINT ck_tickets_pending_reason CHECK (pending_reason IN ('customer', 'third_party', 'snoozed')),
            CONSTRAINT ck_tickets_cost CHECK (cost >= 0)
        ) WITH (fillfactor = 80)
    """,
    "ticket_texts": """
        CREATE TABLE ticket_texts (
            workspace_id uuid NOT NULL, ticket_id uuid NOT NULL, subject text NOT NULL, text text NOT NULL,
            CONSTRAINT pk_ticket_texts PRIMARY KEY (workspace_id, ticket_id),
            CONSTRAINT fk_ticket_texts_tickets FOREIGN KEY (workspace_id, ticket_id)
                REFERENCES tickets (workspace_id, id) ON DELETE CASCADE
        )
    """,
    "ticket_messages": """
        CREATE TABLE ticket_messages (
            workspace_id uuid NOT NULL, id uuid NOT NULL, ticket_id uuid NOT NULL, inbound boolean NOT NULL,
            agent_id uuid, text text NOT NULL, created_at timestamptz NOT NULL,
            CONSTRAINT pk_ticket_messages PRIMARY KEY (workspace_id, id),
            CONSTRAINT fk_ticket_messages_tickets FOREIGN KEY (workspace_id, ticket_id)
                REFERENCES tickets (workspace_id, id) ON DELETE CASCADE
        )
    """,
    "assignments": """
        CREATE TABLE assignments (
            workspace_id uuid NOT NULL, id uuid NOT NULL, ticket_id uuid NOT NULL, agent_id uuid NOT NULL,
            queue_id uuid NOT NULL, how text NOT NULL, forced boolean NOT NULL, decision_id uuid,
            started_at timestamptz NOT NULL, ended_at timestamptz, end_reason text,
            CONSTRAINT pk_assignments PRIMARY KEY (workspace_id, id),
            CONSTRAINT ck_assignments_how CHECK (how IN ('routed', 'accepted', 'by_hand', 'transferred', 'taken', 'escalation')),
            CONSTRAINT ck_assignments_end_reason CHECK (end_reason IN (
                'resolved', 'cancelled', 'transferred', 'returned', 'released', 'reassigned', 'escalated', 'agent_deleted'
            ))
        )
    """,
    "handovers": """
        CREATE TABLE handovers (
            workspace_id uuid NOT NULL, ticket_id uuid NOT NULL, seq bigint NOT NULL, kind text NOT NULL,
            from_agent_id uuid, queue_id uuid, team_id uuid, agent_id uuid, reason text NOT NULL,
            actor_type text NOT NULL, actor_id text NOT NULL, created_at timestamptz NOT NULL,
            CONSTRAINT pk_handovers PRIMARY KEY (workspace_id, ticket_id, seq),
            CONSTRAINT ck_handovers_kind CHECK (kind IN ('transferred', 'returned', 'released')),
            CONSTRAINT ck_handovers_actor_type CHECK (actor_type IN ('api_key', 'agent', 'person', 'system')),
            CONSTRAINT fk_handovers_tickets FOREIGN KEY (workspace_id, ticket_id)
                REFERENCES tickets (workspace_id, id) ON DELETE CASCADE
        )
    """,
    "followers": """
        CREATE TABLE followers (
            workspace_id uuid NOT NULL, ticket_id uuid NOT NULL, agent_id uuid NOT NULL, since timestamptz NOT NULL,
            CONSTRAINT pk_followers PRIMARY KEY (workspace_id, ticket_id, agent_id),
            CONSTRAINT fk_followers_tickets FOREIGN KEY (workspace_id, ticket_id)
                REFERENCES tickets (workspace_id, id) ON DELETE CASCADE
        )
    """,
    "marks": """
        CREATE TABLE marks (
            workspace_id uuid NOT NULL, ticket_id uuid NOT NULL, kind text NOT NULL, holder uuid NOT NULL,
            agent_id uuid NOT NULL, since timestamptz NOT NULL, until timestamptz NOT NULL,
            CONSTRAINT pk_marks PRIMARY KEY (workspace_id, ticket_id, kind, holder),
            CONSTRAINT ck_marks_kind CHECK (kind IN ('viewing', 'replying')),
            CONSTRAINT fk_marks_tickets FOREIGN KEY (workspace_id, ticket_id)
                REFERENCES tickets (workspace_id, id) ON DELETE CASCADE
        )
    """,
    "offers": """
        CREATE TABLE offers (
            workspace_id uuid NOT NULL, id uuid NOT NULL, ticket_id uuid NOT NULL, agent_id uuid NOT NULL,
            status text NOT NULL, decision_id uuid, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT pk_offers PRIMARY KEY (workspace_id, id),
            CONSTRAINT ck_offers_status CHECK (status IN ('pending', 'accepted', 'declined', 'expired', 'withdrawn'))
        )
    """,
    "timers": """
        CREATE TABLE timers (
            workspace_id uuid NOT NULL, ticket_id uuid NOT NULL, metric text NOT NULL, started_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL, next_at timestamptz, step integer NOT NULL, state text NOT NULL,
            version integer NOT NULL, left_ms bigint, next_left_ms bigint, attempts integer NOT NULL,
            CONSTRAINT pk_timers PRIMARY KEY (workspace_id, ticket_id, metric),
            CONSTRAINT ck_timers_metric CHECK (metric IN ('first_response', 'resolution')),
            CONSTRAINT ck_timers_state CHECK (state IN ('running', 'paused', 'met', 'breached', 'missed', 'cancelled'))
        )
    """,
    "decisions": """
        CREATE TABLE decisions (
            workspace_id uuid NOT NULL, id uuid NOT NULL, ticket_id uuid NOT NULL, queue_id uuid NOT NULL,
            seq bigint NOT NULL, at timestamptz NOT NULL, cause text NOT NULL, outcome text NOT NULL, agent_id uuid,
            configuration_version integer NOT NULL, engine_version text NOT NULL, body jsonb NOT NULL, reasons bytea,
            CONSTRAINT pk_decisions PRIMARY KEY (workspace_id, id),
            CONSTRAINT ck_decisions_outcome CHECK (outcome IN ('assigned', 'offered', 'waiting'))
        )
    """,
    "events": """
        CREATE TABLE events (
            workspace_id uuid NOT NULL, seq bigint NOT NULL, id uuid NOT NULL, type text NOT NULL,
            subject_type text NOT NULL, subject_id uuid, data jsonb NOT NULL, at timestamptz NOT NULL,
            actor_type text NOT NULL, actor_id text NOT NULL, request_id text, batch_id uuid NOT NULL,
            CONSTRAINT pk_events PRIMARY KEY (workspace_id, seq),
            CONSTRAINT ck_events_actor_type CHECK (actor_type IN ('api_key', 'agent', 'person', 'system'))
        )
    """,
    "idempotency_keys": """
        CREATE TABLE idempotency_keys (
            workspace_id uuid NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, status integer NOT NULL,
            body bytea NOT NULL, headers jsonb NOT NULL, ticket_id uuid, customer_id uuid, ticket_ids uuid[],
            customer_ids uuid[], created_at timestamptz NOT NULL, touched_at timestamptz NOT NULL,
            CONSTRAINT pk_idempotency_keys PRIMARY KEY (workspace_id, key)
        )
    """,
    "api_keys": """
        CREATE TABLE api_keys (
            workspace_id uuid NOT NULL, id uuid NOT NULL, secret_hash bytea NOT NULL, last_four text NOT NULL,
            name text NOT NULL, role text NOT NULL, agent_id uuid, created_at timestamptz NOT NULL,
            expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz, rate_limit text, kind text NOT NULL,
            scopes text[], previous_hash bytea, previous_until timestamptz, version integer NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT pk_api_keys PRIMARY KEY (workspace_id, id),
            CONSTRAINT ck_api_keys_role CHECK (role IN ('admin', 'supervisor', 'agent', 'integration', 'read_only')),
            CONSTRAINT ck_api_keys_kind CHECK (kind IN ('key', 'login', 'session'))
        )
    """,
    "identity_providers": """
        CREATE TABLE identity_providers (
            workspace_id uuid NOT NULL, id uuid NOT NULL, issuer text NOT NULL, audience text NOT NULL, role_claim text,
            roles jsonb NOT NULL, agent_claim text, created_at timestamptz NOT NULL,
            CONSTRAINT pk_identity_providers PRIMARY KEY (workspace_id, id),
            CONSTRAINT uq_identity_providers_issuer UNIQUE (workspace_id, issuer)
        )
    """,
    "audit_entries": """
        CREATE TABLE audit_entries (
            workspace_id uuid NOT NULL, id uuid NOT NULL, at timestamptz NOT NULL, operation text NOT NULL,
            outcome text NOT NULL, actor_type text NOT NULL, actor_id text NOT NULL, key_id uuid, person text,
            subject_type text NOT NULL, subject_id text, event_type text, changed jsonb NOT NULL, seq bigint,
            times integer NOT NULL, ip text, user_agent text, request_id text,
            CONSTRAINT pk_audit_entries PRIMARY KEY (workspace_id, id),
            CONSTRAINT ck_audit_entries_outcome CHECK (outcome IN ('done', 'denied'))
        )
    """,
}

INDEXES = (
    "CREATE INDEX ix_workspace_heads_due ON workspace_heads (next_due_at) WHERE next_due_at IS NOT NULL",
    """
        CREATE UNIQUE INDEX uq_agents_external_id ON agents (workspace_id, external_id)
        WHERE external_id IS NOT NULL AND deleted_at IS NULL
    """,
    "CREATE UNIQUE INDEX uq_agents_name ON agents (workspace_id, name) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_customers_name ON customers (workspace_id, name_key, id) WHERE name_key IS NOT NULL",
    "CREATE INDEX ix_customers_updated ON customers (workspace_id, updated_seq, id)",
    """
        CREATE INDEX ix_customers_merged ON customers (workspace_id, merged_into_id, id)
        WHERE merged_into_id IS NOT NULL
    """,
    "CREATE INDEX ix_customer_contacts_match ON customer_contacts (workspace_id, match, kind, customer_id)",
    """
        CREATE UNIQUE INDEX uq_customer_merges_customer ON customer_merges (workspace_id, customer_id)
        WHERE undone_seq IS NULL
    """,
    "CREATE INDEX ix_customer_merges_into ON customer_merges (workspace_id, into_id, seq)",
    "CREATE INDEX ix_tickets_agent ON tickets (workspace_id, agent_id, id) WHERE agent_id IS NOT NULL",
    """
        CREATE INDEX ix_tickets_open ON tickets (workspace_id, id)
        WHERE status IN ('waiting', 'offered', 'assigned', 'in_progress', 'pending')
    """,
    "CREATE INDEX ix_tickets_customer ON tickets (workspace_id, customer_id, number) WHERE customer_id IS NOT NULL",
    "CREATE INDEX ix_tickets_queue ON tickets (workspace_id, queue_id, status, id)",
    "CREATE INDEX ix_tickets_snoozed ON tickets (workspace_id, snoozed_until) WHERE snoozed_until IS NOT NULL",
    "CREATE INDEX ix_tickets_status ON tickets (workspace_id, status, id)",
    "CREATE UNIQUE INDEX uq_tickets_external_id ON tickets (workspace_id, external_id) WHERE external_id IS NOT NULL",
    "CREATE INDEX ix_ticket_messages_ticket ON ticket_messages (workspace_id, ticket_id, id)",
    "CREATE INDEX ix_assignments_ticket ON assignments (workspace_id, ticket_id, id)",
    "CREATE INDEX ix_assignments_agent ON assignments (workspace_id, agent_id, started_at)",
    "CREATE UNIQUE INDEX uq_assignments_open ON assignments (workspace_id, ticket_id) WHERE ended_at IS NULL",
    "CREATE INDEX ix_followers_agent ON followers (workspace_id, agent_id, ticket_id)",
    "CREATE INDEX ix_marks_until ON marks (workspace_id, until)",
    "CREATE INDEX ix_offers_agent ON offers (workspace_id, agent_id) WHERE status = 'pending'",
    "CREATE INDEX ix_offers_expiry ON offers (workspace_id, expires_at) WHERE status = 'pending'",
    "CREATE UNIQUE INDEX uq_offers_pending ON offers (workspace_id, ticket_id) WHERE status = 'pending'",
    "CREATE INDEX ix_timers_next ON timers (workspace_id, next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX ix_decisions_ticket ON decisions (workspace_id, ticket_id, seq)",
    "CREATE INDEX ix_events_subject ON events (workspace_id, subject_id, seq) WHERE subject_id IS NOT NULL",
    "CREATE INDEX ix_idempotency_keys_age ON idempotency_keys (workspace_id, created_at)",
    "CREATE INDEX ix_audit_entries_at ON audit_entries (workspace_id, at, id)",
    "CREATE INDEX ix_audit_entries_actor ON audit_entries (workspace_id, actor_id, at, id)",
    "CREATE INDEX ix_audit_entries_subject ON audit_entries (workspace_id, subject_id, at, id) WHERE subject_id IS NOT NULL",
)

# What is not named here may be read, inserted, updated and deleted. The log and its like are never rewritten, and who may say
# who somebody is only the owner of the tables settles.
GRANTS = {
    "audit_entries": "SELECT, INSERT",
    "identity_providers": "SELECT",
    "configurations": "SELECT, INSERT",
    "decisions": "SELECT, INSERT, DELETE",
    "events": "SELECT, INSERT, DELETE",
}

# The application may not delete from the audit: it may ask the owner's function for what is old, never for less than 30 days.
PRUNE_AUDIT = """
    CREATE FUNCTION prune_audit(of_workspace uuid, kept_days integer, at_most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        WITH gone AS (
            DELETE FROM public.audit_entries a
            WHERE a.workspace_id = of_workspace AND a.id = ANY(ARRAY(
                SELECT o.id FROM public.audit_entries o
                WHERE o.workspace_id = of_workspace AND o.at < now() - greatest(kept_days, 30) * interval '1 day'
                ORDER BY o.at, o.id LIMIT at_most
            ))
            RETURNING 1
        )
        SELECT count(*) FROM gone
    $$
"""


def upgrade() -> None:
    application_role()
    for table, definition in TABLES.items():
        op.execute(definition)
        by_workspace(table, column="slug" if table == "workspace_slugs" else "workspace_id")
    for index in INDEXES:
        op.execute(index)
    for table in TABLES:
        if table == "workspace_heads":
            isolate_head(table)
        elif table != "workspace_slugs":
            isolate(table, grants=GRANTS.get(table, "SELECT, INSERT, UPDATE, DELETE"))
    op.execute("GRANT SELECT ON workspace_slugs, alembic_version TO giliran_app")
    op.execute(PRUNE_AUDIT)
    op.execute("REVOKE ALL ON FUNCTION prune_audit FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION prune_audit TO giliran_app")


def downgrade() -> None:
    """The role stays: it belongs to the server, not to this database."""
    op.execute("REVOKE ALL ON alembic_version FROM giliran_app")
    op.execute("DROP FUNCTION prune_audit")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
