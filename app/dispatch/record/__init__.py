"""Write what a batch decided: rows and events, set-based, one statement per table."""

from typing import Any

from app.dispatch.record import agents, holding, log, tickets, writing
from app.dispatch.record.batch import Batch, Statement
from app.engine.state import State


async def record(connection: Any, state: State, batch: Batch) -> dict[bytes, dict[str, Any]]:
    """Write everything. `connection` is asyncpg's, inside the batch's transaction. Returns the rows of tickets created."""
    patches = tickets.patches_of(batch)
    created = tickets.created_rows(state, batch, patches)
    for statement in _statements(state, batch, created, patches):
        await connection.execute(*statement)
    return created


def _statements(state: State, batch: Batch, created: dict[bytes, dict[str, Any]], patches: tickets.Patches) -> list[Statement]:
    return [
        *agents.statements(state, batch),
        *writing.customers(batch),
        *tickets.statements(state, batch, created, patches),
        *holding.statements(state, batch),
        *tickets.timers(state, batch),
        *writing.messages(batch),
        *log.statements(batch),
    ]
