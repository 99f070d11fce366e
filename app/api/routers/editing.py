"""One object of the configuration is changed: prepared on what is in force, and anew when another change came first."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, idempotency
from app.api.ids import encode, mint
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import CONFIGURATION, SEQ, dry_reply, json_reply, recalled, rendered, rendered_reply
from app.api.routers.standing import AGENTS, OF_SECTIONS, Found, Standing, noun, standing
from app.dispatch.outcome import Outcome, Rendered
from app.engine.commands import ApplyConfiguration
from app.engine.ids import AgentId, WorkspaceId
from app.engine.refusals import ConfigurationMoved, QueueInUse, Refusal, SkillInUse, TeamInUse
from app.errors import Conflict, Invalid, Problem
from app.queries import uses
from app.services.configuration.edit import Edit, InUse, NameTaken, plan_edit
from app.services.configuration.plan import Plan
from app.services.configuration.uses import User
from app.services.views.agents import agent_view, imagined_row
from app.services.views.configurations import change_view, section_view
from app.services.views.farewell import farewell
from app.services.views.names import names_in

TRIES = 10
SHOWN_USERS = 100


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

    def turn(self, workspace: WorkspaceId) -> asyncio.Lock:
        lock = self._locks.get(workspace)
        if lock is None:
            lock = self._locks[workspace] = asyncio.Lock()
        return lock


EDITORS = _Editors()


async def carry_out(request: Request, caller: Caller, job: Job) -> Response:
    """Have it done, or tried where it is a dry run, and answer with the object.

    What was answered under the request's key is answered again, whatever has become of the object.
    """
    keyed = request.method in ("POST", "PATCH") and not dry_run(request)
    turn = EDITORS.turn(caller.workspace)
    async with turn:
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
    answer = Answer(job, edit, before, present, made, now_ms)
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
        raise await _needed(request, caller, job, before, refusal) from refusal
    return rendered_reply(outcome) if job.status != 204 else _gone(outcome)


def _planned(edit: Edit, present: Standing, *, now_ms: int) -> Plan:
    version = present.head.configuration_version + 1
    try:
        made = plan_edit(edit, present.document, present.agents, mint=mint, version=version, now_ms=now_ms)
    except NameTaken:
        raise _taken(present, edit) from None
    except InUse as in_use:
        raise _used(present, edit, in_use) from None
    if made.mistakes:
        count = len(made.mistakes)
        said = "one mistake" if count == 1 else f"{count} mistakes"
        raise Invalid("invalid_body", f"The body has {said}; errors says where.", errors=made.mistakes)
    return made


def _command(caller: Caller, job: Job, present: Standing, made: Plan, answer: "Answer") -> ApplyConfiguration:
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a change that was planned, once it is made or tried."""

    job: Job
    edit: Edit
    before: Found | None
    present: Standing
    made: Plan
    now_ms: int

    @property
    def agent(self) -> AgentId | None:
        """The agent whom it is about."""
        if self.job.section != AGENTS:
            return None
        if self.before is not None:
            return AgentId(self.before.id)
        return next(iter(self.made.agents)).agent

    def view(self, outcome: Outcome | None) -> dict[str, Any]:
        """The object as it is then; of one who left, what became of their work. Without an outcome nothing has changed."""
        if self.edit.item is None:
            return self._farewell(outcome)
        if self.job.section == AGENTS:
            row = outcome.agent if outcome is not None else None
            return agent_view(row or self._row(), names_in(self.made.document_with_ids))
        document = self.made.document_with_ids or {}
        name = self.edit.item["name"]
        return next(view for view in section_view(self.job.section, document, self.present.agents) if view["name"] == name)

    def imagined(self, outcome: Outcome | None) -> dict[str, Any]:
        """What a dry run says: what is new has no id yet."""
        changes = {"changes": [change_view(change) for change in self.made.changes]}
        if self.edit.item is None and self.job.section != AGENTS:
            return changes
        view = {**self.view(outcome), **changes}
        if self.before is None and self.edit.stamp is None:
            view["id"] = None
        if self.before is None and self.job.section == AGENTS:
            view["number"] = None
        return view

    def headers(self, view: Mapping[str, Any] | None) -> dict[str, str]:
        version = self.present.head.configuration_version + self.made.changes_anything
        located = (
            {"Location": f"/v1/{self.job.section.replace('_', '-')}/{view['id']}"} if view and self.job.status == 201 else {}
        )
        return {CONFIGURATION: str(version), **located}

    def render(self, outcome: Outcome) -> Rendered:
        if self.job.status == 204:
            return Rendered(204, b"", self.headers(None))
        view = self.view(outcome)
        if "version" not in view:
            return Rendered(self.job.status, to_json(view), self.headers(view))
        return rendered(view, status=self.job.status, headers=self.headers(view))

    def _row(self) -> dict[str, Any]:
        """The agent's row as it will be, or as it stays."""
        row = self.present.row(self.before.id) if self.before is not None else None
        if not self.made.agents and row is not None:
            return row
        return imagined_row(self.made.agents[0], row, now_ms=self.now_ms)

    def _farewell(self, outcome: Outcome | None) -> dict[str, Any]:
        if self.before is None or outcome is None:
            raise RuntimeError("one who leaves was there, and leaving is a change")
        return farewell(self.before.id, self.before.name, outcome.events, outcome.decisions)


def _gone(outcome: Outcome) -> Response:
    headers = {**(outcome.rendered.headers if outcome.rendered else {}), SEQ: str(outcome.seq)}
    return Response(status_code=204, headers=headers)


def _taken(present: Standing, edit: Edit) -> Conflict:
    name = (edit.item or {})["name"]
    other = present.existing(edit.section, name)
    said = noun(edit.section).replace("_", " ")
    return Conflict(
        "already_exists", f"There is a {said} named {name} already.", id=encode(OF_SECTIONS[edit.section], other.id), name=name
    )


def _used(present: Standing, edit: Edit, in_use: InUse) -> Conflict:
    shown = [_user(present, user) for user in in_use.users[:SHOWN_USERS]]
    named = ", ".join(f"{user['type']} {user['name']}".replace("_", " ") for user in shown[:3])
    more = len(in_use.users) - 3
    said = f"{named} and {more} more" if more > 0 else named
    return Conflict(
        "in_use",
        f"The {noun(edit.section).replace('_', ' ')} {edit.name} is used by {said}. Change them first.",
        used_by=shown,
        used_by_count=len(in_use.users),
    )


def _user(present: Standing, user: User) -> dict[str, Any]:
    if not user.section:
        return {"type": "configuration", "id": None, "name": user.name}
    found = present.existing(user.section, user.name)
    return {"type": noun(user.section), "id": encode(OF_SECTIONS[user.section], found.id), "name": user.name}


async def _needed(request: Request, caller: Caller, job: Job, before: Found | None, refusal: Refusal) -> Refusal | Conflict:
    """The open tickets in the way, where it is about one object that would go."""
    if before is None or job.section not in ("queues", "teams", "skills"):
        return refusal
    async with reading(services(request), caller) as at:
        found = await uses.open_tickets(at.connection, at.workspace, job.section, UUID(bytes=before.id))
    counted = sum(next(iter(refusal.facts.values())).values())
    used_by = [{"type": "ticket", "id": encode("tkt", ticket), "name": str(number)} for ticket, number in found]
    return Conflict("in_use", refusal.detail, used_by=used_by, used_by_count=counted)
