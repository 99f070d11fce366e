"""The head row: the lock of a workspace, and the counters that only its holder may move."""

from datetime import datetime
from uuid import UUID

# What this code writes once `giliran upgrade finish` has been said. It reads and writes every lower format as well.
NEWEST_FORMAT = 1

_COUNTERS = """
mode, last_seq, last_number, last_agent_number, last_at, clock_offset_ms, next_due_at, configuration_version, format, epoch
"""

LOCK = f"UPDATE workspace_heads SET last_at = last_at WHERE workspace_id = $1 RETURNING {_COUNTERS}"  # noqa: S608  # our own words

LOCK_AND_CLOCK = f"WITH head AS ({LOCK}) SELECT {_COUNTERS}, clock_timestamp() AS clock FROM head"  # noqa: S608  # our own words
"""The clock is read for the row that the lock gave, so never before it is held."""

CLOCK = "SELECT clock_timestamp()"


def moved(
    workspace: UUID, *, seq: int, number: int, agent_number: int, at: datetime, offset_ms: int, due: datetime | None, version: int
) -> str:
    """The statement that moves the head, in literals, so that it can travel in one message with COMMIT."""
    next_due = "NULL" if due is None else f"'{due.isoformat()}'"
    return (
        f"UPDATE workspace_heads SET last_seq = {seq:d}, last_number = {number:d}, last_agent_number = {agent_number:d},"  # noqa: S608
        f" last_at = '{at.isoformat()}', clock_offset_ms = {offset_ms:d}, next_due_at = {next_due},"
        f" configuration_version = {version:d} WHERE workspace_id = '{workspace}'"
    )


READ = f"SELECT {_COUNTERS} FROM workspace_heads WHERE workspace_id = $1"  # noqa: S608  # our own words

EARLIEST_DUE = """
SELECT least(
    (SELECT min(next_at) FROM timers WHERE workspace_id = $1 AND next_at IS NOT NULL),
    (SELECT min(expires_at) FROM offers WHERE workspace_id = $1 AND status = 'pending'),
    (SELECT min(snoozed_until) FROM tickets WHERE workspace_id = $1 AND snoozed_until IS NOT NULL)
)
"""

SET_DUE = "UPDATE workspace_heads SET next_due_at = $2 WHERE workspace_id = $1"
