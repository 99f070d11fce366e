"""Agents take work themselves: the next of a queue, or a certain ticket, if every filter agrees."""

from typing import Any

from app.engine import commands, refusals
from app.engine.events import TicketAssigned
from app.engine.ids import TicketId
from app.engine.vocabulary import Channel, Presence
from tests.engine.worlds import SYSTEM, World, agent_id, as_agent, setting, skill_id, team_id

ANI = as_agent("ani")


def desk(**fields: Any) -> World:
    """One who could take it, were there room: tickets wait because ani is full until she resolves one."""
    return World(setting("ani", capacity=2, limits={Channel.PHONE: 0}), setting("budi", ("back",)), **fields)


def take(ticket: TicketId, name: str = "ani", actor: commands.Actor = SYSTEM, version: int | None = None) -> commands.TakeTicket:
    return commands.TakeTicket(actor, ticket, version, agent_id(name))


def next_of(name: str = "ani", queue: str = "general", actor: commands.Actor = SYSTEM) -> commands.TakeNext:
    return commands.TakeNext(actor, queue, agent_id(name))


def given_back(world: World) -> TicketId:
    """A ticket that waits although ani, who gave it back, could take it."""
    ticket = world.submit()
    world.do(commands.ReturnTicket(ANI, ticket))
    return ticket


def test_who_gave_it_back_takes_it_by_name_but_not_as_the_next() -> None:
    world = desk()
    ticket = given_back(world)
    turns = world.everything()[0]["turns"]
    assert world.do(next_of(actor=ANI)).events == []
    world.do(take(ticket, actor=ANI))
    (decision,) = world.decided.decisions
    assert (decision.cause, decision.outcome, decision.agent) == ("taken", "assigned", agent_id("ani"))
    assert (decision.body["tie_break"], len(decision.body["ranked"])) == ("taken", 1)
    assigned = world.first(TicketAssigned)
    assert (assigned.how, assigned.decision, assigned.forced) == ("taken", decision.id, False)
    assert (world.owner(ticket), world.load("ani")) == ("ani", 1)
    assert world.everything()[0]["turns"] == turns
    assert world.do(take(ticket, actor=ANI)).events == []


def test_each_filter_says_why_not() -> None:
    world = desk()
    for fields, reason, about in (
        ({"team": "senior"}, "team", {"team_ids": [team_id("senior")]}),
        ({"skills": (("law", 3),)}, "skill", {"skill_id": skill_id("law"), "level": 3}),
        ({"language": "id"}, "language", {"language": "id"}),
        ({"channel": Channel.PHONE}, "channel_capacity", {"channel": Channel.PHONE}),
    ):
        ticket = world.submit(**fields)
        refused = world.refuse(take(ticket, actor=ANI), refusals.AgentNotEligible)
        assert refused.facts == {"reason": reason, **about}
    ticket = given_back(world)
    for presence in (Presence.AWAY, Presence.BUSY, Presence.OFFLINE):
        world.presence("ani", presence)
        assert world.refuse(take(ticket), refusals.AgentNotEligible).facts == {"reason": presence}
        assert world.refuse(next_of(), refusals.AgentNotEligible).facts == {"reason": presence}
    world.presence("ani")
    world.submit(), world.submit()
    assert world.refuse(take(ticket), refusals.AgentNotEligible).facts == {"reason": "capacity"}
    assert world.refuse(next_of(), refusals.AgentAtCapacity).facts == {"load": 2, "capacity": 2}


def test_what_cannot_be_taken() -> None:
    world = desk()
    owned = world.submit()
    refused = world.refuse(take(owned, "budi"), refusals.TicketAlreadyAssigned)
    assert refused.facts == {"agent_id": agent_id("ani")}
    world.refuse(take(owned, "budi", actor=ANI), refusals.NotYours)
    world.refuse(next_of("budi", actor=ANI), refusals.NotYours)
    world.refuse(take(owned, "zed"), refusals.AgentNotFound)
    world.refuse(next_of(queue="nowhere"), refusals.QueueNotFound)
    world.do(commands.ReturnTicket(ANI, owned))
    world.refuse(take(owned, version=1), refusals.VersionMismatch)
    world.do(commands.ResolveTicket(SYSTEM, owned))
    world.refuse(take(owned), refusals.WrongState)
