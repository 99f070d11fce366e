"""What the commands of a batch need from the rows, one query per kind, under the lock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.dispatch.gather_people import People, gather_people
from app.dispatch.load import ended_ticket
from app.dispatch.moments import uuid_of
from app.engine.commands import (
    AnswerOffer,
    ApplyConfiguration,
    Command,
    CreateCustomer,
    CustomerCommand,
    FollowTicket,
    PutCustomer,
    SubmitTicket,
    TicketCommand,
    UpdateTicket,
)
from app.engine.configuration import compile_configuration
from app.engine.decide import AnsweredOffer, Details, Facts
from app.engine.ids import AgentId, OfferId, TicketId
from app.engine.state import State
from app.queries import gathering


@dataclass(slots=True)
class _Needs:
    """What a batch asks for: external ids of tickets, customers, tickets that the state does not hold, and what it changes."""

    tickets: set[str] = field(default_factory=set)
    people: People = field(default_factory=People)
    ended: set[TicketId] = field(default_factory=set)
    details: set[TicketId] = field(default_factory=set)
    followers: set[TicketId] = field(default_factory=set)
    offers: set[OfferId] = field(default_factory=set)

    def of(self, state: State, command: Command) -> None:
        """Add what one command needs."""
        if isinstance(command, SubmitTicket):
            if command.external_id is not None:
                self.tickets.add(command.external_id)
            if command.customer is not None and command.customer.external_id is not None:
                self.people.named.add(command.customer.external_id)
        elif isinstance(command, TicketCommand | AnswerOffer) and command.ticket not in state.tickets.slot_of:
            self.ended.add(command.ticket)
        elif isinstance(command, CreateCustomer | PutCustomer | CustomerCommand):
            self.people.of(command)
        if isinstance(command, UpdateTicket):
            self.details.add(command.ticket)
        if isinstance(command, FollowTicket):
            self.followers.add(command.ticket)
        if isinstance(command, AnswerOffer):
            self.offers.add(command.offer)


async def gather(connection: Any, state: State, commands: Iterable[Command], *, sandbox: bool) -> Facts:
    """Facts for all `commands`. `connection` is asyncpg's, in the workspace."""
    facts, needs, key = Facts(sandbox=sandbox), _Needs(), uuid_of(state.workspace)
    for command in commands:
        needs.of(state, command)
        if isinstance(command, ApplyConfiguration) and command.base == state.configuration.version:
            version = command.base + 1
            facts.documents[version] = compile_configuration(version, command.document)  # at most one in a batch
    if needs.tickets:
        rows = await connection.fetch(gathering.TICKETS_BY_EXTERNAL_ID, key, sorted(needs.tickets))
        facts.existing.update((row["external_id"], TicketId(row["id"].bytes)) for row in rows)
    if needs.people:
        await gather_people(connection, key, facts, needs.people)
    if needs.details:
        for row in await connection.fetch(gathering.DETAILS, key, [uuid_of(ticket) for ticket in sorted(needs.details)]):
            facts.details[TicketId(row["id"].bytes)] = Details(
                row["subject"], row["text"], row["category"], tuple(row["tags"]), row["attributes"], row["metadata"]
            )
        facts.updated = needs.details - facts.details.keys()
    if needs.ended:
        rows = await connection.fetch(gathering.ENDED_TICKETS, key, [uuid_of(ticket) for ticket in sorted(needs.ended)])
        facts.ended.update((TicketId(row["id"].bytes), ended_ticket(row)) for row in rows)
    facts.followers = await _followers(connection, key, needs.followers)
    if needs.offers:
        rows = await connection.fetch(gathering.ANSWERED_OFFERS, key, [uuid_of(offer) for offer in sorted(needs.offers)])
        facts.answered.update(
            (OfferId(row["id"].bytes), AnsweredOffer(AgentId(row["agent_id"].bytes), row["accepted"])) for row in rows
        )
    return facts


async def _followers(connection: Any, key: Any, tickets: set[TicketId]) -> dict[TicketId, frozenset[AgentId]]:
    found: dict[TicketId, frozenset[AgentId]] = {}
    if not tickets:
        return found
    for row in await connection.fetch(gathering.FOLLOWERS, key, [uuid_of(ticket) for ticket in sorted(tickets)]):
        ticket, agent = TicketId(row["ticket_id"].bytes), AgentId(row["agent_id"].bytes)
        found[ticket] = found.get(ticket, frozenset()) | {agent}
    return found
