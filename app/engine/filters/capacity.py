"""The agent has enough free units."""

from app.engine.agents import Agents
from app.engine.filters.reason import Reason, Verdicts
from app.engine.requirements import Requirement
from app.engine.vocabulary import Rejection

_REASON = Reason(Rejection.CAPACITY)


def has_capacity(agents: Agents, wanted: Requirement) -> Verdicts:
    """Load and the ticket's cost together stay within the capacity."""
    yield _REASON, agents.free[: agents.size] < wanted.cost
