"""The shape of a question."""

from collections.abc import Callable
from typing import Any

from app.engine.decide.facts import Facts
from app.engine.state import State

Question = Callable[[State, Facts, int], Any]
"""(state, facts, now in ms) → the answer, free of anything that belongs to the state: it is read when the state has moved on.

What it moves through the journal is put back. Raises Refusal where there is no answer.
"""
