"""The configuration as one document: read it, apply another, see what that would change."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import read_json
from app.api.context import Caller, exchange, services
from app.api.deps import dry_run, known_version, precondition
from app.api.ids import mint
from app.api.routers.describing import OF_READS, OF_WRITES, operation
from app.api.routers.formats import FormatQuery
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import dry_reply, etag, json_reply, versioned_reply
from app.api.schemas.answers import QueryBool
from app.api.schemas.configuration import ConfigurationDocument
from app.api.schemas.configuration_in_force import AppliedOut, ConfigurationInForce, WouldApplyOut
from app.api.schemas.forms import DocumentForm
from app.engine.commands import AgentSetting, ApplyConfiguration
from app.engine.refusals import ConfigurationMoved
from app.errors import Invalid, NotFound, Stale
from app.queries import agents, configurations
from app.services.configuration.export import export
from app.services.configuration.plan import Plan, plan
from app.services.views.configurations import agent_settings, change_view, document_view
from app.services.views.moments import stamp

router = APIRouter(prefix="/v1/configuration", tags=["configuration"])

EXAMPLE = {
    "time_zone": "Asia/Jakarta",
    "teams": [{"name": "billing", "title": "Billing"}],
    "routing_policies": [{"name": "standard", "strategy": "least_load"}],
    "queues": [{"name": "billing", "routing_policy": "standard", "teams": ["billing"]}],
    "agents": [{"name": "ani", "title": "Ani Wijaya", "teams": ["billing"], "capacity": 5}],
}


class ApplyQuery(BaseModel):
    """How to take what the document does not name."""

    prune: QueryBool = Field(default=False, description="Remove what the document does not name; else it stays.")


FORMS: dict[int, Any] = {
    200: {"model": ConfigurationInForce | DocumentForm, "description": "With ids, versions and times, or as PUT takes it."}
}


@dataclass(frozen=True, slots=True)
class Present:
    """What is in force while a change is prepared."""

    version: int
    document: dict[str, Any] | None
    agents: dict[str, AgentSetting]


@router.get(
    "",
    summary="Read the configuration",
    description="The whole that is in force, agents among it. format=document gives what PUT takes back as it is.",
    **operation("get_configuration", ConfigurationInForce, headers=(known_version,), responses=FORMS,
                problems=(*OF_READS, "configuration_not_found")),
)  # fmt: skip
async def get_configuration(request: Request, caller: CallerDep, query: Annotated[FormatQuery, Query()]) -> Response:
    return await read_version(request, caller, None, query)


async def read_version(request: Request, caller: Caller, version: int | None, query: FormatQuery) -> Response:
    """A version, or the one in force, in the form that is wished for."""
    async with reading(services(request), caller) as at:
        view = await _in_force(at, version)
        if query.is_document:
            document = (await at.configuration(view["version"])).document
            plain = export(document, await settings_of(at))
            return versioned_reply(request, plain, seq=at.head.last_seq, version=view["version"])
    return versioned_reply(request, view, seq=at.head.last_seq)


@router.put(
    "",
    summary="Apply a configuration",
    description="Checked and put in force as a whole. What it does not name stays, unless prune. dry_run shows the changes.",
    **operation(
        "apply_configuration",
        AppliedOut,
        body=ConfigurationDocument,
        example=EXAMPLE,
        headers=(precondition, dry_run),
        problems=(
            *OF_WRITES, "invalid_header", "invalid_parameter", "precondition_required", "version_mismatch",
            "invalid_configuration", "queue_in_use", "team_in_use", "skill_in_use",
        ),
        responses={200: {"model": AppliedOut | WouldApplyOut, "description": "In force, or with dry_run what would change."}},
    ),
)  # fmt: skip
async def apply_configuration(request: Request, caller: CallerDep, query: Annotated[ApplyQuery, Query()]) -> Response:
    base, dry = precondition(request), dry_run(request)
    wanted = await asyncio.to_thread((await read_json(request, ConfigurationDocument)).wanted)
    process = services(request)
    async with reading(process, caller) as at:
        present = await _present(at)
    if base != present.version:
        raise _moved(present.version)
    now_ms = await process.dispatcher.now(caller.workspace)
    made = await asyncio.to_thread(_planned, wanted, present, prune=query.prune, now_ms=now_ms)
    changes = await asyncio.to_thread(lambda: [change_view(change) for change in made.changes])
    command = ApplyConfiguration(caller.actor, base, made.document_with_ids or {}, made.agents, made.removed, made.retitled)
    try:
        if dry:
            if made.changes_anything:
                await process.dispatcher.dry_run(caller.workspace, command)
            return dry_reply({"version": base + made.changes_anything, "changes": changes}, would_status=200)
        if made.changes_anything:
            await process.dispatcher.submit(caller.workspace, command, request_id=exchange(request).request_id)
    except ConfigurationMoved as moved:
        raise _moved(moved.facts.get("version")) from moved
    return await _applied(request, caller, base + made.changes_anything, changes)


async def _applied(request: Request, caller: Caller, version: int, changes: list[dict[str, Any]]) -> Response:
    """The version that this call made, also when another has come since."""
    async with reading(services(request), caller) as at:
        view = await _in_force(at, version)
    return json_reply({**view, "changes": changes}, seq=at.head.last_seq, headers={"ETag": etag(version)})


def _planned(wanted: dict[str, Any], present: Present, *, prune: bool, now_ms: int) -> Plan:
    made = plan(wanted, present.document, present.agents, prune=prune, mint=mint, version=present.version + 1, now_ms=now_ms)
    if made.mistakes:
        count = len(made.mistakes)
        said = "one mistake" if count == 1 else f"{count} mistakes"
        raise Invalid(
            "invalid_configuration",
            f"The configuration has {said}; errors says where. Nothing was applied.",
            errors=made.mistakes,
        )
    return made


async def _present(at: Reading) -> Present:
    known = await at.configuration()
    return Present(at.head.configuration_version, known.document, await settings_of(at))


async def _in_force(at: Reading, version: int | None = None) -> dict[str, Any]:
    row = await configurations.one(at.connection, at.workspace, version or at.head.configuration_version)
    if row is None and version is not None:
        raise NotFound("configuration_not_found", "There is no such version in this workspace.")
    if row is None:
        raise NotFound("configuration_not_found", "Nothing has been applied yet. PUT a document with If-None-Match: * to begin.")
    return {
        "version": row["version"],
        "applied_at": stamp(row["applied_at"]),
        "document": await asyncio.to_thread(document_view, row["document"], await settings_of(at)),
    }


async def settings_of(at: Reading) -> dict[str, AgentSetting]:
    """All agents who are there, by name, in the order in which they joined."""
    rows = await agents.everybody(at.connection, at.workspace)
    return await asyncio.to_thread(agent_settings, rows)


def _moved(version: int | None) -> Stale:
    detail = "Nothing has been applied yet" if not version else f"The configuration is at version {version} now"
    return Stale("version_mismatch", f"{detail}. Read it, then send the change again.", version=version)
