"""Customers are made, changed, merged, set apart and deleted: each is one command."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import Nothing, read_json
from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency, if_match
from app.api.ids import mint
from app.api.routers.customers import Ref
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.finding import customer_id
from app.api.routers.replies import SEQ, dry_reply, etag, recalled, rendered_reply
from app.api.schemas.customers import ContactIn, CustomerItem, CustomerPatch, MergeIn, NewCustomer
from app.api.schemas.customers_out import CustomerDryRun, CustomerOut, DeletionDryRun
from app.dispatch.outcome import Outcome, Rendered
from app.engine.commands import (
    Command,
    CreateCustomer,
    CustomerChanges,
    CustomerCommand,
    DeleteCustomer,
    MergeCustomers,
    UnmergeCustomer,
    UpdateCustomer,
)
from app.engine.contacts import Contact, loose_match
from app.engine.ids import CustomerId
from app.errors import NotFound
from app.services.views.customers import customer_view

router = APIRouter(prefix="/v1/customers", tags=["customers"])

HEADERS = (idempotency, if_match, dry_run)
OF_CHANGES = (*OF_WRITES, "invalid_header", "idempotency_key_reused")
OF_ONE = (*OF_CHANGES, "customer_not_found", "version_mismatch", "customer_merged")
ANSWERS = {200: {"model": CustomerOut | CustomerDryRun, "description": "The customer as they are now, or as they would be."}}
EXAMPLE: dict[str, Any] = {
    "external_id": "crm-81",
    "name": "Dewi Lestari",
    "tier": "vip",
    "language": "id",
    "preferred_channel": "whatsapp",
    "contacts": [
        {"kind": "email", "value": "dewi@example.com", "verified": True},
        {"kind": "whatsapp", "value": "+62 811-5550-100"},
    ],
    "attributes": {"segment": "retail"},
}


@router.post(
    "",
    summary="Create a customer",
    status_code=201,
    description="A known external_id is answered with the customer who has it, unchanged. A ticket introduces its customer as well.",
    **operation("create_customer", CustomerOut, body=NewCustomer, example=EXAMPLE, headers=(idempotency, dry_run),
                problems=OF_CHANGES,
                responses={200: {"model": CustomerOut | CustomerDryRun, "description": "Whoever has the external_id, or a dry run."}}),
)  # fmt: skip
async def create_customer(request: Request, caller: CallerDep) -> Response:
    changes = changes_of(await read_json(request, NewCustomer))
    command = CreateCustomer(caller.actor, CustomerId(mint()), changes)
    if not dry_run(request):
        return rendered_reply(await _submitted(request, caller, command, _made))
    outcome = await services(request).dispatcher.dry_run(caller.workspace, command)
    return dry_reply(imagined(outcome), would_status=200 if outcome.result.existing else 201)


@router.patch(
    "/{customer}",
    summary="Change fields of a customer",
    description="A JSON merge patch. Another tier or language counts for tickets that come from now on. One who was merged is not "
    "changed: merged_into_id names who stands for them.",
    **operation("update_customer", CustomerOut, body=CustomerPatch, headers=HEADERS, responses=ANSWERS,
                example={"tier": "vip", "attributes": {"segment": None}}, problems=(*OF_ONE, "external_id_taken")),
)  # fmt: skip
async def update_customer(request: Request, caller: CallerDep, customer: Ref) -> Response:
    changes = changes_of(await read_json(request, CustomerPatch))
    return await _carry_out(request, caller, customer, lambda id_, version: UpdateCustomer(caller.actor, id_, version, changes))


@router.post(
    "/{customer}/merge",
    summary="Merge a customer into another one",
    description="Both are the same person. All tickets of this one become the other's, and so do new ones that name this one's "
    "external_id; contacts are united; everything else of the other one stays as it is. This one stays readable, with merged_into_id. "
    "One merge moves at most 10,000 tickets, each of which is one version on.",
    **operation("merge_customer", CustomerOut, body=MergeIn, headers=HEADERS, responses=ANSWERS,
                example={"into": "cus_069nnak9kphi75bkq3s0h6dn1k"}, problems=(*OF_ONE, "too_much_to_merge")),
)  # fmt: skip
async def merge_customer(request: Request, caller: CallerDep, customer: Ref) -> Response:
    body = await read_json(request, MergeIn)
    try:
        into = await customer_id(services(request), caller, body.into, pointer="/into")
    except NotFound:
        if dry_run(request) or (known := await recalled(request, caller)) is None:
            raise
        return known
    return await _carry_out(request, caller, customer, lambda id_, version: MergeCustomers(caller.actor, id_, version, into))


@router.post(
    "/{customer}/unmerge",
    summary="Take a merge back",
    description="The tickets that the merge moved come back, and the other one loses the contacts that only this one had. Tickets that "
    "came since stay with the other one, and so does what was changed there. A chain of merges is taken back from its end.",
    **operation("unmerge_customer", CustomerOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS,
                problems=OF_ONE),
)  # fmt: skip
async def unmerge_customer(request: Request, caller: CallerDep, customer: Ref) -> Response:
    await read_json(request, Nothing, optional=True)
    return await _carry_out(request, caller, customer, lambda id_, version: UnmergeCustomer(caller.actor, id_, version))


@router.delete(
    "/{customer}",
    summary="Delete a customer",
    status_code=204,
    description="Only one whom no ticket names and into whom nobody was merged; else the refusal says how many there are. To forget a "
    "person who has tickets is another matter: it is not offered yet.",
    **operation("delete_customer", None, headers=(if_match, dry_run), problems=(*OF_WRITES, "invalid_header", "customer_not_found",
                "version_mismatch", "customer_merged", "customer_in_use"),
                responses={200: {"model": DeletionDryRun, "description": "With dry_run: nothing stands in the way."}}),
)  # fmt: skip
async def delete_customer(request: Request, caller: CallerDep, customer: Ref) -> Response:
    process, version = services(request), if_match(request)
    command = DeleteCustomer(caller.actor, await customer_id(process, caller, customer), version)
    if dry_run(request):
        await process.dispatcher.dry_run(caller.workspace, command)
        return dry_reply({}, would_status=204)
    outcome = await process.dispatcher.submit(caller.workspace, command, request_id=exchange(request).request_id)
    return Response(status_code=204, headers={SEQ: str(outcome.seq)})


def changes_of(body: NewCustomer | CustomerPatch | CustomerItem) -> CustomerChanges:
    """The fields that were sent."""
    return CustomerChanges(
        named=frozenset(body.model_fields_set),
        external_id=body.external_id,
        name=body.name,
        tier=body.tier,
        language=body.language,
        preferred_channel=body.preferred_channel,
        contacts=tuple(_contact(one) for one in body.contacts or ()),
        attributes=dict(body.attributes) if body.attributes is not None else None,
        metadata=dict(body.metadata) if body.metadata is not None else None,
    )


def imagined(outcome: Outcome) -> dict[str, Any]:
    """The customer as they would be: somebody new has no id."""
    view = view_of(outcome)
    if any(before is None for before, _ in outcome.result.people):
        view["id"] = None
    return view


def view_of(outcome: Outcome) -> dict[str, Any]:
    if outcome.customer is None:
        raise RuntimeError("a command about a customer leaves their row")
    return customer_view(outcome.customer)


async def _carry_out(
    request: Request, caller: Caller, customer: str, wish: Callable[[CustomerId, int | None], CustomerCommand]
) -> Response:
    """Have a wish about a customer done, or tried, and answer with the customer.

    One who can no longer be named is no reason to forget what was answered under the request's key.
    """
    process, dry, version = services(request), dry_run(request), if_match(request)
    try:
        command = wish(await customer_id(process, caller, customer), version)
    except NotFound:
        if dry or (known := await recalled(request, caller)) is None:
            raise
        return known
    if dry:
        return dry_reply(imagined(await process.dispatcher.dry_run(caller.workspace, command)), would_status=200)
    return rendered_reply(await _submitted(request, caller, command, _changed))


async def _submitted(request: Request, caller: Caller, command: Command, render: Callable[[Outcome], Rendered]) -> Outcome:
    return await services(request).dispatcher.submit(
        caller.workspace,
        command,
        request_id=exchange(request).request_id,
        idempotency=await idempotency(request),
        render=render,
    )


def _made(outcome: Outcome) -> Rendered:
    view = view_of(outcome)
    headers = {"Location": f"/v1/customers/{view['id']}", "ETag": etag(view["version"])}
    if outcome.result.existing:
        return Rendered(200, to_json(view), {**headers, "Giliran-Existing": "true"})
    return Rendered(201, to_json(view), headers)


def _changed(outcome: Outcome) -> Rendered:
    view = view_of(outcome)
    return Rendered(200, to_json(view), {"ETag": etag(view["version"])})


def _contact(one: ContactIn) -> Contact:
    return Contact(one.kind, one.value, loose_match(one.kind, one.value), one.verified, one.primary)
