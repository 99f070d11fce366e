"""Keys of the API. Everything but the listing runs as the application, in a transaction of the key's workspace."""

from sqlalchemy import bindparam, text

from app.models.columns import AT, ID

# One row, with the workspace's mode because a key of the other mode is no key.
FIND = text("""
    SELECT k.secret_hash, k.role, k.agent_id, k.expires_at, k.revoked_at, k.rate_limit, w.mode
    FROM api_keys k JOIN workspaces w ON w.workspace_id = k.workspace_id
    WHERE k.workspace_id = :workspace_id AND k.id = :id
""").bindparams(bindparam("workspace_id", type_=ID), bindparam("id", type_=ID))

CREATE = text("""
    INSERT INTO api_keys (workspace_id, id, secret_hash, last_four, name, role, agent_id, created_at, expires_at, rate_limit)
    VALUES (:workspace_id, :id, :secret_hash, :last_four, :name, :role, :agent_id, :created_at, :expires_at, :rate_limit)
""").bindparams(
    bindparam("workspace_id", type_=ID),
    bindparam("id", type_=ID),
    bindparam("agent_id", type_=ID),
    bindparam("created_at", type_=AT),
    bindparam("expires_at", type_=AT),
)

LIST = text("""
    SELECT k.id, k.name, k.role, k.last_four, k.agent_id, a.name AS agent, k.created_at, k.expires_at, k.revoked_at,
           k.last_used_at, k.rate_limit
    FROM api_keys k LEFT JOIN agents a ON a.workspace_id = k.workspace_id AND a.id = k.agent_id
    WHERE k.workspace_id = :workspace_id
    ORDER BY k.id
""").bindparams(bindparam("workspace_id", type_=ID))

# Revoking twice keeps the first time.
REVOKE = text("""
    UPDATE api_keys SET revoked_at = coalesce(revoked_at, :at)
    WHERE workspace_id = :workspace_id AND id = :id
    RETURNING revoked_at
""").bindparams(bindparam("workspace_id", type_=ID), bindparam("id", type_=ID), bindparam("at", type_=AT))

# How far back `last_used_at` may lie is the ring's matter; it never goes back.
USED = text("""
    UPDATE api_keys SET last_used_at = :at
    WHERE workspace_id = :workspace_id AND id = :id AND (last_used_at IS NULL OR last_used_at < :at)
""").bindparams(bindparam("workspace_id", type_=ID), bindparam("id", type_=ID), bindparam("at", type_=AT))

AGENT_BY_NAME = text("""
    SELECT id FROM agents WHERE workspace_id = :workspace_id AND name = :name AND deleted_at IS NULL
""").bindparams(bindparam("workspace_id", type_=ID))
