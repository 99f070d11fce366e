"""Rows for the caller: as stored, or as they would be."""

from collections.abc import Iterable
from typing import Any

from app.dispatch.moments import moment, uuid_of, uuid_or_none
from app.dispatch.record import tickets
from app.dispatch.record.batch import Accepted, Batch
from app.engine.contacts import to_json
from app.engine.customers import Customer
from app.engine.decide import Details, Result
from app.engine.ids import TicketId
from app.engine.state import State
from app.queries import gathering

_UNKNOWN = frozenset({"assignment_id", "decision_id", "resolved_at", "closed_at"})
_UNBORN = ("id", "number", "decision_id", "assignment_id", "offer_id")


async def read_rows(connection: Any, workspace: Any, wanted: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """The rows of tickets as this transaction sees them, by id."""
    rows = await connection.fetch(gathering.TICKETS, workspace, [uuid_of(ticket) for ticket in sorted(wanted)])
    return {row["id"].bytes: _plain(row) for row in rows}


async def read_agents(connection: Any, workspace: Any, wanted: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """The rows of agents as this transaction sees them, by id."""
    rows = await connection.fetch(gathering.AGENTS, workspace, [uuid_of(agent) for agent in sorted(wanted)])
    return {row["id"].bytes: dict(row) for row in rows}


def customer_row(customer: Customer) -> dict[str, Any]:
    """The columns of `customers` that answers show."""
    return {
        "id": uuid_of(customer.id),
        "external_id": customer.external_id,
        "name": customer.name,
        "tier": customer.tier,
        "language": customer.language,
        "preferred_channel": customer.preferred_channel,
        "contacts": to_json(customer.contacts),
        "attributes": customer.attributes,
        "metadata": customer.metadata,
        "merged_into_id": uuid_or_none(customer.merged_into),
        "version": customer.version,
        "created_at": moment(customer.created_at),
        "updated_at": moment(customer.updated_at),
    }


def dry_rows(state: State, batch: Batch, accepted: list[Accepted]) -> list[dict[str, Any] | None]:
    """The rows as a dry run leaves them in the state: whole for new tickets, without what only real ones get."""
    imagined = Batch(batch.workspace, batch.batch_id, batch.at, accepted)
    created = tickets.created_rows(state, imagined, tickets.patches_of(imagined))
    changed = tickets.changed_details(imagined)
    return [_dry_row(state, entry.decided.result, created, changed) for entry in accepted]


def _dry_row(
    state: State, result: Result, created: dict[bytes, dict[str, Any]], changed: dict[TicketId, Details]
) -> dict[str, Any] | None:
    """None where the stored row says all."""
    ticket = result.ticket
    if ticket in created:
        return {**created[ticket], **dict.fromkeys(_UNBORN)}
    slot = state.tickets.slot_of.get(ticket) if ticket is not None else None
    if ticket is None or slot is None:
        return None
    row = {name: value for name, value in tickets.present(state, slot, {}).items() if name not in _UNKNOWN}
    return row | tickets.detail_columns(state, ticket, changed[ticket]) if ticket in changed else row


def _plain(row: Any) -> dict[str, Any]:
    found = dict(row)
    found["subject"], found["text"] = found["subject"] or "", found["text"] or ""
    return found
