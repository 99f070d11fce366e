"""Offers: an agent takes the ticket or does not."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import Nothing, read_json
from app.api.context import Caller, services
from app.api.deps import idempotency
from app.api.ids import decode
from app.api.routers.carrying import submit_for_ticket
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.reading import reading
from app.api.routers.replies import recalled
from app.api.schemas.tickets_out import TicketOut
from app.engine.commands import AnswerOffer
from app.engine.ids import OfferId, TicketId
from app.errors import NotFound
from app.queries import offers
from app.queries.offers import Row

router = APIRouter(prefix="/v1/offers", tags=["offers"])

Ref = Annotated[str, Field(description="The offer's id.", examples=["off_069nnak9kphi75bkq3s0h6dn1k"])]
PROBLEMS = (*OF_WRITES, "invalid_header", "idempotency_key_reused", "offer_not_found", "offer_expired", "not_your_ticket")


@router.post(
    "/{offer}/accept",
    summary="Accept an offer",
    description="The ticket is the agent's. Accepting again what is accepted already answers the same.",
    **operation("accept_offer", TicketOut, body=Nothing, body_optional=True, headers=(idempotency,), problems=PROBLEMS),
)
async def accept_offer(request: Request, caller: CallerDep, offer: Ref) -> Response:
    return await _answer(request, caller, offer, accept=True)


@router.post(
    "/{offer}/decline",
    summary="Decline an offer",
    description="The next agent is asked; this one is not asked again about this ticket.",
    **operation("decline_offer", TicketOut, body=Nothing, body_optional=True, headers=(idempotency,), problems=PROBLEMS),
)
async def decline_offer(request: Request, caller: CallerDep, offer: Ref) -> Response:
    return await _answer(request, caller, offer, accept=False)


async def _answer(request: Request, caller: Caller, text: str, *, accept: bool) -> Response:
    await read_json(request, Nothing, optional=True)
    wanted = OfferId(decode("off", text))
    try:
        row = await _offer(request, caller, wanted)
    except NotFound:
        if (known := await recalled(request, caller)) is None:
            raise
        return known
    command = AnswerOffer(caller.actor, wanted, TicketId(row["ticket_id"].bytes), accept)
    return await submit_for_ticket(request, caller, command)


async def _offer(request: Request, caller: Caller, offer: OfferId) -> Row:
    """An agent knows only of offers made to them."""
    async with reading(services(request), caller) as at:
        row = await offers.one(at.connection, at.workspace, UUID(bytes=offer))
    if row is None or not caller.may_see(row["agent_id"].bytes):
        raise NotFound("offer_not_found", "There is no such offer in this workspace.")
    return row
