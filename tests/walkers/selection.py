"""How much of a walk is gone: a part of it in every run, the whole of it in `make check-long`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import pytest

Item = TypeVar("Item")


def part_or_whole(part: int) -> pytest.MarkDecorator:
    """Parametrizes `every`: every so manieth case now, each one in the long run."""
    return pytest.mark.parametrize("every", [pytest.param(part, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)])


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def selected(cases: Iterable[Item], every: int) -> Iterator[Item]:
    """Every so manieth of the cases; take a number that shares no divisor with the lengths of the walk's inner rounds."""
    return islice(cases, 0, None, every)
