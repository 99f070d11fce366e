"""What the commands of a batch need from the rows, one query per kind, under the lock."""

from collections.abc import Iterable
from typing import Any

from app.dispatch.load import ended_ticket
from app.dispatch.moments import uuid_of
from app.engine.commands import AnswerOffer, ApplyConfiguration, Command, SubmitTicket, TicketCommand
from app.engine.configuration import compile_configuration
from app.engine.decide import Facts, KnownCustomer
from app.engine.ids import CustomerId, TicketId
from app.engine.state import State
from app.queries import gathering


async def gather(connection: Any, state: State, commands: Iterable[Command], *, sandbox: bool) -> Facts:
    """Facts for all `commands`. `connection` is asyncpg's, in the workspace."""
    facts = Facts(sandbox=sandbox)
    key = uuid_of(state.workspace)
    external: set[str] = set()
    customers: set[str] = set()
    ended: set[TicketId] = set()
    for command in commands:
        if isinstance(command, SubmitTicket):
            if command.external_id is not None:
                external.add(command.external_id)
            if command.customer is not None and command.customer.external_id is not None:
                customers.add(command.customer.external_id)
        elif isinstance(command, TicketCommand | AnswerOffer):
            if command.ticket not in state.tickets.slot_of:
                ended.add(command.ticket)
        elif isinstance(command, ApplyConfiguration) and command.base == state.configuration.version:
            version = command.base + 1
            facts.documents[version] = compile_configuration(version, command.document)  # at most one in a batch
    if external:
        rows = await connection.fetch(gathering.TICKETS_BY_EXTERNAL_ID, key, sorted(external))
        facts.existing.update((row["external_id"], TicketId(row["id"].bytes)) for row in rows)
    if customers:
        for row in await connection.fetch(gathering.CUSTOMERS_BY_EXTERNAL_ID, key, sorted(customers)):
            facts.customers[row["external_id"]] = KnownCustomer(CustomerId(row["id"].bytes), row["tier"], row["language"])
    if ended:
        rows = await connection.fetch(gathering.ENDED_TICKETS, key, [uuid_of(ticket) for ticket in sorted(ended)])
        facts.ended.update((TicketId(row["id"].bytes), ended_ticket(row)) for row in rows)
    return facts
