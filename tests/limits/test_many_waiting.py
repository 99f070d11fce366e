"""RES-19: tickets that nobody can serve do not make the next one, or a freed agent, cost more. Steps are counted, not time."""

import sys
import tracemalloc
from types import FrameType
from typing import Any

import pytest

from app.engine.commands import Command, SetPresence, SubmitTicket, TicketContent
from app.engine.ids import TicketId
from app.engine.vocabulary import Channel, Kind, Presence, Priority
from tests.engine.worlds import SYSTEM, World, queue, setting

LAW = (("law", 9),)


def ticket(number: int, *, skills: Any = ()) -> SubmitTicket:
    return SubmitTicket(
        actor=SYSTEM,
        ticket=TicketId(number.to_bytes(16, "big")),
        kind=Kind.TICKET,
        channel=Channel.API,
        priority=Priority.MEDIUM,
        content=TicketContent("", ""),
        configuration=1,
        skills=skills,
    )


def steps_of(world: World, command: Command) -> tuple[int, int]:
    """Lines of Python that ran, and the most memory in KiB that was taken meanwhile: vectors would show there."""
    lines = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    tracemalloc.start()
    before = sys.gettrace()
    sys.settrace(count)
    try:
        world.do(command)
    finally:
        sys.settrace(before)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return lines, most // 1024


def costs(waiting: int) -> list[tuple[int, int]]:
    """One more that nobody can serve, one that somebody could, an agent who goes and comes."""
    world = World(setting("ani"), setting("budi"), queues=[queue()])
    for number in range(1, waiting + 1):
        world.do(ticket(number, skills=LAW))
    assert len(world.state.tickets.slot_of) == waiting
    commands = [
        ticket(waiting + 1, skills=LAW),
        ticket(waiting + 2),
        SetPresence(SYSTEM, setting("ani").agent, Presence.AWAY),
        SetPresence(SYSTEM, setting("ani").agent, Presence.AVAILABLE),
        ticket(waiting + 3),
    ]
    return [steps_of(world, command) for command in commands]


@pytest.mark.parametrize("many", [2_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_the_cost_of_one_more_is_flat(many: int) -> None:
    for (lines, memory), (lines_of_many, memory_of_many) in zip(costs(100), costs(many), strict=True):
        assert lines_of_many <= lines * 1.2 + 20
        assert memory_of_many <= memory + 16
