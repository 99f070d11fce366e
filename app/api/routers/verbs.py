"""What people do with a ticket: each verb is one command."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import Nothing, read_json
from app.api.context import services
from app.api.deps import dry_run, idempotency, if_match
from app.api.ids import mint
from app.api.routers.carrying import ANSWERS, carry_out, plain
from app.api.routers.describing import OF_VERBS, operation
from app.api.routers.finding import agent_id
from app.api.routers.handing import place_of, refuse_force, taker
from app.api.routers.replies import recalled
from app.api.schemas.tickets import AssignIn, Direction, MessageIn, PendIn, ReasonIn, SnoozeIn, TakeIn, TransferIn
from app.api.schemas.tickets_out import TicketOut
from app.dispatch.moments import milliseconds
from app.engine.commands import (
    AddMessage,
    AssignTicket,
    CancelTicket,
    CloseTicket,
    PendTicket,
    ReopenTicket,
    ResolveTicket,
    RespondTicket,
    ReturnTicket,
    SnoozeTicket,
    StartTicket,
    TakeTicket,
    TransferTicket,
)
from app.engine.mistakes import Mistake
from app.errors import Forbidden, NotFound

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

Ref = Annotated[str, Field(description="The ticket's id, or ext:<external_id>.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])]
HEADERS = (idempotency, if_match, dry_run)


@router.post(
    "/{ticket}/assign",
    summary="Assign a ticket by hand",
    description="Capacity counts unless force; skills and presence are the giver's business. A turn is not moved.",
    **operation("assign_ticket", TicketOut, body=AssignIn, headers=HEADERS, responses=ANSWERS,
                example={"agent_id": "agt_069nnak9kphi75bkq3s0h6dn1k"},
                problems=(*OF_VERBS, "agent_not_found", "ticket_already_assigned", "agent_at_capacity")),
)  # fmt: skip
async def assign_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, AssignIn)
    try:
        agent = await agent_id(services(request), caller, body.agent_id)
    except NotFound:
        if dry_run(request) or (known := await recalled(request, caller)) is None:
            raise
        return known
    return await carry_out(
        request, caller, ticket, lambda id_, version: AssignTicket(caller.actor, id_, version, agent, body.force)
    )


@router.post(
    "/{ticket}/transfer",
    summary="Hand a ticket on",
    description="To a queue it is routed there under that queue's policy, to a team it is for that team alone, to an agent it is theirs at "
    "once if there is room. Skills that were required are wishes from then on. Promises that run keep their deadlines; those that the new "
    "queue makes and the old one did not start now. Whoever gave it away is not given it again by routing. A turn is not moved.",
    **operation("transfer_ticket", TicketOut, body=TransferIn, headers=HEADERS, responses=ANSWERS,
                example={"queue": "network", "reason": "Needs the network team"},
                problems=(*OF_VERBS, "not_your_ticket", "field_forbidden", "unknown_reference", "agent_not_found", "agent_at_capacity",
                          "queue_draining")),
)  # fmt: skip
async def transfer_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, TransferIn)
    refuse_force(caller, force=body.force)
    try:
        place = await place_of(services(request), caller, body)
    except NotFound:
        if (known := await recalled(request, caller)) is None:
            raise
        return known
    return await carry_out(
        request,
        caller,
        ticket,
        lambda id_, version: TransferTicket(
            caller.actor, id_, version, place.queue, place.team, place.agent, body.force, body.reason
        ),
    )


@router.post(
    "/{ticket}/return",
    summary="Give a ticket back to its queue",
    description="By its owner or a supervisor. It keeps its place: it has waited since it first did. Whoever gave it back is not given it "
    "again by routing, only by hand.",
    **operation("return_ticket", TicketOut, body=ReasonIn, body_optional=True, headers=HEADERS, responses=ANSWERS,
                example={"reason": "My shift is over"}, problems=(*OF_VERBS, "not_your_ticket")),
)  # fmt: skip
async def return_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, ReasonIn, optional=True)
    return await carry_out(request, caller, ticket, lambda id_, version: ReturnTicket(caller.actor, id_, version, body.reason))


@router.post(
    "/{ticket}/take",
    summary="Take a ticket that waits",
    description="By an agent, or by a supervisor for agent_id. Every filter that routing asks must agree, in a paused queue too; that the "
    "agent declined it before does not count. The decision is recorded with the cause taken. A turn is not moved.",
    **operation("take_ticket", TicketOut, body=TakeIn, body_optional=True, headers=HEADERS, responses=ANSWERS,
                example={"agent_id": "ani"},
                problems=(*OF_VERBS, "not_your_ticket", "agent_not_found", "ticket_already_assigned", "agent_not_eligible")),
)  # fmt: skip
async def take_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, TakeIn, optional=True)
    try:
        agent = await taker(services(request), caller, body)
    except NotFound:
        if (known := await recalled(request, caller)) is None:
            raise
        return known
    return await carry_out(request, caller, ticket, lambda id_, version: TakeTicket(caller.actor, id_, version, agent))


@router.post(
    "/{ticket}/start",
    summary="Start work on a ticket",
    description="The owner begins, or goes on after a wait.",
    **operation("start_ticket", TicketOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS,
                problems=(*OF_VERBS, "not_your_ticket")),
)  # fmt: skip
async def start_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    return await plain(request, caller, ticket, lambda id_, version: StartTicket(caller.actor, id_, version))


@router.post(
    "/{ticket}/respond",
    summary="Say that the customer was answered",
    description="The first answer keeps the first-response promise. Use /messages to store the words as well.",
    **operation("respond_ticket", TicketOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS,
                problems=(*OF_VERBS, "not_your_ticket")),
)  # fmt: skip
async def respond_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    return await plain(request, caller, ticket, lambda id_, version: RespondTicket(caller.actor, id_, version))


@router.post(
    "/{ticket}/messages",
    summary="Add a message",
    description="The customer's (inbound) wakes a ticket that waited and reopens a resolved one; the owner's (outbound) answers.",
    **operation("add_message", TicketOut, body=MessageIn, headers=HEADERS, responses=ANSWERS,
                example={"direction": "outbound", "text": "Your refund is on its way."},
                problems=(*OF_VERBS, "not_your_ticket", "field_forbidden")),
)  # fmt: skip
async def add_message(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, MessageIn)
    inbound = body.direction is Direction.INBOUND
    if inbound and caller.is_agent:
        mistake = Mistake("/direction", "field_forbidden", "An agent writes to the customer: outbound.", ("outbound",))
        raise Forbidden("field_forbidden", "An agent's key does not speak for the customer.", errors=[mistake])
    message = mint()
    return await carry_out(
        request, caller, ticket, lambda id_, version: AddMessage(caller.actor, id_, version, message, inbound, body.text)
    )


@router.post(
    "/{ticket}/pending",
    summary="Wait for somebody else",
    description="The owner keeps it and waits; the SLA policy says which clocks stand still.",
    **operation("pend_ticket", TicketOut, body=PendIn, body_optional=True, headers=HEADERS, responses=ANSWERS,
                example={"reason": "customer"}, problems=(*OF_VERBS, "not_your_ticket")),
)  # fmt: skip
async def pend_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, PendIn, optional=True)
    return await carry_out(request, caller, ticket, lambda id_, version: PendTicket(caller.actor, id_, version, body.reason))


@router.post(
    "/{ticket}/snooze",
    summary="Put a ticket aside for a time",
    description="It is pending with the reason snoozed, still the owner's, and comes back to the owner by itself; earlier when the customer "
    "writes or by /resume. Where its agent leaves the workspace it goes back to its queue. The SLA policy says which clocks stand still.",
    **operation("snooze_ticket", TicketOut, body=SnoozeIn, headers=HEADERS, responses=ANSWERS,
                example={"seconds": 3600}, problems=(*OF_VERBS, "not_your_ticket")),
)  # fmt: skip
async def snooze_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    body = await read_json(request, SnoozeIn)
    until_at = None if body.until_at is None else milliseconds(body.until_at)
    lasting = None if body.seconds is None else 1000 * body.seconds
    return await carry_out(
        request, caller, ticket, lambda id_, version: SnoozeTicket(caller.actor, id_, version, until_at, lasting)
    )


@router.post(
    "/{ticket}/resume",
    summary="Go on with a ticket that waited",
    description="The owner goes on after a wait, also before a snooze is over. The same as start.",
    **operation("resume_ticket", TicketOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS,
                problems=(*OF_VERBS, "not_your_ticket")),
)  # fmt: skip
async def resume_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    return await plain(request, caller, ticket, lambda id_, version: StartTicket(caller.actor, id_, version))


@router.post(
    "/{ticket}/resolve",
    summary="Resolve a ticket",
    description="The work is done; the owner takes what waits. It may be reopened.",
    **operation("resolve_ticket", TicketOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS,
                problems=(*OF_VERBS, "not_your_ticket")),
)  # fmt: skip
async def resolve_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    return await plain(request, caller, ticket, lambda id_, version: ResolveTicket(caller.actor, id_, version))


@router.post(
    "/{ticket}/reopen",
    summary="Reopen a resolved ticket",
    description="It is routed anew, with a new promise of resolution.",
    **operation(
        "reopen_ticket", TicketOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS, problems=OF_VERBS
    ),
)
async def reopen_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    return await plain(request, caller, ticket, lambda id_, version: ReopenTicket(caller.actor, id_, version))


@router.post(
    "/{ticket}/close",
    summary="Close a resolved ticket",
    description="Over for good.",
    **operation(
        "close_ticket", TicketOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS, problems=OF_VERBS
    ),
)
async def close_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    return await plain(request, caller, ticket, lambda id_, version: CloseTicket(caller.actor, id_, version))


@router.post(
    "/{ticket}/cancel",
    summary="Cancel a ticket",
    description="Not to be done after all; promises no longer matter.",
    **operation(
        "cancel_ticket", TicketOut, body=Nothing, body_optional=True, headers=HEADERS, responses=ANSWERS, problems=OF_VERBS
    ),
)
async def cancel_ticket(request: Request, caller: CallerDep, ticket: Ref) -> Response:
    return await plain(request, caller, ticket, lambda id_, version: CancelTicket(caller.actor, id_, version))
