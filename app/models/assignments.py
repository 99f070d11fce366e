"""Who owned a ticket from when to when; the partial unique index says that at most one assignment is open."""

from enum import StrEnum

from sqlalchemy import Boolean, Index, Table, Text, text

from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata


class How(StrEnum):
    """What made the agent the owner."""

    ROUTED = "routed"
    ACCEPTED = "accepted"  # after an offer
    BY_HAND = "by_hand"
    TRANSFERRED = "transferred"
    TAKEN = "taken"  # by the agent, from the queue
    ESCALATION = "escalation"


class EndReason(StrEnum):
    """Why the agent no longer owns the ticket."""

    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"  # handed on, by its owner or a supervisor
    RETURNED = "returned"  # given back to its queue
    RELEASED = "released"  # with all work of an agent who could not go on
    REASSIGNED = "reassigned"  # given to another agent by hand
    ESCALATED = "escalated"
    AGENT_DELETED = "agent_deleted"


assignments = Table(
    "assignments",
    metadata,
    workspace_key(),
    key("id", ID),
    required("ticket_id", ID),
    required("agent_id", ID),
    required("queue_id", ID),
    required("how", Text),
    required("forced", Boolean),
    optional("decision_id", ID),
    required("started_at", AT),
    optional("ended_at", AT),
    optional("end_reason", Text),
    one_of("how", How),
    one_of("end_reason", EndReason),
    Index("uq_assignments_open", "workspace_id", "ticket_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    Index("ix_assignments_ticket", "workspace_id", "ticket_id", "id"),
    Index("ix_assignments_agent", "workspace_id", "agent_id", "started_at"),
)
