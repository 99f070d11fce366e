"""Earlier versions of the configuration."""

from itertools import pairwise
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import services
from app.api.deps import known_version
from app.api.routers.configuration import FORMS, read_version, settings_of
from app.api.routers.describing import OF_READS, operation
from app.api.routers.formats import FormatQuery
from app.api.routers.paging import Paged, page_reply, place_after
from app.api.routers.reading import reading
from app.api.schemas.configuration_in_force import ConfigurationInForce
from app.api.schemas.objects import VersionPage
from app.errors import NotFound
from app.queries import histories
from app.services.configuration.diff import diff
from app.services.configuration.export import export
from app.services.views.moments import stamp

router = APIRouter(prefix="/v1/configuration/versions", tags=["configuration"])

SHOWN = 50
MOST_DIGITS = 9
Version = Annotated[str, Field(description="The number of a version.", examples=["7"])]


@router.get(
    "",
    summary="List versions of the configuration",
    description="The last first: who applied what, and what it changed.",
    **operation("list_configuration_versions", VersionPage, problems=(*OF_READS, "cursor_mismatch", "cursor_expired")),
)
async def list_configuration_versions(request: Request, caller: CallerDep, query: Annotated[Paged, Query()]) -> Response:
    after = place_after(request, query.cursor, int)
    async with reading(services(request), caller) as at:
        rows = await histories.page(at.connection, at.workspace, before=after[0] if after else None, limit=query.limit + 1)
        agents = await settings_of(at)
    forms = [export(row["document"], agents) for row in rows]
    if len(rows) <= query.limit:
        forms.append(export(None, agents))
    views = [_entry(row, before, now) for row, (now, before) in zip(rows[: query.limit], pairwise(forms), strict=False)]
    last = [views[-1]["version"]] if len(rows) > query.limit else None
    return page_reply(request, views, head=at.head, last_place=last)


@router.get(
    "/{version}",
    summary="Read a version of the configuration",
    description="What was in force then, with the agents as they are now. format=document gives what PUT /v1/configuration takes: "
    "with prune all but the agents is as it was then.",
    **operation("get_configuration_version", ConfigurationInForce, headers=(known_version,), responses=FORMS,
                problems=(*OF_READS, "configuration_not_found")),
)  # fmt: skip
async def get_configuration_version(
    request: Request, caller: CallerDep, version: Version, query: Annotated[FormatQuery, Query()]
) -> Response:
    if not (version.isascii() and version.isdecimal() and len(version) <= MOST_DIGITS and not version.startswith("0")):
        raise NotFound("configuration_not_found", "There is no such version in this workspace.")
    return await read_version(request, caller, int(version), query)


def _entry(row: dict[str, Any], before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    changes = [change for change in diff(before, now, prune=True) if not change.path.startswith("agents/")]
    return {
        "version": row["version"],
        "applied_at": stamp(row["applied_at"]),
        "actor": {"type": row["actor_type"], "id": row["actor_id"]},
        "changes": [{"path": change.path, "kind": change.kind} for change in changes[:SHOWN]],
        "changes_count": len(changes),
    }
