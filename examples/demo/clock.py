"""The sandbox's own clock, read as minutes of the day that is played."""

import math
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from examples.demo.api import BUSY, PAUSE_SECONDS, TRIES, Api, RefusedError

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

    def minute_of(self, at: datetime) -> int:
        return math.floor((at - self.monday).total_seconds() / 60)

    def at(self, minute: float) -> datetime:
        return self.monday + timedelta(minutes=minute)

    def advance_to(self, minute: float) -> int:
        """Every timer on the way fires, in its order, before this returns how many those were."""
        fired = 0
        for _ in range(TRIES):
            seconds = math.ceil((self.at(minute) - self.now).total_seconds())
            if seconds <= 0:
                return fired
            try:
                answer = self._api.post("/sandbox/clock/advance", {"seconds": seconds})
            except (RefusedError, httpx.TransportError) as error:
                if isinstance(error, RefusedError) and error.status not in BUSY:
                    raise
                fired += 1  # it may have gone part of the way
                time.sleep(PAUSE_SECONDS)
                answer = self._api.get("/sandbox/clock")
            fired += answer.get("timers_fired", 0)
            self._take(answer)
        raise TimeoutError(f"The sandbox's clock could not be moved to minute {minute} of the day.")

    def _take(self, answer: dict[str, Any]) -> None:
        self._now = datetime.fromisoformat(answer["now"])
        self._read_at = time.monotonic()


def _next_monday(now: datetime) -> datetime:
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7 - midnight.weekday())
