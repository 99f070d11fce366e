"""The parts of the configuration, each a resource of its own to read: by id or by name."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.context import services
from app.api.deps import known_version
from app.api.ids import one_of, read, spoken
from app.api.routers.configuration import settings_of
from app.api.routers.describing import OF_READS, operation
from app.api.routers.filtering import FILTERS, Order, SectionFilter, chosen, ordered
from app.api.routers.formats import FormatQuery
from app.api.routers.paging import Paged, page_reply, place_after
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import CONFIGURATION, json_reply, versioned_reply
from app.api.schemas import configuration_in_force as pages
from app.api.schemas import configuration_out as objects
from app.api.schemas import forms
from app.api.schemas.answers import Count
from app.errors import NotFound
from app.services.configuration.identify import STAMP
from app.services.views.configurations import PREFIXES, section_view

router = APIRouter()

# section of the document → path, singular in operation ids, in a document, one, a page
SECTIONS: dict[str, tuple[str, str, type[BaseModel], type[BaseModel], type[BaseModel]]] = {
    "teams": ("teams", "team", forms.TeamForm, objects.TeamOut, pages.TeamPage),
    "skills": ("skills", "skill", forms.SkillForm, objects.SkillOut, pages.SkillPage),
    "queues": ("queues", "queue", forms.QueueForm, objects.QueueOut, pages.QueuePage),
    "routing_policies": (
        "routing-policies", "routing_policy", forms.RoutingPolicyForm, objects.RoutingPolicyOut, pages.RoutingPolicyPage,
    ),
    "rules": ("rules", "rule", forms.RuleForm, objects.RuleOut, pages.RulePage),
    "sla_policies": ("sla-policies", "sla_policy", forms.SlaPolicyForm, objects.SlaPolicyOut, pages.SlaPolicyPage),
}  # fmt: skip
Ref = Annotated[str, Field(description="Id or name.", examples=["standard"])]
View = dict[str, Any]


class Sorted(Paged):
    """What every list of these takes."""

    sort: Order | None = Field(default=None, description="The document's order if left out; a minus is the largest first.")


async def _objects(at: Reading, section: str) -> list[View]:
    known = await at.configuration()
    if known.document is None:
        return []
    agents = await settings_of(at) if section == "sla_policies" else {}
    return section_view(section, known.document, agents)


async def _chosen(at: Reading, section: str, wanted: BaseModel) -> list[View]:
    document = (await at.configuration()).document or {"queues": [], "teams": []}
    return chosen(await _objects(at, section), wanted, document)


def _lister(section: str, wanted: type[SectionFilter]) -> Callable[..., Awaitable[Response]]:
    listed: Any = create_model(f"{wanted.__name__}List", __base__=(Sorted, wanted))

    async def list_objects(request: Request, caller: CallerDep, query: Annotated[listed, Query()]) -> Response:
        asked: Any = query
        async with reading(services(request), caller) as at:
            views = ordered(await _chosen(at, section, asked), asked.sort)
        version = at.head.configuration_version
        place = place_after(request, asked.cursor, int, bound_to=version)
        start = place[0] if place else 0
        end = start + asked.limit
        return page_reply(
            request,
            views[start:end],
            head=at.head,
            last_place=[end] if end < len(views) else None,
            bound_to=version,
        )

    return list_objects


def _counter(section: str, wanted: type[SectionFilter]) -> Callable[..., Awaitable[Response]]:
    async def count_objects(request: Request, caller: CallerDep, query: Annotated[wanted, Query()]) -> Response:  # type: ignore[valid-type]
        async with reading(services(request), caller) as at:
            views = await _chosen(at, section, query)
        return json_reply({"count": len(views), "capped": False}, seq=at.head.last_seq)

    return count_objects


def _getter(section: str, noun: str) -> Callable[..., Awaitable[Response]]:
    async def get_object(request: Request, caller: CallerDep, ref: Ref, query: Annotated[FormatQuery, Query()]) -> Response:
        async with reading(services(request), caller) as at:
            views = await _objects(at, section)
        field = "name" if read(PREFIXES[section], ref) is None else "id"
        found = next((view for view in views if view[field] == ref), None)
        if found is None:
            raise NotFound(f"{noun}_not_found", f"There is no such {noun.replace('_', ' ')} in this workspace.")
        view = {name: value for name, value in found.items() if name not in STAMP} if query.is_document else found
        headers = {CONFIGURATION: str(at.head.configuration_version)}
        return versioned_reply(request, view, seq=at.head.last_seq, version=found["version"], headers=headers)

    return get_object


def _add(section: str) -> None:
    path, noun, form, one, page = SECTIONS[section]
    words = spoken(section)
    wanted = FILTERS.get(section, SectionFilter)
    router.add_api_route(
        f"/v1/{path}",
        _lister(section, wanted),
        methods=["GET"],
        tags=[path],
        summary=f"List {words}",
        description="A cursor holds until the configuration changes.",
        **operation(f"list_{section}", page, problems=(*OF_READS, "cursor_mismatch", "cursor_expired")),
    )
    router.add_api_route(
        f"/v1/{path}/count",
        _counter(section, wanted),
        methods=["GET"],
        tags=[path],
        summary=f"Count {words}",
        description="The filters of the list.",
        **operation(f"count_{section}", Count, problems=OF_READS),
    )
    router.add_api_route(
        f"/v1/{path}/{{ref}}",
        _getter(section, noun),
        methods=["GET"],
        tags=[path],
        summary=f"Read {one_of(spoken(noun))}",
        description="By id or name.",
        **operation(f"get_{noun}", one, headers=(known_version,), problems=(*OF_READS, f"{noun}_not_found"),
                    responses={200: {"model": one | form, "description": "With id, version and times, or as a document has it."}}),
    )  # fmt: skip


for _section in SECTIONS:
    _add(_section)
