"""Bring a state up to date from the log: what another process decided, evolved here as well."""

from typing import Any

from app.dispatch.load import configurations
from app.dispatch.moments import milliseconds, uuid_of
from app.engine.configuration import Configuration
from app.engine.event_data import from_data
from app.engine.events import ConfigurationApplied
from app.engine.evolve import evolve
from app.engine.state import State
from app.queries import log

PAGE = 2000
RELOAD_BEYOND = 50_000


class LogBroken(RuntimeError):  # noqa: N818  # named as the situation
    """The log does not follow on what the state has seen: the state must be loaded anew."""


async def catch_up(connection: Any, state: State, last_seq: int) -> int:
    """Evolve `state` to `last_seq`; returns how many events that took. `connection` is asyncpg's, in the workspace.

    Raises:
        LogBroken: the next event is not the one that must follow, or the state is ahead of the log.

    """
    behind = last_seq - state.seq
    if behind < 0:
        raise LogBroken(f"the state is at {state.seq}, the head says {last_seq}")
    key = uuid_of(state.workspace)
    while state.seq < last_seq:
        rows = await connection.fetch(log.AFTER, key, state.seq, PAGE)
        if not rows:
            raise LogBroken(f"the log ends at {state.seq}, the head says {last_seq}")
        events = [(row["seq"], from_data(row["type"], row["data"]), milliseconds(row["at"])) for row in rows]
        applied = [event.version for _, event, _ in events if isinstance(event, ConfigurationApplied)]
        documents: dict[int, Configuration] = await configurations(connection, key, applied) if applied else {}
        for seq, event, at in events:
            if seq != state.seq + 1:
                raise LogBroken(f"event {seq} follows {state.seq}")
            evolve(state, event, at=at, documents=documents)
        state.settle()
    return behind
