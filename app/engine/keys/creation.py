"""Created first: the last tie-break, which leaves no tie."""

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots


def created_first(question: Question, slots: Slots) -> Ints:
    """The agent's creation number."""
    return question.agents.number[slots]
