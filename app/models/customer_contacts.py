"""By what a customer is found: each contact in the form that is compared. What people wrote stands in `customers.contacts`."""

from sqlalchemy import ForeignKeyConstraint, Index, Table, Text

from app.engine.vocabulary import ContactKind
from app.models.columns import ID, key, one_of, workspace_key
from app.models.metadata import metadata

customer_contacts = Table(
    "customer_contacts",
    metadata,
    workspace_key(),
    key("customer_id", ID),
    key("kind", Text),
    key("match", Text),
    one_of("kind", ContactKind),
    ForeignKeyConstraint(["workspace_id", "customer_id"], ["customers.workspace_id", "customers.id"], ondelete="CASCADE"),
    Index("ix_customer_contacts_match", "workspace_id", "match", "kind", "customer_id"),
)
