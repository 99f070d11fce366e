"""Which agents have moved lately: their load, presence, idle time or turn changed, and so did their place in every order."""

from app.engine.journal import Journal

_REMEMBERED = 1024


class Moves:
    """Slots of agents, in the order in which they moved. A place in it is a count of moves since the state was made."""

    __slots__ = ("_forgotten", "_journal", "_known_from", "_slots", "_undone")

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._slots: list[int] = []
        self._forgotten = 0
        self._known_from = 0
        self._undone = journal.undone

    @property
    def now(self) -> int:
        """The place after the last move."""
        return self._forgotten + len(self._slots)

    def note(self, slot: int) -> None:
        """The agent at `slot` moved, or is about to within the same event."""
        self._slots.append(slot)
        if len(self._slots) > _REMEMBERED:
            del self._slots[: _REMEMBERED // 2]
            self._forgotten += _REMEMBERED // 2

    def note_all(self) -> None:
        """Anybody may have moved."""
        self._slots.append(-1)
        self._known_from = self.now

    def since(self, place: int, at_most: int) -> list[int] | None:
        """Who has moved since; None where those are more than `at_most` or nobody can say, as after something was undone."""
        if self._undone != self._journal.undone:
            self._undone = self._journal.undone
            self.note_all()
        first = place - self._forgotten
        if first < 0 or place < self._known_from or len(self._slots) - first > at_most:
            return None
        return self._slots[first:]
