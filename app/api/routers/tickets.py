"""Tickets: list, count, read one and what hangs on it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import exchange, services
from app.api.deps import known_version, wrong_parameter
from app.api.ids import read
from app.api.routers.describing import OF_READS, operation
from app.api.routers.explaining import decision_of, explained
from app.api.routers.finding import visible_ticket
from app.api.routers.paging import MOST, Paged, id_after, page_reply, place_after
from app.api.routers.promising import promises_of
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply, versioned_reply
from app.api.schemas.answers import Count, QueryMoment
from app.api.schemas.decisions import DecisionPage
from app.api.schemas.tickets_out import AssignmentPage, ExpandedTicketOut, HandoverPage, MessagePage, PromisePage, TicketPage
from app.engine.vocabulary import STATUS_GROUPS, Channel, Kind, Priority, Status, StatusGroup
from app.queries import customers, decisions, tickets
from app.queries.tickets import COUNTED_AT_MOST, TicketFilter
from app.services.views.customers import customer_view
from app.services.views.names import Names
from app.services.views.tickets import assignment_view, handover_view, message_view, ticket_view

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

View = dict[str, Any]
OF_LISTS = (*OF_READS, "cursor_mismatch", "cursor_expired")
OF_ONE = ("ticket_not_found",)
Ref = Annotated[str, Field(description="The ticket's id, or ext:<external_id>.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])]


class TicketCountQuery(BaseModel):
    """Filters: values of one field are alternatives, different fields must all hold."""

    status: list[Status] = Field(default=[], max_length=20, description="Where it stands; repeat for or.")
    status_group: list[StatusGroup] = Field(default=[], max_length=20, description="The same in three words.")
    queue: list[str] = Field(default=[], max_length=MOST, description="Name or id of a queue.", examples=[["billing"]])
    agent_id: list[str] = Field(default=[], max_length=MOST, description="The owner, or who is asked.")
    follower: list[str] = Field(default=[], max_length=MOST, description="An agent who follows it.")
    priority: list[Priority] = Field(default=[], max_length=20, description="How much it presses.")
    kind: list[Kind] = Field(default=[], max_length=20, description="What it is.")
    channel: list[Channel] = Field(default=[], max_length=20, description="How it came.")
    id: list[str] = Field(default=[], max_length=MOST, description="Fetch up to 200 at once.")
    customer_id: list[str] = Field(default=[], max_length=MOST, description="Who asked.")
    created_after: QueryMoment | None = Field(default=None, description="Inclusive.")
    created_before: QueryMoment | None = Field(default=None, description="Exclusive.")
    updated_after: QueryMoment | None = Field(default=None, description="Inclusive.")
    q: str | None = Field(default=None, min_length=1, max_length=200, description="Part of the subject, or the number.")


class TicketListQuery(Paged, TicketCountQuery):
    """Filters, order and page."""

    sort: Literal["-created_at", "created_at", "-updated_at", "updated_at", "-priority", "priority"] = Field(
        default="-created_at", description="A minus is the largest first; ties by number."
    )


class TicketReadQuery(BaseModel):
    """What to show besides."""

    expand: list[Literal["decision", "customer"]] = Field(default=[], max_length=2, description="What to add; repeat for both.")


@router.get(
    "",
    summary="List tickets",
    description="By default the newest first.",
    **operation("list_tickets", TicketPage, problems=OF_LISTS),
)
async def list_tickets(request: Request, caller: CallerDep, query: Annotated[TicketListQuery, Query()]) -> Response:
    after = place_after(request, query.cursor, int, int)
    async with reading(services(request), caller) as at:
        names = await at.names()
        rows = await tickets.page(
            at.connection,
            at.workspace,
            _filter(query, names),
            sort=query.sort,
            after=(after[0], after[1]) if after else None,
            limit=query.limit + 1,
        )
    shown = rows[: query.limit]
    last = shown[-1][1] if len(rows) > query.limit else None
    return page_reply(request, [ticket_view(row, names) for row, _ in shown], head=at.head, last_place=last)


@router.get(
    "/count",
    summary="Count tickets",
    description="The filters of the list; exact up to 10,000.",
    **operation("count_tickets", Count, problems=OF_READS),
)
async def count_tickets(request: Request, caller: CallerDep, query: Annotated[TicketCountQuery, Query()]) -> Response:
    async with reading(services(request), caller) as at:
        found = await tickets.count(at.connection, at.workspace, _filter(query, await at.names()))
    view = {"count": min(found, COUNTED_AT_MOST), "capped": found > COUNTED_AT_MOST}
    return json_reply(view, seq=at.head.last_seq)


@router.get(
    "/{ticket}",
    summary="Read a ticket",
    description="expand=decision adds why it is where it is, expand=customer who asked.",
    **operation("get_ticket", ExpandedTicketOut, headers=(known_version,), problems=(*OF_READS, *OF_ONE)),
)
async def get_ticket(request: Request, caller: CallerDep, ticket: Ref, query: Annotated[TicketReadQuery, Query()]) -> Response:
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        view = ticket_view(row, await at.names())
        if "decision" in query.expand:
            view["decision"] = await decision_of(at, row["decision_id"], language=exchange(request).language)
        if "customer" in query.expand:
            view["customer"] = await _customer(at, row["customer_id"])
    return versioned_reply(request, view, seq=at.head.last_seq)


@router.get(
    "/{ticket}/decisions",
    summary="List a ticket's decisions",
    description="Every choice that was made about it, oldest first, with the reasons.",
    **operation("list_ticket_decisions", DecisionPage, problems=(*OF_LISTS, *OF_ONE)),
)
async def list_ticket_decisions(request: Request, caller: CallerDep, ticket: Ref, query: Annotated[Paged, Query()]) -> Response:
    after = place_after(request, query.cursor, int)
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        rows = await decisions.of_ticket(
            at.connection, at.workspace, row["id"], after=after[0] if after else None, limit=query.limit + 1
        )
        views = await explained(at, rows[: query.limit], language=exchange(request).language)
    last = [views[-1]["seq"]] if len(rows) > query.limit else None
    return page_reply(request, views, head=at.head, last_place=last)


@router.get(
    "/{ticket}/timers",
    summary="List a ticket's promises",
    description="How each deadline was computed: when the clock started, how long it stood still, what comes next.",
    **operation("list_ticket_timers", PromisePage, problems=OF_ONE),
)
async def list_ticket_timers(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        views = await promises_of(at, row, language=exchange(request).language)
    return page_reply(request, views, head=at.head, last_place=None)


@router.get(
    "/{ticket}/messages",
    summary="List a ticket's messages",
    description="What was said after the first text, oldest first.",
    **operation("list_ticket_messages", MessagePage, problems=(*OF_LISTS, *OF_ONE)),
)
async def list_ticket_messages(request: Request, caller: CallerDep, ticket: Ref, query: Annotated[Paged, Query()]) -> Response:
    after = id_after(request, query)
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        rows = await tickets.messages(at.connection, at.workspace, row["id"], after=after, limit=query.limit + 1)
    shown = rows[: query.limit]
    last = [shown[-1]["id"].hex] if len(rows) > query.limit else None
    return page_reply(request, [message_view(one) for one in shown], head=at.head, last_place=last)


@router.get(
    "/{ticket}/assignments",
    summary="List a ticket's assignments",
    description="Who owned it from when to when, oldest first.",
    **operation("list_ticket_assignments", AssignmentPage, problems=(*OF_LISTS, *OF_ONE)),
)
async def list_ticket_assignments(request: Request, caller: CallerDep, ticket: Ref, query: Annotated[Paged, Query()]) -> Response:
    after = id_after(request, query)
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        rows = await tickets.assignments_of(at.connection, at.workspace, row["id"], after=after, limit=query.limit + 1)
        names = await at.names()
    shown = rows[: query.limit]
    last = [shown[-1]["id"].hex] if len(rows) > query.limit else None
    return page_reply(request, [assignment_view(one, names) for one in shown], head=at.head, last_place=last)


@router.get(
    "/{ticket}/handovers",
    summary="List a ticket's handovers",
    description="How it was transferred and returned, by whom and with which words, oldest first.",
    **operation("list_ticket_handovers", HandoverPage, problems=(*OF_LISTS, *OF_ONE)),
)
async def list_ticket_handovers(request: Request, caller: CallerDep, ticket: Ref, query: Annotated[Paged, Query()]) -> Response:
    place = place_after(request, query.cursor, int)
    async with reading(services(request), caller) as at:
        row = await visible_ticket(at, caller, ticket)
        rows = await tickets.handovers_of(
            at.connection, at.workspace, row["id"], after=place[0] if place else None, limit=query.limit + 1
        )
        names = await at.names()
    shown = rows[: query.limit]
    last = [shown[-1]["seq"]] if len(rows) > query.limit else None
    return page_reply(request, [handover_view(one, names) for one in shown], head=at.head, last_place=last)


async def _customer(at: Reading, customer: UUID | None) -> View | None:
    row = await customers.one(at.connection, at.workspace, customer) if customer is not None else None
    return None if row is None else customer_view(row)


def _filter(query: TicketCountQuery, names: Names) -> TicketFilter:
    statuses = set(query.status)
    if query.status_group:
        grouped = {status for group in query.status_group for status in STATUS_GROUPS[group]}
        statuses = statuses & grouped if statuses else grouped
    nothing = not statuses and bool(query.status_group)
    return TicketFilter(
        statuses=sorted(statuses),
        queues=_queues(query.queue, names) if query.queue else None,
        agents=_ids("agent_id", "agt", query.agent_id),
        followers=_ids("follower", "agt", query.follower),
        priorities=query.priority,
        kinds=query.kind,
        channels=query.channel,
        ids=[] if nothing else _ids("id", "tkt", query.id),
        customers=_ids("customer_id", "cus", query.customer_id),
        created_after=query.created_after,
        created_before=query.created_before,
        updated_after=query.updated_after,
        q=query.q,
    )


def _ids(name: str, prefix: str, texts: list[str]) -> list[UUID] | None:
    if not texts:
        return None
    found = [read(prefix, text) for text in texts]
    if None in found:
        raise wrong_parameter(name, f"Such an id starts with {prefix}_ and has 26 more characters.")
    return [UUID(bytes=raw) for raw in found if raw is not None]


def _queues(texts: list[str], names: Names) -> list[UUID]:
    ids = {name: queue for queue, name in names.queues.items()}
    found = [ids.get(text) or read("que", text) for text in texts]
    if None in found:
        raise wrong_parameter("queue", "There is no such queue.", allowed=tuple(sorted(ids)))
    return [UUID(bytes=raw) for raw in found if raw is not None]
