"""Which tickets would another configuration change, and to whom would they go? Nothing is stored."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import Caller, Services, exchange, services
from app.api.ids import decode, mint
from app.api.routers.configuration import Present, settings_of
from app.api.routers.creating import TRIES
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.finding import EXTERNAL, ticket_not_found
from app.api.routers.reading import DOCUMENTS, Reading, reading
from app.api.routers.replies import json_reply
from app.api.schemas.trials import MOST_TICKETS, RULE, EditOf, TicketsTried, TrialIn, TrialOut
from app.engine.asking import MayApply, Past, Placed, Refused, Trial
from app.engine.configuration import Configuration, compile_configuration
from app.engine.ids import WorkspaceId
from app.engine.mistakes import Mistake
from app.engine.refusals import ConfigurationMoved
from app.errors import Invalid, Unavailable
from app.queries import agents, tickets, trials
from app.services.configuration.diff import Change
from app.services.configuration.edits import edited
from app.services.configuration.export import export
from app.services.configuration.plan import plan
from app.services.trials.pasts import Asked, asked, pasts
from app.services.views.configurations import change_view
from app.services.views.moments import stamp_of_ms
from app.services.views.names import names_in
from app.services.views.trials import Naming, chosen_numbers, trial_view

router = APIRouter(prefix="/v1/configuration", tags=["configuration"])

SECONDS = 25.0
AT_ONCE = 20  # tickets that are placed between two turns of the event loop
_UNDER_WAY: set[WorkspaceId] = set()


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known before the state is asked."""

    present: Present
    document: dict[str, Any]
    tried: Configuration
    changes: Sequence[Change]
    every: Sequence[Asked]
    before: Sequence[Past]
    after: Sequence[Past]


@router.post(
    "/trial",
    summary="Try a configuration on tickets of the past",
    description=(
        "What each of the last tickets would get if it came in now as it came in then, under the configuration in force and under the "
        "changed one, and to whom it would go with the agents of this moment. Each ticket is looked at for itself. Checked as applying "
        "it would be; nothing is stored. One at a time in a workspace."
    ),
    **operation(
        "try_configuration",
        TrialOut,
        body=TrialIn,
        example={"changes": [{"section": "rules", "object": RULE}], "tickets": {"last": 200}},
        problems=(
            *OF_WRITES,
            "invalid_configuration",
            "queue_in_use",
            "team_in_use",
            "ticket_not_found",
            "configuration_changed",
        ),
    ),
)
async def try_configuration(request: Request, caller: CallerDep) -> Response:
    body = await read_json(request, TrialIn)
    _check_shape(body)
    with _alone(caller.workspace):
        try:
            async with asyncio.timeout(SECONDS):
                return await _tried(request, caller, body)
        except TimeoutError:
            detail = "The trial took longer than it may. Try it on fewer tickets."
            raise Unavailable("deadline_exceeded", detail, retry_after=5) from None


@contextmanager
def _alone(workspace: WorkspaceId) -> Iterator[None]:
    if workspace in _UNDER_WAY:
        raise Unavailable("overloaded", "Another trial of this workspace is under way. Try again when it is done.", retry_after=5)
    _UNDER_WAY.add(workspace)
    try:
        yield
    finally:
        _UNDER_WAY.discard(workspace)


async def _tried(request: Request, caller: Caller, body: TrialIn) -> Response:
    process = services(request)
    for left in range(TRIES, 0, -1):
        ready = await _prepared(process, caller, body)
        try:
            outcome = await process.dispatcher.ask(caller.workspace, MayApply(ready.present.version, ready.tried))
            before = await _placed(process, caller, ready.present.version, None, ready.before)
            after = await _placed(process, caller, ready.present.version, ready.tried, ready.after)
            break
        except ConfigurationMoved:
            if left == 1:
                raise
    async with reading(process, caller) as at:
        people = await agents.numbered(at.connection, at.workspace, chosen_numbers(before, after))
    stored = names_in(ready.present.document)
    view = trial_view(
        ready.every,
        (before, Naming(ready.present.document or {}, stored, stored)),
        (after, Naming(ready.document, names_in(ready.document), stored)),
        people=people,
        language=exchange(request).language,
        configuration_version=ready.present.version,
        at=stamp_of_ms(outcome.at),
        changes=[change_view(change) for change in ready.changes],
    )
    return json_reply(view, seq=outcome.seq)


