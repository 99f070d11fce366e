"""Assignments and offers, from the events of the batch."""

from collections.abc import Iterator
from typing import Any

from app.dispatch.moments import moment, uuid_of, uuid_or_none
from app.dispatch.record.batch import Batch, Statement, columns
from app.engine import events
from app.engine.state import State
from app.queries import recording

_ENDINGS = {events.TicketReturned: None, events.TicketResolved: "resolved", events.TicketCancelled: "cancelled"}
_OFFER_ENDINGS = {
    events.OfferAccepted: "accepted",
    events.OfferDeclined: "declined",
    events.OfferExpired: "expired",
    events.OfferWithdrawn: "withdrawn",
}


def statements(state: State, batch: Batch) -> Iterator[Statement]:
    """What ended first, so that a ticket never has two open assignments or offers, then what began."""
    yield from _assignments(state, batch)
    yield from _offers(batch)


def _assignments(state: State, batch: Batch) -> Iterator[Statement]:
    at = moment(batch.at)
    begun: dict[bytes, dict[str, Any]] = {}
    current: dict[bytes, bytes] = {}
    ended: dict[bytes, str] = {}
    for _, event, _ in batch.events():
        if isinstance(event, events.TicketAssigned):
            queue = state.requirement(state.tickets.slot_of[event.ticket]).queue
            begun[event.assignment] = {"event": event, "queue": queue, "ended_at": None, "end_reason": None}
            current[event.ticket] = event.assignment
        elif type(event) in _ENDINGS:
            reason = event.reason if isinstance(event, events.TicketReturned) else _ENDINGS[type(event)]
            assignment = current.pop(event.ticket, None)  # type: ignore[attr-defined]  # all three have it
            if assignment is None:
                ended[event.ticket] = reason  # type: ignore[attr-defined,assignment]
            else:
                begun[assignment] |= {"ended_at": at, "end_reason": reason}
        elif isinstance(event, events.TicketTransferred) and event.from_queue is not None:
            for entry in begun.values():
                if entry["event"].ticket == event.ticket and entry["ended_at"] is not None:
                    entry["queue"] = entry.get("moved") or event.from_queue
                    entry["moved"] = entry["queue"]
    if ended:
        tickets = sorted(ended)
        yield (
            recording.END_ASSIGNMENTS,
            batch.workspace,
            [uuid_of(ticket) for ticket in tickets],
            [ended[ticket] for ticket in tickets],
            at,
        )
    if begun:
        yield recording.INSERT_ASSIGNMENTS, batch.workspace, *columns([_assignment(entry, at) for entry in begun.values()])


def _assignment(entry: dict[str, Any], at: Any) -> tuple[Any, ...]:
    event = entry["event"]
    return (
        uuid_of(event.assignment),
        uuid_of(event.ticket),
        uuid_of(event.agent),
        uuid_of(entry["queue"]),
        event.how,
        event.forced,
        uuid_or_none(event.decision),
        at,
        entry["ended_at"],
        entry["end_reason"],
    )


def _offers(batch: Batch) -> Iterator[Statement]:
    at = moment(batch.at)
    begun: dict[bytes, list[Any]] = {}
    ended: dict[bytes, str] = {}
    for _, event, _ in batch.events():
        if isinstance(event, events.OfferCreated):
            begun[event.offer] = [event, "pending", None]
        elif type(event) in _OFFER_ENDINGS:
            ending = _OFFER_ENDINGS[type(event)]
            offer = event.offer  # type: ignore[attr-defined]  # all four have it
            if offer in begun:
                begun[offer][1:] = [ending, at]
            else:
                ended[offer] = ending
    if ended:
        yield recording.END_OFFERS, batch.workspace, [uuid_of(offer) for offer in ended], list(ended.values()), at
    if begun:
        rows = [
            (
                uuid_of(event.offer),
                uuid_of(event.ticket),
                uuid_of(event.agent),
                status,
                uuid_or_none(event.decision),
                moment(event.expires_at),
                ended_at,
            )
            for event, status, ended_at in begun.values()
        ]
        yield recording.INSERT_OFFERS, batch.workspace, *columns(rows), at
