"""The sandbox's own clock, read as minutes of the day that is played."""

import math
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from examples.demo.api import BUSY, TRIES, Api, RefusedError

ZONE = ZoneInfo("Asia/Jakarta")


class SandboxClock:
    """Minute 0 is the first Monday 00:00 (Jakarta) from now on: so weekdays and local times are those of the trace.

    The clock goes on by itself too, a second a second, so each step is counted from what it shows at that moment.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._take(api.get("/sandbox/clock"))
        self.monday = _next_monday(self._now)

    @property
    def now(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._read_at)

    @property
    def minute(self) -> int:
        return self.minute_of(self.now)

    def minute_of(self, at: datetime) -> int:
        return math.floor((at - self.monday).total_seconds() / 60)

    def at(self, minute: int) -> datetime:
        return self.monday + timedelta(minutes=minute)

    def advance_to(self, minute: int) -> None:
        """Every timer on the way fires, in its order, before this returns."""
        for _ in range(TRIES):
            seconds = math.ceil((self.at(minute) - self.now).total_seconds())
            if seconds <= 0:
                return
            try:
                self._take(self._api.post("/sandbox/clock/advance", {"seconds": seconds}))
            except RefusedError as refused:
                if refused.status not in BUSY:
                    raise
                time.sleep(1)
                self._take(self._api.get("/sandbox/clock"))  # it may have gone part of the way
        raise TimeoutError(f"The sandbox's clock could not be moved to minute {minute} of the day.")

    def _take(self, answer: dict[str, Any]) -> None:
        self._now = datetime.fromisoformat(answer["now"])
        self._read_at = time.monotonic()


def _next_monday(now: datetime) -> datetime:
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7 - midnight.weekday())
