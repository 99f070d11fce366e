"""What people wrote, and why work was handed on, in rows that can be erased."""

from collections.abc import Iterator
from typing import Any

from app.dispatch.moments import moment, uuid_of, uuid_or_none
from app.dispatch.record.batch import Accepted, Batch, Statement, columns
from app.engine.commands import AddMessage, ReleaseAgent, ReturnTicket, TransferTicket
from app.engine.events import TicketReturned, TicketTransferred
from app.engine.ids import TicketId
from app.queries import recording

_BY_HAND = ("transferred", "returned", "released")


def messages(batch: Batch) -> Iterator[Statement]:
    """The words of accepted messages."""
    rows = [
        (uuid_of(command.message), uuid_of(command.ticket), command.inbound, uuid_or_none(command.actor.agent), command.text)
        for entry in batch.accepted
        if isinstance(command := entry.command, AddMessage)
    ]
    if rows:
        yield recording.INSERT_MESSAGES, batch.workspace, *columns(sorted(rows)), moment(batch.at)


def handovers(batch: Batch) -> Iterator[Statement]:
    """By whom, from whom, whither and why, of each ticket that was moved by hand."""
    rows = []
    for entry in batch.accepted:
        command = entry.command
        if isinstance(command, TransferTicket | ReturnTicket | ReleaseAgent):
            for ticket, move in _moves(entry).items():
                rows.append((uuid_of(ticket), *move, command.reason, command.actor.type, command.actor.id))
    if rows:
        yield recording.INSERT_HANDOVERS, batch.workspace, *columns(rows), moment(batch.at)


def _moves(entry: Accepted) -> dict[TicketId, tuple[Any, ...]]:
    """Per ticket (seq, kind, giver, queue, team, agent): who gave it away is told by the event before the transfer."""
    found: dict[TicketId, tuple[Any, ...]] = {}
    for seq, event in enumerate(entry.decided.events, entry.first_seq):
        if isinstance(event, TicketReturned) and event.reason in _BY_HAND:
            found[event.ticket] = seq, event.reason, uuid_of(event.agent), None, None, None
        elif isinstance(event, TicketTransferred) and event.reason in _BY_HAND:
            giver = found[event.ticket][2] if event.ticket in found else None
            place = (uuid_or_none(event.queue), uuid_or_none(event.team), uuid_or_none(event.agent))
            found[event.ticket] = seq, event.reason, giver, *place
    return found
