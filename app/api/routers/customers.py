"""Customers: list, count, search, read one and what became of them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import services
from app.api.deps import known_version, wrong_parameter
from app.api.ids import read
from app.api.routers.describing import OF_READS, operation
from app.api.routers.finding import customer_row
from app.api.routers.paging import MOST, Paged, mismatch, page_reply, place_after, search_reply
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply, versioned_reply
from app.api.schemas.answers import Count, QueryBool, QueryMoment
from app.api.schemas.customers import ContactSought, CustomerSearch
from app.api.schemas.customers_out import CustomerHistory, CustomerOut, CustomerPage
from app.engine.contacts import loose_match
from app.engine.customers import name_key
from app.engine.vocabulary import Channel, ContactKind
from app.models.workspaces import Mode
from app.queries import customers
from app.queries.customers import COUNTED_AT_MOST, CustomerFilter, Row
from app.services.views.customers import customer_view
from app.services.views.events import envelope

router = APIRouter(prefix="/v1/customers", tags=["customers"])

OF_LISTS = (*OF_READS, "cursor_mismatch", "cursor_expired")
Ref = Annotated[
    str,
    Field(
        description="The customer's id, or ext:<external_id>. An external id that is a number or an address of a person does not "
        "belong in a URL: find the customer with POST /v1/customers/search and use the id.",
        examples=["cus_069nnak9kphi75bkq3s0h6dn1k"],
    ),
]


class CustomerCountQuery(BaseModel):
    """Filters: values of one field are alternatives, different fields must all hold."""

    tier: list[str] = Field(default=[], max_length=20, description="What rules look at; repeat for or.", examples=[["vip"]])
    language: list[str] = Field(default=[], max_length=20, description="BCP 47, lower case.", examples=[["id"]])
    preferred_channel: list[Channel] = Field(default=[], max_length=20, description="How they like to be answered.")
    id: list[str] = Field(default=[], max_length=MOST, description="Fetch up to 200 at once.")
    created_after: QueryMoment | None = Field(default=None, description="Inclusive.")
    created_before: QueryMoment | None = Field(default=None, description="Exclusive.")
    updated_after: QueryMoment | None = Field(default=None, description="Inclusive.")
    merged: QueryBool = Field(default=False, description="Those who were merged into another one, instead of all others.")


class CustomerListQuery(Paged, CustomerCountQuery):
    """Filters, order and page."""

    sort: Literal["-created_at", "created_at", "-updated_at", "updated_at"] = Field(
        default="-created_at", description="A minus is the latest first; updated_at is in the order of commits."
    )


@router.get(
    "",
    summary="List customers",
    description="By default the newest first.",
    **operation("list_customers", CustomerPage, problems=OF_LISTS),
)
async def list_customers(request: Request, caller: CallerDep, query: Annotated[CustomerListQuery, Query()]) -> Response:
    by_id = query.sort.endswith("created_at")
    after = place_after(request, query.cursor, *((str,) if by_id else (int, str)))
    async with reading(services(request), caller) as at:
        rows = await customers.page(
            at.connection, at.workspace, _filter(query), sort=query.sort, after=after, limit=query.limit + 1
        )
    shown = rows[: query.limit]
    last = shown[-1][1] if len(rows) > query.limit else None
    return page_reply(request, [customer_view(row) for row, _ in shown], head=at.head, last_place=last)


@router.get(
    "/count",
    summary="Count customers",
    description="The filters of the list; exact up to 10,000.",
    **operation("count_customers", Count, problems=OF_READS),
)
async def count_customers(request: Request, caller: CallerDep, query: Annotated[CustomerCountQuery, Query()]) -> Response:
    async with reading(services(request), caller) as at:
        found = await customers.count(at.connection, at.workspace, _filter(query))
    view = {"count": min(found, COUNTED_AT_MOST), "capped": found > COUNTED_AT_MOST}
    return json_reply(view, seq=at.head.last_seq)


@router.post(
    "/search",
    summary="Search customers",
    description="By external id, by a contact however it is written, or by the beginning of a name: none of them stands in an address. "
    "By external id whoever has it is found, merged or not; by contact and name those who stand for themselves. A read: it takes no key.",
    **operation("search_customers", CustomerPage, body=CustomerSearch, problems=("cursor_mismatch", "cursor_expired"),
                example={"contact": {"value": "+62 811 5550 100"}}),
)  # fmt: skip
async def search_customers(request: Request, caller: CallerDep) -> Response:
    sought = await read_json(request, CustomerSearch)
    bound_to = sought.model_dump(mode="json", exclude={"limit", "cursor"})
    after = place_after(request, sought.cursor, *((str, str) if sought.name is not None else (str,)), bound_to=bound_to)
    async with reading(services(request), caller) as at:
        rows, places = await _found(at, sought, after)
    shown = rows[: sought.limit]
    last = places[sought.limit - 1] if len(rows) > sought.limit else None
    return search_reply(request, [customer_view(row) for row in shown], head=at.head, last_place=last, bound_to=bound_to)


@router.get(
    "/{customer}",
    summary="Read a customer",
    description="One who was merged is shown as they were, with merged_into_id.",
    **operation("get_customer", CustomerOut, headers=(known_version,), problems=("customer_not_found",)),
)
async def get_customer(request: Request, caller: CallerDep, customer: Ref) -> Response:
    async with reading(services(request), caller) as at:
        row = await customer_row(at, customer)
    return versioned_reply(request, customer_view(row), seq=at.head.last_seq)


@router.get(
    "/{customer}/history",
    summary="List a customer's history",
    description="Who created, changed, merged and set apart, oldest first, with the merges of others into this one. Of fields only the "
    "names are told, but for tier and language.",
    **operation("list_customer_history", CustomerHistory, problems=(*OF_LISTS, "customer_not_found")),
)
async def list_customer_history(request: Request, caller: CallerDep, customer: Ref, query: Annotated[Paged, Query()]) -> Response:
    after = place_after(request, query.cursor, int)
    async with reading(services(request), caller) as at:
        row = await customer_row(at, customer)
        rows = await customers.history(
            at.connection, at.workspace, row["id"], after=after[0] if after else 0, limit=query.limit + 1
        )
    live = at.head.mode == Mode.LIVE
    shown = rows[: query.limit]
    views = [envelope(one, workspace=at.workspace.bytes, live=live) for one in shown]
    last = [shown[-1]["seq"]] if len(rows) > query.limit else None
    return page_reply(request, views, head=at.head, last_place=last)


async def _found(at: Reading, sought: CustomerSearch, after: list[str] | None) -> tuple[list[Row], list[list[str]]]:
    """One row more than are shown, and the place of each."""
    limit = sought.limit + 1
    if sought.external_id is not None:
        row = await customers.one_external(at.connection, at.workspace, sought.external_id)
        return ([row], []) if row is not None else ([], [])
    place = None if after is None else _uuid(after[-1])
    if sought.contact is not None:
        statement = customers.with_contact(at.workspace, _matches(sought.contact), after=place, limit=limit)
        rows = await customers.found(at.connection, statement)
        return rows, [[row["id"].hex] for row in rows]
    beyond = None if after is None or place is None else (after[0], place)
    statement = customers.named_like(at.workspace, name_key(sought.name or ""), after=beyond, limit=limit)
    rows = await customers.found(at.connection, statement)
    return rows, [[row["name_key"], row["id"].hex] for row in rows]


def _matches(sought: ContactSought) -> list[tuple[str, str]]:
    kinds = tuple(ContactKind) if sought.kind is None else (sought.kind,)
    return [(kind, loose_match(kind, sought.value)) for kind in kinds]


def _uuid(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise mismatch() from None


def _filter(query: CustomerCountQuery) -> CustomerFilter:
    ids = [read("cus", text) for text in query.id]
    if None in ids:
        raise wrong_parameter("id", "Such an id starts with cus_ and has 26 more characters.")
    return CustomerFilter(
        tiers=query.tier,
        languages=query.language,
        channels=query.preferred_channel,
        ids=[UUID(bytes=raw) for raw in ids if raw is not None] or None,
        created_after=query.created_after,
        created_before=query.created_before,
        updated_after=query.updated_after,
        merged=query.merged,
    )
