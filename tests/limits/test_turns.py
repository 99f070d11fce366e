"""Whose turn it is to read: counted, not timed."""

import asyncio
import random
from collections import Counter

import pytest

from app.errors import Unavailable
from app.services.limiting import Turns


async def served_in_order(turns: Turns, waiting: list[bytes]) -> list[bytes]:
    """The names in the order in which they got their turns; each gives it back one step later."""
    order: list[bytes] = []

    async def one(name: bytes) -> None:
        async with turns.turn(name):
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*map(one, waiting))
    return order


async def test_a_long_queue_of_one_delays_others_by_one_turn() -> None:
    order = await served_in_order(Turns(1), [b"busy"] * 500 + [b"calm"] * 3)
    assert [place for place, name in enumerate(order) if name == b"calm"] == [2, 4, 6]
    assert len(order) == 503


async def test_all_who_wait_are_served_in_turn() -> None:
    names = [b"a"] * 90 + [b"b"] * 60 + [b"c"] * 30
    order = await served_in_order(Turns(3), names)
    for until in range(10, 90):
        counts = Counter(order[:until])
        assert max(counts.values()) - min(counts[name] for name in (b"a", b"b", b"c")) <= 4


async def test_one_name_never_has_all() -> None:
    turns = Turns(4)
    held = [turns.turn(b"busy") for _ in range(3)]
    for one in held:
        await one.__aenter__()
    with pytest.raises(Unavailable):
        async with turns.turn(b"busy", seconds=0.01):
            pass
    async with turns.turn(b"calm"):
        assert turns.taken == 4
    for one in held:
        await one.__aexit__(None, None, None)
    assert turns.taken == turns.waiting == 0


async def test_so_many_may_wait_and_no_longer_than_that() -> None:
    turns = Turns(1, most_waiting=2, seconds=0.05)
    async with turns.turn(b"a"):
        waiting = [asyncio.create_task(turns.turn(b"b").__aenter__()) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert [task.done() for task in waiting] == [False, False, True]  # the third is refused at once
        problems = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(problem) for problem in problems} == {Unavailable}
    assert all(problem.headers["Retry-After"] == "1" for problem in problems if isinstance(problem, Unavailable))
    assert turns.taken == turns.waiting == 0
    async with turns.turn(b"c"):
        assert turns.taken == 1


@pytest.mark.parametrize("seed", range(20))
async def test_whoever_is_cancelled_leaves_no_turn_behind(seed: int) -> None:
    chance, turns, most = random.Random(seed), Turns(3), 0

    async def one(name: bytes) -> None:
        nonlocal most
        async with turns.turn(name, seconds=chance.choice((0.0, 0.001, 5.0))):
            most = max(most, turns.taken)
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)

    tasks = [asyncio.create_task(one(chance.choice((b"a", b"b", b"c")))) for _ in range(200)]
    for task in chance.sample(tasks, 100):
        for _ in range(chance.randrange(3)):
            await asyncio.sleep(0)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert turns.taken == turns.waiting == 0
    assert turns._free == 3
    assert 1 <= most <= 3
