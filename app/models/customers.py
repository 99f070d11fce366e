"""Who asked: personal data lives here, in the contacts and in the texts, nowhere else.

`contacts` is what `app.engine.contacts.to_json` writes, `name_key` the name as it is searched. `merged_into_id` is set for one who turned out to be another, who may have been
merged as well.
"""

from sqlalchemy import BigInteger, Index, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from app.engine.vocabulary import Channel
from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata

customers = Table(
    "customers",
    metadata,
    workspace_key(),
    key("id", ID),
    optional("external_id", Text),
    optional("name", Text),
    optional("name_key", Text(collation="C")),
    optional("tier", Text),
    optional("language", Text),
    optional("preferred_channel", Text),
    required("contacts", JSONB),
    required("attributes", JSONB),
    required("metadata", JSONB),
    optional("merged_into_id", ID),
    required("version", Integer),
    required("created_at", AT),
    required("updated_at", AT),
    required("updated_seq", BigInteger),
    UniqueConstraint("workspace_id", "external_id", name="uq_customers_external_id"),
    one_of("preferred_channel", Channel),
    Index("ix_customers_name", "workspace_id", "name_key", "id", postgresql_where=text("name_key IS NOT NULL")),
    Index("ix_customers_updated", "workspace_id", "updated_seq", "id"),
    Index("ix_customers_merged", "workspace_id", "merged_into_id", "id", postgresql_where=text("merged_into_id IS NOT NULL")),
)
