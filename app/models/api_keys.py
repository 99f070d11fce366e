"""Keys of the API: only the hash of the secret is kept, and the last four characters for people."""

from sqlalchemy import LargeBinary, Table, Text

from app.engine.vocabulary import Role
from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata

api_keys = Table(
    "api_keys",
    metadata,
    workspace_key(),
    key("id", ID),
    required("secret_hash", LargeBinary),
    required("last_four", Text),
    required("name", Text),
    required("role", Text),
    optional("agent_id", ID),
    required("created_at", AT),
    optional("expires_at", AT),
    optional("revoked_at", AT),
    optional("last_used_at", AT),
    optional("rate_limit", Text),
    one_of("role", Role),
)
