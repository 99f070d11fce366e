"""The parts of the configuration, each a resource of its own to read: by id or by name."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import services
from app.api.deps import known_version
from app.api.ids import read
from app.api.routers.configuration import settings_of
from app.api.routers.describing import OF_READS, operation
from app.api.routers.paging import Paged, page_reply, place_after
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import versioned_reply
from app.api.schemas import configuration_in_force as pages
from app.api.schemas import configuration_out as objects
from app.errors import NotFound
from app.services.views.configurations import PREFIXES, section_view

router = APIRouter()

# section of the document → path, singular in operation ids, in words, one, a page
SECTIONS: dict[str, tuple[str, str, type[BaseModel], type[BaseModel]]] = {
    "teams": ("teams", "team", objects.TeamOut, pages.TeamPage),
    "skills": ("skills", "skill", objects.SkillOut, pages.SkillPage),
    "queues": ("queues", "queue", objects.QueueOut, pages.QueuePage),
    "routing_policies": ("routing-policies", "routing_policy", objects.RoutingPolicyOut, pages.RoutingPolicyPage),
    "rules": ("rules", "rule", objects.RuleOut, pages.RulePage),
    "sla_policies": ("sla-policies", "sla_policy", objects.SlaPolicyOut, pages.SlaPolicyPage),
}
Ref = Annotated[str, Field(description="Id or name.", examples=["standard"])]
View = dict[str, Any]


async def _objects(at: Reading, section: str) -> list[View]:
    known = await at.configuration()
    if known.document is None:
        return []
    agents = await settings_of(at) if section == "sla_policies" else {}
    return section_view(section, known.document, agents)


def _lister(section: str) -> Callable[..., Awaitable[Response]]:
    async def list_objects(request: Request, caller: CallerDep, query: Annotated[Paged, Query()]) -> Response:
        async with reading(services(request), caller) as at:
            views = await _objects(at, section)
        version = at.head.configuration_version
        place = place_after(request, query.cursor, int, bound_to=version)
        start = place[0] if place else 0
        end = start + query.limit
        return page_reply(
            request,
            views[start:end],
            head=at.head,
            last_place=[end] if end < len(views) else None,
            bound_to=version,
        )

    return list_objects


def _getter(section: str, noun: str) -> Callable[..., Awaitable[Response]]:
    async def get_object(request: Request, caller: CallerDep, ref: Ref) -> Response:
        async with reading(services(request), caller) as at:
            views = await _objects(at, section)
        field = "name" if read(PREFIXES[section], ref) is None else "id"
        found = next((view for view in views if view[field] == ref), None)
        if found is None:
            raise NotFound(f"{noun}_not_found", f"There is no such {noun.replace('_', ' ')} in this workspace.")
        return versioned_reply(request, found, seq=at.head.last_seq)

    return get_object


def _add(section: str) -> None:
    path, noun, one, page = SECTIONS[section]
    words = section.replace("_", " ")
    router.add_api_route(
        f"/v1/{path}",
        _lister(section),
        methods=["GET"],
        tags=[path],
        summary=f"List {words}",
        description="In the order of the document. A cursor holds until the configuration changes.",
        **operation(f"list_{section}", page, problems=(*OF_READS, "cursor_mismatch", "cursor_expired")),
    )
    router.add_api_route(
        f"/v1/{path}/{{ref}}",
        _getter(section, noun),
        methods=["GET"],
        tags=[path],
        summary=f"Read a {noun.replace('_', ' ')}",
        description="By id or name. They are changed by applying a configuration.",
        **operation(f"get_{noun}", one, headers=(known_version,), problems=(f"{noun}_not_found",)),
    )


for _section in SECTIONS:
    _add(_section)
