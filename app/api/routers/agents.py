"""Agents: who there is, what they hold, whether they take work."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import exchange, services
from app.api.deps import idempotency, wrong_parameter
from app.api.ids import read
from app.api.routers.describing import OF_READS, OF_WRITES, operation
from app.api.routers.finding import present_agent
from app.api.routers.naming import names_when_rendered
from app.api.routers.paging import MOST, Paged, page_reply, place_after
from app.api.routers.reading import reading
from app.api.routers.replies import etag, json_reply, recalled, rendered, rendered_reply
from app.api.schemas.agents import AgentOut, AgentPage, PresenceIn
from app.dispatch.outcome import Outcome, Rendered
from app.engine.commands import SetPresence
from app.engine.ids import AgentId
from app.engine.vocabulary import Presence
from app.errors import NotFound
from app.queries import agents
from app.queries.agents import AgentFilter
from app.services.views.agents import agent_view
from app.services.views.names import Names

router = APIRouter(prefix="/v1/agents", tags=["agents"])

Ref = Annotated[str, Field(description="The agent's id, name, or ext:<external_id>.", examples=["ani"])]


class AgentListQuery(Paged):
    """Filters: values of one field are alternatives, different fields must all hold."""

    presence: list[Presence] = Field(default=[], max_length=20, description="Whether work is taken now; repeat for or.")
    team: list[str] = Field(default=[], max_length=MOST, description="Name or id of a team.", examples=[["billing"]])
    id: list[str] = Field(default=[], max_length=MOST, description="Fetch up to 200 at once.")


@router.get(
    "",
    summary="List agents",
    description="In the order in which they joined, with what they hold now.",
    **operation("list_agents", AgentPage, problems=(*OF_READS, "cursor_mismatch", "cursor_expired")),
)
async def list_agents(request: Request, caller: CallerDep, query: Annotated[AgentListQuery, Query()]) -> Response:
    after = place_after(request, query.cursor, int)
    async with reading(services(request), caller) as at:
        names = await at.names()
        rows = await agents.page(
            at.connection, at.workspace, _filter(query, names), after=after[0] if after else None, limit=query.limit + 1
        )
    shown = rows[: query.limit]
    last = [shown[-1]["number"]] if len(rows) > query.limit else None
    return page_reply(request, [agent_view(row, names) for row in shown], head=at.head, last_place=last)


@router.get(
    "/{agent}",
    summary="Read an agent",
    description="By id, name or ext:<external_id>.",
    **operation("get_agent", AgentOut, problems=("agent_not_found",)),
)
async def get_agent(request: Request, caller: CallerDep, agent: Ref) -> Response:
    async with reading(services(request), caller) as at:
        view = agent_view(await present_agent(at, agent), await at.names())
    return json_reply(view, seq=at.head.last_seq, headers={"ETag": etag(view["version"])})


@router.post(
    "/{agent}/presence",
    summary="Set an agent's presence",
    description="available takes what waits at once. Whoever goes keeps their tickets and is no longer asked about others.",
    **operation(
        "set_presence",
        AgentOut,
        body=PresenceIn,
        example={"presence": "available"},
        headers=(idempotency,),
        problems=(
            *OF_WRITES,
            "invalid_header",
            "idempotency_key_reused",
            "agent_not_found",
            "not_your_ticket",
            "too_many_requests",
        ),
    ),
)
async def set_presence(request: Request, caller: CallerDep, agent: Ref) -> Response:
    process = services(request)
    process.limiter.presence(caller.workspace + agent.encode())
    body = await read_json(request, PresenceIn)
    try:
        async with reading(process, caller) as at:
            row = await present_agent(at, agent)
    except NotFound:
        if (known := await recalled(request, caller)) is None:
            raise
        return known
    names = await names_when_rendered(process, caller.workspace)

    def render(outcome: Outcome) -> Rendered:
        if outcome.agent is None:
            raise RuntimeError("an agent whose presence was set has a row")
        return rendered(agent_view(outcome.agent, names()))

    outcome = await process.dispatcher.submit(
        caller.workspace,
        SetPresence(caller.actor, AgentId(row["id"].bytes), body.presence),
        request_id=exchange(request).request_id,
        idempotency=await idempotency(request),
        render=render,
    )
    return rendered_reply(outcome)


def _filter(query: AgentListQuery, names: Names) -> AgentFilter:
    ids = [read("agt", text) for text in query.id]
    if None in ids:
        raise wrong_parameter("id", "Such an id starts with agt_ and has 26 more characters.")
    known = {name: team for team, name in names.teams.items()}
    teams = [known.get(text) or read("tem", text) for text in query.team]
    if None in teams:
        raise wrong_parameter("team", "There is no such team.", allowed=tuple(sorted(known)))
    return AgentFilter(
        presences=query.presence,
        teams=[UUID(bytes=raw) for raw in teams if raw is not None] if teams else None,
        ids=[UUID(bytes=raw) for raw in ids if raw is not None] if ids else None,
    )
