"""The row that a writer locks: counters and times of a workspace, narrow because every batch updates it."""

from sqlalchemy import BigInteger, Index, Integer, Table, Text, text

from app.models.columns import AT, one_of, optional, required, workspace_key
from app.models.metadata import metadata
from app.models.workspaces import Mode

workspace_heads = Table(
    "workspace_heads",
    metadata,
    workspace_key(),
    required("mode", Text),
    required("last_seq", BigInteger),
    required("last_number", BigInteger),
    required("last_agent_number", Integer),
    required("last_at", AT),
    required("clock_offset_ms", BigInteger),
    optional("next_due_at", AT),
    required("configuration_version", Integer),
    required("format", Integer),
    required("epoch", Integer),
    one_of("mode", Mode),
    Index("ix_workspace_heads_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
    postgresql_with={"fillfactor": "50"},
)
