"""What people wrote and who they are: customers, messages and why work was handed on, in rows that can be erased."""

from collections.abc import Iterator
from dataclasses import replace

from app.dispatch.moments import moment, uuid_of, uuid_or_none
from app.dispatch.record.batch import Batch, Statement, columns
from app.engine.commands import AddMessage, CustomerDraft, ReturnTicket, SubmitTicket, TransferTicket
from app.engine.events import TicketReturned, TicketTransferred
from app.engine.ids import CustomerId
from app.queries import recording

_TOLD = ("external_id", "name", "email", "phone", "tier", "language")


def customers(batch: Batch) -> Iterator[Statement]:
    """One row per customer met; what a later draft leaves out stays as it was."""
    drafts: dict[CustomerId, CustomerDraft] = {}
    for entry in batch.accepted:
        command, result = entry.command, entry.decided.result
        if (
            isinstance(command, SubmitTicket)
            and command.customer is not None
            and result.customer is not None
            and not result.existing
        ):
            known = drafts.get(result.customer)
            told = {name: value for name in _TOLD if (value := getattr(command.customer, name)) is not None}
            drafts[result.customer] = replace(known or CustomerDraft(result.customer), **told)
    if drafts:
        rows = [
            (uuid_of(draft.id), draft.external_id, draft.name, draft.email, draft.phone, draft.tier, draft.language)
            for draft in sorted(drafts.values(), key=lambda draft: draft.id)
        ]
        yield recording.PUT_CUSTOMERS, batch.workspace, *columns(rows), moment(batch.at)


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
    """By whom, from whom, whither and why. Who gave it away is told by the event before."""
    rows = []
    for entry in batch.accepted:
        command = entry.command
        if not isinstance(command, TransferTicket | ReturnTicket):
            continue
        giver, place, kind, seq = None, None, None, 0
        for index, event in enumerate(entry.decided.events):
            if isinstance(event, TicketReturned) and event.ticket == command.ticket:
                giver, kind, seq = event.agent, kind or "returned", entry.first_seq + index
            elif isinstance(event, TicketTransferred) and event.ticket == command.ticket:
                place, kind, seq = event, "transferred", entry.first_seq + index
        if kind is None:
            continue
        rows.append(
            (
                uuid_of(command.ticket),
                seq,
                kind,
                uuid_or_none(giver),
                uuid_or_none(place.queue if place else None),
                uuid_or_none(place.team if place else None),
                uuid_or_none(place.agent if place else None),
                command.reason,
                command.actor.type,
                command.actor.id,
            )
        )
    if rows:
        yield recording.INSERT_HANDOVERS, batch.workspace, *columns(rows), moment(batch.at)
