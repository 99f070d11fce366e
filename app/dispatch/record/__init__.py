"""Write what a batch decided: rows and events, set-based, one statement per table, sent together."""

import asyncio
from collections.abc import Iterator
from typing import Any

from app.dispatch.record import agents, customers, following, holding, log, switches, tickets, writing
from app.dispatch.record.batch import Batch, Statement
from app.dispatch.record.together import Together
from app.engine.state import State

MANY = 100  # commands, or events of a configuration, from which the event loop turns between two statements


async def record(writing: Together, state: State, batch: Batch) -> dict[bytes, dict[str, Any]]:
    """Hand everything to `writing`, which may keep it until it is sent. Returns the rows of tickets created. The batch is not empty."""
    patches = tickets.patches_of(batch)
    created = tickets.created_rows(state, batch, patches)
    many = len(batch.accepted) > MANY or len(batch.accepted[-1].decided.events) > MANY  # a configuration is a batch's last
    for statement in _statements(state, batch, created, patches):
        await writing.add(*statement)
        if many:
            await writing.begin()  # each statement's parameters take a while to collect and to send
            await asyncio.sleep(0)
    return created


def _statements(
    state: State, batch: Batch, created: dict[bytes, dict[str, Any]], patches: tickets.Patches
) -> Iterator[Statement]:
    """What ends something comes first: see `together.APART`."""
    yield from agents.statements(state, batch)
    yield from switches.statements(state, batch)
    yield from customers.statements(batch)
    yield from holding.statements(state, batch)
    yield from tickets.statements(state, batch, created, patches)
    yield from tickets.timers(state, batch)
    yield from writing.messages(batch)
    yield from writing.handovers(batch)
    yield from following.statements(batch)
    yield from log.statements(batch)
