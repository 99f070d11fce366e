"""Least recently assigned in this queue: plain round robin."""

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots


def least_recently_assigned(question: Question, slots: Slots) -> Ints:
    """The log position of the last pick; 0 for those never picked."""
    return question.turns.last_seq[slots]
