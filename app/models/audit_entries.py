"""Who changed what besides tickets, and from where. Rows are only ever added; the owner's function forgets old ones.

`changed` is {field: [before, after]}, or {field: null} where a value is personal; of a change that the log tells of too it is the
event's data, with its `event_type` and `seq`. `times` counts denied attempts told as one.
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata


class AuditOutcome(StrEnum):
    """What became of it."""

    DONE = "done"
    DENIED = "denied"


audit_entries = Table(
    "audit_entries",
    metadata,
    workspace_key(),
    key("id", ID),
    required("at", AT),
    required("operation", Text),
    required("outcome", Text),
    required("actor_type", Text),
    required("actor_id", Text),
    optional("key_id", ID),
    optional("person", Text),
    required("subject_type", Text),
    optional("subject_id", Text),
    optional("event_type", Text),
    required("changed", JSONB),
    optional("seq", BigInteger),
    required("times", Integer),
    optional("ip", Text),
    optional("user_agent", Text),
    optional("request_id", Text),
    one_of("outcome", AuditOutcome),
    Index("ix_audit_entries_at", "workspace_id", "at", "id"),
    Index("ix_audit_entries_actor", "workspace_id", "actor_id", "at", "id"),
    Index("ix_audit_entries_subject", "workspace_id", "subject_id", "at", "id", postgresql_where=text("subject_id IS NOT NULL")),
)
