"""Pieces of work. `skills` and `wishes` are [[skill id as 32 hex digits, level]]; `team_id` overrides the queue's teams."""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from app.engine.vocabulary import OPEN, Channel, Kind, Priority, Status
from app.models.columns import AT, ID, IDS, TEXTS, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata


class PendingReason(StrEnum):
    """For whom or what the owner waits."""

    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"
    SNOOZED = "snoozed"  # for a moment, see snoozed_until


OPEN_STATUSES = ", ".join(f"'{status}'" for status in Status if status in OPEN)

tickets = Table(
    "tickets",
    metadata,
    workspace_key(),
    key("id", ID),
    required("number", BigInteger),
    required("kind", Text),
    required("status", Text),
    required("priority", Text),
    required("channel", Text),
    optional("category", Text),
    optional("language", Text),
    optional("area", Text),
    optional("external_id", Text),
    optional("customer_id", ID),
    optional("customer_tier", Text),
    required("queue_id", ID),
    optional("team_id", ID),
    required("skills", JSONB),
    required("wishes", JSONB),
    required("cost", Integer),
    optional("agent_id", ID),
    optional("assignment_id", ID),
    optional("offer_id", ID),
    optional("decision_id", ID),
    required("declined", IDS),
    required("tags", TEXTS),
    required("attributes", JSONB),
    required("metadata", JSONB),
    optional("waiting_since", AT),
    optional("assigned_at", AT),
    optional("first_responded_at", AT),
    optional("pending_reason", Text),
    optional("snoozed_until", AT),
    optional("resolved_at", AT),
    optional("closed_at", AT),
    required("reopened", Integer),
    required("escalated", Integer),
    required("transferred", Integer),
    required("version", Integer),
    required("created_at", AT),
    required("updated_at", AT),
    required("created_seq", BigInteger),
    required("updated_seq", BigInteger),
    UniqueConstraint("workspace_id", "number", name="uq_tickets_number"),
    one_of("kind", Kind),
    one_of("status", Status),
    one_of("priority", Priority),
    one_of("channel", Channel),
    one_of("pending_reason", PendingReason),
    CheckConstraint("cost >= 0", name="cost"),
    Index(
        "uq_tickets_external_id",
        "workspace_id",
        "external_id",
        unique=True,
        postgresql_where=text("external_id IS NOT NULL"),
    ),
    Index("ix_tickets_snoozed", "workspace_id", "snoozed_until", postgresql_where=text("snoozed_until IS NOT NULL")),
    Index("ix_tickets_status", "workspace_id", "status", "id"),
    Index("ix_tickets_agent", "workspace_id", "agent_id", "id", postgresql_where=text("agent_id IS NOT NULL")),
    Index("ix_tickets_customer", "workspace_id", "customer_id", "number", postgresql_where=text("customer_id IS NOT NULL")),
    Index("ix_tickets_queue", "workspace_id", "queue_id", "status", "id"),
    Index("ix_tickets_open", "workspace_id", "id", postgresql_where=text(f"status IN ({OPEN_STATUSES})")),
    postgresql_with={"fillfactor": "80"},
)
