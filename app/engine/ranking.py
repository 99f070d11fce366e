"""Order those who may take a ticket: a strategy is a list of keys, compared one after the other."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.engine import keys
from app.engine.agents import Ints
from app.engine.configuration import RoutingPolicy
from app.engine.vocabulary import SkillFit, Strategy

TOP = 10
FEW = 256
_TIES = (keys.least_recently_assigned, keys.created_first)
_STRATEGIES: dict[Strategy, tuple[keys.Key, ...]] = {
    Strategy.ROUND_ROBIN: (),
    Strategy.WEIGHTED_ROUND_ROBIN: (keys.smallest_pass,),
    Strategy.LEAST_LOAD: (keys.least_loaded,),
    Strategy.VIP: (keys.tier_team_first, keys.least_loaded),
    Strategy.LONGEST_IDLE: (keys.longest_idle,),
    Strategy.FAIR_SHARE: (keys.largest_share_owed,),
}
_SKILL = {
    SkillFit.BEST: (keys.best_fit, keys.least_loaded),
    SkillFit.LEAST_SUFFICIENT: (keys.least_sufficient, keys.least_loaded),
}


class Ranked(NamedTuple):
    """One of the best, with the value of each key: in order as they stand, for no two have the same values."""

    values: tuple[int, ...]
    slot: int
    load: int
    capacity: int


def keys_of(policy: RoutingPolicy) -> tuple[keys.Key, ...]:
    """The keys a policy compares, tie-breaks last."""
    return _keys_of(policy.strategy, policy.skill_fit)


@lru_cache(maxsize=256)
def _keys_of(strategy: Strategy, skill_fit: SkillFit) -> tuple[keys.Key, ...]:
    chosen = _SKILL[skill_fit] if strategy is Strategy.SKILL else _STRATEGIES[strategy]
    return (*chosen, *_TIES)


@lru_cache(maxsize=256)
def names_of(compared: tuple[keys.Key, ...]) -> tuple[str, ...]:
    """What the keys are called in a decision."""
    return tuple(key.__name__ for key in compared)


def best(question: keys.Question, slots: Ints, compared: Sequence[keys.Key], top: int = TOP) -> list[Ranked]:
    """The `top` best candidates in order."""
    few = slots if len(slots) <= FEW else _shortlist(question, slots, compared, top)
    places: keys.Slots = slice(0, len(few)) if len(few) == question.agents.size else few
    columns = [key(question, places) for key in compared]
    order = np.lexsort(columns[::-1])[:top]
    rows = zip(*[column[order].tolist() for column in columns], strict=True)
    chosen, agents = few[order], question.agents
    return list(map(Ranked, rows, chosen.tolist(), agents.load[chosen].tolist(), agents.capacity[chosen].tolist()))


def ranked_one(question: keys.Question, slot: int, compared: Sequence[keys.Key]) -> Ranked:
    """The agent at `slot`, as `best` would give it."""
    agents = question.agents
    values = tuple([int(key(question, slot)) for key in compared])
    return Ranked(values, slot, int(agents.load[slot]), int(agents.capacity[slot]))


def _shortlist(question: keys.Question, slots: Ints, compared: Sequence[keys.Key], top: int) -> Ints:
    """The `top` best in any order: whoever cannot be among them is left out key by key, so that thousands need no sort."""
    settled: list[Ints] = []
    tied, wanted = slots, top
    for key in compared:
        if len(tied) <= wanted:
            break
        everybody = len(tied) == question.agents.size
        values = key(question, slice(0, len(tied)) if everybody else tied)
        low = values == values.min()
        if np.count_nonzero(low) < wanted:
            bar = np.partition(values, wanted - 1)[wanted - 1]
            below = tied[values < bar]
            settled.append(below)
            wanted -= len(below)
            low = values == bar
        tied = tied[low]
    return np.concatenate([*settled, tied[:wanted]])


def tie_break(ranked: Sequence[Ranked], compared: Sequence[keys.Key]) -> str:
    """The name of the key that set the winner apart, `only_candidate` where there was nobody else."""
    if len(ranked) < 2:
        return "only_candidate"
    first, second = ranked[0].values, ranked[1].values
    return next(key.__name__ for key, mine, other in zip(compared, first, second, strict=True) if mine != other)
