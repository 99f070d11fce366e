"""A customer's tier has its own team, which comes first for that tier and last for all others."""

import numpy as np

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots


def tier_team_first(question: Question, slots: Slots) -> Ints:
    """0 for the tier's own team, 1 for others; for a ticket without such a tier 1 for the agents of any tier's team."""
    vip, tier = question.queue.policy.vip, question.wanted.tier
    own = vip.get(tier or "")
    teams = (own,) if own is not None else tuple(vip.values())
    member = np.zeros_like(question.agents.alive[slots])
    for team in teams:
        column = question.agents.in_team.get(team)
        if column is not None:
            member |= column[slots]
    return (~member if own is not None else member).astype(np.int64)
