"""Who people are: each customer's row as it is after the batch, what they are found by, and tickets that change hands."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from app.dispatch.moments import json_text, moment, uuid_of, uuid_or_none
from app.dispatch.record.batch import Batch, Statement, columns
from app.engine.contacts import to_json
from app.engine.customers import Customer, name_key
from app.engine.events import CustomerMerged, CustomerUnmerged
from app.engine.ids import CustomerId
from app.queries import recording

People = dict[CustomerId, Customer | None]


def statements(batch: Batch) -> Iterator[Statement]:
    """Nothing for whom nobody changed."""
    before: People = {}
    after: People = {}
    for entry in batch.accepted:
        for was, now in entry.decided.result.people:
            id_ = (was or now).id  # type: ignore[union-attr]  # one of both is somebody
            before.setdefault(id_, was)
            after[id_] = now
    if after:
        yield from _people(batch, before, after)
        yield from _moves(batch)


def _people(batch: Batch, before: People, after: People) -> Iterator[Statement]:
    kept = {id_: customer for id_, customer in sorted(after.items()) if customer is not None}
    gone = [uuid_of(id_) for id_, customer in sorted(after.items()) if customer is None and before[id_] is not None]
    if gone:
        yield recording.REMOVE_CUSTOMERS, batch.workspace, gone
    if kept:
        rows = [_row(customer) for customer in kept.values()]
        yield recording.PUT_CUSTOMERS, batch.workspace, *columns(rows), batch.last_seq
    were, are = _keys({id_: before[id_] for id_ in kept}), _keys(kept)
    if lost := sorted(were - are):
        yield recording.REMOVE_CONTACTS, batch.workspace, *columns(lost)
    if found := sorted(are - were):
        yield recording.PUT_CONTACTS, batch.workspace, *columns(found)


def _row(customer: Customer) -> tuple[Any, ...]:
    return (
        uuid_of(customer.id),
        customer.external_id,
        customer.name,
        None if customer.name is None else name_key(customer.name),
        customer.tier,
        customer.language,
        customer.preferred_channel,
        json_text(to_json(customer.contacts)) if customer.contacts else None,
        json_text(customer.attributes) if customer.attributes else None,
        json_text(customer.metadata) if customer.metadata else None,
        uuid_or_none(customer.merged_into),
        customer.version,
        moment(customer.created_at),
        moment(customer.updated_at),
    )


def _keys(people: Mapping[CustomerId, Customer | None]) -> set[tuple[UUID, str, str]]:
    return {
        (uuid_of(id_), contact.kind, contact.match)
        for id_, customer in people.items()
        if customer is not None
        for contact in customer.contacts
    }


def _moves(batch: Batch) -> Iterator[Statement]:
    """A merge and its undoing stand alone in their part of a batch: all tickets that they move have their rows."""
    at = moment(batch.at)
    for seq, event, _ in batch.events():
        if isinstance(event, CustomerMerged):
            customer, into = uuid_of(event.customer), uuid_of(event.into)
            yield recording.BEGIN_MERGE, batch.workspace, seq, customer, into
            if event.ticket_count:
                held = [uuid_of(ticket) for ticket in event.tickets]
                yield recording.MOVE_TICKETS, batch.workspace, customer, into, held, at, batch.last_seq
        elif isinstance(event, CustomerUnmerged):
            customer, held = uuid_of(event.customer), [uuid_of(ticket) for ticket in event.tickets]
            if event.ticket_count:
                yield recording.MOVE_BACK_TICKETS, batch.workspace, customer, held, at, batch.last_seq
            yield recording.END_MERGE, batch.workspace, customer, seq
