"""Why: decisions, and one agent's part in them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import Caller, exchange, services
from app.api.ids import decode, read
from app.api.routers.describing import operation
from app.api.routers.explaining import explained
from app.api.routers.finding import EXTERNAL, may_see_ticket, present_agent
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply
from app.api.schemas.decisions import CandidateOut, DecisionOut
from app.errors import NotFound
from app.queries import agents, decisions
from app.queries.decisions import Row
from app.services.views.candidates import candidate_view

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])

Ref = Annotated[str, Field(description="The decision's id.", examples=["dec_069nnak9kphi75bkq3s0h6dn1k"])]
AgentRef = Annotated[str, Field(description="The agent's id, name, or ext:<external_id>.", examples=["citra"])]


@router.get(
    "/{decision}",
    summary="Read a decision",
    description="Who was considered, who was rejected and why, how the rest were ranked, and what set the first apart.",
    **operation("get_decision", DecisionOut, problems=("decision_not_found",)),
)
async def get_decision(request: Request, caller: CallerDep, decision: Ref) -> Response:
    async with reading(services(request), caller) as at:
        row = await _visible(at, caller, decision)
        (view,) = await explained(at, [row], language=exchange(request).language)
    return json_reply(view, seq=at.head.last_seq)


@router.get(
    "/{decision}/candidates/{agent}",
    summary="Why not this agent?",
    description="One agent's part in a decision: chosen, eligible, or rejected and why.",
    **operation("get_candidate", CandidateOut, problems=("decision_not_found", "agent_not_found")),
)
async def get_candidate(request: Request, caller: CallerDep, decision: Ref, agent: AgentRef) -> Response:
    language = exchange(request).language
    async with reading(services(request), caller) as at:
        row = await _visible(at, caller, decision)
        (record,) = await explained(at, [row], language=language)
        view = candidate_view(
            record,
            await _person(at, agent),
            reasons=await decisions.reasons(at.connection, at.workspace, row["id"]),
            there=await agents.there_at(at.connection, at.workspace, at=row["at"], seq=row["seq"]),
            language=language,
        )
    return json_reply(view, seq=at.head.last_seq)


async def _visible(at: Reading, caller: Caller, text: str) -> Row:
    """An agent sees the decisions about their own tickets."""
    row = await decisions.one(at.connection, at.workspace, UUID(bytes=decode("dec", text)))
    if row is None or not await may_see_ticket(at, caller, row["ticket_id"]):
        raise NotFound("decision_not_found", "There is no such decision in this workspace.")
    return row


async def _person(at: Reading, text: str) -> tuple[UUID, str, str]:
    """Also somebody who has left, if named by id."""
    raw = None if text.startswith(EXTERNAL) else read("agt", text)
    if raw is None:
        row = await present_agent(at, text)
        return row["id"], row["name"], row["title"]
    agent = UUID(bytes=raw)
    known = await agents.named(at.connection, at.workspace, agent)
    if known is None:
        raise NotFound("agent_not_found", "There is no such agent in this workspace.")
    return agent, *known
