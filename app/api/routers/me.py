"""An agent's own work, and a wait for the next change of it."""

import time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import Caller, services
from app.api.routers.describing import OF_READS, operation
from app.api.routers.events import LONGEST_WAIT
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply
from app.api.schemas.agents import MeOut
from app.api.schemas.answers import QueryInt
from app.api.waiting import PATIENCE_SECONDS, stream, wait_for_events
from app.engine.vocabulary import OWNED
from app.errors import NotFound
from app.identifiers import encode
from app.queries import agents, events, followers, offers, tickets
from app.queries.tickets import TicketFilter
from app.services.views.agents import agent_view
from app.services.views.tickets import offer_view, ticket_view

router = APIRouter(prefix="/v1/me", tags=["me"])

MOST_TICKETS = 1000
LOOKED_AT = 10_000


class MeQuery(BaseModel):
    """Since when, and how long to wait for a change."""

    after: QueryInt | None = Field(default=None, ge=0, lt=2**63, description="last_seq of the answer before.", examples=[4711])
    wait: QueryInt = Field(
        default=0, ge=0, le=LONGEST_WAIT, description="Seconds to wait for a change after `after`.", examples=[30]
    )


@router.get(
    "",
    summary="Read my work",
    description="For an agent's key. With `after` and `wait` the answer comes with the next change that concerns the agent.",
    **operation("get_me", MeOut, problems=(*OF_READS, "agent_not_found", "too_many_streams")),
)
async def get_me(request: Request, caller: CallerDep, query: Annotated[MeQuery, Query()]) -> Response:
    if caller.agent is None:
        raise NotFound("agent_not_found", "This key is no agent's.")
    with stream(request, query.wait):
        return await _next(request, caller, query, UUID(bytes=caller.agent))


async def _next(request: Request, caller: Caller, query: MeQuery, agent: UUID) -> Response:
    """The agent's work after the next change of it, or as it is when the time is over."""
    process = services(request)
    patience: float | None = None
    after, until, here = query.after, time.monotonic() + query.wait, True
    while True:
        async with reading(process, caller, patience=patience) as at:
            view, own = await _work(at, agent)
            changed = after is None or await _changed(at, agent, own, after)
        left = until - time.monotonic()
        if changed or left <= 0 or process.tails.closed or not here:
            return json_reply(view, seq=at.head.last_seq)
        after, patience = at.head.last_seq, PATIENCE_SECONDS
        here = await wait_for_events(request, caller, after, left)


async def _work(at: Reading, agent: UUID) -> tuple[dict[str, Any], list[UUID]]:
    """The answer, and the tickets it is about."""
    row = await agents.one(at.connection, at.workspace, agent)
    if row is None:
        raise NotFound("agent_not_found", "The agent of this key has left.")
    names = await at.names()
    asked = await offers.pending_for(at.connection, at.workspace, agent)
    owned = await tickets.page(
        at.connection,
        at.workspace,
        TicketFilter(statuses=sorted(OWNED), agents=[agent]),
        sort="created_at",
        after=None,
        limit=MOST_TICKETS,
    )
    followed = await followers.of_agent(at.connection, at.workspace, agent, limit=MOST_TICKETS)
    view = {
        "agent": agent_view(row, names),
        "offers": [offer_view(offer) for offer in asked],
        "tickets": [ticket_view(ticket, names) for ticket, _ in owned],
        "following": [encode("tkt", ticket.bytes) for ticket in followed],
        "last_seq": at.head.last_seq,
    }
    return view, [*(ticket["id"] for ticket, _ in owned), *followed]


async def _changed(at: Reading, agent: UUID, own: list[UUID], after: int) -> bool:
    """Whether anything since concerns the agent; whoever is far behind is told so at once."""
    if at.head.last_seq - after > LOOKED_AT or after > at.head.last_seq:
        return True
    return await events.concerns_agent(at.connection, at.workspace, agent, tickets=own, after=after)
