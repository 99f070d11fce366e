"""The agent speaks the ticket's language."""

import numpy as np

from app.engine.agents import Agents
from app.engine.configuration import Queue
from app.engine.filters.reason import Reason, Verdicts
from app.engine.requirements import Requirement
from app.engine.vocabulary import Rejection


def speaks_language(agents: Agents, wanted: Requirement, queue: Queue) -> Verdicts:  # noqa: ARG001  # one shape for all filters
    """Asked only where the ticket asks for a language."""
    if wanted.language is None:
        return
    column = agents.speaks.get(wanted.language)
    silent = np.ones(agents.size, np.bool_) if column is None else ~column[: agents.size]
    yield Reason(Rejection.LANGUAGE, {"language": wanted.language}), silent
