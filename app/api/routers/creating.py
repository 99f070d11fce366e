"""POST /v1/tickets: the one thin route, see submitting.py."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.explaining import imagined_decision
from app.api.routers.finding import visible_ticket
from app.api.routers.naming import names_when_rendered
from app.api.routers.reading import reading
from app.api.routers.replies import dry_reply, rendered_reply
from app.api.routers.submitting import created, submission
from app.api.schemas.tickets import TicketIn
from app.api.schemas.tickets_out import TicketDryRun, TicketOut
from app.dispatch.outcome import Outcome
from app.engine.refusals import ConfigurationMoved
from app.queries import customers
from app.services.views.tickets import ticket_view

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

TRIES = 3
EXAMPLE = {
    "channel": "whatsapp",
    "external_id": "wa-5521",
    "subject": "Refund for order 8841",
    "text": "I was charged twice and want my money back.",
    "customer": {"external_id": "crm-81", "name": "Dewi Lestari", "tier": "vip", "language": "id"},
    "attributes": {"order_value": 250000},
}


@router.post(
    "",
    summary="Create a ticket",
    status_code=201,
    description="Rules place it, then it is given to an agent, offered, or waits. Waiting is a success: decision_id says why.",
    **operation(
        "create_ticket",
        TicketOut,
        body=TicketIn,
        example=EXAMPLE,
        headers=(idempotency, dry_run),
        problems=(
            *OF_WRITES,
            "invalid_header",
            "idempotency_key_reused",
            "unknown_reference",
            "no_queue",
            "configuration_changed",
        ),
        responses={200: {"model": TicketOut | TicketDryRun, "description": "The ticket of a known external_id, or a dry run."}},
    ),
)
async def create_ticket(request: Request, caller: CallerDep) -> Response:
    dry = dry_run(request)
    draft = await read_json(request, TicketIn)
    for _ in range(TRIES - 1):
        try:
            return await _submit(request, caller, draft, dry=dry)
        except ConfigurationMoved:
            continue  # its words were read under patterns that are no longer in force
    return await _submit(request, caller, draft, dry=dry)


async def _submit(request: Request, caller: Caller, draft: TicketIn, *, dry: bool) -> Response:
    process = services(request)
    dispatcher = process.dispatcher
    configuration = await dispatcher.configuration(caller.workspace)
    command = await submission(draft, caller.actor, configuration)
    if dry:
        return await _imagined(request, caller, draft, await dispatcher.dry_run(caller.workspace, command))
    outcome = await dispatcher.submit(
        caller.workspace,
        command,
        request_id=exchange(request).request_id,
        idempotency=await idempotency(request),
        render=created(await names_when_rendered(process, caller.workspace)),
    )
    return rendered_reply(outcome)


async def _imagined(request: Request, caller: Caller, draft: TicketIn, outcome: Outcome) -> Response:
    """The ticket as it would be, and the decision, for the sake of which one tries."""
    async with reading(services(request), caller) as at:
        names = await at.names()
        if outcome.result.existing:
            row = await visible_ticket(at, caller, f"ext:{draft.external_id}")
            return dry_reply({**ticket_view(row, names), "decision": None}, would_status=200)
        if outcome.ticket is None:
            raise RuntimeError("a submitted ticket has a row")
        row = dict(outcome.ticket)
        customer: UUID | None = row["customer_id"]
        if customer is not None and await customers.one(at.connection, at.workspace, customer) is None:
            row["customer_id"] = None  # one that only the real call would make
        decision = await imagined_decision(at, outcome, language=exchange(request).language)
    return dry_reply({**ticket_view(row, names), "decision": decision}, would_status=201)
