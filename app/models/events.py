"""The log, numbered per workspace without gaps in commit order. Its rows are never changed."""

from sqlalchemy import BigInteger, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from app.engine.vocabulary import ActorType
from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata

events = Table(
    "events",
    metadata,
    workspace_key(),
    key("seq", BigInteger),
    required("id", ID),
    required("type", Text),
    required("subject_type", Text),
    optional("subject_id", ID),
    required("data", JSONB),
    required("at", AT),
    required("actor_type", Text),
    required("actor_id", Text),
    optional("request_id", Text),
    required("batch_id", ID),
    one_of("actor_type", ActorType),
    Index("ix_events_subject", "workspace_id", "subject_id", "seq", postgresql_where=text("subject_id IS NOT NULL")),
)
