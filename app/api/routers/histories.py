"""What an object was before, and back to it; where a rule stands, and how often it matched."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.api.auth import CallerDep
from app.api.body import Nothing, read_json
from app.api.context import services
from app.api.deps import dry_run, idempotency, if_match, wrong_parameter
from app.api.ids import encode, one_of, read, spoken
from app.api.routers.describing import OF_READS, OF_WRITES, operation
from app.api.routers.editing import Job, carry_out
from app.api.routers.objects import RESOURCES, Ref, Resource
from app.api.routers.paging import Paged, page_reply, place_after
from app.api.routers.placing import place_of
from app.api.routers.reading import Reading, reading
from app.api.routers.replies import json_reply
from app.api.routers.reports import LONGEST_DAYS, USUAL_DAYS, RangeQuery
from app.api.routers.standing import AGENTS, Found, Standing, not_found, noun, standing
from app.api.schemas import objects
from app.api.schemas.configuration_out import RuleOut
from app.dispatch.moments import moment
from app.errors import Conflict
from app.queries import histories
from app.services.configuration.edit import Edit
from app.services.configuration.history import Entry, as_named_now, entries
from app.services.configuration.identify import with_agent_names
from app.services.views.configurations import PREFIXES
from app.services.views.moments import stamp, stamp_or_none

router = APIRouter()

Route = Callable[..., Awaitable[Response]]
OF_UNDO = (*OF_WRITES, "configuration_changed", "version_mismatch", "already_exists", "in_use", "nothing_to_undo", "invalid_body",
           "invalid_header", "idempotency_key_reused")  # fmt: skip
OF_MOVES = (*OF_WRITES, "configuration_changed", "version_mismatch", "already_exists", "invalid_body", "invalid_header",
            "idempotency_key_reused", "rule_not_found")  # fmt: skip


def _historian(resource: Resource) -> Route:
    async def list_history(request: Request, caller: CallerDep, ref: Ref, query: Annotated[Paged, Query()]) -> Response:
        after = place_after(request, query.cursor, int)
        async with reading(services(request), caller) as at:
            present = await standing(at)
            found = await _changes(at, resource.section, _ident(present, resource.section, ref),
                                   before=after[0] if after else None, limit=query.limit + 1)  # fmt: skip
            if not found and after is None:
                raise not_found(resource.section)
            applied = await histories.applied(at.connection, at.workspace, [entry.version for entry in found])
        shown = found[: query.limit]
        names = {setting.agent.hex(): setting.name for setting in present.agents.values()}
        views = [_entry_view(entry, applied[entry.version], resource.section, names) for entry in shown]
        last = [shown[-1].version] if len(found) > query.limit else None
        return page_reply(request, views, head=at.head, last_place=last)

    return list_history


def _undoer(resource: Resource) -> Route:
    section = resource.section

    async def undo_object(request: Request, caller: CallerDep, ref: Ref) -> Response:
        await read_json(request, Nothing, optional=True)
        expected = if_match(request)

        async def edit(at: Reading, present: Standing) -> tuple[Edit, Found | None]:
            ident = _ident(present, section, ref)
            found = await _changes(at, section, ident, before=None, limit=1)
            if not found:
                raise not_found(section)
            here = present.find(section, encode(PREFIXES[section], ident))
            if here is not None:
                here.expect(expected, section)
            return await _back(at, present, section, found[0], here), here

        return await carry_out(request, caller, Job(section, edit, 200, expected))

    return undo_object


async def _back(at: Reading, present: Standing, section: str, last: Entry, here: Found | None) -> Edit:
    """To what it was before its last change."""
    if last.before is None:
        raise Conflict("nothing_to_undo", f"The {spoken(noun(section))} was not changed since it was made.")
    then = (await at.configuration(last.before_version)).document or {}
    names = {setting.agent.hex(): setting.name for setting in present.agents.values()}
    form = as_named_now(section, last.before, then, present.document or {}, names)
    if here is not None:
        return Edit(section, here.name, form)
    place = min(last.before_place, len(present.whole[section]))
    return Edit(section, item=form, place=place, stamp=last.before)


async def _changes(at: Reading, section: str, ident: bytes, *, before: int | None, limit: int) -> list[Entry]:
    async def look(version: int) -> histories.Then | None:
        return await histories.last_before(at.connection, at.workspace, section, ident, before=version)

    return await entries(look, newest=at.head.configuration_version, limit=limit, before=before)


def _ident(present: Standing, section: str, ref: str) -> bytes:
    """Also of one that is no longer there, by its id. Raises NotFound."""
    found = present.find(section, ref)
    ident = read(PREFIXES[section], ref) if found is None else found.id
    if ident is None:
        raise not_found(section)
    return ident


def _entry_view(entry: Entry, applied: histories.Row, section: str, agents: dict[str, str]) -> dict[str, Any]:
    return {
        "configuration_version": entry.version,
        "at": stamp(applied["applied_at"]),
        "actor": {"type": applied["actor_type"], "id": applied["actor_id"]},
        "kind": entry.kind,
        "name": entry.name,
        "changed": [
            {
                "field": change.path.removeprefix("/"),
                "before": _value(change.before, change.path, section, agents),
                "after": _value(change.after, change.path, section, agents),
            }
            for change in entry.changes
        ],
    }


def _value(value: Any, path: str, section: str, agents: dict[str, str]) -> Any:
    """Escalations are stored with ids of agents and shown with their names."""
    if section != "sla_policies" or path != "/escalations":
        return value
    return with_agent_names({"sla_policies": [{"escalations": value}]}, agents)["sla_policies"][0]["escalations"]


@router.post(
    "/v1/rules/{ref}/move",
    tags=["rules"],
    summary="Move a rule",
    description="To a position, before or after another rule. Its own version stays: the order is the configuration's.",
    **operation("move_rule", RuleOut, body=objects.Place, example={"before": "refund-words"},
                headers=(idempotency, if_match, dry_run), problems=OF_MOVES,
                responses={200: {"model": RuleOut | objects.RuleDryRun, "description": "The rule, moved or as it would be."}}),
)  # fmt: skip
async def move_rule(request: Request, caller: CallerDep, ref: Ref) -> Response:
    said = (await read_json(request, objects.Place)).model_dump(exclude_unset=True)
    expected = if_match(request)

    async def edit(_at: Reading, present: Standing) -> tuple[Edit, Found | None]:
        found = present.existing("rules", ref)
        found.expect(expected, "rules")
        return Edit("rules", found.name, found.form, place_of(present, said, own=found.name)), found

    return await carry_out(request, caller, Job("rules", edit, 200, expected))


@router.get(
    "/v1/rules/{ref}/hits",
    tags=["rules"],
    summary="Count a rule's hits",
    description="How many of the tickets that came in a time it matched, as the log has it; by default the last 30 days.",
    **operation("get_rule_hits", objects.RuleHits, problems=(*OF_READS, "rule_not_found")),
)
async def get_rule_hits(request: Request, caller: CallerDep, ref: Ref, query: Annotated[RangeQuery, Query()]) -> Response:
    process = services(request)
    until = query.until or moment(await process.dispatcher.now(caller.workspace) + 1)
    since = query.since or until - timedelta(days=USUAL_DAYS)
    if not timedelta(0) < until - since <= timedelta(days=LONGEST_DAYS):
        raise wrong_parameter("from", f"It lies before `to`, by at most {LONGEST_DAYS} days.")
    async with reading(process, caller) as at:
        rule = (await standing(at)).existing("rules", ref)
        row = await histories.hits(at.connection, at.workspace, rule.id, since=since, until=until)
    view = {
        "id": encode("rul", rule.id),
        "name": rule.name,
        "from_at": _utc(since),
        "to_at": _utc(until),
        "tickets": row["tickets"],
        "hits": row["hits"],
        "last_hit_at": stamp_or_none(row["last_at"]),
    }
    return json_reply(view, seq=at.head.last_seq)


def _utc(at: datetime) -> str:
    return stamp(at.astimezone(UTC))


def _add(resource: Resource) -> None:
    one, words, tags = noun(resource.section), resource.words, [resource.path]
    path, missing = f"/v1/{resource.path}/{{ref}}", f"{one}_not_found"
    router.add_api_route(
        f"{path}/history", _historian(resource), methods=["GET"], tags=list(tags), summary=f"List the changes of {one_of(words)}",
        description="The last first, with fields before and after; by id also of one that is no longer there.",
        **operation(f"list_{one}_history", objects.HistoryPage, problems=(*OF_READS, "cursor_mismatch", "cursor_expired", missing)),
    )  # fmt: skip
    router.add_api_route(
        f"{path}/undo", _undoer(resource), methods=["POST"], tags=list(tags), summary=f"Undo the last change of {one_of(words)}",
        description="Back to what it was before, as a new version; one that was deleted comes back under its id. "
        "A second undo takes back the first.",
        **operation(f"undo_{one}", resource.answer, body=Nothing, body_optional=True, headers=(idempotency, if_match, dry_run),
                    responses={200: {"model": resource.answer | resource.dry, "description": "As it is now, or would be."}},
                    problems=(*OF_UNDO, missing)),
    )  # fmt: skip


for _resource in RESOURCES:
    if _resource.section != AGENTS:
        _add(_resource)
