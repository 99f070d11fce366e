"""Who was merged into whom, by the event that says so, and which tickets that moved. `undone_seq` is the event that took it back."""

from sqlalchemy import BigInteger, Index, Table, text

from app.models.columns import ID, IDS, key, optional, required, workspace_key
from app.models.metadata import metadata

customer_merges = Table(
    "customer_merges",
    metadata,
    workspace_key(),
    key("seq", BigInteger()),
    required("customer_id", ID),
    required("into_id", ID),
    required("tickets", IDS),
    optional("undone_seq", BigInteger),
    Index(
        "uq_customer_merges_customer",
        "workspace_id",
        "customer_id",
        unique=True,
        postgresql_where=text("undone_seq IS NULL"),
    ),
    Index("ix_customer_merges_into", "workspace_id", "into_id", "seq"),
)
