"""Everything that is random in a simulated day comes from here, one stream of numbers per purpose, so that a seed is a day."""

import random
from collections.abc import Collection
from dataclasses import dataclass

# What may go wrong; a day can be played again without one of them to see whether it matters.
DISTURBANCES: tuple[str, ...] = (
    "deaths",  # a process is killed, at any moment
    "cuts",  # a connection breaks before, within or after COMMIT
    "errors",  # a deadlock, a full disk, a row that cannot be written, no connection free, a COMMIT that warns
    "pauses",  # a process stands still for up to a minute, with the head in hand
    "lost answers",  # the caller hears nothing and asks again
    "duplicates",  # the same request several times at once
    "clock steps",  # PostgreSQL fails over: every connection is cut, and the clock of the new one is a little behind
    "skew",  # a worker's own clock is wrong, so that it fires what is not due
    "late workers",  # a worker sleeps through what is due
)


@dataclass(frozen=True)
class Odds:
    """How often, per statement, per commit, per request or per hour."""

    cut: float = 0.002
    error: float = 0.0015
    pause: float = 0.0005
    slow: float = 0.1
    commit_cut: float = 0.05
    no_connection: float = 0.001
    warning: float = 0.004
    lost_answer: float = 0.04
    leaves: float = 0.03
    recall: float = 0.05
    duplicate: float = 0.06
    deaths_per_hour: float = 0.6


ODDS = Odds()


class Chance:
    """Streams of random numbers of one seed, and which disturbances are on."""

    def __init__(self, seed: int, disturbances: Collection[str] = DISTURBANCES) -> None:
        self.seed = seed
        self.on = frozenset(disturbances)
        self.world = random.Random(f"world {seed}")
        self.people = random.Random(f"people {seed}")
        self.callers = random.Random(f"callers {seed}")
        self.workers = random.Random(f"workers {seed}")

    def happens(self, disturbance: str, odds: float) -> bool:
        """Always draws a number, so that turning one disturbance off leaves the others alone as far as it can."""
        drawn = self.world.random()
        return disturbance in self.on and drawn < odds
