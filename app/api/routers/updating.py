"""PATCH /v1/tickets/{ticket}: some fields of a ticket change."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.deps import dry_run, idempotency, if_match
from app.api.routers.carrying import ANSWERS, carry_out
from app.api.routers.describing import OF_VERBS, operation
from app.api.schemas.tickets import TicketPatch
from app.api.schemas.tickets_out import TicketOut
from app.engine.commands import Changes, UpdateTicket

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

Ref = Annotated[str, Field(description="The ticket's id, or ext:<external_id>.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])]


@router.patch(
    "/{ticket}",
    summary="Change fields of a ticket",
    description="A JSON merge patch. Rules are not asked again and promises that run keep their deadlines. Where a waiting ticket asks "
    "for other skills, another language or area, it is decided about anew; an owner keeps it.",
    **operation("update_ticket", TicketOut, body=TicketPatch, headers=(idempotency, if_match, dry_run), responses=ANSWERS,
                example={"priority": "high", "attributes": {"order_value": None}}, problems=(*OF_VERBS, "unknown_reference")),
)  # fmt: skip
async def update_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    wanted = changes_of(await read_json(request, TicketPatch))
    return await carry_out(request, caller, ticket, lambda id_, version: UpdateTicket(caller.actor, id_, version, wanted))


def changes_of(patch: TicketPatch) -> Changes:
    return Changes(
        named=frozenset(patch.model_fields_set),
        priority=patch.priority,
        category=patch.category,
        language=patch.language,
        area=patch.area,
        subject=patch.subject or "",
        text=patch.text or "",
        tags=tuple(patch.tags or ()),
        skills=tuple((need.skill, need.level) for need in patch.require_skills or ()),
        wishes=tuple((need.skill, need.level) for need in patch.wish_skills or ()),
        attributes=patch.attributes,
        metadata=patch.metadata,
    )
