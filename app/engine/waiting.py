"""Those who wait: per requirement a heap of integers, so that a freed agent looks at one head per set it can serve.

An entry packs (order key, ticket number, slot). It is void once the ticket has moved on or its key has changed: the heap
is cleaned when it is looked at, and an undone step only leaves or puts back entries.
"""

from collections.abc import Generator
from heapq import heapify, heappop, heappush

from app.engine.journal import Journal
from app.engine.tickets import STATUS_INDEX, Tickets
from app.engine.vocabulary import Status

_SLOT_BITS = 32
_NUMBER_BITS = 40
_OFFSET = 1 << 62
_WAITING = STATUS_INDEX[Status.WAITING]
SKIP_LIMIT = 64


class WaitingSets:
    """One heap per requirement number, and how many really wait in each."""

    def __init__(self, journal: Journal, tickets: Tickets) -> None:
        self._journal = journal
        self._tickets = tickets
        self._heaps: dict[int, list[int]] = {}
        self.count: dict[int, int] = {}

    def push(self, slot: int) -> None:
        """The ticket at `slot` waits, under the order key it has now."""
        requirement = self._tickets.requirement[slot]
        self._journal.put_key(self.count, requirement, self.count.get(requirement, 0) + 1)
        heappush(self._heaps.setdefault(requirement, []), self._entry(slot))

    def reorder(self, slot: int) -> None:
        """The ticket still waits but its order key has changed."""
        heappush(self._heaps.setdefault(self._tickets.requirement[slot], []), self._entry(slot))

    def leave(self, slot: int) -> None:
        """The ticket at `slot` no longer waits."""
        requirement = self._tickets.requirement[slot]
        left = self.count[requirement] - 1
        if left:
            self._journal.put_key(self.count, requirement, left)
        else:
            self._journal.drop_key(self.count, requirement)

    def head(self, requirement: int) -> tuple[int, int] | None:
        """The (order key, slot) of who comes first in a set, or None."""
        heap = self._heaps.get(requirement)
        while heap:
            found = self._valid(heap[0], requirement)
            if found is not None:
                return found
            self._pop(heap)
        return None

    def first(self, requirement: int, most: int = SKIP_LIMIT) -> Generator[tuple[int, int], None, None]:
        """At most so many tickets of a set in order, for an agent who may be barred from some of them."""
        heap = self._heaps.get(requirement)
        if not heap:
            return
        skipped: list[int] = []
        try:
            while heap and len(skipped) < most:
                entry = heap[0]
                found = self._valid(entry, requirement)
                if found is None:
                    self._pop(heap)
                    continue
                yield found
                skipped.append(heappop(heap))
                while heap and heap[0] == skipped[-1]:  # put there again when it waited again
                    heappop(heap)
        finally:
            for entry in skipped:
                heappush(heap, entry)

    def in_order(self, requirement: int) -> list[int]:
        """The slots of a set in the order in which they would be taken."""
        found = {self._valid(entry, requirement): entry for entry in self._heaps.get(requirement, ())}
        return [place[1] for place, _ in sorted(found.items(), key=lambda item: item[1]) if place is not None]

    def tidy(self) -> None:
        """Between batches: drop empty sets, and rebuild those whose void entries outnumber the valid ones."""
        for requirement, heap in list(self._heaps.items()):
            waiting = self.count.get(requirement, 0)
            if not waiting:
                del self._heaps[requirement]
            elif len(heap) > 2 * waiting + 64:
                kept = list({entry for entry in heap if self._valid(entry, requirement) is not None})
                heapify(kept)
                self._heaps[requirement] = kept

    def _pop(self, heap: list[int]) -> None:
        entry = heappop(heap)
        self._journal.on_undo(lambda: heappush(heap, entry))

    def _entry(self, slot: int) -> int:
        tickets = self._tickets
        key = tickets.order_key[slot] + _OFFSET
        return (key << _NUMBER_BITS | tickets.number[slot]) << _SLOT_BITS | slot

    def _valid(self, entry: int, requirement: int) -> tuple[int, int] | None:
        tickets = self._tickets
        slot = entry & (1 << _SLOT_BITS) - 1
        number = entry >> _SLOT_BITS & (1 << _NUMBER_BITS) - 1
        key = (entry >> _SLOT_BITS + _NUMBER_BITS) - _OFFSET
        if (
            tickets.number[slot] == number
            and tickets.status[slot] == _WAITING
            and tickets.requirement[slot] == requirement
            and tickets.order_key[slot] == key
        ):
            return key, slot
        return None
