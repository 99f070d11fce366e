"""Who could take this? Asked about a ticket that there is, or about one that might come."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import Caller, exchange, services
from app.api.deps import whole_body
from app.api.ids import read
from app.api.routers.creating import EXAMPLE, TRIES
from app.api.routers.describing import OF_READS, OF_WRITES, operation
from app.api.routers.finding import EXTERNAL, present_agent, visible_ticket
from app.api.routers.paging import Paged, mismatch, page_reply, place_after
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply
from app.api.routers.submitting import submission
from app.api.schemas.asking import CandidatePage, OutlookOut
from app.api.schemas.tickets import TicketIn
from app.dispatch.outcome import Outcome
from app.engine.asking import Page, Question, WhatNext, WhoCould, WhoCouldTake
from app.engine.ids import AgentId, TicketId
from app.engine.refusals import ConfigurationMoved, TicketNotFound
from app.engine.vocabulary import ENDED, Status
from app.errors import Conflict, NotFound
from app.queries import agents
from app.services.views.considered import considered_view, numbers_of
from app.services.views.outlook import numbers_in, outlook_view

router = APIRouter(prefix="/v1/tickets", tags=["decisions"])
imagined = APIRouter(prefix="/v1/candidates", tags=["decisions"])

Ref = Annotated[str, Field(description="The ticket's id, or ext:<external_id>.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])]
OF_PAGES = (*OF_READS, "cursor_mismatch", "cursor_expired", "overloaded", "deadline_exceeded")


class CandidateQuery(Paged):
    """A page of everybody, or one."""

    agent_id: str | None = Field(
        default=None, max_length=300, description="Only this agent, by id, name or ext:<external_id>.", examples=["citra"]
    )


@router.get(
    "/{ticket}/candidates",
    summary="Who could take this ticket?",
    description=(
        "Everybody, by the state and the configuration of this moment: the ranked in order, then the others with the first filter "
        "that fails. A ticket that somebody has is looked at as if it were back in its queue. Nothing is changed."
    ),
    **operation("list_ticket_candidates", CandidatePage, problems=(*OF_PAGES, "ticket_not_found", "ticket_wrong_state")),
)
async def list_ticket_candidates(
    request: Request, caller: CallerDep, ticket: Ref, query: Annotated[CandidateQuery, Query()]
) -> Response:
    process = services(request)
    async with reading(process, caller) as at:
        row = await visible_ticket(at, caller, ticket)
        page = await _page(at, request, query)
    check_open(row)
    outcome = await _ask(request, caller, ticket, WhoCould(TicketId(row["id"].bytes), page))
    return await _answer(request, caller, outcome, row)


@router.get(
    "/{ticket}/outlook",
    summary="Why is it still there, and what comes next?",
    description=(
        "Its place in the queue, what keeps each agent out, who could take it once free, and what falls due if nobody does anything: "
        "warnings, deadlines and escalation levels with their times. Nothing is changed."
    ),
    **operation("get_ticket_outlook", OutlookOut, problems=(*OF_WRITES, "ticket_not_found", "ticket_wrong_state")),
)
async def get_ticket_outlook(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    process = services(request)
    async with reading(process, caller) as at:
        row = await visible_ticket(at, caller, ticket)
    check_open(row)
    outcome = await _ask(request, caller, ticket, WhatNext(TicketId(row["id"].bytes)))
    found = outcome.answer
    async with reading(process, caller) as at:
        names = (await at.configuration(found.configuration)).names
        people = await agents.numbered(at.connection, at.workspace, numbers_in(found))
    view = outlook_view(found, row, at=outcome.at, names=names, people=people, language=exchange(request).language)
    return json_reply(view, seq=outcome.seq)


@imagined.post(
    "",
    summary="Who could take such a ticket?",
    description=(
        "The same for a ticket that there is not: the body is that of POST /v1/tickets. Rules are applied, nothing is stored; "
        "an external_id that is known is no matter."
    ),
    **operation(
        "find_candidates",
        CandidatePage,
        body=TicketIn,
        example=EXAMPLE,
        problems=(*OF_PAGES, *OF_WRITES, "unknown_reference", "no_queue", "configuration_changed"),
    ),
)
async def find_candidates(request: Request, caller: CallerDep, query: Annotated[CandidateQuery, Query()]) -> Response:
    process = services(request)
    draft = await read_json(request, TicketIn)
    body = hashlib.sha256(await whole_body(request)).hexdigest()
    async with reading(process, caller) as at:
        page = await _page(at, request, query, body)
    for left in range(TRIES, 0, -1):
        configuration = await process.dispatcher.configuration(caller.workspace)
        command = replace(await submission(draft, caller.actor, configuration), external_id=None)
        try:
            outcome = await process.dispatcher.ask(caller.workspace, WhoCouldTake(command, page), needs=(command,))
            break
        except ConfigurationMoved:
            if left == 1:
                raise
    return await _answer(request, caller, outcome, None, body)


def check_open(row: Mapping[str, Any]) -> None:
    """Raises Conflict for a ticket that has ended: nobody is looked for."""
    if Status(row["status"]) in ENDED:
        raise Conflict("ticket_wrong_state", f"The ticket is {row['status']}: nobody is looked for.", ticket_status=row["status"])


async def _ask(request: Request, caller: Caller, ticket: str, question: Question) -> Outcome:
    """About an open ticket; one that ended between the two looks is said to have ended."""
    process = services(request)
    try:
        return await process.dispatcher.ask(caller.workspace, question)
    except TicketNotFound:
        async with reading(process, caller) as at:
            check_open(await visible_ticket(at, caller, ticket))
        raise


async def _answer(
    request: Request, caller: Caller, outcome: Outcome, row: Mapping[str, Any] | None, body: str | None = None
) -> Response:
    found = outcome.answer
    async with reading(services(request), caller) as at:
        names = (await at.configuration(found.configuration)).names
        people = await agents.numbered(at.connection, at.workspace, numbers_of(found))
    record, page = considered_view(found, row, at=outcome.at, names=names, people=people, language=exchange(request).language)
    last = None
    if found.more:
        rejected, place = found.page[-1].where
        last = ["rejected" if rejected else "ranked", ",".join(map(str, place))]
    head = replace(at.head, last_seq=outcome.seq)
    return page_reply(request, page, head=head, last_place=last, bound_to=body, beside=record)


async def _page(at: Reading, request: Request, query: CandidateQuery, body: str | None = None) -> Page:
    agent = None if query.agent_id is None else await _agent(at, query.agent_id)
    place = place_after(request, query.cursor, str, str, bound_to=body)
    if place is None:
        return Page(query.limit, agent=agent)
    kind, values = place
    try:
        after = tuple(map(int, values.split(",")))
    except ValueError:
        raise mismatch() from None
    return Page(query.limit, after, rejected=kind == "rejected", agent=agent)


async def _agent(at: Reading, text: str) -> AgentId:
    """The agent a filter means; one that nobody is has no part."""
    raw = None if text.startswith(EXTERNAL) else read("agt", text)
    if raw is not None:
        return AgentId(raw)
    try:
        return AgentId((await present_agent(at, text))["id"].bytes)
    except NotFound:
        return AgentId(b"")
