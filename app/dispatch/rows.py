"""A ticket's row for the caller: as stored, or as it would be."""

from collections.abc import Iterable
from typing import Any

from app.dispatch.moments import uuid_of
from app.dispatch.record import tickets
from app.dispatch.record.batch import Accepted, Batch
from app.engine.commands import Command, SubmitTicket
from app.engine.decide import Decided
from app.engine.state import State
from app.queries import gathering

_UNBORN = ("id", "number", "decision_id", "assignment_id", "offer_id")


async def read_rows(connection: Any, workspace: Any, wanted: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """The rows of tickets as this transaction sees them, by id."""
    rows = await connection.fetch(gathering.TICKETS, workspace, [uuid_of(ticket) for ticket in sorted(wanted)])
    return {row["id"].bytes: _plain(row) for row in rows}


async def read_agents(connection: Any, workspace: Any, wanted: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """The rows of agents as this transaction sees them, by id."""
    rows = await connection.fetch(gathering.AGENTS, workspace, [uuid_of(agent) for agent in sorted(wanted)])
    return {row["id"].bytes: dict(row) for row in rows}


def dry_row(state: State, batch: Batch, command: Command, decided: Decided, first_seq: int) -> dict[str, Any] | None:
    """The row as a dry run leaves it in the state: whole for a new ticket, without what only a real one gets."""
    ticket = decided.result.ticket
    slot = state.tickets.slot_of.get(ticket) if ticket is not None else None
    if slot is None or decided.result.existing:
        return None
    imagined = Batch(batch.workspace, batch.batch_id, batch.at, [Accepted(command, decided, first_seq, None)])
    if isinstance(command, SubmitTicket):
        (row,) = tickets.created_rows(state, imagined, tickets.patches_of(imagined)).values()
        return {**row, **dict.fromkeys(_UNBORN)}
    row = tickets.present(state, slot, {})
    return {
        name: value for name, value in row.items() if name not in ("assignment_id", "decision_id", "resolved_at", "closed_at")
    }


def _plain(row: Any) -> dict[str, Any]:
    found = dict(row)
    found["subject"], found["text"] = found["subject"] or "", found["text"] or ""
    return found
