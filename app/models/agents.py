"""Who does the work. `skills` is [[skill id as 32 hex digits, level]], `limits` is [[channel, units]]."""

from sqlalchemy import CheckConstraint, Index, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from app.engine.vocabulary import Presence
from app.models.columns import AT, ID, IDS, TEXTS, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata

agents = Table(
    "agents",
    metadata,
    workspace_key(),
    key("id", ID),
    required("number", Integer),
    required("name", Text),
    required("title", Text),
    optional("external_id", Text),
    required("teams", IDS),
    required("skills", JSONB),
    required("languages", TEXTS),
    required("areas", TEXTS),
    required("capacity", Integer),
    required("limits", JSONB),
    required("weight", Integer),
    required("presence", Text),
    required("presence_changed_at", AT),
    optional("idle_since", AT),
    required("load", Integer),
    required("version", Integer),
    required("created_at", AT),
    required("updated_at", AT),
    optional("deleted_at", AT),
    UniqueConstraint("workspace_id", "number", name="uq_agents_number"),
    one_of("presence", Presence),
    CheckConstraint("load >= 0", name="load"),
    Index("uq_agents_name", "workspace_id", "name", unique=True, postgresql_where=text("deleted_at IS NULL")),
    Index(
        "uq_agents_external_id",
        "workspace_id",
        "external_id",
        unique=True,
        postgresql_where=text("external_id IS NOT NULL AND deleted_at IS NULL"),
    ),
    postgresql_with={"fillfactor": "70"},
)
