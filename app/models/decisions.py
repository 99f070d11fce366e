"""The record of each choice; `reasons` holds one byte per candidate in order of agent number, compressed."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata


class Outcome(StrEnum):
    """What a decision came to."""

    ASSIGNED = "assigned"
    OFFERED = "offered"
    WAITING = "waiting"  # nobody could take it


decisions = Table(
    "decisions",
    metadata,
    workspace_key(),
    key("id", ID),
    required("ticket_id", ID),
    required("queue_id", ID),
    required("seq", BigInteger),
    required("at", AT),
    required("cause", Text),
    required("outcome", Text),
    optional("agent_id", ID),
    required("configuration_version", Integer),
    required("engine_version", Text),
    required("body", JSONB),
    optional("reasons", LargeBinary),
    one_of("outcome", Outcome),
    Index("ix_decisions_ticket", "workspace_id", "ticket_id", "seq"),
)
