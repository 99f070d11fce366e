"""Queues and the whole workspace are paused, drained, and go on."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import Nothing, read_json
from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.handing import queue_name
from app.api.routers.reading import reading
from app.api.routers.replies import dry_reply, json_reply, rendered_reply
from app.api.schemas.switches import QueueStateDryRun, QueueStateOut, StopSwitchDryRun, StopSwitchOut, WorkspaceOut
from app.dispatch.outcome import Outcome, Rendered
from app.engine.commands import Command, SwitchQueue, SwitchWorkspace
from app.engine.vocabulary import QueueState
from app.identifiers import encode
from app.queries import switches
from app.services.views.moments import stamp_of_ms, stamp_or_none

router = APIRouter()

Ref = Annotated[str, Field(description="The queue's id or name.", examples=["general"])]
View = dict[str, Any]
HEADERS = (idempotency, dry_run)
PROBLEMS = (*OF_WRITES, "invalid_header", "idempotency_key_reused")
QUEUES: dict[str, tuple[QueueState, str, str, tuple[str, ...]]] = {
    "pause": (
        QueueState.PAUSED,
        "Pause a queue",
        (
            "It takes tickets in, and routing gives none out; decisions say held: queue_paused. By hand, by transfer and by taking they go as "
            "before, offers that are open stand, promises run."
        ),
        (),
    ),
    "drain": (
        QueueState.DRAINING,
        "Drain a queue",
        (
            "It gives out what it has. New tickets that a rule or a caller names it for go to the default queue; a transfer to it is 409 "
            "queue_draining. The default queue itself cannot be drained."
        ),
        ("queue_cannot_drain",),
    ),
    "resume": (
        QueueState.RUNNING,
        "Let a queue go on",
        "After a pause what waits is given out at once; after draining it takes in.",
        (),
    ),
}


def _switch(to: QueueState) -> Callable[..., Awaitable[Response]]:
    async def switch_queue(request: Request, caller: CallerDep, queue: Ref) -> Response:
        configuration = await services(request).dispatcher.configuration(caller.workspace)
        name = queue_name(configuration, queue)

        def view(outcome: Outcome) -> View:
            ident = encode("que", configuration.queue_names[name])
            return {"queue_id": ident, "queue": name, "state": to, "since_at": _since(outcome)}

        return await _carry_out(request, caller, SwitchQueue(caller.actor, name, to), view)

    return switch_queue


for _verb, (_to, _summary, _description, _problems) in QUEUES.items():
    router.add_api_route(
        f"/v1/queues/{{queue}}/{_verb}",
        _switch(_to),
        methods=["POST"],
        tags=["queues"],
        summary=_summary,
        description=_description,
        **operation(f"{_verb}_queue", QueueStateOut, body=Nothing, body_optional=True, headers=HEADERS,
                    responses={200: {"model": QueueStateOut | QueueStateDryRun, "description": "The queue's state now."}},
                    problems=(*PROBLEMS, "queue_not_found", *_problems)),
    )  # fmt: skip


@router.post(
    "/v1/workspace/pause",
    tags=["workspace"],
    summary="Stop all routing",
    description="The stop switch: tickets are taken in and wait, decisions say held: workspace_paused. By hand, by transfer and by taking "
    "they go as before, offers that are open stand, promises run.",
    **operation("pause_workspace", StopSwitchOut, body=Nothing, body_optional=True, headers=HEADERS, problems=PROBLEMS,
                responses={200: {"model": StopSwitchOut | StopSwitchDryRun, "description": "How it stands now."}}),
)  # fmt: skip
async def pause_workspace(request: Request, caller: CallerDep) -> Response:
    return await _carry_out(request, caller, SwitchWorkspace(caller.actor, paused=True), _stopped)


@router.post(
    "/v1/workspace/resume",
    tags=["workspace"],
    summary="Let routing go on",
    description="What waits is given out at once, but for queues that are paused themselves.",
    **operation("resume_workspace", StopSwitchOut, body=Nothing, body_optional=True, headers=HEADERS, problems=PROBLEMS,
                responses={200: {"model": StopSwitchOut | StopSwitchDryRun, "description": "How it stands now."}}),
)  # fmt: skip
async def resume_workspace(request: Request, caller: CallerDep) -> Response:
    return await _carry_out(request, caller, SwitchWorkspace(caller.actor, paused=False), _stopped)


@router.get(
    "/v1/workspace",
    tags=["workspace"],
    summary="Read what is paused",
    description="The stop switch, and every queue's state.",
    **operation("get_workspace", WorkspaceOut),
)
async def get_workspace(request: Request, caller: CallerDep) -> Response:
    async with reading(services(request), caller) as at:
        rows = await switches.all_of(at.connection, at.workspace)
        names = await at.names()
    stopped = rows.get(at.workspace)
    paused = stopped is not None and stopped["state"] == QueueState.PAUSED
    queues = [
        {"queue_id": encode("que", ident), "queue": name, **_state(rows.get(UUID(bytes=ident)))}
        for ident, name in names.queues.items()
    ]
    view = {"paused": paused, "paused_at": stamp_or_none(stopped["since"]) if stopped and paused else None, "queues": queues}
    return json_reply(view, seq=at.head.last_seq)


def _state(row: dict[str, Any] | None) -> View:
    if row is None or row["state"] == QueueState.RUNNING:
        return {"state": QueueState.RUNNING, "since_at": None}
    return {"state": row["state"], "since_at": stamp_or_none(row["since"])}


def _since(outcome: Outcome) -> str | None:
    return None if outcome.result.since is None else stamp_of_ms(outcome.result.since)


def _stopped(outcome: Outcome) -> View:
    return {"paused": outcome.result.since is not None, "paused_at": _since(outcome)}


async def _carry_out(request: Request, caller: Caller, command: Command, view: Callable[[Outcome], View]) -> Response:
    process = services(request)
    dry = dry_run(request)
    await read_json(request, Nothing, optional=True)
    if dry:
        return dry_reply(view(await process.dispatcher.dry_run(caller.workspace, command)), would_status=200)
    outcome = await process.dispatcher.submit(
        caller.workspace,
        command,
        request_id=exchange(request).request_id,
        idempotency=await idempotency(request),
        render=lambda outcome: Rendered(200, to_json(view(outcome))),
    )
    return rendered_reply(outcome)
