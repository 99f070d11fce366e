"""One object of the configuration is changed: prepared on what is in force, and anew when another change came first."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response

from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency
from app.api.ids import mint
from app.api.routers.answering import Answer
from app.api.routers.conflicts import name_taken, needed_by_tickets, used_by_others
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import SEQ, dry_reply, json_reply, recalled, rendered_reply
from app.api.routers.standing import Found, Standing, standing
from app.dispatch.outcome import Outcome
from app.engine.commands import ApplyConfiguration
from app.engine.ids import WorkspaceId
from app.engine.refusals import ConfigurationMoved, QueueInUse, Refusal, SkillInUse, TeamInUse
from app.errors import Invalid, Problem, Unavailable
from app.services.configuration.edit import Edit, InUse, NameTaken, plan_edit
from app.services.configuration.plan import Plan

TRIES = 10
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Job:
    """A change of one object. `edit` says what, and whom it was, each time on what is in force then.

    It raises the problem where it cannot be. `status` is that of the answer, `expected` what the caller has read of an agent.
    """

    section: str
    edit: Callable[[Reading, Standing], Awaitable[tuple[Edit, Found | None]]]
    status: int = 200
    expected: int | None = None


class _Editors:
    """Within one process changes of one workspace come one after the other, so that they seldom have to be prepared twice."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[WorkspaceId, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, workspace: WorkspaceId) -> AsyncIterator[None]:
        """Raises Unavailable where it does not come in time."""
        lock = self._locks.get(workspace)
        if lock is None:
            lock = self._locks[workspace] = asyncio.Lock()
        try:
            await asyncio.wait_for(lock.acquire(), PATIENCE_SECONDS)
        except TimeoutError:
            raise Unavailable("overloaded", "Many changes of this workspace are waiting. Nothing was changed.") from None
        try:
            yield
        finally:
            lock.release()


EDITORS = _Editors()


async def carry_out(request: Request, caller: Caller, job: Job) -> Response:
    """Have it done, or tried where it is a dry run, and answer with the object.

    What was answered under the request's key is answered again, whatever has become of the object.
    """
    dry = dry_run(request)
    keyed = request.method in ("POST", "PATCH") and not dry
    async with EDITORS.turn(caller.workspace):
        if keyed and (known := await recalled(request, caller)) is not None:
            return known
        try:
            return await _until_it_stands_still(request, caller, job)
        except (Problem, Refusal):
            if keyed and (known := await recalled(request, caller)) is not None:
                return known  # the same request, sent to another process at the same time
            raise


async def _until_it_stands_still(request: Request, caller: Caller, job: Job) -> Response:
    for _ in range(TRIES - 1):
        try:
            return await _attempt(request, caller, job)
        except ConfigurationMoved:
            continue
    return await _attempt(request, caller, job)


async def _attempt(request: Request, caller: Caller, job: Job) -> Response:
    process = services(request)
    async with reading(process, caller) as at:
        present = await standing(at)
        edit, before = await job.edit(at, present)
    now_ms = await process.dispatcher.now(caller.workspace)
    made = await asyncio.to_thread(_planned, edit, present, now_ms=now_ms)
    answer = Answer(job.section, job.status, edit, before, present, made, now_ms)
    command = _command(caller, job, present, made, answer)
    key = await idempotency(request) if request.method in ("POST", "PATCH") else None
    try:
        if dry_run(request):
            tried = await process.dispatcher.dry_run(caller.workspace, command) if made.changes_anything else None
            return dry_reply(answer.imagined(tried), would_status=job.status)
        if made.changes_anything:
            outcome = await process.dispatcher.submit(
                caller.workspace, command, request_id=exchange(request).request_id, idempotency=key, render=answer.render
            )
        elif key is not None:
            outcome = await process.dispatcher.keep(caller.workspace, key, answer.render)
        else:
            return json_reply(answer.view(None), seq=present.head.last_seq, status=job.status, headers=answer.headers(None))
    except (QueueInUse, TeamInUse, SkillInUse) as refusal:
        if before is None or edit.item is not None:
            raise
        async with reading(process, caller) as at:
            raise await needed_by_tickets(at, job.section, before, refusal) from refusal
    return rendered_reply(outcome) if job.status != 204 else _gone(outcome)


def _planned(edit: Edit, present: Standing, *, now_ms: int) -> Plan:
    version = present.head.configuration_version + 1
    try:
        made = plan_edit(edit, present.document, present.agents, mint=mint, version=version, now_ms=now_ms)
    except NameTaken:
        raise name_taken(present, edit) from None
    except InUse as in_use:
        raise used_by_others(present, edit, in_use) from None
    if made.mistakes:
        count = len(made.mistakes)
        said = "one mistake" if count == 1 else f"{count} mistakes"
        if edit.item is None:
            detail = f"Without it the configuration has {said}; errors says where."
            raise Invalid("invalid_configuration", detail, errors=made.mistakes)
        raise Invalid("invalid_body", f"The body has {said}; errors says where.", errors=made.mistakes)
    return made


def _command(caller: Caller, job: Job, present: Standing, made: Plan, answer: Answer) -> ApplyConfiguration:
    return ApplyConfiguration(
        caller.actor,
        present.head.configuration_version,
        made.document_with_ids or {},
        made.agents,
        made.removed,
        made.retitled,
        agent=answer.agent,
        expected_version=job.expected,
    )


def _gone(outcome: Outcome) -> Response:
    headers = {**(outcome.rendered.headers if outcome.rendered else {}), SEQ: str(outcome.seq)}
    return Response(status_code=204, headers=headers)
