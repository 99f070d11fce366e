"""Who asked: personal data lives here and in the texts, nowhere else."""

from sqlalchemy import Integer, Table, Text, UniqueConstraint

from app.models.columns import AT, ID, key, optional, required, workspace_key
from app.models.metadata import metadata

customers = Table(
    "customers",
    metadata,
    workspace_key(),
    key("id", ID),
    optional("external_id", Text),
    optional("name", Text),
    optional("email", Text),
    optional("phone", Text),
    optional("tier", Text),
    optional("language", Text),
    required("version", Integer),
    required("created_at", AT),
    required("updated_at", AT),
    UniqueConstraint("workspace_id", "external_id", name="uq_customers_external_id"),
)
