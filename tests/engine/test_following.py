"""Who follows a ticket: told once, and never a matter of routing."""

from app.engine import commands, refusals
from app.engine.events import TicketFollowerAdded, TicketFollowerRemoved
from app.engine.ids import TicketId
from tests.engine.worlds import SYSTEM, World, agent_id, as_agent, ident, setting


def follow(ticket: TicketId, name: str, *, actor: commands.Actor = SYSTEM, follows: bool = True) -> commands.FollowTicket:
    return commands.FollowTicket(actor, ticket, agent=agent_id(name), follows=follows)


def test_it_is_said_once_and_changes_nothing_else() -> None:
    world = World(setting("ani"), setting("budi"))
    ticket = world.submit()
    version = world.state.tickets.version[world.slot(ticket)]
    assert world.do(follow(ticket, "budi")).events == [TicketFollowerAdded(ticket, agent_id("budi"))]
    assert world.do(follow(ticket, "budi")).events == []
    assert world.do(follow(ticket, "ani", follows=False)).events == []
    assert world.state.tickets.version[world.slot(ticket)] == version
    assert world.do(follow(ticket, "budi", follows=False)).events == [TicketFollowerRemoved(ticket, agent_id("budi"))]


def test_one_that_is_over_may_be_followed() -> None:
    world = World(setting("ani"))
    ticket = world.submit()
    world.do(commands.ResolveTicket(SYSTEM, ticket))
    assert world.do(follow(ticket, "ani")).events == [TicketFollowerAdded(ticket, agent_id("ani"))]
    assert world.do(follow(ticket, "ani")).events == []


def test_what_is_refused() -> None:
    world = World(setting("ani"), setting("budi"))
    ticket = world.submit()
    world.refuse(follow(ticket, "nobody"), refusals.AgentNotFound)
    world.refuse(follow(ticket, "budi", actor=as_agent("ani")), refusals.NotYours)
    world.refuse(follow(TicketId(ident("no ticket")), "ani"), refusals.TicketNotFound)
