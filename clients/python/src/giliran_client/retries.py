"""When a call is sent again. Only reads and calls under an idempotency key ever are."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Retries:
    """Exponential with full jitter from `first_seconds` to `most_seconds`, until `total_seconds` have gone by."""

    total_seconds: float = 30.0
    first_seconds: float = 0.2
    most_seconds: float = 5.0


NEVER = Retries(total_seconds=0)


@dataclass
class Plan:
    """The tries of one call."""

    retries: Retries
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    tries: int = 0
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def pause(self, retry_after: float | None = None) -> float | None:
        """Seconds until the next try; None when it would begin too late."""
        longest = min(self.retries.most_seconds, self.retries.first_seconds * 2 ** min(self.tries, 30))
        self.tries += 1
        seconds = self.chance() * (longest if retry_after is None else self.retries.first_seconds) + (retry_after or 0)
        return seconds if self.clock() - self.began + seconds < self.retries.total_seconds else None
