"""The feed: everything that happened, in order, and a wait for what comes."""

import time
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import Caller, services
from app.api.deps import wrong_parameter
from app.api.routers.describing import OF_READS, operation
from app.api.routers.paging import DEFAULT_LIMIT, MOST
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply
from app.api.schemas.answers import QueryInt
from app.api.schemas.events import EventPage
from app.api.waiting import PATIENCE_SECONDS, stream, wait_for_events
from app.engine.events import EVENT_TYPES
from app.errors import Gone
from app.models.workspaces import Mode
from app.queries import events
from app.queries.events import Row
from app.services.views.events import envelope

router = APIRouter(prefix="/v1/events", tags=["events"])

LOOKED_AT = 10_000  # positions per page, so that a rare type costs no scan of the whole log
LONGEST_WAIT = 30


class FeedQuery(BaseModel):
    """From where, of which types, and how long to wait for the first."""

    after: QueryInt = Field(default=0, ge=0, lt=2**63, description="The last position you have seen.", examples=[4711])
    epoch: QueryInt | None = Field(
        default=None, ge=1, lt=2**31, description="epoch of the page before; another one than now is refused.", examples=[1]
    )
    type: list[str] = Field(
        default=[], max_length=50, description="A type, or all of a noun; repeat for or.", examples=[["ticket.*"]]
    )
    limit: QueryInt = Field(default=DEFAULT_LIMIT, ge=1, le=MOST, description="How many at most.", examples=[50])
    wait: QueryInt = Field(
        default=0, ge=0, le=LONGEST_WAIT, description="Seconds to wait when there is nothing yet.", examples=[30]
    )


@router.get(
    "",
    summary="Follow the log",
    description="Read a list, take its Giliran-Seq as `after`, and miss nothing. With `wait` the answer comes with the first event.",
    **operation("list_events", EventPage, problems=(*OF_READS, "events_expired", "too_many_streams")),
)
async def list_events(request: Request, caller: CallerDep, query: Annotated[FeedQuery, Query()]) -> Response:
    types = _types(query.type)
    with stream(request, query.wait):
        return await _first(request, caller, query, types)


async def _first(request: Request, caller: Caller, query: FeedQuery, types: frozenset[str] | None) -> Response:
    """The first page that has events, or the last that was looked at when the time is over."""
    process = services(request)
    patience: float | None = None
    after, epoch, until, here = query.after, query.epoch, time.monotonic() + query.wait, True
    while True:
        async with reading(process, caller, patience=patience) as at:
            epoch = await _same_epoch(epoch, at)
            rows, looked_at = await _page(at, after, types, query.limit)
        left = until - time.monotonic()
        if rows or left <= 0 or process.tails.closed or not here:
            return _reply(caller, rows, looked_at, at)
        after, patience = looked_at, PATIENCE_SECONDS
        if looked_at == at.head.last_seq:
            here = await wait_for_events(request, caller, looked_at, left)


async def _page(at: Reading, after: int, types: frozenset[str] | None, limit: int) -> tuple[Sequence[Row], int]:
    """Events, and the last position that was looked at."""
    last = at.head.last_seq
    if after < last:
        oldest = await events.oldest_seq(at.connection, at.workspace)
        if oldest is None or after + 1 < oldest:
            raise _expired("Events that old are no longer kept", oldest_seq=oldest or last + 1, last_seq=last)
    elif after > last:
        raise _expired(f"The log ends at {last}; this position is not of it", oldest_seq=last + 1, last_seq=last)
    until = min(last, after + LOOKED_AT)
    rows = await events.page(at.connection, at.workspace, after=after, until=until, types=types, limit=limit)
    return rows, rows[-1]["seq"] if len(rows) == limit else until


async def _same_epoch(epoch: int | None, at: Reading) -> int:
    """The present one. After a restore other events stand under numbers that were used before."""
    if epoch is not None and epoch != at.head.epoch:
        last = at.head.last_seq
        oldest = await events.oldest_seq(at.connection, at.workspace)
        raise _expired(
            "A backup was restored since, and the log went on from there", oldest_seq=oldest or last + 1, last_seq=last
        )
    return at.head.epoch


def _reply(caller: Caller, rows: Sequence[Row], looked_at: int, at: Reading) -> Response:
    live = caller.mode is Mode.LIVE
    shown = [envelope(row, workspace=caller.workspace, live=live) for row in rows]
    return json_reply({"data": shown, "last_seq": looked_at, "epoch": at.head.epoch}, seq=at.head.last_seq)


def _expired(detail: str, *, oldest_seq: int, last_seq: int) -> Gone:
    return Gone("events_expired", f"{detail}: read the lists again, then follow.", oldest_seq=oldest_seq, last_seq=last_seq)


def _types(patterns: Sequence[str]) -> frozenset[str] | None:
    if not patterns:
        return None
    found: set[str] = set()
    for pattern in patterns:
        meant = {kind for kind in EVENT_TYPES if kind == pattern or (pattern[-2:] == ".*" and kind.startswith(pattern[:-1]))}
        if not meant:
            raise wrong_parameter("type", "No event has such a type.", allowed=tuple(sorted(EVENT_TYPES)))
        found |= meant
    return frozenset(found)
