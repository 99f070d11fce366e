"""POST /v1/tickets/bulk: up to 1,000 items in one transaction, see bulk_items.py and bulk_answers.py."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import LONG_BODY, check_content_type
from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency, whole_body
from app.api.routers.bulk_answers import answered, imagined
from app.api.routers.bulk_items import TICKETS, Draft, commands_of, read_bulk, refused
from app.api.routers.describing import OF_VERBS, operation
from app.api.routers.naming import names_when_rendered
from app.api.routers.replies import recalled, rendered_reply
from app.api.schemas.bulk import BulkDryRun, BulkIn, BulkOut
from app.dispatch.outcome import Bulk, ItemRefused
from app.engine.refusals import ConfigurationMoved
from app.errors import Problem

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

TRIES = 3
EXAMPLE = {
    "items": [
        {"operation": "create", "ticket": {"channel": "email", "external_id": "crm-4711", "subject": "Refund for order 8841"}},
        {"operation": "update", "id": "ext:crm-4711", "changes": {"priority": "high"}},
        {"operation": "close", "id": "tkt_069nnak9kphi75bkq3s0h6dn1k", "version": 7},
    ]
}


@router.post(
    "/bulk",
    summary="Create and change many tickets",
    description="Up to 1,000 items, at most 5 MiB, done in order in one transaction. The answer is 200 with one result per item, each "
    "with the status and the ticket or the problem that its own call would have given. With atomic the first item that is refused "
    "refuses the whole call with its problem: errors points at the item, index names it, and nothing is changed. More than 10,000 "
    "mistakes in the body refuse the whole call too. A repeat under the "
    "same Idempotency-Key gets the first answer and doubles nothing.",
    **operation(
        "change_tickets", BulkOut, body=BulkIn, example=EXAMPLE, headers=(idempotency, dry_run),
        responses={200: {"model": BulkOut | BulkDryRun, "description": "One result per item, in order."}},
        problems=(*OF_VERBS, "too_many_items", "unknown_reference", "no_queue", "configuration_changed", "agent_not_found",
                  "ticket_already_assigned", "agent_at_capacity", "queue_draining"),
    ),
)  # fmt: skip
async def change_tickets(request: Request, caller: CallerDep) -> Response:
    dry = dry_run(request)
    check_content_type(request)
    raw = await whole_body(request)
    draft = read_bulk(raw, TICKETS) if len(raw) < LONG_BODY else await asyncio.to_thread(read_bulk, raw, TICKETS)
    for _ in range(TRIES - 1):
        try:
            return await _submit(request, caller, draft, dry=dry)
        except ConfigurationMoved:
            continue  # words were read under patterns that are no longer in force
    return await _submit(request, caller, draft, dry=dry)


async def _submit(request: Request, caller: Caller, draft: Draft, *, dry: bool) -> Response:
    process, seen = services(request), exchange(request)
    try:
        prepared = await commands_of(process, caller, draft)
    except Problem:  # what an item names may be gone: no reason to forget what was answered under the request's key
        if dry or (known := await recalled(request, caller)) is None:
            raise
        return known
    bulk = Bulk(tuple(prepared.commands), draft.atomic)
    try:
        if dry:
            return await imagined(process, caller, prepared, await process.dispatcher.dry_run(caller.workspace, bulk), seen)
        names = await names_when_rendered(process, caller.workspace)
        outcome = await process.dispatcher.submit(
            caller.workspace,
            bulk,
            request_id=seen.request_id,
            idempotency=await idempotency(request),
            render=answered(prepared, names, seen),
        )
    except ItemRefused as refusal:
        raise refused(draft, prepared.places[refusal.index], refusal.cause, seen) from None
    return rendered_reply(outcome)
