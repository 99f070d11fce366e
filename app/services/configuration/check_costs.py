"""Costs that no agent could ever pay."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.mistakes import Mistake
from app.engine.vocabulary import Channel


def costs(document: Mapping[str, Any]) -> Iterator[Mistake]:
    """A mistake for each kind or channel that takes more units than anybody in any queue's teams can hold.

    A document whose queues have no agents yet says nothing about this.
    """
    served = {team for queue in document["queues"] for team in queue["teams"]}
    agents = [agent for agent in document["agents"] if not served.isdisjoint(agent["teams"])]
    if not agents:
        return
    largest = max(agent["capacity"] for agent in agents)
    for kind, units in document["costs"]["kinds"].items():
        yield from _payable(f"/costs/kinds/{kind}", kind, units, largest)
    for channel, units in document["costs"]["channels"].items():
        held = max(_held(agent, channel) for agent in agents)
        yield from _payable(f"/costs/channels/{channel}", channel, units, held)


def _held(agent: Mapping[str, Any], channel: Channel) -> int:
    limits: list[int] = [limit["units"] for limit in agent["channel_limits"] if limit["channel"] == channel]
    held: int = min([agent["capacity"], *limits])
    return held


def _payable(pointer: str, word: str, units: int, largest: int) -> Iterator[Mistake]:
    if 1 < units > largest:
        detail = (
            f"{word} takes {units} units, but no agent of any queue's teams holds more than {largest}: it would wait for ever."
        )
        yield Mistake(pointer, "cost_above_capacity", detail)
