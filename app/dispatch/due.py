"""When a workspace next needs the worker."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.dispatch.moments import moment
from app.dispatch.record.batch import Batch
from app.engine.events import OfferCreated, TicketPaused
from app.engine.state import State
from app.engine.tickets import TIMER_STATE_INDEX
from app.engine.vocabulary import Metric, TimerState
from app.queries import heads

_TICKING = (TIMER_STATE_INDEX[TimerState.RUNNING], TIMER_STATE_INDEX[TimerState.BREACHED])


async def earliest_due(connection: Any, key: Any) -> datetime | None:
    """The earliest step of a timer, end of an offer or waking of a snoozed ticket, from the rows."""
    found: datetime | None = await connection.fetchval(heads.EARLIEST_DUE, key)
    return found


async def next_due(
    connection: Any, state: State, batch: Batch, touched: Iterable[tuple[int, Metric]], known: datetime | None, key: Any
) -> datetime | None:
    """The head's new due time: lowered to what this batch started; asked of the rows once the known one has come."""
    if known is not None and known <= moment(batch.at):
        return await earliest_due(connection, key)
    started = [
        timers.next[slot]
        for slot, metric in touched
        if (timers := state.tickets.timers[metric]).next[slot] >= 0 and timers.state[slot] in _TICKING
    ]
    started += [event.expires_at for _, event, _ in batch.events() if isinstance(event, OfferCreated)]
    started += [
        event.until_at for _, event, _ in batch.events() if isinstance(event, TicketPaused) and event.until_at is not None
    ]
    if not started:
        return known
    earliest = moment(min(started))
    return earliest if known is None else min(known, earliest)
