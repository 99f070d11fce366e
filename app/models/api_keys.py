"""Keys of the API: only the hash of the secret is kept, and the last four characters for people.

`scopes` narrows the role; NULL is all of it. After a rotation the secret before is right until `previous_until`.
"""

from enum import StrEnum

from sqlalchemy import Integer, LargeBinary, Table, Text

from app.engine.vocabulary import Role
from app.models.columns import AT, ID, TEXTS, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata


class KeyKind(StrEnum):
    """How a key came to be."""

    KEY = "key"  # made by an administrator, for a program or a person
    LOGIN = "login"  # a code that gives a session, once and soon; opens nothing itself
    SESSION = "session"  # given to a person who signed in; it ends soon


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
    required("kind", Text),
    optional("scopes", TEXTS),
    optional("previous_hash", LargeBinary),
    optional("previous_until", AT),
    required("version", Integer),
    required("updated_at", AT),
    one_of("role", Role),
    one_of("kind", KeyKind),
)
