"""Tickets: create, list, count, read."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import Caller, Services, exchange, services
from app.api.deps import dry_run, idempotency, known_version, wrong_parameter
from app.api.ids import read
from app.api.routers.describing import OF_READS, OF_WRITES, operation
from app.api.routers.explaining import decision_of, imagined_decision
from app.api.routers.finding import visible_ticket
from app.api.routers.paging import MOST, Paged, page_reply, place_after
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import dry_reply, json_reply, rendered_reply, versioned_reply
from app.api.routers.submitting import created, submission
from app.api.schemas.answers import Count
from app.api.schemas.tickets import TicketIn
from app.api.schemas.tickets_out import ExpandedTicketOut, TicketOut, TicketPage
from app.dispatch.outcome import Outcome
from app.engine.configuration import Configuration
from app.engine.refusals import ConfigurationMoved
from app.engine.vocabulary import STATUS_GROUPS, Channel, Kind, Priority, Status, StatusGroup
from app.queries import tickets
from app.queries.tickets import COUNTED_AT_MOST, TicketFilter
from app.services.views.names import NameBook, Names
from app.services.views.tickets import customer_view, ticket_view

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

TRIES = 3
NAMES = NameBook()
EXAMPLE = {
    "channel": "whatsapp",
    "external_id": "wa-5521",
    "subject": "Refund for order 8841",
    "text": "I was charged twice and want my money back.",
    "customer": {"external_id": "crm-81", "name": "Dewi Lestari", "tier": "vip", "language": "id"},
    "attributes": {"order_value": 250000},
}


class TicketQuery(Paged):
    """Filters: values of one field are alternatives, different fields must all hold."""

    status: list[Status] = Field(default=[], description="Where it stands; repeat for or.")
    status_group: list[StatusGroup] = Field(default=[], description="The same in three words.")
    queue: list[str] = Field(default=[], max_length=MOST, description="Name or id of a queue.", examples=[["billing"]])
    agent_id: list[str] = Field(default=[], max_length=MOST, description="The owner, or who is asked.")
    priority: list[Priority] = Field(default=[], description="How much it presses.")
    kind: list[Kind] = Field(default=[], description="What it is.")
    channel: list[Channel] = Field(default=[], description="How it came.")
    id: list[str] = Field(default=[], max_length=MOST, description="Fetch up to 200 at once.")
    created_after: AwareDatetime | None = Field(default=None, description="Inclusive.")
    created_before: AwareDatetime | None = Field(default=None, description="Exclusive.")
    updated_after: AwareDatetime | None = Field(default=None, description="Inclusive.")
    q: str | None = Field(default=None, min_length=1, max_length=200, description="Part of the subject, or the number.")


class TicketListQuery(TicketQuery):
    """Filters and order."""

    sort: Literal["-created_at", "created_at", "-updated_at", "updated_at", "-priority", "priority"] = Field(
        default="-created_at", description="A minus is the largest first; ties by number."
    )


class TicketCountQuery(TicketQuery):
    """The same filters; limit and cursor mean nothing here."""


@router.post(
    "",
    summary="Create a ticket",
    description="Rules place it, and it is given to an agent or waits. Waiting is a success: decision_id says why.",
    **operation(
        "create_ticket",
        TicketOut,
        status=201,
        body=TicketIn,
        example=EXAMPLE,
        headers=(idempotency, dry_run),
        problems=(*OF_WRITES, "invalid_header", "idempotency_key_reused", "unknown_reference", "no_queue", "configuration_changed"),
        responses={200: {"model": TicketOut, "description": "Known external_id, a repeat, or a dry run."}},
    ),
)
async def create_ticket(request: Request, caller: CallerDep) -> Response:
    process = services(request)
    dry = dry_run(request)
    draft = await read_json(request, TicketIn)
    key = await idempotency(request)
    for tries_left in reversed(range(TRIES)):
        configuration = await process.dispatcher.configuration(caller.workspace)
        command = await submission(draft, caller.actor, configuration)
        names = NAMES.of(caller.workspace, configuration)
        try:
            if dry:
                outcome = await process.dispatcher.dry_run(caller.workspace, command)
                return await _imagined(request, caller, outcome, names, external_id=draft.external_id)
            outcome = await process.dispatcher.submit(
                caller.workspace,
                command,
                request_id=exchange(request).request_id,
                idempotency=key,
                render=created(names),
            )
            return rendered_reply(outcome)
        except ConfigurationMoved:
            if not tries_left:
                raise
    raise AssertionError("unreachable")


async def _imagined(
    request: Request, caller: Caller, outcome: Outcome, names: Names, *, external_id: str | None
) -> Response:
    """The ticket as it would be, with the decision, which is the point of trying."""
    process = services(request)
    async with reading(process, caller) as at:
        if outcome.result.existing:
            row = await visible_ticket(at, caller, f"ext:{external_id}")
            return dry_reply({**ticket_view(row, await at.names()), "decision": None}, would_status=200)
        if outcome.ticket is None:
            raise RuntimeError("a submitted ticket has a row")
        decision = await imagined_decision(at, outcome, language=exchange(request).language)
    view = ticket_view(outcome.ticket, names)
    if outcome.ticket["customer_id"] is not None:
        view["customer_id"] = await _known_customer(at, outcome)
    return dry_reply({**view, "decision": decision}, would_status=201)
