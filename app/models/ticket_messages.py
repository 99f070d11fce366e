"""What was said after the first text; `inbound` came from the customer."""

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, Table, Text

from app.models.columns import AT, ID, key, optional, required, workspace_key
from app.models.metadata import metadata

ticket_messages = Table(
    "ticket_messages",
    metadata,
    workspace_key(),
    key("id", ID),
    required("ticket_id", ID),
    required("inbound", Boolean),
    optional("agent_id", ID),
    required("text", Text),
    required("created_at", AT),
    ForeignKeyConstraint(["workspace_id", "ticket_id"], ["tickets.workspace_id", "tickets.id"], ondelete="CASCADE"),
    Index("ix_ticket_messages_ticket", "workspace_id", "ticket_id", "id"),
)
