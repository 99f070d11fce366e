"""The agent takes work now."""

from app.engine.agents import PRESENCES, Agents
from app.engine.filters.reason import Reason, Verdicts
from app.engine.requirements import Requirement
from app.engine.vocabulary import Presence, Rejection

_REASONS = tuple(
    (PRESENCES.index(presence), Reason(rejection))
    for presence, rejection in (
        (Presence.OFFLINE, Rejection.OFFLINE),
        (Presence.AWAY, Rejection.AWAY),
        (Presence.BUSY, Rejection.BUSY),
    )
)


def is_available(agents: Agents, wanted: Requirement) -> Verdicts:  # noqa: ARG001  # one shape for all filters
    """One verdict per way of not being there."""
    presence = agents.presence[: agents.size]
    for index, reason in _REASONS:
        yield reason, presence == index
