"""All work of an agent, moved in one call."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import exchange, services
from app.api.deps import dry_run, idempotency, if_match
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.finding import present_agent
from app.api.routers.handing import place_of
from app.api.routers.naming import names_when_rendered
from app.api.routers.reading import reading
from app.api.routers.replies import dry_reply, recalled, rendered_reply
from app.api.schemas.agents import ReleasedDryRun, ReleasedOut, ReleaseIn
from app.dispatch.outcome import Outcome, Rendered
from app.engine.commands import ReleaseAgent
from app.engine.events import OfferCreated, TicketAssigned, TicketQueued
from app.engine.ids import AgentId
from app.engine.vocabulary import Status
from app.errors import NotFound
from app.identifiers import encode, encode_optional
from app.services.views.names import Names

router = APIRouter(prefix="/v1/agents", tags=["agents"])

Ref = Annotated[str, Field(description="The agent's id, name, or ext:<external_id>.", examples=["ani"])]
_NOW = {TicketAssigned: Status.ASSIGNED, OfferCreated: Status.OFFERED, TicketQueued: Status.WAITING}


@router.post(
    "/{agent}/release",
    summary="Move all work of an agent",
    description="For somebody who fell ill: all that the agent owns, pending work too, in one transaction. Each ticket goes back to its own "
    "queue and is routed, or to the queue or team named, or to the agent named as long as they have room, the rest to its queues. The "
    "agent is not given it again by routing. Says what went where. Send presence offline, or an agent who is available takes other work.",
    **operation("release_agent", ReleasedOut, body=ReleaseIn, body_optional=True, headers=(idempotency, if_match, dry_run),
                responses={200: {"model": ReleasedOut | ReleasedDryRun, "description": "What went, or would go, where."}},
                example={"presence": "offline", "reason": "Fell ill"},
                problems=(*OF_WRITES, "invalid_header", "idempotency_key_reused", "agent_not_found", "unknown_reference",
                          "version_mismatch", "queue_draining")),
)  # fmt: skip
async def release_agent(request: Request, caller: CallerDep, agent: Ref) -> Response:
    process = services(request)
    dry, version = dry_run(request), if_match(request)
    body = await read_json(request, ReleaseIn, optional=True)
    try:
        async with reading(process, caller) as at:
            released = AgentId((await present_agent(at, agent))["id"].bytes)
        place = await place_of(process, caller, body)
    except NotFound:
        if dry or (known := await recalled(request, caller)) is None:
            raise
        return known
    command = ReleaseAgent(
        caller.actor, released, version, place.queue, place.team, place.agent, body.presence is not None, body.reason
    )
    names = await names_when_rendered(process, caller.workspace)
    if dry:
        return dry_reply(_view(await process.dispatcher.dry_run(caller.workspace, command), released, names()), would_status=200)
    outcome = await process.dispatcher.submit(
        caller.workspace,
        command,
        request_id=exchange(request).request_id,
        idempotency=await idempotency(request),
        render=lambda outcome: Rendered(200, to_json(_view(outcome, released, names()))),
    )
    return rendered_reply(outcome)


def _view(outcome: Outcome, agent: AgentId, names: Names) -> dict[str, Any]:
    """Where each ticket is: the last that was said of it."""
    where: dict[bytes, tuple[Status, AgentId | None]] = {}
    for event in outcome.events:
        if isinstance(event, TicketAssigned | OfferCreated | TicketQueued):
            where[event.ticket] = _NOW[type(event)], getattr(event, "agent", None)
    return {
        "agent_id": encode("agt", agent),
        "tickets": [
            {
                "ticket_id": encode("tkt", ticket),
                "status": where[ticket][0],
                "queue_id": encode("que", queue),
                "queue": names.queues.get(queue),
                "agent_id": encode_optional("agt", where[ticket][1]),
            }
            for ticket, queue in outcome.result.moved
        ],
    }
