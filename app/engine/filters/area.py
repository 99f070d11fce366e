"""The agent serves the ticket's area."""

from app.engine.agents import Agents
from app.engine.configuration import Queue
from app.engine.filters.reason import Reason, Verdicts
from app.engine.requirements import Requirement
from app.engine.vocabulary import Rejection


def serves_area(agents: Agents, wanted: Requirement, queue: Queue) -> Verdicts:  # noqa: ARG001  # one shape for all filters
    """An agent without areas serves any; asked only where the ticket has an area."""
    if wanted.area is None:
        return
    anywhere = agents.any_area[: agents.size]
    column = agents.serves.get(wanted.area)
    yield Reason(Rejection.AREA, {"area": wanted.area}), ~anywhere if column is None else ~(anywhere | column[: agents.size])
