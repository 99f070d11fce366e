"""Agents come and go."""

import numpy as np

from app.engine.agents import PRESENCES
from app.engine.commands import SetPresence
from app.engine.decide.decider import Decider
from app.engine.decide.holding import withdraw
from app.engine.decide.routing import route
from app.engine.events import AgentPresenceChanged
from app.engine.ids import TicketId
from app.engine.refusals import AgentNotFound, NotYours
from app.engine.vocabulary import ActorType, Presence


def set_presence(decider: Decider, command: SetPresence) -> None:
    """Whoever comes takes what waits; whoever goes keeps their tickets, and is no longer asked about others."""
    if decider.actor.type is ActorType.AGENT and decider.actor.agent != command.agent:
        raise NotYours("An agent sets only their own presence.")
    agents = decider.state.agents
    slot = agents.slot_of.get(command.agent)
    if slot is None:
        raise AgentNotFound("There is no such agent.")
    before = PRESENCES[agents.presence[slot]]
    if before is command.presence:
        return
    decider.emit(AgentPresenceChanged(command.agent, before, command.presence))
    if command.presence is Presence.AVAILABLE:
        decider.freed.add(slot)
        return
    for ticket_slot, ticket in offered_to(decider, slot):
        withdraw(decider, ticket_slot, ticket)
        route(decider, ticket_slot)


def offered_to(decider: Decider, agent: int) -> list[tuple[int, TicketId]]:
    """Tickets that an agent was asked about, oldest number first."""
    tickets = decider.state.tickets
    return _in_order(decider, [slot for slot, offer in tickets.offers.items() if offer.agent == agent])


def held_by(decider: Decider, agent: int) -> list[tuple[int, TicketId]]:
    """Tickets an agent owns or was asked about, oldest number first."""
    tickets = decider.state.tickets
    column = np.frombuffer(tickets.agent, np.int32) if len(tickets.agent) else np.empty(0, np.int32)
    slots = np.flatnonzero(column == agent).tolist()
    del column  # an array that somebody looks into cannot grow
    return _in_order(decider, slots)


def _in_order(decider: Decider, slots: list[int]) -> list[tuple[int, TicketId]]:
    tickets = decider.state.tickets
    held = [(slot, ticket) for slot in slots if (ticket := tickets.ids[slot]) is not None and tickets.is_open(slot)]
    return sorted(held, key=lambda entry: tickets.number[entry[0]])
