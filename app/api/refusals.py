"""Refusals in the log: the first of each second whole, the others counted by code, so that a flood of them stays readable."""

import asyncio
import time
from collections import Counter

import structlog

from app import telemetry

WHOLE_PER_SECOND = 20

log = structlog.get_logger()


class Refusals:
    """`seen` counts one and says whether it may have a line of its own."""

    def __init__(self, whole: int = WHOLE_PER_SECOND) -> None:
        self._whole = whole
        self._until = 0.0
        self._left = whole
        self._counted: Counter[str] = Counter()

    def seen(self, code: str) -> bool:
        telemetry.REFUSALS.labels(code).inc()
        now = time.monotonic()
        if now >= self._until:
            self._until = now + 1.0
            self._left = self._whole
        if self._left:
            self._left -= 1
            return True
        if not self._counted:
            asyncio.get_running_loop().call_later(1.0, self._say)
        self._counted[code] += 1
        return False

    def _say(self) -> None:
        counted, self._counted = self._counted, Counter()
        log.info("requests_refused", requests=counted.total(), by_code=dict(counted.most_common()))


REFUSALS = Refusals()
