"""The answers given under an Idempotency-Key; they name ticket and customer, a bulk's all of them, so that erasure can redact them."""

from sqlalchemy import Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.models.columns import AT, ID, IDS, key, optional, required, workspace_key
from app.models.metadata import metadata

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    workspace_key(),
    key("key", Text),
    required("fingerprint", LargeBinary),
    required("status", Integer),
    required("body", LargeBinary),
    required("headers", JSONB),
    optional("ticket_id", ID),
    optional("customer_id", ID),
    optional("ticket_ids", IDS),
    optional("customer_ids", IDS),
    required("created_at", AT),
    required("touched_at", AT),
    Index("ix_idempotency_keys_age", "workspace_id", "created_at"),
)
