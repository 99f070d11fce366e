"""Who may say who somebody is, for one workspace. `roles` is {value of the role claim: role}; the value * is everybody.

`agent_claim` names the claim that holds an agent's external id; for `email` it counts only when the provider has verified it.
"""

from sqlalchemy import Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from app.models.columns import AT, ID, key, optional, required, workspace_key
from app.models.metadata import metadata

identity_providers = Table(
    "identity_providers",
    metadata,
    workspace_key(),
    key("id", ID),
    required("issuer", Text),
    required("audience", Text),
    optional("role_claim", Text),
    required("roles", JSONB),
    optional("agent_claim", Text),
    required("created_at", AT),
    UniqueConstraint("workspace_id", "issuer", name="uq_identity_providers_issuer"),
)
