"""The shape of a key."""

from collections.abc import Callable
from dataclasses import dataclass

from app.engine.agents import Agents, Ints
from app.engine.configuration import Queue
from app.engine.requirements import Requirement
from app.engine.turns import Turns


@dataclass(frozen=True, slots=True)
class Question:
    """What a key may look at."""

    agents: Agents
    turns: Turns
    wanted: Requirement
    queue: Queue


Slots = Ints | slice
"""The candidates; a slice where all agents are, for then columns need not be copied."""

Key = Callable[[Question, Slots], Ints]
"""(question, candidates) → one integer per candidate, the smaller the better."""
