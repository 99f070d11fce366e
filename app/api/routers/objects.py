"""Writing single objects of the configuration: teams, skills, queues, policies, rules and agents, all in one way."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import parse, read_json
from app.api.context import Caller
from app.api.deps import dry_run, idempotency, if_match, one_header, precondition
from app.api.ids import one_of, spoken
from app.api.routers.describing import OF_WRITES, operation
from app.api.routers.editing import Job, carry_out
from app.api.routers.placing import place_of
from app.api.routers.reading import Reading
from app.api.routers.standing import AGENTS, Found, Standing, not_found, noun
from app.api.schemas import agents, objects
from app.api.schemas import configuration as documents
from app.api.schemas import configuration_out as out
from app.api.schemas.patches import patch_of
from app.engine.mistakes import Mistake
from app.engine.vocabulary import Role
from app.errors import Forbidden, Invalid, Stale
from app.services.configuration.edit import Edit
from app.services.configuration.patching import patched

router = APIRouter()

Ref = Annotated[str, Field(description="Id or name.", examples=["standard"])]
AgentRef = Annotated[str, Path(alias="agent", description="The agent's id, name, or ext:<external_id>.", examples=["ani"])]
Route = Callable[..., Awaitable[Response]]
OF_CHANGES = (*OF_WRITES, "configuration_changed", "version_mismatch", "already_exists", "invalid_body")
OF_SUPERVISORS = {"enabled"}


@dataclass(frozen=True, slots=True)
class Resource:
    """How one section of the document is written. `creates` is `model` and where it stands, where order matters."""

    section: str
    model: type[BaseModel]
    answer: type[BaseModel]
    dry: type[BaseModel]
    example: Mapping[str, Any]
    patch: Mapping[str, Any] = field(default_factory=lambda: {"title": "Another title"})
    creates: type[BaseModel] | None = None

    @property
    def path(self) -> str:
        return self.section.replace("_", "-")

    @property
    def ref(self) -> Any:
        """What names one of them in an address."""
        return AgentRef if self.section == AGENTS else Ref

    @property
    def one(self) -> str:
        """The address of one."""
        return f"/v1/{self.path}/{{{'agent' if self.section == AGENTS else 'ref'}}}"

    @property
    def words(self) -> str:
        return spoken(noun(self.section))


RESOURCES = (
    Resource("teams", documents.Team, out.TeamOut, objects.TeamDryRun, {"name": "night", "title": "Night shift"}),
    Resource("skills", documents.Skill, out.SkillOut, objects.SkillDryRun, {"name": "deutsch", "title": "German"}),
    Resource("queues", documents.Queue, out.QueueOut, objects.QueueDryRun,
             {"name": "returns", "routing_policy": "standard", "teams": ["billing"]}, {"sla_policy": None, "weight": 5}),
    Resource("routing_policies", documents.RoutingPolicy, out.RoutingPolicyOut, objects.RoutingPolicyDryRun,
             {"name": "fair", "strategy": "least_load"}, {"handover": "offer", "offer_seconds": 30}),
    Resource("rules", documents.Rule, out.RuleOut, objects.RuleDryRun,
             {"name": "calls-first", "when": {"field": "kind", "op": "eq", "value": "call"}, "then": {"priority": "high"}, "position": 1},
             {"enabled": False}, objects.RuleIn),
    Resource("sla_policies", documents.SlaPolicy, out.SlaPolicyOut, objects.SlaPolicyDryRun,
             {"name": "gold", "targets": {"urgent": {"first_response_seconds": 300}}}, {"targets": {"low": None}}),
    Resource("agents", documents.Agent, agents.AgentOut, objects.AgentDryRun,
             {"name": "dewi", "title": "Dewi Sari", "teams": ["billing"], "capacity": 5}, {"capacity": 3, "external_id": None}),
)  # fmt: skip


def _creator(resource: Resource) -> Route:
    async def create_object(request: Request, caller: CallerDep) -> Response:
        said = (await read_json(request, resource.creates or resource.model)).model_dump(mode="json", exclude_unset=True)
        place = {name: said.pop(name) for name in objects.Place.model_fields if name in said and resource.creates}

        async def edit(_at: Reading, present: Standing) -> tuple[Edit, Found | None]:
            return Edit(resource.section, item=said, place=place_of(present, place, own=None)), None

        return await carry_out(request, caller, Job(resource.section, edit, 201))

    return create_object


def _replacer(resource: Resource) -> Route:
    named: Any = resource.ref

    async def replace_object(request: Request, caller: CallerDep, ref: named) -> Response:
        said = (await read_json(request, resource.model)).model_dump(mode="json", exclude_unset=True)
        creates = one_header(request, b"if-none-match") == "*" and if_match(request) is None
        expected = if_match(request)

        async def edit(_at: Reading, present: Standing) -> tuple[Edit, Found | None]:
            found = present.find(resource.section, ref)
            if found is None and not creates:
                raise not_found(resource.section)
            if creates and found is not None:
                detail = f"The {resource.words} is there already, at version {found.version}. Send If-Match to replace it."
                raise Stale("version_mismatch", detail, version=found.version)
            if found is not None:
                precondition(request)
                found.expect(expected, resource.section)
            _same_name(said["name"], ref if found is None else found.name)
            return Edit(resource.section, None if found is None else found.name, said), found

        return await carry_out(request, caller, Job(resource.section, edit, 201 if creates else 200, expected))

    return replace_object


def _updater(resource: Resource) -> Route:
    model = patch_of(resource.model)
    named: Any = resource.ref

    async def update_object(request: Request, caller: CallerDep, ref: named) -> Response:
        patch = (await read_json(request, model)).model_dump(mode="json", exclude_unset=True)
        _may(caller, resource, patch)
        expected = if_match(request)

        async def edit(_at: Reading, present: Standing) -> tuple[Edit, Found | None]:
            found = present.existing(resource.section, ref)
            found.expect(expected, resource.section)
            return Edit(resource.section, found.name, _whole(resource, found, patch)), found

        return await carry_out(request, caller, Job(resource.section, edit, 200, expected))

    return update_object


def _deleter(resource: Resource) -> Route:
    named: Any = resource.ref

    async def delete_object(request: Request, caller: CallerDep, ref: named) -> Response:
        expected = if_match(request)

        async def edit(_at: Reading, present: Standing) -> tuple[Edit, Found | None]:
            found = present.existing(resource.section, ref)
            found.expect(expected, resource.section)
            return Edit(resource.section, found.name), found

        return await carry_out(request, caller, Job(resource.section, edit, 200 if resource.section == AGENTS else 204, expected))

    return delete_object


def _whole(resource: Resource, found: Found, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The object after the patch, checked as if it had been sent whole. Raises Invalid."""
    changed = patched(resource.section, found.form, patch)
    return parse(to_json(changed), resource.model).model_dump(mode="json", exclude_unset=True)


