"""Everybody's part in a choice that is not made: the ranked in order, then the rejected by the order in which they joined."""

from dataclasses import dataclass

import numpy as np

from app.engine import keys
from app.engine.agents import Agents, Ints
from app.engine.candidates import rejections
from app.engine.configuration import Queue
from app.engine.filters.reason import Reason
from app.engine.fit import fit
from app.engine.ids import AgentId
from app.engine.ranking import keys_of, names_of
from app.engine.requirements import Requirement
from app.engine.state import State
from app.engine.turns import Turns


@dataclass(frozen=True, slots=True)
class Pool:
    """Slots of agents; `values` has a column per key in the order of `ranked`, `codes` the reason, from 1, of each rejected."""

    considered: int
    standing: int
    reasons: tuple[Reason, ...]
    counts: tuple[int, ...]
    keys: tuple[str, ...]
    ranked: Ints
    values: tuple[Ints, ...]
    rejected: Ints
    codes: Ints


def pool(state: State, wanted: Requirement, queue: Queue, declined: tuple[AgentId, ...] = ()) -> Pool:
    """Ask all filters and keys, of whatever configuration the queue is. Nothing is remembered."""
    agents, standing = state.agents, fit(state.agents, wanted, queue)
    left, found = rejections(agents, wanted, standing, declined)
    compared = keys_of(queue.policy)
    slots = np.flatnonzero(left)
    question = keys.Question(agents, turns_as_they_are(state, queue), wanted, queue)
    columns = [key(question, slots) for key in compared]
    order = np.lexsort(columns[::-1]) if len(slots) else slots
    codes = np.zeros(agents.size, np.int64)
    for code, (_, hit, _) in enumerate(found, 1):
        codes[hit] = code
    others = np.flatnonzero(codes)
    others = others[np.argsort(agents.number[others])]
    return Pool(
        considered=standing.considered,
        standing=int(np.count_nonzero(standing.mask)),
        reasons=tuple(reason for reason, _, _ in found),
        counts=tuple(count for _, _, count in found),
        keys=names_of(compared),
        ranked=slots[order],
        values=tuple(np.asarray(column)[order] for column in columns),
        rejected=others,
        codes=codes[others],
    )


def beyond(columns: tuple[Ints, ...], place: tuple[int, ...]) -> int:
    """How many lines of sorted columns come up to `place`, itself among them."""
    after = np.zeros(len(columns[0]), np.bool_)
    same = np.ones(len(columns[0]), np.bool_)
    for column, value in zip(columns, place, strict=True):
        after |= same & (column > value)
        same &= column == value
    return int(np.count_nonzero(~after))


def load_of(agents: Agents, slot: int) -> tuple[int, int]:
    """Units held, and units the agent can hold."""
    return int(agents.load[slot]), int(agents.capacity[slot])


def turns_as_they_are(state: State, queue: Queue) -> Turns:
    """Those of the queue; a queue that had none has none afterwards either."""
    known = state.turns.get(queue.id)
    if known is None:
        return Turns(state.journal, state.agents.room)
    known.fit(state.agents.room)
    return known
