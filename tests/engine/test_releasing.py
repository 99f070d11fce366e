"""All work of somebody who fell ill is moved at once."""

from typing import Any

import pytest

from app.engine import commands, refusals
from app.engine.events import TicketReturned
from app.engine.ids import TicketId
from app.engine.vocabulary import Presence
from tests.engine.worlds import SYSTEM, World, agent_id, policy, queue, setting, team_id


def desk(capacity: int = 5) -> tuple[World, list[TicketId]]:
    """Ani owns three tickets, one of them pending; budi came later."""
    world = World(
        setting("ani", ("front", "back")), setting("budi", capacity=capacity), queues=[queue(), queue("other", ("back",))]
    )
    world.presence("budi", Presence.OFFLINE)
    tickets = [world.submit(after=1) for _ in range(3)]
    world.do(commands.PendTicket(SYSTEM, tickets[1]))
    world.presence("budi")
    return world, tickets


def release(name: str = "ani", *, offline: bool = True, version: int | None = None, **place: str) -> commands.ReleaseAgent:
    to_agent = agent_id(place.pop("to")) if "to" in place else None
    return commands.ReleaseAgent(SYSTEM, agent_id(name), version, to_agent=to_agent, offline=offline, **place)


def test_each_goes_to_its_own_queue_and_to_others() -> None:
    world, tickets = desk(capacity=2)
    world.do(release())
    assert world.types()[0] == "agent.presence_changed"
    assert [world.status(ticket) for ticket in tickets] == ["assigned", "assigned", "waiting"]
    assert (world.load("ani"), world.load("budi")) == (0, 2)
    assert [event.reason for event in world.decided.events if isinstance(event, TicketReturned)] == ["released"] * 3
    assert [ticket for ticket, _ in world.decided.result.moved] == tickets
    world.presence("ani")
    assert world.status(tickets[2]) == "waiting"  # not given to ani again
    assert world.do(release()).result.moved == ()


def test_to_an_agent_as_long_as_there_is_room_the_rest_to_the_queues() -> None:
    world, tickets = desk(capacity=1)
    world.do(release(to="budi"))
    assert [world.status(ticket) for ticket in tickets] == ["assigned", "waiting", "waiting"]
    assert world.owner(tickets[0]) == "budi"
    assert world.types().count("ticket.transferred") == 1


@pytest.mark.parametrize("place", [{"queue": "other"}, {"team": "senior"}])
def test_to_a_queue_or_a_team(place: dict[str, Any]) -> None:
    world, tickets = desk()
    world.do(release(**place))
    assert {world.status(ticket) for ticket in tickets} == {"waiting"}
    wanted = {world.state.requirement(world.slot(ticket)).team for ticket in tickets}
    assert wanted == {team_id("senior") if "team" in place else None}


def test_offers_are_withdrawn_only_when_the_agent_goes() -> None:
    world = World(setting("ani"), routing_policies=[policy(handover="offer", offer_seconds=60)])
    ticket = world.submit()
    assert world.do(release(offline=False)).events == []
    world.do(release())
    assert world.types() == ["agent.presence_changed", "offer.withdrawn", "ticket.queued"]
    assert world.status(ticket) == "waiting"


def test_what_is_refused() -> None:
    world, _ = desk()
    world.refuse(release("zed"), refusals.AgentNotFound)
    world.refuse(release(to="ani"), refusals.UnknownReference)
    world.refuse(release(to="zed"), refusals.AgentNotFound)
    world.refuse(release(queue="nowhere"), refusals.UnknownReference)
    version = world.agent("ani")["version"]
    assert world.refuse(release(version=version - 1), refusals.VersionMismatch).facts == {"version": version}
    world.do(release(version=version))
