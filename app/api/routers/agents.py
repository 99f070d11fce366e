"""Agents: who there is, what they hold, whether they take work."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import exchange, services
from app.api.deps import idempotency, known_version, wrong_parameter
from app.api.ids import read
from app.api.routers.describing import OF_READS, OF_WRITES, operation
from app.api.routers.finding import present_agent
from app.api.routers.formats import FormatQuery
from app.api.routers.naming import names_when_rendered
from app.api.routers.paging import MOST, Paged, page_reply, place_after
from app.api.routers.reading import reading
from app.api.routers.replies import CONFIGURATION, etag, json_reply, recalled, rendered, rendered_reply, versioned_reply
from app.api.schemas.agents import AgentOut, AgentPage, PresenceIn
from app.api.schemas.answers import Count, QueryBool
from app.api.schemas.forms import AgentForm
from app.api.schemas.objects import AgentSearch
from app.dispatch.outcome import Outcome, Rendered
from app.engine.commands import SetPresence
from app.engine.ids import AgentId
from app.engine.vocabulary import Presence
from app.errors import NotFound
from app.queries import agents
from app.queries.agents import COUNTED_AT_MOST, AgentFilter
from app.services.views.agents import agent_document, agent_view
from app.services.views.names import Names

router = APIRouter(prefix="/v1/agents", tags=["agents"])

Ref = Annotated[str, Field(description="The agent's id, name, or ext:<external_id>.", examples=["ani"])]


class AgentCountQuery(BaseModel):
    """Filters: values of one field are alternatives, different fields must all hold."""

    presence: list[Presence] = Field(default=[], max_length=20, description="Whether work is taken now; repeat for or.")
    team: list[str] = Field(default=[], max_length=MOST, description="Name or id of a team.", examples=[["billing"]])
    skill: list[str] = Field(
        default=[], max_length=MOST, description="Name or id of a skill, at any level.", examples=[["refunds"]]
    )
    has_room: QueryBool | None = Field(default=None, description="Whether less is held than could be.", examples=[True])
    id: list[str] = Field(default=[], max_length=MOST, description="Fetch up to 200 at once.")


class AgentListQuery(Paged, AgentCountQuery):
    """Filters and order."""

    sort: Literal["created_at", "-created_at", "name", "-name", "load", "-load", "capacity", "-capacity"] = Field(
        default="created_at", description="A minus is the largest first; ties in the order in which they joined."
    )


@router.get(
    "",
    summary="List agents",
    description="With what they hold now; by default in the order in which they joined.",
    **operation("list_agents", AgentPage, problems=(*OF_READS, "cursor_mismatch", "cursor_expired")),
)
async def list_agents(request: Request, caller: CallerDep, query: Annotated[AgentListQuery, Query()]) -> Response:
    after = place_after(request, query.cursor, str if query.sort.endswith("name") else int, int)
    async with reading(services(request), caller) as at:
        names = await at.names()
        rows = await agents.page(
            at.connection,
            at.workspace,
            _filter(query, names),
            after=(after[0], after[1]) if after else None,
            limit=query.limit + 1,
            sort=query.sort,
        )
    shown = rows[: query.limit]
    last = [shown[-1]["sort_value"], shown[-1]["number"]] if len(rows) > query.limit else None
    return page_reply(request, [agent_view(row, names) for row in shown], head=at.head, last_place=last)


@router.get(
    "/count",
    summary="Count agents",
    description="The filters of the list; exact up to 10,000.",
    **operation("count_agents", Count, problems=OF_READS),
)
async def count_agents(request: Request, caller: CallerDep, query: Annotated[AgentCountQuery, Query()]) -> Response:
    async with reading(services(request), caller) as at:
        found = await agents.count(at.connection, at.workspace, _filter(query, await at.names()))
    view = {"count": min(found, COUNTED_AT_MOST), "capped": found > COUNTED_AT_MOST}
    return json_reply(view, seq=at.head.last_seq)


@router.post(
    "/search",
    summary="Search agents",
    description="By external ids and names, which may be personal and so stand in no address. A read: it takes no key.",
    **operation("search_agents", AgentPage, body=AgentSearch, example={"external_ids": ["hr-4711"]}),
)
async def search_agents(request: Request, caller: CallerDep) -> Response:
    body = await read_json(request, AgentSearch)
    wanted = AgentFilter(external_ids=body.external_ids, names=body.names)
    async with reading(services(request), caller) as at:
        known = bool(body.external_ids or body.names)
        rows = await agents.page(at.connection, at.workspace, wanted, after=None, limit=None) if known else []
        names = await at.names()
    return page_reply(request, [agent_view(row, names) for row in rows], head=at.head, last_place=None)


@router.get(
    "/{agent}",
    summary="Read an agent",
    description="By id, name or ext:<external_id>.",
    **operation("get_agent", AgentOut, headers=(known_version,), problems=(*OF_READS, "agent_not_found"),
                responses={200: {"model": AgentOut | AgentForm, "description": "As they stand now, or as a document has them."}}),
)  # fmt: skip
async def get_agent(request: Request, caller: CallerDep, agent: Ref, query: Annotated[FormatQuery, Query()]) -> Response:
    async with reading(services(request), caller) as at:
        row, names = await present_agent(at, agent), await at.names()
    view = agent_document(row, names) if query.is_document else agent_view(row, names)
    headers = {CONFIGURATION: str(at.head.configuration_version)}
    if query.is_document:  # what moves beside the version, load among it, is no part of it
        return versioned_reply(request, view, seq=at.head.last_seq, version=row["version"], headers=headers)
    return json_reply(view, seq=at.head.last_seq, headers={"ETag": etag(row["version"]), **headers})


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


def _named(parameter: str, prefix: str, texts: list[str], names: Mapping[bytes, str]) -> list[UUID] | None:
    """Ids of what the texts name; None where nothing is asked."""
    known = {name: ident for ident, name in names.items()}
    found = [known.get(text) or read(prefix, text) for text in texts]
    if None in found:
        raise wrong_parameter(parameter, f"There is no such {parameter}.", allowed=tuple(sorted(known)))
    return [UUID(bytes=raw) for raw in found if raw is not None] or None


def _filter(query: AgentCountQuery, names: Names) -> AgentFilter:
    ids = [read("agt", text) for text in query.id]
    if None in ids:
        raise wrong_parameter("id", "Such an id starts with agt_ and has 26 more characters.")
    return AgentFilter(
        presences=query.presence,
        teams=_named("team", "tem", query.team, names.teams),
        skills=_named("skill", "skl", query.skill, names.skills),
        has_room=query.has_room,
        ids=[UUID(bytes=raw) for raw in ids if raw is not None] if ids else None,
    )
