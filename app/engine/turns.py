"""Whose turn it is in one queue: per agent slot the last pick, the stride's pass, the fair share not yet received."""

import numpy as np

from app.engine.agents import Ints
from app.engine.journal import Journal

STRIDE = 1 << 20
SHARE = 1 << 32


class Turns:
    """Turns of one queue. Stride scheduling after Waldspurger and Weihl (1995): the smallest pass is next."""

    def __init__(self, journal: Journal, room: int) -> None:
        self._journal = journal
        self.passed = 0
        self.last_seq: Ints = np.zeros(room, np.int64)
        self.stride: Ints = np.zeros(room, np.int64)
        self.credit: Ints = np.zeros(room, np.int64)
        self.assigned: Ints = np.zeros(room, np.int64)

    def fit(self, room: int) -> None:
        """Make place for as many slots."""
        extra = room - len(self.last_seq)
        if extra <= 0:
            return
        moved = {}
        for name in ("last_seq", "stride", "credit", "assigned"):
            column = getattr(self, name)
            grown = np.concatenate([column, np.zeros(extra, np.int64)])
            moved[id(column)] = grown
            setattr(self, name, grown)
        self._journal.moved(moved)

    def pick(self, slot: int, *, seq: int, weight: int, shared: list[int]) -> None:
        """The agent at `slot` got a ticket that those at `shared` could have taken as well."""
        put = self._journal.put
        put(self.last_seq, slot, seq)
        put(self.assigned, slot, self.assigned[slot] + 1)
        now = int(self.stride[slot])
        if now > self.passed:
            self._journal.put_attribute(self, "passed", now)
        put(self.stride, slot, now + STRIDE // weight)
        if shared:
            share = SHARE // len(shared)
            self._journal.put_line(self.credit, shared, self.credit[shared] + share)
            put(self.credit, slot, self.credit[slot] - share * len(shared))

    def join(self, slot: int) -> bool:
        """A newcomer or returner starts at the queue's present pass. Returns whether that moved it."""
        if self.stride[slot] >= self.passed:
            return False
        self._journal.put(self.stride, slot, self.passed)
        return True

    def clear(self, slot: int) -> None:
        """The agent is gone."""
        for column in (self.last_seq, self.stride, self.credit, self.assigned):
            self._journal.put(column, slot, 0)
