"""The agent has each required skill at its level."""

import numpy as np

from app.engine.agents import Agents
from app.engine.configuration import Queue
from app.engine.filters.reason import Reason, Verdicts
from app.engine.requirements import Requirement
from app.engine.vocabulary import Rejection


def has_skills(agents: Agents, wanted: Requirement, queue: Queue) -> Verdicts:  # noqa: ARG001  # one shape for all filters
    """One verdict per skill, so that the decision names the one that was lacking."""
    for need in wanted.skills:
        column = agents.skill_level.get(need.skill)
        lacking = np.ones(agents.size, np.bool_) if column is None else column[: agents.size] < need.level
        yield Reason(Rejection.SKILL, {"skill": need.skill.hex(), "level": need.level}), lacking
