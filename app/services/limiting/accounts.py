"""Buckets by name, as many as there are names in use and never more than a bound."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from app.rates import Bucket, Rate

MOST = 100_000
FIRST_LOOK = 1_000


class Account(Bucket):
    """One key: its bucket, what was taken since others were told, and what of it is open in this process."""

    __slots__ = ("key", "open", "streams", "taken")

    def __init__(self, rate: Rate, key: bytes) -> None:
        super().__init__(rate)
        self.key = key
        self.open = 0
        self.streams = 0
        self.taken = 0

    def idle(self, now: float) -> bool:
        return not (self.open or self.streams or self.taken) and self.until <= now


Kind = TypeVar("Kind", bound=Bucket)


class Buckets(Generic[Kind]):
    """Makes a bucket when a name comes first, and forgets those that are as good as new."""

    def __init__(self, make: Callable[[bytes], Kind], *, most: int = MOST) -> None:
        self._make = make
        self._most = most
        self._look_at = min(FIRST_LOOK, most)
        self._held: dict[bytes, Kind] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._held.values())

    def known(self, name: bytes) -> Kind | None:
        return self._held.get(name)

    def get(self, name: bytes, now: float) -> Kind:
        bucket = self._held.get(name)
        if bucket is None:
            if len(self._held) >= self._look_at:
                self._tidy(now)
            bucket = self._held[name] = self._make(name)
        return bucket

    def _tidy(self, now: float) -> None:
        """Leaves half of the bound at most and looks again at twice as many: a new name costs the same however many there are."""
        used = [(name, bucket) for name, bucket in self._held.items() if not bucket.idle(now)]
        self._held = dict(used[-max(1, self._most // 2) :])
        self._look_at = min(max(FIRST_LOOK, 2 * len(self._held)), self._most)
