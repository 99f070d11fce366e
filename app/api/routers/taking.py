"""The next ticket of a queue, taken by an agent."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import exchange, services
from app.api.deps import dry_run, idempotency
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.handing import queue_name, taker
from app.api.routers.naming import names_when_rendered
from app.api.routers.replies import dry_reply, recalled, rendered_reply
from app.api.schemas.tickets import TakeIn
from app.api.schemas.tickets_out import TakenDryRun, TakenOut
from app.dispatch.outcome import Outcome, Rendered
from app.engine.commands import TakeNext
from app.errors import NotFound
from app.services.views.tickets import ticket_view

router = APIRouter(prefix="/v1/queues", tags=["queues"])

Ref = Annotated[str, Field(description="The queue's id or name.", examples=["general"])]


@router.post(
    "/{queue}/take",
    summary="Take the next ticket of a queue",
    description="For an agent, or by a supervisor for agent_id: the first in the queue's order that the agent may take and has not "
    "declined, in a paused queue too. ticket is null where there is none. Send an Idempotency-Key: a repeat without one takes another "
    "ticket. A turn is not moved.",
    **operation("take_next_ticket", TakenOut, body=TakeIn, body_optional=True, headers=(idempotency, dry_run),
                example={"agent_id": "ani"},
                responses={200: {"model": TakenOut | TakenDryRun, "description": "The ticket, or null."}},
                problems=(*OF_WRITES, "invalid_header", "idempotency_key_reused", "queue_not_found", "agent_not_found",
                          "not_your_ticket", "agent_not_eligible", "agent_at_capacity")),
)  # fmt: skip
async def take_next_ticket(request: Request, caller: CallerDep, queue: Ref) -> Response:
    process = services(request)
    dry = dry_run(request)
    body = await read_json(request, TakeIn, optional=True)
    try:
        agent = await taker(process, caller, body)
    except NotFound:
        if (known := await recalled(request, caller)) is None:
            raise
        return known
    command = TakeNext(caller.actor, queue_name(await process.dispatcher.configuration(caller.workspace), queue), agent)
    names = await names_when_rendered(process, caller.workspace)
    if dry:
        outcome = await process.dispatcher.dry_run(caller.workspace, command)
        return dry_reply({"ticket": outcome.ticket and ticket_view(outcome.ticket, names())}, would_status=200)

    def render(outcome: Outcome) -> Rendered:
        return Rendered(200, to_json({"ticket": outcome.ticket and ticket_view(outcome.ticket, names())}))

    outcome = await process.dispatcher.submit(
        caller.workspace,
        command,
        request_id=exchange(request).request_id,
        idempotency=await idempotency(request),
        render=render,
    )
    return rendered_reply(outcome)
