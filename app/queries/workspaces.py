"""Making and listing workspaces. Runs as the owner of the tables: the application may write into no directory."""

from sqlalchemy import bindparam, text

from app.models.columns import AT, ID

_NEW = (bindparam("workspace_id", type_=ID), bindparam("at", type_=AT))

CREATE_SLUG = text("""
    INSERT INTO workspace_slugs (slug, workspace_id) VALUES (:slug, :workspace_id) ON CONFLICT (slug) DO NOTHING RETURNING slug
""").bindparams(bindparam("workspace_id", type_=ID))

CREATE = text("""
    INSERT INTO workspaces (workspace_id, slug, name, mode, created_at) VALUES (:workspace_id, :slug, :name, :mode, :at)
""").bindparams(*_NEW)

CREATE_HEAD = text("""
    INSERT INTO workspace_heads (
        workspace_id, mode, last_seq, last_number, last_agent_number, last_at, clock_offset_ms, configuration_version, format,
        epoch
    )
    VALUES (:workspace_id, :mode, 0, 0, 0, :at, 0, 0, :format, 1)
""").bindparams(*_NEW)

FIND_SLUG = text("SELECT workspace_id FROM workspace_slugs WHERE slug = :slug")

FIND = text("SELECT workspace_id, slug, name, mode, created_at FROM workspaces WHERE workspace_id = :workspace_id").bindparams(
    bindparam("workspace_id", type_=ID)
)

# The directory has no workspace of its own to name: it is what finds one.
ALL_SLUGS = text("SELECT slug, workspace_id FROM workspace_slugs ORDER BY slug")

LOWEST_FORMAT = text("SELECT min(format) FROM workspace_heads")

ALL_HEADS = text("SELECT workspace_id, format, epoch FROM workspace_heads ORDER BY workspace_id")

RAISE_EPOCH = text("""
    UPDATE workspace_heads SET epoch = greatest(epoch, :value) WHERE workspace_id = :workspace_id RETURNING epoch
""").bindparams(bindparam("workspace_id", type_=ID))

RAISE_FORMAT = text("""
    UPDATE workspace_heads SET format = greatest(format, :value) WHERE workspace_id = :workspace_id RETURNING format
""").bindparams(bindparam("workspace_id", type_=ID))