async def _placed(
    process: Services, caller: Caller, base: int, tried: Configuration | None, every: Sequence[Past]
) -> list[Placed | Refused]:
    """In parts, so that others are served in between."""
    found: list[Placed | Refused] = []
    for start in range(0, len(every), AT_ONCE):
        part = Trial(base, tried, tuple(every[start : start + AT_ONCE]))
        found += (await process.dispatcher.ask(caller.workspace, part)).answer
    return found


async def _prepared(process: Services, caller: Caller, body: TrialIn) -> Prepared:
    """Checked, compiled, and every ticket's words read under both configurations; away from the event loop."""
    in_force = await process.dispatcher.configuration(caller.workspace)
    async with reading(process, caller) as at:
        known = await at.configuration()
        present = Present(at.head.configuration_version, known.document, await settings_of(at))
        rows = await trials.as_they_came(at.connection, at.workspace, await _ids(at, body.tickets))
        versions = {row["created"]["configuration"] for row in rows if row["created"] is not None}
        documents = await DOCUMENTS.several(at.connection, at.workspace, versions)
    if in_force.version != present.version:
        await process.dispatcher.ask(caller.workspace, lambda state, facts, now: None)  # noqa: ARG005  # it catches up
        in_force = await process.dispatcher.configuration(caller.workspace)

    def prepare() -> Prepared:
        document, changes = _planned(body, present)
        tried = compile_configuration(present.version + 1, document)
        every = []
        for row in rows:
            created = row["created"]
            then = documents[created["configuration"]].document if created is not None else present.document
            every.append(asked(row, then))
        before, after = pasts(every, caller.actor, in_force), pasts(every, caller.actor, tried)
        return Prepared(present, document, tried, changes, every, before, after)

    return await asyncio.to_thread(prepare)


def _planned(body: TrialIn, present: Present) -> tuple[dict[str, Any], Sequence[Change]]:
    said = body.model_dump(mode="json", exclude_unset=True)
    whole = export(present.document, present.agents)
    made = edited(said.get("document"), said.get("changes", ()), whole, prune=body.prune)
    planned = plan(made.whole, present.document, present.agents, prune=True, mint=mint, version=present.version + 1, now_ms=0)
    mistakes = [*made.mistakes, *made.pointed(planned.mistakes)]
    if mistakes:
        said_so = "one mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise Invalid(
            "invalid_configuration", f"The configuration has {said_so}; errors says where. Nothing was applied.", errors=mistakes
        )
    return planned.document_with_ids or {}, planned.changes


def _check_shape(body: TrialIn) -> None:
    """What the schema cannot say."""
    mistakes = []
    for index, edit in enumerate(body.changes):
        assert isinstance(edit, EditOf)  # noqa: S101  # each form is one
        if (edit.object is None) == (edit.remove is None):
            mistakes.append(Mistake(f"/changes/{index}", "ambiguous", "Give either object or remove."))
    if body.document is None and not body.changes:
        mistakes.append(Mistake("/changes", "required", "Say what to try: document or changes."))
    if len(body.tickets.ids) + (body.tickets.last or 0) > MOST_TICKETS:
        mistakes.append(Mistake("/tickets", "too_many", f"There may be at most {MOST_TICKETS} tickets."))
    if mistakes:
        detail = "The body has one mistake" if len(mistakes) == 1 else f"The body has {len(mistakes)} mistakes"
        raise Invalid("invalid_body", f"{detail}; errors says where.", errors=mistakes)


async def _ids(at: Reading, wanted: TicketsTried) -> list[UUID]:
    """Raises NotFound for a ticket that is not there."""
    external = {text.removeprefix(EXTERNAL) for text in wanted.ids if text.startswith(EXTERNAL)}
    known = await tickets.ids_of_external(at.connection, at.workspace, external) if external else {}
    named = [
        known.get(text.removeprefix(EXTERNAL))
        if text.startswith(EXTERNAL)
        else UUID(bytes=decode("tkt", text, pointer=f"/tickets/ids/{index}"))
        for index, text in enumerate(wanted.ids)
    ]
    ids = [ticket for ticket in named if ticket is not None]
    if len(ids) != len(named) or len(await tickets.present(at.connection, at.workspace, ids)) != len(set(ids)):
        raise ticket_not_found()
    count = wanted.last if wanted.last is not None else 0 if wanted.ids else MOST_TICKETS
    return list(dict.fromkeys([*ids, *await trials.last(at.connection, at.workspace, count)]))
