"""A sandbox's clock: an SLA can be tested in a second."""

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import exchange, services
from app.api.deps import idempotency
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.reading import reading
from app.api.routers.replies import json_reply, recalled, rendered_reply
from app.api.schemas.sandbox import AdvancedOut, AdvanceIn, ClockOut
from app.dispatch.outcome import Rendered
from app.engine.commands import AdvanceClock
from app.engine.refusals import NotASandbox
from app.models.workspaces import Mode
from app.services.sandbox_clock import Mover, advance
from app.services.views.moments import stamp_of_ms

router = APIRouter(prefix="/v1/sandbox", tags=["sandbox"])


@router.get(
    "/clock",
    summary="Read the sandbox's clock",
    description="Only a sandbox has a clock of its own.",
    **operation("get_clock", ClockOut, problems=("not_a_sandbox",)),
)
async def get_clock(request: Request, caller: CallerDep) -> Response:
    if caller.mode is not Mode.SANDBOX:
        raise NotASandbox("Only a sandbox workspace has a clock of its own.")
    process = services(request)
    async with reading(process, caller) as at:
        offset = at.head.clock_offset_ms
    now = await process.dispatcher.now(caller.workspace)
    return json_reply({"now": stamp_of_ms(now), "offset_seconds": offset // 1000}, seq=at.head.last_seq)


@router.post(
    "/clock/advance",
    summary="Move the sandbox's clock on",
    description="Everything that falls due on the way happens at its own time: warnings, breaches, escalations, offers that lapse.",
    **operation(
        "advance_clock",
        AdvancedOut,
        body=AdvanceIn,
        example={"seconds": 7200},
        headers=(idempotency,),
        problems=(*OF_WRITES, "not_a_sandbox", "idempotency_key_reused", "worker_away"),
    ),
)
async def advance_clock(request: Request, caller: CallerDep) -> Response:
    body = await read_json(request, AdvanceIn)
    process = services(request)
    if (known := await recalled(request, caller)) is not None:
        return known
    mover = Mover(caller.actor, exchange(request).request_id, await idempotency(request))
    done = await advance(process, caller.workspace, body.seconds * 1000, mover)
    view = {"now": stamp_of_ms(done.now_ms), "advanced_seconds": done.advanced_ms // 1000, "timers_fired": done.timers_fired}
    if mover.key is None:
        async with reading(process, caller) as at:
            seq = at.head.last_seq
        return json_reply(view, seq=seq)
    nothing_more = AdvanceClock(caller.actor, 0)
    answer = Rendered(200, to_json(view))
    return rendered_reply(
        await process.dispatcher.submit(
            caller.workspace, nothing_more, request_id=mover.request_id, idempotency=mover.key, render=lambda _: answer
        )
    )
