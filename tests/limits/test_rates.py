"""The bucket by itself: time is an argument."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rates import Bucket, Rate, read_rate
from app.services.limiting.accounts import Account, Buckets
from app.services.limiting.limiter import network_of
from app.settings import Settings


@pytest.mark.parametrize(
    ("text", "amount", "seconds"),
    [("600/minute", 600, 60), ("30000/10 seconds", 30_000, 10), ("5 per second", 5, 1), ("100/day", 100, 86_400)],
)
def test_a_rate_is_an_amount_and_a_time(text: str, amount: int, seconds: int) -> None:
    rate = read_rate(text)
    assert (rate.amount, rate.seconds) == (amount, seconds)
    assert rate.policy == f'"key";q={amount};w={seconds}'.encode()


@pytest.mark.parametrize(
    "text", ["", "600", "fast", "-1/minute", "0/minute", "5/0 seconds", "1/2 days", "1/month", "600/minute; 1"]
)
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        read_rate(text)
    with pytest.raises(ValueError, match="rate"):
        Settings(rate_limit=text)


def test_all_at_once_then_one_by_one() -> None:
    bucket = Bucket(Rate(10, 5, "key"))
    assert [bucket.take(100.0) for _ in range(10)] == [0.0] * 10
    assert bucket.left(100.0) == b'"key";r=0;t=5'
    assert bucket.take(100.0) == pytest.approx(0.5)
    assert bucket.take(100.4) == pytest.approx(0.1)
    assert bucket.take(100.5) == 0.0
    assert bucket.take(100.5) == pytest.approx(0.5)
    assert bucket.left(105.5) == b'"key";r=10;t=0'


def test_a_refusal_costs_nothing() -> None:
    bucket = Bucket(Rate(2, 10, "key"))
    taken = [not bucket.take(0.0) for _ in range(1_000)]
    assert taken.count(True) == 2
    assert bucket.take(5.0) == 0.0


@given(st.integers(1, 50), st.integers(1, 20), st.lists(st.floats(0, 2), max_size=200))
def test_never_more_than_the_amount_and_what_has_flowed_off(amount: int, seconds: int, steps: list[float]) -> None:
    bucket, now, allowed = Bucket(Rate(amount, seconds, "key")), 1_000.0, 0
    for step in steps:
        now += step
        wait = bucket.take(now)
        allowed += not wait
        assert allowed <= amount + (now - 1_000.0) * amount / seconds + 1
        assert wait <= 1.01 * seconds / amount + 1e-6  # with the slack that sums of floats are given
        if wait:
            assert bucket.over(now) == pytest.approx(wait)
            assert b";r=0;" in bucket.left(now)


def test_buckets_are_forgotten_and_bounded() -> None:
    rate = Rate(1, 10, "key")
    buckets = Buckets(lambda _name: Bucket(rate), most=5_000)
    for number in range(100_000):
        buckets.get(number.to_bytes(4, "big"), 0.0).take(0.0)
        assert len(buckets) <= 5_000
    for number in range(200_000, 206_000):
        buckets.get(number.to_bytes(4, "big"), 20.0)
    assert len(buckets) <= 5_000


def test_a_new_name_costs_the_same_however_many_there_are() -> None:
    looks = 0

    class Busy(Bucket):
        def idle(self, now: float) -> bool:
            nonlocal looks
            looks += 1
            return super().idle(now)

    buckets = Buckets(lambda _name: Busy(Rate(1, 10, "key")), most=5_000)
    for number in range(50_000):
        buckets.get(number.to_bytes(4, "big"), 0.0).take(0.0)
    assert looks <= 3 * 50_000


def test_a_key_at_work_is_not_forgotten() -> None:
    buckets = Buckets(lambda key: Account(Rate(10, 1, "key"), key))
    at_work = buckets.get(b"at work", 0.0)
    at_work.open = 1
    for number in range(10_000):
        buckets.get(number.to_bytes(4, "big"), float(number))
    assert buckets.known(b"at work") is at_work


def test_whose_an_address_is() -> None:
    assert network_of("10.0.0.1") == network_of("::ffff:10.0.0.1") != network_of("10.0.0.2")
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("") == network_of("nonsense")
