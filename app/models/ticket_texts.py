"""What the customer wrote, apart from the ticket so that it can be erased and hot rows stay narrow."""

from sqlalchemy import ForeignKeyConstraint, Table, Text

from app.models.columns import ID, key, required, workspace_key
from app.models.metadata import metadata

ticket_texts = Table(
    "ticket_texts",
    metadata,
    workspace_key(),
    key("ticket_id", ID),
    required("subject", Text),
    required("text", Text),
    ForeignKeyConstraint(["workspace_id", "ticket_id"], ["tickets.workspace_id", "tickets.id"], ondelete="CASCADE"),
)
