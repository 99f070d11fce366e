"""The customers that the commands of a batch name, and what hangs on those who are merged, set apart or deleted."""

from dataclasses import dataclass, field
from typing import Any

from app.dispatch.moments import milliseconds, uuid_of
from app.engine.commands import (
    CreateCustomer,
    CustomerCommand,
    DeleteCustomer,
    MergeCustomers,
    PutCustomer,
    UnmergeCustomer,
    UpdateCustomer,
)
from app.engine.contacts import from_json
from app.engine.customers import MOST_TICKETS, Customer
from app.engine.decide import Facts
from app.engine.ids import CustomerId, TicketId
from app.engine.vocabulary import Channel
from app.queries import gathering


@dataclass(slots=True)
class People:
    """External ids, ids, and ids of those whose tickets and merges matter."""

    named: set[str] = field(default_factory=set)
    known: set[CustomerId] = field(default_factory=set)
    whole: set[CustomerId] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.named or self.known)

    def of(self, command: CreateCustomer | PutCustomer | CustomerCommand) -> None:
        """Add what a command of customers needs."""
        if isinstance(command, CustomerCommand):
            self.known.add(command.customer)
        if isinstance(command, MergeCustomers):
            self.known.add(command.into)
            self.whole |= {command.customer, command.into}
        elif isinstance(command, UnmergeCustomer | DeleteCustomer):
            self.whole.add(command.customer)
        elif isinstance(command, CreateCustomer | PutCustomer | UpdateCustomer) and command.changes.external_id is not None:
            self.named.add(command.changes.external_id)


async def gather_people(connection: Any, workspace: Any, facts: Facts, wanted: People) -> None:
    """Everybody who is named, and everybody into whom they were merged."""
    rows = []
    if wanted.named:
        rows = await connection.fetch(gathering.CUSTOMERS_BY_EXTERNAL_ID, workspace, sorted(wanted.named))
        _remember(facts, rows)
    missing = wanted.known - facts.customers.keys()
    while missing or rows:
        if missing:
            rows = await connection.fetch(gathering.CUSTOMERS, workspace, [uuid_of(customer) for customer in sorted(missing)])
            _remember(facts, rows)
        pointed_at = {CustomerId(row["merged_into_id"].bytes) for row in rows if row["merged_into_id"] is not None}
        missing, rows = pointed_at - facts.customers.keys(), []
    if wanted.whole:
        await _whole(connection, workspace, facts, wanted.whole)


async def _whole(connection: Any, workspace: Any, facts: Facts, wanted: set[CustomerId]) -> None:
    """Tickets, merges, and the others who were merged into the same."""
    found = [facts.customers[id_] for id_ in wanted if id_ in facts.customers]
    into = {customer.merged_into for customer in found if customer.merged_into is not None}
    everybody = sorted({customer.id for customer in found} | into)
    keys = [uuid_of(customer) for customer in everybody]
    others = await connection.fetch(gathering.MERGED_CUSTOMERS, workspace, keys)
    _remember(facts, others)
    for customer in everybody:
        facts.merged[customer] = tuple(CustomerId(row["id"].bytes) for row in others if row["merged_into_id"].bytes == customer)
        rows = await connection.fetch(gathering.TICKETS_OF_CUSTOMER, workspace, uuid_of(customer), MOST_TICKETS + 1)
        facts.tickets_of[customer] = tuple(TicketId(row["id"].bytes) for row in rows)
    for row in await connection.fetch(gathering.MOVED_TICKETS, workspace, keys):
        facts.moved[CustomerId(row["customer_id"].bytes)] = tuple(TicketId(ticket.bytes) for ticket in row["tickets"])


def _remember(facts: Facts, rows: Any) -> None:
    for row in rows:
        customer = customer_of(row)
        facts.customers[customer.id] = customer
        if customer.external_id is not None:
            facts.named[customer.external_id] = customer.id


def customer_of(row: Any) -> Customer:
    """A row of `customers` as the engine has it."""
    return Customer(
        CustomerId(row["id"].bytes),
        row["external_id"],
        row["version"],
        milliseconds(row["created_at"]),
        milliseconds(row["updated_at"]),
        row["name"],
        row["tier"],
        row["language"],
        None if row["preferred_channel"] is None else Channel(row["preferred_channel"]),
        from_json(row["contacts"]) if row["contacts"] else (),
        row["attributes"],
        row["metadata"],
        None if row["merged_into_id"] is None else CustomerId(row["merged_into_id"].bytes),
    )
