"""Longest idle: without open work first, then whose last work ended first."""

import numpy as np

from app.engine.agents import Ints
from app.engine.keys.key import Question, Slots


def longest_idle(question: Question, slots: Slots) -> Ints:
    """Milliseconds of the moment the agent was last freed (or came), after all who are empty-handed."""
    agents = question.agents
    since = np.maximum(agents.idle_since[slots], agents.presence_at[slots])
    return since + (agents.load[slots] > 0) * np.int64(1 << 52)
