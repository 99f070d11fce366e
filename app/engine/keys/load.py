"""Least loaded after this ticket."""

import numpy as np

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots

_UNIT = float(1 << 32)


def least_loaded(question: Question, slots: Slots) -> Ints:
    """(load + cost) / capacity in units of 2^-32: equal fractions stay equal, different ones of capacities up to 2^16 differ.

    Floats hold such a fraction to 2^-53, so rounding down gives what whole numbers would, in half the time.
    """
    agents = question.agents
    share = (agents.load[slots] + question.wanted.cost) / np.maximum(agents.capacity[slots], 1)
    return (share * _UNIT).astype(np.int64)
