"""Who looks at a ticket and who is answering it, until a moment: not in the log, pruned once it is past.

`holder` is whom nobody but one may be at a time: the agent where they view, the ticket itself where they reply.
"""

from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, Table, Text

from app.models.columns import AT, ID, key, one_of, required, workspace_key
from app.models.metadata import metadata


class MarkKind(StrEnum):
    """What an agent does with a ticket just now."""

    VIEWING = "viewing"  # any number at a time
    REPLYING = "replying"  # one at a time


marks = Table(
    "marks",
    metadata,
    workspace_key(),
    key("ticket_id", ID),
    key("kind", Text),
    key("holder", ID),
    required("agent_id", ID),
    required("since", AT),
    required("until", AT),
    one_of("kind", MarkKind),
    ForeignKeyConstraint(["workspace_id", "ticket_id"], ["tickets.workspace_id", "tickets.id"], ondelete="CASCADE"),
    Index("ix_marks_until", "workspace_id", "until"),
)
