"""Weighted round robin by stride scheduling (Waldspurger and Weihl 1995)."""

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots


def smallest_pass(question: Question, slots: Slots) -> Ints:
    """The pass: it grows by 2^20 / weight with each pick."""
    return question.turns.stride[slots]
