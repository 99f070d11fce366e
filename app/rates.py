"""How often something may happen, and the bucket that says whether it may now. A leaf: no clock, no I/O.

A rate is written as the library `limits` reads it: `600/minute`, `30000/10 seconds`. Deciding is the generic cell rate
algorithm (ITU-T I.371): one number, the time at which everything taken so far will have flowed off again.
"""

import math
import re
from functools import lru_cache
from typing import Final

import limits

LONGEST_SECONDS: Final = 86_400
_NO_TIME = re.compile(r"(?:/|per)\s*0+\s*[a-z]", re.IGNORECASE)


class Rate:
    """`amount` in `seconds`, all at once if wished. `each` is what one costs, in seconds."""

    __slots__ = ("amount", "each", "full", "name", "policy", "seconds", "slack", "value")

    def __init__(self, amount: int, seconds: int, name: str) -> None:
        self.amount = amount
        self.seconds = seconds
        self.name = name
        self.each = seconds / amount
        self.slack = seconds + self.each / 100  # sums of `each` are not exact
        self.policy = f'"{name}";q={amount};w={seconds}'.encode()
        self.value = f'"{name}";r=%d;t=%d'.encode()
        self.full = self.value % (amount, 0)


@lru_cache(maxsize=1000)
def read_rate(text: str, name: str = "key") -> Rate:
    """Raises ValueError with a sentence for people."""
    try:
        found = limits.parse(text)
    except ValueError:
        raise _no_rate(text) from None
    if _NO_TIME.search(text):
        raise _no_rate(text)  # the library takes no time for one
    amount, seconds = found.amount, found.get_expiry()
    if amount < 1 or not 1 <= seconds <= LONGEST_SECONDS:
        raise ValueError("A rate allows at least 1, in a time between a second and a day")
    return Rate(amount, seconds, name)


def _no_rate(text: str) -> ValueError:
    return ValueError(f"{text[:40]!r} is no rate. Write an amount and a time: 600/minute, 30000/10 seconds")


class Bucket:
    """`until` is when all that was taken has flowed off, by the clock of the caller's `now`, in seconds."""

    __slots__ = ("rate", "until")

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.until = 0.0

    def take(self, now: float) -> float:
        """0.0 when it may be, and is taken; else the seconds until it may."""
        rate = self.rate
        until = self.until
        if until < now:  # noqa: PLR1730  (max() is a call, and this is asked for every request)
            until = now
        until += rate.each
        if until - now > rate.slack:
            return until - now - rate.seconds
        self.until = until
        return 0.0

    def over(self, now: float) -> float:
        """Seconds until the next one may be, without taking it; 0.0 when it may be now."""
        ahead = self.until - now + self.rate.each
        return ahead - self.rate.seconds if ahead > self.rate.slack else 0.0

    def left(self, now: float) -> bytes:
        """The value of the field RateLimit: how many may come at once, and in how many seconds it will be all again."""
        rate = self.rate
        ahead = self.until - now
        if ahead <= 0.0:
            return rate.full
        remaining = int((rate.slack - ahead) / rate.each) if ahead < rate.slack else 0
        return rate.value % (remaining, math.ceil(ahead))

    def idle(self, now: float) -> bool:
        """Whether it is as good as a new one."""
        return self.until <= now
