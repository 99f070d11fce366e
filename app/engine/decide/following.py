"""Who follows a ticket. No decision looks at it, so that the state holds none of it: the rows are facts, gathered when asked for."""

from app.engine.commands import FollowTicket
from app.engine.decide.decider import Decider
from app.engine.decide.lifecycle import find
from app.engine.events import TicketFollowerAdded, TicketFollowerRemoved
from app.engine.refusals import AgentNotFound, NotYours
from app.engine.vocabulary import ActorType


def follow(decider: Decider, command: FollowTicket) -> None:
    """An agent begins to follow a ticket, or no longer does. The ticket itself is as before.

    Raises:
        TicketNotFound: no such ticket.
        AgentNotFound: there is no such agent.
        NotYours: an agent says so of another.

    """
    find(decider, command)
    if decider.actor.type is ActorType.AGENT and decider.actor.agent != command.agent:
        raise NotYours("An agent follows for themselves.")
    if command.agent not in decider.state.agents.slot_of:
        raise AgentNotFound("There is no such agent.")
    known = decider.facts.followers.get(command.ticket, frozenset())
    if (command.agent in known) is command.follows:
        return
    now = known | {command.agent} if command.follows else known - {command.agent}
    decider.state.journal.put_key(decider.facts.followers, command.ticket, now)
    event = TicketFollowerAdded if command.follows else TicketFollowerRemoved
    decider.emit(event(command.ticket, command.agent))
