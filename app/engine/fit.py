"""Who could ever take a ticket: the standing filters, asked once per requirement until agents or configuration change."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.engine.agents import Agents, Mask
from app.engine.configuration import Queue
from app.engine.filters import STANDING
from app.engine.filters.reason import Reason
from app.engine.requirements import Requirement
from app.engine.shortlist import Shortlist


@dataclass(slots=True)
class Fit:
    """The agents that pass the standing filters, and the others by the first that they fail.

    `asked` is what was last found of those who can take it now, with the token of `Agents.with_units` under which that holds,
    `shortlist` the best of them in order.
    """

    mask: Mask
    rejected: tuple[tuple[Reason, Mask, int], ...]
    considered: int
    asked: tuple[object, Any] | None = None
    shortlist: Shortlist | None = None


class Fits:
    """Fits by requirement number; emptied when anything they rest on changes."""

    def __init__(self) -> None:
        self._found: dict[int, Fit] = {}

    def clear(self) -> None:
        """Agents or configuration have changed."""
        self._found.clear()

    def of(self, number: int, agents: Agents, wanted: Requirement, queue: Queue) -> Fit:
        """The fit for a requirement, from memory where it is still true."""
        found = self._found.get(number)
        if found is None:
            found = self._found[number] = fit(agents, wanted, queue)
        return found


def fit(agents: Agents, wanted: Requirement, queue: Queue) -> Fit:
    """Ask every standing filter, in order."""
    left = agents.alive[: agents.size].copy()
    considered = int(np.count_nonzero(left))
    rejected = []
    for standing in STANDING:
        for reason, failing in standing(agents, wanted, queue):
            hit = left & failing
            count = int(np.count_nonzero(hit))
            if count:
                rejected.append((reason, hit, count))
                left &= ~failing
    return Fit(left, tuple(rejected), considered)
