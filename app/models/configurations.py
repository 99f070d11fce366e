"""Every version of a workspace's configuration, as it was applied; rows are never changed."""

from sqlalchemy import Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.engine.vocabulary import ActorType
from app.models.columns import AT, key, one_of, required, workspace_key
from app.models.metadata import metadata

configurations = Table(
    "configurations",
    metadata,
    workspace_key(),
    key("version", Integer),
    required("document", JSONB),
    required("applied_at", AT),
    required("actor_type", Text),
    required("actor_id", Text),
    one_of("actor_type", ActorType),
)
