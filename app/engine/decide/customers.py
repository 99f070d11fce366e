"""Customers come, change, turn out to be the same, and go. Everything about them is in the facts: the state knows nobody."""

from dataclasses import replace
from typing import Any

from app.engine.commands import (
    CreateCustomer,
    CustomerChanges,
    CustomerCommand,
    CustomerDraft,
    DeleteCustomer,
    PutCustomer,
    UpdateCustomer,
)
from app.engine.contacts import Contact, with_primaries
from app.engine.customers import Customer, contacts_of, differing
from app.engine.decide.decider import Decider
from app.engine.decide.facts import Facts
from app.engine.events import Changed, CustomerCreated, CustomerDeleted, CustomerUpdated
from app.engine.free_data import check_size, differs, merged
from app.engine.ids import CustomerId, TicketId
from app.engine.refusals import CustomerInUse, CustomerMergedAway, CustomerNotFound, ExternalIdTaken, VersionMismatch

_TOLD = ("tier", "language")
_PLAIN = ("external_id", "name", "tier", "language", "preferred_channel")


def create(decider: Decider, command: CreateCustomer) -> None:
    """Somebody new. A known external id changes nothing, not even where whoever has it was merged."""
    external_id = command.changes.external_id
    known = None if external_id is None else decider.facts.named.get(external_id)
    if known is not None:
        answer(decider, decider.facts.customers[known])
        decider.decided.result.existing = True
        return
    _make(decider, command.customer, command.changes)


def put(decider: Decider, command: PutCustomer) -> None:
    """Change whoever has the external id, or make somebody who has it."""
    external_id = command.changes.external_id
    known = None if external_id is None else decider.facts.named.get(external_id)
    if known is None:
        _make(decider, command.customer, command.changes)
        return
    decider.decided.result.existing = True
    _change(decider, decider.facts.customers[known], command.changes, expected_version=None)


def update(decider: Decider, command: UpdateCustomer) -> None:
    """Change what differs."""
    _change(decider, find(decider, command), command.changes, command.expected_version)


def delete(decider: Decider, command: DeleteCustomer) -> None:
    """Nobody may miss the customer afterwards.

    Raises:
        CustomerInUse: tickets name the customer, or others were merged into them.

    """
    customer, facts, journal = find(decider, command), decider.facts, decider.state.journal
    check_version(customer, command.expected_version)
    check_unmerged(facts, customer)
    tickets, others = len(facts.tickets_of.get(customer.id, ())), len(facts.merged.get(customer.id, ()))
    if tickets or others:
        raise CustomerInUse(_in_use(tickets, others), tickets=tickets, merged=others)
    decider.emit(CustomerDeleted(customer.id))
    journal.drop_key(facts.customers, customer.id)
    if customer.external_id is not None:
        journal.drop_key(facts.named, customer.external_id)
    decider.decided.result.people += ((customer, None),)


def meet(decider: Decider, draft: CustomerDraft, ticket: TicketId) -> Customer:
    """Whoever a ticket is from. Of one who was merged it goes to the survivor, and nothing that it tells of them is taken over."""
    facts = decider.facts
    known = _known(facts, draft)
    if known is None:
        customer = _of(draft, decider.now)
        _introduce(decider, customer)
    elif known.merged_into is not None:
        customer = survivor(facts, known)
    else:
        told = differing(known, draft)
        customer = revise(decider, known, told) if told else known
    if customer.id in facts.tickets_of:
        decider.state.journal.put_key(facts.tickets_of, customer.id, (*facts.tickets_of[customer.id], ticket))
    return customer


def imagined(decider: Decider, draft: CustomerDraft) -> Customer:
    """Whom `meet` would find, as they would be; nothing happens."""
    known = _known(decider.facts, draft)
    if known is None:
        return _of(draft, decider.now)
    if known.merged_into is not None:
        return survivor(decider.facts, known)
    return known.changed(decider.now, **differing(known, draft))


def _known(facts: Facts, draft: CustomerDraft) -> Customer | None:
    known = facts.named.get(draft.external_id) if draft.external_id is not None else None
    return None if known is None else facts.customers[known]


def _of(draft: CustomerDraft, now: int) -> Customer:
    contacts = contacts_of(draft)
    return Customer(draft.id, draft.external_id, 1, now, now, draft.name, draft.tier, draft.language, contacts=contacts)


def find(decider: Decider, command: CustomerCommand) -> Customer:
    """The command's customer, who is answered with. Raises CustomerNotFound."""
    customer = decider.facts.customers.get(command.customer)
    if customer is None:
        raise CustomerNotFound("There is no such customer.")
    answer(decider, customer)
    return customer


