"""Processes tell each other through Valkey what their keys have taken, several times a second and never within a request.

What is shared is a bucket's `until`, by Valkey's own clock, under the key's public id. Valkey away or emptied: every process
holds its keys to the rate by itself, so that n processes allow n times as much until it is back.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.services.limiting.accounts import Account
from app.tasks import ended

EVERY_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0
ANSWER_SECONDS = 1.0
AT_ONCE = 500
PREFIX = "giliran:{rate}:"
AWAY = (RedisError, OSError, TimeoutError)

# ARGV per key: cost of one, how many, since when, the whole window; all in microseconds but the count. A debt of more than
# one window is forgiven: what was allowed too much before others heard of it must not lock a key out for long.
_TELL = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local told = {}
for i, name in ipairs(KEYS) do
    local each, count, age, window = tonumber(ARGV[4*i-3]), tonumber(ARGV[4*i-2]), tonumber(ARGV[4*i-1]), tonumber(ARGV[4*i])
    local till = math.max(tonumber(redis.call('GET', name) or '0'), now - age) + each * count
    till = math.min(till, now + 2 * window)
    redis.call('SET', name, string.format('%.0f', till), 'PX', math.max(math.ceil((till - now) / 1000), 0) + 1000)
    told[i] = string.format('%.0f', till - now)
end
return told
"""

log = structlog.get_logger()

Dirty = dict[Account, float]


class Sharing:
    """`note` a key with the time of its first request since; the rest happens by itself between `start` and `stop`."""

    def __init__(self, redis_url: str | None, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._url = redis_url
        self._every = every_seconds
        self._dirty: Dirty = {}
        self._task: asyncio.Task[None] | None = None
        self.rounds = 0  # that Valkey answered

    def note(self, account: Account, now: float) -> None:
        """The first request of this key since the last round."""
        if self._task is None:
            account.taken = 0
        else:
            self._dirty[account] = now

    def start(self) -> None:
        if self._url is not None:
            self._task = asyncio.get_running_loop().create_task(self._run(self._url), name="limits.sharing")

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)

    async def _run(self, url: str) -> None:
        pause = self._every
        redis: Redis = Redis.from_url(url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS)
        try:
            while True:
                await asyncio.sleep(pause)
                dirty, self._dirty = self._dirty, {}
                try:
                    await self._tell(redis, dirty)
                    pause = self._every
                except AWAY as error:
                    for account in dirty:
                        account.taken = 0  # told later it would count against a time that is over
                    if pause == self._every:
                        log.warning("limits_not_shared", error=type(error).__name__)
                    pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        finally:
            with contextlib.suppress(*AWAY):
                await redis.aclose()

    async def _tell(self, redis: Any, dirty: Dirty) -> None:
        accounts = list(dirty)
        for begin in range(0, len(accounts), AT_ONCE):
            part = accounts[begin : begin + AT_ONCE]
            sent = time.monotonic()
            arguments = list(_arguments(part, dirty, sent))
            for account in part:
                account.taken = 0
            told = await redis.eval(_TELL, len(part), *(PREFIX + account.key.hex() for account in part), *arguments)
            for account, ahead in zip(part, told, strict=True):
                shared = sent + int(ahead) / 1e6 + account.taken * account.rate.each
                account.until = max(account.until, shared)
            self.rounds += 1


def _arguments(part: Iterable[Account], since: Dirty, now: float) -> Iterable[str]:
    for account in part:
        rate = account.rate
        yield f"{rate.each * 1e6:.6f}"
        yield str(account.taken)
        yield f"{(now - since[account]) * 1e6:.0f}"
        yield str(rate.seconds * 1_000_000)
