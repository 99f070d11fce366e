"""Followers: agents who see a ticket and hear of it without having it."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import Caller, exchange, services
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.finding import present_agent, visible_ticket
from app.api.routers.reading import reading
from app.api.routers.replies import SEQ, json_reply
from app.api.schemas.followers import FollowersOut
from app.dispatch.outcome import Rendered
from app.engine.commands import FollowTicket
from app.engine.ids import AgentId, TicketId
from app.identifiers import encode
from app.queries import followers
from app.services.views.moments import stamp

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

Ref = Annotated[str, Field(description="The ticket's id, or ext:<external_id>.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])]
AgentRef = Annotated[str, Field(description="The agent's id, name, or ext:<external_id>.", examples=["ani"])]
PROBLEMS = (*OF_WRITES, "ticket_not_found", "agent_not_found", "not_your_ticket")


@router.get(
    "/{ticket}/followers",
    summary="List a ticket's followers",
    description="Agents who see it and hear of it without having it.",
    **operation("list_ticket_followers", FollowersOut, problems=("ticket_not_found",)),
)
async def list_ticket_followers(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        rows = await followers.of_ticket(at.connection, at.workspace, row["id"])
    views = [
        {"agent_id": encode("agt", one["agent_id"].bytes), "agent": one["agent"], "since_at": stamp(one["since"])} for one in rows
    ]
    return json_reply({"data": views}, seq=at.head.last_seq)


@router.put(
    "/{ticket}/followers/{agent}",
    summary="Follow a ticket",
    status_code=204,
    description="An agent's key does so for its own agent, with tickets that the agent may see. The ticket's version stays.",
    **operation("follow_ticket", None, problems=PROBLEMS),
)
async def follow_ticket(request: Request, caller: CallerDep, ticket: Ref, agent: AgentRef) -> Response:
    return await _say(request, caller, ticket, agent, follows=True)


@router.delete(
    "/{ticket}/followers/{agent}",
    summary="Follow a ticket no longer",
    status_code=204,
    description="An agent's key does so for its own agent.",
    **operation("unfollow_ticket", None, problems=PROBLEMS),
)
async def unfollow_ticket(request: Request, caller: CallerDep, ticket: Ref, agent: AgentRef) -> Response:
    return await _say(request, caller, ticket, agent, follows=False)


async def _say(request: Request, caller: Caller, ticket: str, agent: str, *, follows: bool) -> Response:
    process = services(request)
    async with reading(process, caller) as at:
        row = await visible_ticket(at, caller, ticket)
        who = AgentId((await present_agent(at, agent))["id"].bytes)
    outcome = await process.dispatcher.submit(
        caller.workspace,
        FollowTicket(caller.actor, TicketId(row["id"].bytes), agent=who, follows=follows),
        request_id=exchange(request).request_id,
        render=lambda outcome: Rendered(204, b""),  # noqa: ARG005  (one shape for all)
    )
    return Response(status_code=204, headers={SEQ: str(outcome.seq)})
