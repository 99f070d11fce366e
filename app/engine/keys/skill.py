"""Skill fit: the sum of levels in the skills required and wished."""

import numpy as np

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots


def least_sufficient(question: Question, slots: Slots) -> Ints:
    """Lowest in what is required, then as in `best_fit` for wishes: experts stay free."""
    return _levels(question, slots, wished=False) * 1024 - _levels(question, slots, wished=True)


def best_fit(question: Question, slots: Slots) -> Ints:
    """Highest in what is required and wished together."""
    return -_levels(question, slots, wished=False) - _levels(question, slots, wished=True)


def _levels(question: Question, slots: Slots, *, wished: bool) -> Ints:
    total = np.zeros_like(question.agents.number[slots])
    for need in question.wanted.wishes if wished else question.wanted.skills:
        column = question.agents.skill_level.get(need.skill)
        if column is not None:
            total += column[slots]
    return total
