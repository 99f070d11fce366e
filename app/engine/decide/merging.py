"""Two customers turn out to be one, or not to be after all."""

from dataclasses import replace

from app.engine.commands import MergeCustomers, UnmergeCustomer
from app.engine.contacts import parted, united
from app.engine.customers import MOST_TICKETS, Customer
from app.engine.decide.customers import answer, check_unmerged, check_version, find, keep, revise, survivor
from app.engine.decide.decider import Decider
from app.engine.events import CustomerMerged, CustomerUnmerged
from app.engine.ids import CustomerId, TicketId
from app.engine.refusals import CustomerMergedAway, CustomerNotFound, SameCustomer, TooMuchToMerge

MOST_UNITED = 200


def merge(decider: Decider, command: MergeCustomers) -> None:
    """Tickets and contacts become the survivor's; the customer stays as a pointer to them.

    Raises:
        CustomerNotFound: one of both is not there.
        SameCustomer: both are one already, by id.
        CustomerMergedAway: one of both was merged before, into somebody else.
        TooMuchToMerge: more tickets or contacts than one transaction bears.

    """
    customer, facts = find(decider, command), decider.facts
    into = facts.customers.get(command.into)
    if into is None:
        raise CustomerNotFound("There is no customer to merge into: check `into`.")
    if into.id == customer.id:
        raise SameCustomer("A customer cannot be merged into themselves.", pointer="/into")
    if customer.merged_into == into.id:
        return
    check_version(customer, command.expected_version)
    check_unmerged(facts, customer)
    check_unmerged(facts, into)
    tickets = facts.tickets_of.get(customer.id, ())
    contacts = united(into.contacts, customer.contacts, customer.id)
    if len(tickets) > MOST_TICKETS:
        raise TooMuchToMerge(f"The customer has more than {MOST_TICKETS:,} tickets, which is more than one merge moves.")
    if len(contacts) > MOST_UNITED:
        raise TooMuchToMerge(f"Both together would have more than {MOST_UNITED} contacts. Remove some of them first.")
    decider.emit(CustomerMerged(customer.id, into.id, _open(decider, tickets), len(tickets)))
    merged = customer.changed(decider.now, merged_into=into.id)
    keep(decider, customer, merged)
    answer(decider, merged)
    if contacts != into.contacts:
        revise(decider, into, {"contacts": contacts})
    _move(decider, tickets, customer.id, into.id)
    journal = decider.state.journal
    journal.put_key(facts.moved, customer.id, tickets)
    journal.put_key(facts.merged, into.id, (*facts.merged.get(into.id, ()), customer.id))


def unmerge(decider: Decider, command: UnmergeCustomer) -> None:
    """What the merge moved comes back; tickets that came since stay with the survivor.

    Raises:
        CustomerNotFound: no such customer.
        CustomerMergedAway: the survivor was merged in turn, which has to be taken back first.

    """
    customer, facts = find(decider, command), decider.facts
    if customer.merged_into is None:
        return
    check_version(customer, command.expected_version)
    into = facts.customers[customer.merged_into]
    if into.merged_into is not None:
        said = "The customer they were merged into was merged as well: unmerge that one first, customer_id names them."
        raise CustomerMergedAway(said, customer_id=into.id, merged_into_id=survivor(facts, into).id)
    tickets = facts.moved.get(customer.id, ())
    decider.emit(CustomerUnmerged(customer.id, into.id, _open(decider, tickets), len(tickets)))
    restored = customer.changed(decider.now, merged_into=None)
    keep(decider, customer, restored)
    answer(decider, restored)
    others = tuple(other for other in facts.merged.get(into.id, ()) if other != customer.id)
    _give_back(decider, into, customer.id, others)
    _move(decider, tickets, into.id, customer.id)
    decider.state.journal.drop_key(facts.moved, customer.id)
    decider.state.journal.put_key(facts.merged, into.id, others)


def _give_back(decider: Decider, into: Customer, owner: CustomerId, others: tuple[CustomerId, ...]) -> None:
    """The survivor loses the contacts that only this one brought."""
    contacts = parted(into.contacts, owner, {other: decider.facts.customers[other].contacts for other in others})
    if [one.key for one in contacts] != [one.key for one in into.contacts]:
        revise(decider, into, {"contacts": contacts})
    elif contacts != into.contacts:
        keep(decider, into, replace(into, contacts=contacts))  # another one has brought it now: nothing that anybody sees


def _open(decider: Decider, tickets: tuple[TicketId, ...]) -> tuple[TicketId, ...]:
    """Those that the state holds: their versions are its own to count."""
    return tuple(ticket for ticket in tickets if ticket in decider.state.tickets.slot_of)


def _move(decider: Decider, tickets: tuple[TicketId, ...], from_: CustomerId, to: CustomerId) -> None:
    """Whose tickets they are, for what follows in the batch; those that have ended are one version on."""
    facts, journal = decider.facts, decider.state.journal
    if not tickets:
        return
    gone = set(tickets)
    journal.put_key(facts.tickets_of, to, (*facts.tickets_of.get(to, ()), *tickets))
    journal.put_key(facts.tickets_of, from_, tuple(one for one in facts.tickets_of.get(from_, ()) if one not in gone))
    for ticket in gone & facts.ended.keys():
        if ticket not in decider.state.tickets.slot_of:
            ended = facts.ended[ticket]
            journal.put_key(facts.ended, ticket, replace(ended, version=ended.version + 1))
