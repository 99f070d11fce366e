"""One running promise a row; `next_at` is the moment of its next step, null when none follows or the clock stands still."""

from sqlalchemy import BigInteger, Index, Integer, Table, Text, text

from app.engine.vocabulary import Metric, TimerState
from app.models.columns import AT, ID, key, one_of, optional, required, workspace_key
from app.models.metadata import metadata

timers = Table(
    "timers",
    metadata,
    workspace_key(),
    key("ticket_id", ID),
    key("metric", Text),
    required("started_at", AT),
    required("due_at", AT),
    optional("next_at", AT),
    required("step", Integer),
    required("state", Text),
    required("version", Integer),
    optional("left_ms", BigInteger),
    optional("next_left_ms", BigInteger),
    required("attempts", Integer),
    one_of("metric", Metric),
    one_of("state", TimerState),
    Index("ix_timers_next", "workspace_id", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)