def _may(caller: Caller, resource: Resource, patch: Mapping[str, Any]) -> None:
    """A supervisor switches rules on and off; what they say is an admin's to write. Raises Forbidden."""
    if resource.section != "rules" or caller.role is Role.ADMIN:
        return
    if others := [name for name in patch if name not in OF_SUPERVISORS]:
        errors = [Mistake(f"/{name}", "field_forbidden", "Only an admin may change it.") for name in others]
        raise Forbidden(
            "field_forbidden", "A supervisor may switch rules on and off: send enabled and nothing else.", errors=errors
        )


def _same_name(said: str, wanted: str) -> None:
    if said != wanted:
        mistake = Mistake("/name", "not_allowed", "It is the name in the address; PATCH gives another one.", (wanted,))
        raise Invalid("invalid_body", "The body has one mistake; errors says where.", errors=[mistake])


def _either(resource: Resource, status: int) -> dict[int, Any]:
    """A dry run answers 200 in any case."""
    models = resource.dry if status == 201 else resource.answer | resource.dry
    return {200: {"model": models, "description": "As it is now, or with dry_run as it would be."}}


def _add(resource: Resource) -> None:
    path, one, words = f"/v1/{resource.path}", noun(resource.section), resource.words
    missing = f"{one}_not_found"
    tags: Any = [resource.path]
    router.add_api_route(
        path, _creator(resource), methods=["POST"], status_code=201, tags=tags, summary=f"Create {one_of(words)}",
        description="The body is the object as a configuration document has it."
        + (" position, before or after say where it stands; last if nothing is said." if resource.creates else ""),
        **operation(f"create_{one}", resource.answer, body=resource.creates or resource.model, example=resource.example,
                    headers=(idempotency, dry_run), responses=_either(resource, 201),
                    problems=(*OF_CHANGES, "invalid_header", "idempotency_key_reused")),
    )  # fmt: skip
    router.add_api_route(
        resource.one, _replacer(resource), methods=["PUT"], tags=tags, summary=f"Create or replace {one_of(words)}",
        description="With If-None-Match: * it is created under the name in the address, with If-Match replaced: "
        "what the body leaves out is a default again.",
        **operation(f"replace_{one}", resource.answer, body=resource.model,
                    example={name: value for name, value in resource.example.items() if name != "position"},
                    headers=(precondition, dry_run), problems=(*OF_CHANGES, "invalid_header", "precondition_required", missing),
                    responses={**_either(resource, 200), 201: {"model": resource.answer, "description": "It is new."}}),
    )  # fmt: skip
    router.add_api_route(
        resource.one, _updater(resource), methods=["PATCH"], tags=tags, summary=f"Change {one_of(words)}",
        description="A JSON merge patch: what is left out stays, null is the default again, lists are replaced. "
        "Another name is taken over wherever the old one stands."
        + (" A supervisor may change enabled only." if resource.section == "rules" else ""),
        **operation(f"update_{one}", resource.answer, body=patch_of(resource.model), example=resource.patch,
                    headers=(idempotency, if_match, dry_run), responses=_either(resource, 200),
                    problems=(*OF_CHANGES, "invalid_header", "idempotency_key_reused", missing,
                              *(["field_forbidden"] if resource.section == "rules" else []))),
    )  # fmt: skip
    _add_delete(resource, tags)


def _add_delete(resource: Resource, tags: Any) -> None:
    one, words, leaves = noun(resource.section), resource.words, resource.section == AGENTS
    answers: dict[int, Any] = {200: {"model": objects.Would, "description": "With dry_run what would change."}}
    if leaves:
        both = objects.AgentDeleted | objects.AgentDeletedDryRun
        answers = {200: {"model": both, "description": "Who left and what became of their work, or would."}}
    router.add_api_route(
        resource.one, _deleter(resource), methods=["DELETE"], status_code=200 if leaves else 204, tags=tags,
        summary=f"Delete {one_of(words)}",
        description="Open work goes back to its queues and is decided about at once." if leaves
        else "Refused while others use it; used_by lists them.",
        **operation(f"delete_{one}", objects.AgentDeleted if leaves else None, headers=(if_match, dry_run), responses=answers,
                    problems=(*OF_WRITES, "configuration_changed", "version_mismatch", "invalid_header", "in_use", "invalid_configuration",
                              f"{one}_not_found")),
    )  # fmt: skip


for _resource in RESOURCES:
    _add(_resource)
