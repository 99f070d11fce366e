"""Agents who follow a ticket: they see it and hear of it, and nothing of it counts in their load."""

from sqlalchemy import ForeignKeyConstraint, Index, Table

from app.models.columns import AT, ID, key, required, workspace_key
from app.models.metadata import metadata

followers = Table(
    "followers",
    metadata,
    workspace_key(),
    key("ticket_id", ID),
    key("agent_id", ID),
    required("since", AT),
    ForeignKeyConstraint(["workspace_id", "ticket_id"], ["tickets.workspace_id", "tickets.id"], ondelete="CASCADE"),
    Index("ix_followers_agent", "workspace_id", "agent_id", "ticket_id"),
)
