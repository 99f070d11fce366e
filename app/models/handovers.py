"""Who handed a ticket on or gave it back, and what they said of it: `reason` is a person's words, apart so that it can be erased."""

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKeyConstraint, Table, Text

from app.engine.vocabulary import ActorType
from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata


class HandoverKind(StrEnum):
    """What was done."""

    TRANSFERRED = "transferred"  # to a queue, a team or an agent: exactly one is set
    RETURNED = "returned"  # to its queue
    RELEASED = "released"  # with all work of its owner, to its queue where none else is set


handovers = Table(
    "handovers",
    metadata,
    workspace_key(),
    key("ticket_id", ID),
    key("seq", BigInteger),
    required("kind", Text),
    optional("from_agent_id", ID),
    optional("queue_id", ID),
    optional("team_id", ID),
    optional("agent_id", ID),
    required("reason", Text),
    required("actor_type", Text),
    required("actor_id", Text),
    required("created_at", AT),
    one_of("kind", HandoverKind),
    one_of("actor_type", ActorType),
    ForeignKeyConstraint(["workspace_id", "ticket_id"], ["tickets.workspace_id", "tickets.id"], ondelete="CASCADE"),
)
