"""The best of those who may take what a requirement asks, kept in order from one decision to the next.

A decision moves one agent, so the next need not rank everybody again: only those who have moved since are put in their new places.
A shortlist holds the best few and knows the last of them when it was drawn up (the bar): whoever stands no further back belongs in
it, so it stays the true beginning of the whole order until it runs short and is drawn up anew.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence

from app.engine import keys
from app.engine.agents import Ints
from app.engine.ranking import TOP, Ranked, best, ranked_one

KEPT = 64
_FEW = 6


class Shortlist:
    """The first of an order, by one list of keys, among the candidates of one requirement."""

    __slots__ = ("_bar", "_compared", "_entries", "_of", "_place")

    def __init__(self, compared: Sequence[keys.Key]) -> None:
        self._compared = compared
        self._entries: list[Ranked] = []
        self._of: dict[int, Ranked] = {}
        self._bar: tuple[int, ...] | None = None
        self._place = -1

    def best(self, question: keys.Question, slots: Ints) -> list[Ranked]:
        """The ten best of the candidates at `slots` (ascending), as `ranking.best` finds them."""
        moves = question.agents.moves
        moved = moves.since(self._place, _FEW)
        if moved is None:
            self._draw_up(question, slots, TOP)
        else:
            for slot in dict.fromkeys(moved):
                self._move(question, slots, slot)
            if len(self._entries) < min(TOP, len(slots)):
                self._draw_up(question, slots, KEPT)
        self._place = moves.now
        return self._entries[:TOP]

    def _draw_up(self, question: keys.Question, slots: Ints, count: int) -> None:
        self._entries = best(question, slots, self._compared, count)
        self._of = {entry.slot: entry for entry in self._entries}
        self._bar = None if len(self._entries) == len(slots) else self._entries[-1].values

    def _move(self, question: keys.Question, slots: Ints, slot: int) -> None:
        old = self._of.pop(slot, None)
        if old is not None:
            del self._entries[bisect_left(self._entries, old)]
        place = int(slots.searchsorted(slot))
        if place == len(slots) or slots[place] != slot:
            return
        entry = ranked_one(question, slot, self._compared)
        if self._bar is None or entry.values <= self._bar:
            insort(self._entries, entry)
            self._of[slot] = entry
