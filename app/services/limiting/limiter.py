"""The limits of one process: of keys, of strangers with wrong keys, of an agent's changes of presence."""

import ipaddress
import time
from collections.abc import Callable
from types import TracebackType

from app import telemetry
from app.engine.vocabulary import Role
from app.errors import TooMany
from app.rates import Bucket, Rate, read_rate
from app.services.limiting.accounts import Account, Buckets
from app.services.limiting.sharing import Sharing
from app.settings import Settings

PRESENCE = read_rate("60/10 seconds", "presence")
MOST_ADDRESSES = 50_000


class Limiter:
    """`clock` gives seconds and never goes back."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rate = read_rate(settings.rate_limit)
        self._agents_rate = read_rate(settings.rate_limit_agent)
        wrong = read_rate(settings.rate_limit_wrong_keys, "wrong-keys")
        self._most_open = settings.open_requests_per_key
        self._most_streams = settings.streams_per_key
        self.accounts: Buckets[Account] = Buckets(lambda key: Account(self._rate, key))
        self.strangers: Buckets[Bucket] = Buckets(lambda _address: Bucket(wrong), most=MOST_ADDRESSES)
        self._presence: Buckets[Bucket] = Buckets(lambda _agent: Bucket(PRESENCE))
        self.sharing = Sharing(settings.redis_url)

    def account(self, key: bytes, role: Role, override: str | None) -> Account:
        """The key's account, at the rate of its own, of an agent, or of all others."""
        account = self.accounts.known(key)
        if account is None:
            account = self.accounts.get(key, self._clock())
        if override is not None:
            account.rate = read_rate(override)
        else:
            account.rate = self._agents_rate if role is Role.AGENT else self._rate
        return account

    def enter(self, account: Account) -> None:
        """Count a request that begins; call `leave` when it ends. Raises TooMany."""
        if account.open >= self._most_open:
            telemetry.LIMITED.labels("open_requests").inc()
            detail = f"This key has {account.open} requests open, as many as it may. Wait for their answers."
            raise TooMany("too_many_requests", detail, limit=self._most_open)
        now = self._clock()
        wait = account.take(now)
        if wait:
            telemetry.LIMITED.labels("rate").inc()
            raise _too_many(account.rate, wait, "This key")
        account.taken += 1
        if account.taken == 1:
            self.sharing.note(account, now)
        account.open += 1

    def left(self, account: Account) -> bytes:
        """The value of the field RateLimit."""
        return account.left(self._clock())

    def stream(self, account: Account) -> "Stream":
        """`with` it a request may wait for events. Raises TooMany."""
        if account.streams >= self._most_streams:
            telemetry.LIMITED.labels("streams").inc()
            detail = f"This key has {account.streams} requests that wait for events, as many as it may. Close some first."
            raise TooMany("too_many_streams", detail, limit=self._most_streams)
        return Stream(account)

    def presence(self, agent: bytes) -> None:
        """The presence of an agent, as the caller names it, is about to change. Raises TooMany."""
        now = self._clock()
        if wait := self._presence.get(agent, now).take(now):
            telemetry.LIMITED.labels("presence").inc()
            raise _too_many(PRESENCE, wait, "The presence of this agent")

    def refuse_stranger(self, address: str) -> None:
        """Whether this address has used up its tries with wrong keys. Raises TooMany; counts nothing."""
        now = self._clock()
        bucket = self.strangers.known(network_of(address))
        if bucket is not None and (wait := bucket.over(now)):
            raise self._strangers_problem(bucket, wait, now)

    def wrong_key(self, address: str) -> None:
        """Somebody there has sent a key that is none. Never shared: an address is personal. Raises TooMany when it was one too many."""
        now = self._clock()
        bucket = self.strangers.get(network_of(address), now)
        wait = bucket.take(now)
        if wait:
            raise self._strangers_problem(bucket, wait, now)

    def _strangers_problem(self, bucket: Bucket, wait: float, now: float) -> TooMany:
        telemetry.LIMITED.labels("wrong_keys").inc()
        problem = _too_many(bucket.rate, wait, "Wrong keys from this address")
        problem.headers |= {"RateLimit-Policy": bucket.rate.policy.decode(), "RateLimit": bucket.left(now).decode()}
        return problem


class Stream:
    """Counted from `with` to its end, however it ends: an answer that never began has no generator to close."""

    __slots__ = ("_account",)

    def __init__(self, account: Account) -> None:
        self._account = account

    def __enter__(self) -> None:
        self._account.streams += 1
        telemetry.STREAMS_OPEN.inc()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._account.streams -= 1
        telemetry.STREAMS_OPEN.dec()


def network_of(address: str) -> bytes:
    """Whose it is: an IPv4 address, or the /64 that an IPv6 address is one of 2^64 of."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return b"?"
    if found.version == 4:
        return found.packed
    if found.ipv4_mapped is not None:
        return found.ipv4_mapped.packed
    return found.packed[:8]


def _too_many(rate: Rate, wait: float, whose: str) -> TooMany:
    seconds = max(1, -int(-wait // 1))
    detail = f"{whose}: more than {rate.amount:,} in {rate.seconds} s. Try again in {seconds} s."
    return TooMany("too_many_requests", detail, retry_after=seconds)
