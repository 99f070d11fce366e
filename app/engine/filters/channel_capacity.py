"""The agent has enough free units on the ticket's channel."""

from app.engine.agents import CHANNEL_INDEX, Agents
from app.engine.filters.reason import Reason, Verdicts
from app.engine.requirements import Requirement
from app.engine.vocabulary import Channel, Rejection

_REASONS = {channel: Reason(Rejection.CHANNEL_CAPACITY, {"channel": channel}) for channel in Channel}


def has_channel_capacity(agents: Agents, wanted: Requirement) -> Verdicts:
    """A channel may have a limit of its own below the agent's capacity."""
    yield _REASONS[wanted.channel], agents.channel_free[CHANNEL_INDEX[wanted.channel]][: agents.size] < wanted.cost
