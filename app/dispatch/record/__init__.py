"""Write what a batch decided: rows and events, set-based, one statement per table, sent together."""

from typing import Any

from app.dispatch.record import agents, holding, log, switches, tickets, writing
from app.dispatch.record.batch import Batch, Statement
from app.dispatch.record.together import Together
from app.engine.state import State


async def record(writing: Together, state: State, batch: Batch) -> dict[bytes, dict[str, Any]]:
    """Hand everything to `writing`, which may keep it until it is sent. Returns the rows of tickets created."""
    patches = tickets.patches_of(batch)
    created = tickets.created_rows(state, batch, patches)
    for statement in _statements(state, batch, created, patches):
        await writing.add(*statement)
    return created


def _statements(state: State, batch: Batch, created: dict[bytes, dict[str, Any]], patches: tickets.Patches) -> list[Statement]:
    """What ends something comes first: see `together.APART`."""
    return [
        *agents.statements(state, batch),
        *switches.statements(state, batch),
        *writing.customers(batch),
        *holding.statements(state, batch),
        *tickets.statements(state, batch, created, patches),
        *tickets.timers(state, batch),
        *writing.messages(batch),
        *writing.handovers(batch),
        *log.statements(batch),
    ]
