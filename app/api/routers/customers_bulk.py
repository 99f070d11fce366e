"""POST /v1/customers/bulk: up to 1,000 customers in one transaction, each found by external id."""

import asyncio

from fastapi import APIRouter
from orjson import dumps
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import LONG_BODY, check_content_type
from app.api.context import Caller, Exchange, exchange, services
from app.api.deps import dry_run, idempotency, whole_body
from app.api.ids import mint
from app.api.routers.bulk_answers import done_of, results_of
from app.api.routers.bulk_items import CUSTOMERS, Draft, Prepared, read_bulk, refused
from app.api.routers.customers_changing import OF_CHANGES, changes_of, view_of
from app.api.routers.describing import operation
from app.api.routers.replies import dry_reply, rendered_reply
from app.api.schemas.customers import CustomersIn
from app.api.schemas.customers_bulk import CustomersDryRun, CustomersOut
from app.dispatch.outcome import Bulk, ItemRefused, Outcome, Rendered
from app.engine.commands import PutCustomer
from app.engine.ids import CustomerId
from app.errors import Problem

router = APIRouter(prefix="/v1/customers", tags=["customers"])

EXAMPLE = {
    "items": [
        {"external_id": "crm-81", "name": "Dewi Lestari", "tier": "vip"},
        {"external_id": "crm-82", "contacts": [{"kind": "email", "value": "budi@example.com"}]},
    ]
}


@router.post(
    "/bulk",
    summary="Create and change many customers",
    description="Up to 1,000 items, at most 5 MiB, done in order in one transaction. Whoever has the item's external_id is changed as by "
    "a merge patch, else somebody new has it: 200 or 201. With atomic the first item that is refused refuses the whole call with its "
    "problem: errors points at the item, index names it, and nothing is changed. A repeat under the same Idempotency-Key gets the first "
    "answer.",
    **operation("upsert_customers", CustomersOut, body=CustomersIn, example=EXAMPLE, headers=(idempotency, dry_run),
                responses={200: {"model": CustomersOut | CustomersDryRun, "description": "One result per item, in order."}},
                problems=(*OF_CHANGES, "too_many_items", "customer_merged")),
)  # fmt: skip
async def upsert_customers(request: Request, caller: CallerDep) -> Response:
    dry, seen, process = dry_run(request), exchange(request), services(request)
    check_content_type(request)
    raw = await whole_body(request)
    draft = read_bulk(raw, CUSTOMERS) if len(raw) < LONG_BODY else await asyncio.to_thread(read_bulk, raw, CUSTOMERS)
    prepared = _prepared(draft, caller)
    bulk = Bulk(tuple(prepared.commands), draft.atomic)
    try:
        if dry:
            outcome = await process.dispatcher.dry_run(caller.workspace, bulk)
            return dry_reply({"results": _results(prepared, outcome, seen, dry=True)}, would_status=200)
        outcome = await process.dispatcher.submit(
            caller.workspace,
            bulk,
            request_id=seen.request_id,
            idempotency=await idempotency(request),
            render=lambda done: Rendered(200, dumps({"results": _results(prepared, done, seen, dry=False)})),
        )
    except ItemRefused as refusal:
        raise refused(draft, prepared.places[refusal.index], refusal.cause, seen) from None
    return rendered_reply(outcome)


def _prepared(draft: Draft, caller: Caller) -> Prepared:
    prepared = Prepared(draft)
    for index, item in enumerate(draft.items):
        if isinstance(item, Problem):
            prepared.problems[index] = item
        else:
            prepared.commands.append(PutCustomer(caller.actor, CustomerId(mint()), changes_of(item)))
            prepared.places.append(index)
    return prepared


def _results(prepared: Prepared, outcome: Outcome, seen: Exchange, *, dry: bool) -> list[dict[str, object]]:
    done: dict[int, dict[str, object]] = {}
    unborn: set[CustomerId | None] = set()
    for index, status, one in done_of(prepared, outcome):
        done[index] = view_of(one)
        if dry:
            if status == 201:
                unborn.add(one.result.customer)
            done[index] |= {"would_status": status} | ({"id": None} if one.result.customer in unborn else {})
    return results_of(prepared, outcome, done, seen, what="customer")