def answer(decider: Decider, customer: Customer) -> None:
    """The answer shows this customer."""
    decider.decided.result.customer, decider.decided.result.person = customer.id, customer


def survivor(facts: Facts, customer: Customer) -> Customer:
    """Who stands for a customer now."""
    while customer.merged_into is not None:
        customer = facts.customers[customer.merged_into]
    return customer


def check_unmerged(facts: Facts, customer: Customer) -> None:
    """Refuse to write to one who was merged."""
    if customer.merged_into is not None:
        said = "The customer was merged into another one: merged_into_id names who stands for them now."
        raise CustomerMergedAway(said, merged_into_id=survivor(facts, customer).id)


def check_version(customer: Customer, expected: int | None) -> None:
    """Refuse when the customer has changed since the caller read them."""
    if expected is not None and expected != customer.version:
        said = f"The customer is at version {customer.version}, not {expected}. Read it again."
        raise VersionMismatch(said, version=customer.version)


def revise(decider: Decider, customer: Customer, fields: dict[str, Any]) -> Customer:
    """Other fields than before, and an event that tells tier and language, and of all others the name."""
    after = customer.changed(decider.now, **fields)
    changed: dict[str, Changed] = {
        name: (getattr(customer, name), getattr(after, name)) if name in _TOLD else None for name in fields
    }
    decider.emit(CustomerUpdated(customer.id, changed))
    keep(decider, customer, after)
    return after


def keep(decider: Decider, before: Customer | None, after: Customer) -> None:
    """What follows in the batch sees the customer as they are now."""
    decider.state.journal.put_key(decider.facts.customers, after.id, after)
    decider.decided.result.people += ((before, after),)


def _make(decider: Decider, id_: CustomerId, changes: CustomerChanges) -> None:
    blank = Customer(id_, None, 1, decider.now, decider.now)
    fields = _fields(blank, changes)
    check_size(fields.get("attributes", {}), fields.get("metadata", {}))
    made = replace(blank, **fields)
    _introduce(decider, made)
    answer(decider, made)


def _introduce(decider: Decider, customer: Customer) -> None:
    facts, journal = decider.facts, decider.state.journal
    decider.emit(CustomerCreated(customer.id, customer.tier, customer.language))
    if customer.external_id is not None:
        journal.put_key(facts.named, customer.external_id, customer.id)
    journal.put_key(facts.tickets_of, customer.id, ())
    keep(decider, None, customer)


def _change(decider: Decider, customer: Customer, changes: CustomerChanges, expected_version: int | None) -> None:
    answer(decider, customer)
    fields = _fields(customer, changes)
    if not fields:
        return
    check_version(customer, expected_version)
    check_unmerged(decider.facts, customer)
    check_size(fields.get("attributes", customer.attributes), fields.get("metadata", customer.metadata))
    if "external_id" in fields:
        _rename(decider, customer, fields["external_id"])
    answer(decider, revise(decider, customer, fields))


def _rename(decider: Decider, customer: Customer, external_id: str | None) -> None:
    facts, journal = decider.facts, decider.state.journal
    if external_id is not None:
        other = facts.named.get(external_id)
        if other is not None:
            raise ExternalIdTaken("Another customer has this external_id: customer_id names them.", customer_id=other)
        journal.put_key(facts.named, external_id, customer.id)
    if customer.external_id is not None:
        journal.drop_key(facts.named, customer.external_id)


def _fields(customer: Customer, changes: CustomerChanges) -> dict[str, Any]:
    """What differs."""
    named = changes.named
    wanted: dict[str, Any] = {name: getattr(changes, name) for name in _PLAIN if name in named}
    if "contacts" in named:
        wanted["contacts"] = _contacts(customer.contacts, changes.contacts)
    for name in ("attributes", "metadata"):
        if name in named:
            wanted[name] = merged(getattr(customer, name), getattr(changes, name))
    return {name: value for name, value in wanted.items() if differs(getattr(customer, name), value)}


def _contacts(known: tuple[Contact, ...], wanted: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """A list is replaced whole; who brought a contact is not forgotten while it stays."""
    brought = {contact.key: contact.brought for contact in known if contact.brought is not None}
    return with_primaries(tuple(replace(one, brought=brought[one.key]) if one.key in brought else one for one in wanted))


def _in_use(tickets: int, others: int) -> str:
    parts = [
        f"{tickets} tickets name the customer" if tickets else "",
        f"{others} others were merged into them" if others else "",
    ]
    return f"{' and '.join(filter(None, parts))}: they cannot be deleted. Erasing a person is another matter."
