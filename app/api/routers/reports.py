"""Reports."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import services
from app.api.deps import wrong_parameter
from app.api.routers.describing import OF_READS, operation
from app.api.routers.reading import reading
from app.api.routers.replies import json_reply
from app.api.schemas.answers import QueryMoment
from app.api.schemas.reports import QueuesReport, TurnsReport
from app.dispatch.moments import moment
from app.queries import agents, reports
from app.services.reports import promise_views, queue_views, turn_views
from app.services.views.moments import stamp

router = APIRouter(prefix="/v1/reports", tags=["reports"])

USUAL_DAYS = 30
LONGEST_DAYS = 400


class RangeQuery(BaseModel):
    """Which tickets: by the time they came."""

    since: QueryMoment | None = Field(default=None, alias="from", description="Inclusive; 30 days before `to` if left out.")
    until: QueryMoment | None = Field(default=None, alias="to", description="Exclusive; now if left out.")


@router.get(
    "/queues",
    summary="Report queues and promises",
    description="What became of the tickets that came in a time: waits, escalations, and promises kept and broken.",
    **operation("report_queues", QueuesReport, problems=OF_READS),
)
async def report_queues(request: Request, caller: CallerDep, query: Annotated[RangeQuery, Query()]) -> Response:
    process = services(request)
    until = query.until or moment(await process.dispatcher.now(caller.workspace) + 1)
    since = query.since or until - timedelta(days=USUAL_DAYS)
    if not timedelta(0) < until - since <= timedelta(days=LONGEST_DAYS):
        raise wrong_parameter("from", f"It lies before `to`, by at most {LONGEST_DAYS} days.")
    async with reading(process, caller) as at:
        rows = await reports.queues(at.connection, at.workspace, since=since, until=until)
        promises = await reports.promises(at.connection, at.workspace, since=since, until=until)
        names = await at.names()
    view = {
        "from_at": _utc(since),
        "to_at": _utc(until),
        "queues": queue_views(rows, names),
        "promises": promise_views(promises),
    }
    return json_reply(view, seq=at.head.last_seq)


@router.get(
    "/turns",
    summary="Report turns",
    description="How many tickets each agent of a queue got by turn, and how far apart they are.",
    **operation("report_turns", TurnsReport),
)
async def report_turns(request: Request, caller: CallerDep) -> Response:
    async with reading(services(request), caller) as at:
        turns = await reports.turns_taken(at.connection, at.workspace)
        people = await agents.everybody(at.connection, at.workspace)
        known = await at.configuration()
    view = {"queues": await asyncio.to_thread(turn_views, turns, people, known.document, known.names)}
    return json_reply(view, seq=at.head.last_seq)


def _utc(at: datetime) -> str:
    return stamp(at.astimezone(UTC))
