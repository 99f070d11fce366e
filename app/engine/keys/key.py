"""The shape of a key."""

from collections.abc import Callable

from app.engine.agents import Agents, Ints
from app.engine.configuration import Queue
from app.engine.frozen import frozen
from app.engine.requirements import Requirement
from app.engine.turns import Turns


@frozen
class Question:
    """What a key may look at."""

    agents: Agents
    turns: Turns
    wanted: Requirement
    queue: Queue


Slots = Ints | slice | int
"""The candidates; a slice where all agents are, for then columns need not be copied, and one alone by its slot."""

Key = Callable[[Question, Slots], Ints]
"""(question, candidates) → one integer per candidate, the smaller the better."""
