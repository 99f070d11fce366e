"""Tickets shown to agents, and what became of it."""

from enum import StrEnum

from sqlalchemy import Index, Table, Text, text

from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata


class OfferStatus(StrEnum):
    """What became of an offer."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # the ticket or the agent went another way


offers = Table(
    "offers",
    metadata,
    workspace_key(),
    key("id", ID),
    required("ticket_id", ID),
    required("agent_id", ID),
    required("status", Text),
    optional("decision_id", ID),
    required("created_at", AT),
    required("expires_at", AT),
    optional("ended_at", AT),
    one_of("status", OfferStatus),
    Index("uq_offers_pending", "workspace_id", "ticket_id", unique=True, postgresql_where=text("status = 'pending'")),
    Index("ix_offers_expiry", "workspace_id", "expires_at", postgresql_where=text("status = 'pending'")),
    Index("ix_offers_agent", "workspace_id", "agent_id", postgresql_where=text("status = 'pending'")),
)
