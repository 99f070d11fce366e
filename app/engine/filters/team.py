"""The agent belongs to a team that the ticket may go to."""

import numpy as np

from app.engine.agents import Agents
from app.engine.configuration import Queue
from app.engine.filters.reason import Reason, Verdicts
from app.engine.requirements import Requirement
from app.engine.vocabulary import Rejection


def in_team(agents: Agents, wanted: Requirement, queue: Queue) -> Verdicts:
    """The ticket's own team where it has one, else the queue's teams and, for a VIP, the tier's own."""
    teams = (wanted.team,) if wanted.team is not None else queue.teams
    tier_team = queue.policy.vip.get(wanted.tier or "")
    if wanted.team is None and tier_team is not None:
        teams = (*teams, tier_team)
    member = np.zeros(agents.size, np.bool_)
    for team in teams:
        column = agents.in_team.get(team)
        if column is not None:
            member |= column[: agents.size]
    yield Reason(Rejection.TEAM, {"teams": [team.hex() for team in teams]}), ~member
