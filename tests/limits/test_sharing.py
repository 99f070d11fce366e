"""Two processes and one key: what they tell each other through a real Valkey, and what happens without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from app.engine.vocabulary import Role
from app.errors import TooMany
from app.services.limiting.accounts import Account
from app.services.limiting.limiter import Limiter
from app.services.limiting.sharing import PREFIX, Sharing
from app.settings import Settings
from tests.limits.serving import until
from tests.servers import Addresses

KEY = bytes(range(16))


@asynccontextmanager
async def processes(redis_url: str | None, count: int, *, rate: str, every: float = 0.02) -> AsyncIterator[list[Limiter]]:
    """Limiters as that many API processes have them, on one clock that does not move unless the test moves it."""
    limiters = [Limiter(Settings(redis_url=redis_url, rate_limit=rate)) for _ in range(count)]
    for limiter in limiters:
        limiter.sharing = Sharing(redis_url, every_seconds=every)
        limiter.sharing.start()
    try:
        yield limiters
    finally:
        for limiter in limiters:
            await limiter.sharing.stop()


@pytest.fixture
async def valkey(servers: Addresses) -> AsyncIterator["Redis"]:
    redis = Redis.from_url(servers.redis_url)
    await redis.delete(PREFIX + KEY.hex())
    yield redis
    await redis.aclose()


def take(limiter: Limiter, times: int) -> int:
    """How many of so many requests were allowed."""
    allowed = 0
    for _ in range(times):
        account = limiter.account(KEY, Role.INTEGRATION, None)
        try:
            limiter.enter(account)
        except TooMany:
            continue
        account.open -= 1
        allowed += 1
    return allowed


async def told(limiter: Limiter) -> None:
    """Until what this process has taken so far was told."""
    account = limiter.account(KEY, Role.INTEGRATION, None)
    await until(lambda: account.taken == 0)
    rounds = limiter.sharing.rounds
    account.taken = 1
    limiter.sharing.note(account, limiter._clock())
    await until(lambda: limiter.sharing.rounds > rounds)


async def test_two_processes_hold_a_key_to_one_rate(servers: Addresses, valkey: "Redis") -> None:
    """1,000 an hour: nothing flows off while the test runs. Each process alone would allow 1,000."""
    async with processes(servers.redis_url, 2, rate="1000/hour") as (one, two):
        allowed = [0, 0]
        for _ in range(40):
            for number, limiter in enumerate((one, two)):
                allowed[number] += take(limiter, 50)
            await asyncio.gather(told(one), told(two))
    assert 1_000 - 160 <= sum(allowed) <= 1_000 + 100  # a round of both more; telling itself takes one each time
    assert min(allowed) > 300


async def test_a_process_that_comes_later_knows_what_was_taken(servers: Addresses, valkey: "Redis") -> None:
    async with processes(servers.redis_url, 2, rate="1000/hour") as (one, two):
        assert take(one, 2_000) == 1_000
        await told(one)
        assert take(two, 1) == 1
        await told(two)
        assert take(two, 1_000) == 0


async def test_what_was_allowed_too_much_does_not_lock_out_for_long(servers: Addresses, valkey: "Redis") -> None:
    async with processes(servers.redis_url, 4, rate="100/minute") as limiters:
        assert [take(limiter, 500) for limiter in limiters] == [100] * 4
        await asyncio.gather(*map(told, limiters))
        for limiter in limiters:
            account = limiter.account(KEY, Role.INTEGRATION, None)
            assert 0 < account.until - limiter._clock() <= 120 + 1


@pytest.mark.parametrize("url", [None, "redis://127.0.0.1:1/0"])
async def test_without_valkey_each_process_keeps_the_rate_by_itself(url: str | None) -> None:
    async with processes(url, 2, rate="100/hour") as (one, two):
        assert take(one, 500) == take(two, 500) == 100
        await asyncio.sleep(0.1)
        assert take(one, 500) == 0


async def test_valkey_emptied_forgives_nothing_here(servers: Addresses, valkey: "Redis") -> None:
    async with processes(servers.redis_url, 1, rate="100/hour") as (one,):
        assert take(one, 90) == 90
        await told(one)
        await valkey.delete(PREFIX + KEY.hex())
        assert take(one, 5) == 5
        await told(one)
        assert take(one, 500) <= 5


async def test_what_could_not_be_told_is_not_told_later(servers: Addresses, valkey: "Redis") -> None:
    """Valkey was away for a while: what was taken then has long flowed off."""
    sharing, account = Sharing("redis://127.0.0.1:1/0", every_seconds=0.01), Account(Limiter(Settings())._rate, KEY)
    sharing.start()
    account.taken = 1
    sharing.note(account, 0.0)
    account.taken = 5_000
    await until(lambda: account.taken == 0)
    await sharing.stop()


async def test_valkey_holds_the_public_id_and_a_number(servers: Addresses, valkey: "Redis") -> None:
    async with processes(servers.redis_url, 1, rate="1000/hour") as (one,):
        take(one, 10)
        await told(one)
    assert float(await valkey.get(PREFIX + KEY.hex())) > 0
    assert 0 < await valkey.pttl(PREFIX + KEY.hex()) <= 3_600_000 + 1_000


async def test_no_request_waits_for_valkey() -> None:
    """Entering is a plain function: there is no place in it where it could wait."""
    assert not asyncio.iscoroutinefunction(Limiter.enter)
    assert not asyncio.iscoroutinefunction(Limiter.account)
    assert not asyncio.iscoroutinefunction(Sharing.note)
