"""What belongs to another workspace is as if it did not exist: in the path, in the body, in the query, in a cursor."""

import json
from typing import Any

import httpx
import pytest

from app.identifiers import encode, new
from tests.walkers.bodies import BODIES, Place, body_for, places, pointer, preconditions, replaced
from tests.walkers.desks import NUMBERED, SECTIONS, Desk, made_up
from tests.walkers.document import BEHIND_A_KEY, BY_ID, Json, Operation
from tests.walkers.judging import code_of, complaints, without_id

Desks = tuple[Desk, Desk]

# Texts of bodies that name something else; all others say something about the thing itself. A new field has to be put in one.
REFERENCES = {
    "id", "ids", "remove", "agent_id", "before", "after", "queue", "team", "teams", "skill", "routing_policy", "sla_policy", "default_queue",
    "move_to_team", "hand_to", "into",
}  # fmt: skip
PLAIN = {
    "kind", "channel", "priority", "subject", "text", "category", "language", "languages", "area", "areas", "external_id", "tags",
    "source", "name", "email", "phone", "tier", "title", "time_zone", "strategy", "skill_fit", "order", "handover", "metric",
    "pause_on_pending", "field", "op", "value", "direction", "reason", "presence",
    "operation", "external_ids", "names", "role", "scopes", "expires_at", "rate_limit", "section", "preferred_channel", "segment",
}  # fmt: skip

# Parameters of the query that name something, and where in the log or in a list somebody is; all others are plain.
NAMING = {
    "queue": "que", "agent_id": "agt", "follower": "agt", "id": "", "team": "tem", "skill": "skl", "customer_id": "cus", "actor_id": "key",
    "subject_id": "key",
}  # fmt: skip
POSITIONS = {"cursor", "after", "epoch"}
OF_THE_QUERY = {
    "status", "status_group", "priority", "kind", "channel", "created_after", "created_before", "updated_after", "q", "limit",
    "sort", "expand", "presence", "type", "wait", "from", "to", "prune", "dry_run", "enabled", "has_room",
    "format", "role", "operation", "outcome", "tier", "language", "preferred_channel", "merged",
}  # fmt: skip


async def test_an_id_in_the_path(desks: Desks) -> None:
    """404 with the body that a made-up id gets, for every verb, and nothing is written in either workspace."""
    mine, theirs = desks
    before = await mine.fingerprints()
    for operation in BEHIND_A_KEY:
        for name in set(operation.path_names) - {NUMBERED}:
            pairs = [(theirs.filled(operation)[name], made_up(operation)[name]), *_other_names(operation, name)]
            for foreign, invented in pairs:
                answer, nobodys = [await _asked(mine, operation, {name: one}) for one in (foreign, invented)]
                assert complaints(operation, answer) == [], operation.id
                assert answer.status_code == 404, (operation.id, answer.text)
                assert without_id(answer) == without_id(nobodys), operation.id
    assert await mine.fingerprints() == before


def test_every_text_of_a_body_is_known_as_a_reference_or_as_none() -> None:
    found = {_field(place) for body in BODIES.values() for place, value in places(body) if isinstance(value, str)}
    assert found <= REFERENCES | PLAIN
    assert found >= REFERENCES


async def test_a_reference_in_a_body(desks: Desks) -> None:
    """404, or 422 with the pointer; the same as for what nobody has, but for the name that was sent."""
    mine, theirs = desks
    before = await mine.fingerprints()
    tried = 0
    for operation in BEHIND_A_KEY:
        if operation.body is None:
            continue
        body = body_for(operation, mine)
        for place, value in places(body):
            if isinstance(value, str) and _field(place) in REFERENCES:
                theirs_there, nobodys = _names_in_body(theirs, _field(place))
                answers = [await _sent(mine, operation, replaced(body, place, name)) for name in (theirs_there, nobodys)]
                tried += 1
                for answer in answers:
                    assert complaints(operation, answer) == [], (operation.id, place)
                    assert answer.status_code == 404 or _points(answer, place), (operation.id, place, answer.text)
                assert _said(answers[0], theirs_there) == _said(answers[1], nobodys), (operation.id, place)
    assert tried > len(REFERENCES)
    assert await mine.fingerprints() == before


@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_a_bulk_of_own_and_foreign_tickets(desks: Desks, dry_run: str) -> None:
    """ISO-03: what is another's is refused as what nobody has; own items are done; nothing is written at the other's."""
    mine, theirs = desks
    operation = BY_ID["change_tickets"]
    own = [(await mine.service.ticket(subject=f"own {n}"))["id"] for n in range(6)]
    foreign = [theirs.ids["tkt"], theirs.named["waiting"], theirs.named["offered"], "ext:wa-theirs"]
    nobodys = [new("tkt"), new("tkt"), new("tkt"), "ext:nobodys"]
    changes: list[Json] = [{"operation": "update", "changes": {"subject": "taken"}}, {"operation": "assign", "agent_id": mine.ids["agt"], "force": True},
               {"operation": "resolve"}, {"operation": "cancel"}]  # fmt: skip
    strangers = [theirs.ids["agt"], new("agt"), "ext:hr-theirs", "ext:nobodys"]
    untouched = await theirs.service.get("/v1/tickets", params={"limit": 200})
    said: list[list[Json]] = []
    for ids in (foreign, nobodys):
        items = [{**change, "id": one} for one in ids for change in changes]
        items += [{"operation": "assign", "id": own[0], "agent_id": one} for one in strangers]
        mixed = [each for n, one in enumerate(items) for each in (one, {**changes[0], "id": own[n % 6]})]
        answer = await mine.send(operation, json={"items": mixed}, params={"dry_run": dry_run})
        assert complaints(operation, answer) == []
        results = answer.json()["results"]
        refused, done = results[::2], results[1::2]
        assert {(one["status"], one["ticket"]["subject"]) for one in done} == {(200, "taken")}
        assert {(one["status"], one["problem"]["code"]) for one in refused[:-4]} == {(404, "ticket_not_found")}
        assert {(one["status"], one["problem"]["code"]) for one in refused[-4:]} == {(404, "agent_not_found")}
        assert not any(one in answer.text for one in (*theirs.ids.values(), "theirs"))
        said.append([{**one, "problem": {**one["problem"], "request_id": ""}} for one in refused])
        atomic = await mine.send(operation, json={"items": [mixed[1], mixed[0]], "atomic": True}, params={"dry_run": dry_run})
        assert (atomic.status_code, code_of(atomic), atomic.json()["index"]) == (404, "ticket_not_found", 1)
    assert said[0] == said[1]
    assert await theirs.service.get("/v1/tickets", params={"limit": 200}) == untouched


def test_every_parameter_of_a_query_is_known_as_a_name_or_as_none() -> None:
    found = {name for operation in BEHIND_A_KEY for name in operation.queries}
    assert found == NAMING.keys() | POSITIONS | OF_THE_QUERY


async def test_an_id_in_the_query(desks: Desks) -> None:
    """An empty list or a 400, the same as for what nobody has."""
    mine, theirs = desks
    for operation in BEHIND_A_KEY:
        for name in operation.queries.keys() & NAMING.keys():
            prefix = (
                NAMING[name]
                or {
                    "list_tickets": "tkt",
                    "count_tickets": "tkt",
                    "list_agents": "agt",
                    "count_agents": "agt",
                    "list_customers": "cus",
                    "count_customers": "cus",
                }[operation.id]
            )
            foreign, nobodys = [
                await mine.send(operation, params={name: one}, **_sound(operation, mine))
                for one in (theirs.ids[prefix], new(prefix))
            ]
            assert complaints(operation, foreign) == [], operation.id
            assert _timeless(foreign) == _timeless(nobodys), operation.id
            assert foreign.status_code == 400 or _empty(foreign.json()), (operation.id, name, foreign.text)
            if name in ("queue", "team", "skill"):
                named, unnamed = [await mine.send(operation, params={name: one}) for one in ("theirs", "nobodys")]
                assert without_id(named) == without_id(unnamed), operation.id


async def test_a_cursor(desks: Desks) -> None:
    """Of another workspace, of another list, cut, or with a changed letter: 400."""
    mine, theirs = desks
    for desk in desks:
        await desk.service.post(f"/v1/tickets/{desk.ids['tkt']}/messages", {"direction": "outbound", "text": "more"})
        for resource, prefix in SECTIONS.items():
            renamed = await desk.service.call("PATCH", f"/v1/{resource}/{desk.ids[prefix]}", json={"name": "renamed"})
            assert renamed.status_code == 200
        for agent in (await _budi(desk), desk.ids["agt"]):
            await desk.service.post(f"/v1/tickets/{desk.ids['tkt']}/transfer", {"agent_id": agent, "force": True})
        await desk.service.post(f"/v1/tickets/{desk.ids['tkt']}/assign", {"agent_id": await _budi(desk), "force": True})
        await desk.service.call("PATCH", f"/v1/customers/{desk.ids['cus']}", json={"tier": "gold"})
    lists = [operation for operation in BEHIND_A_KEY if "cursor" in operation.queries]
    own = {operation.id: await _cursor(mine, operation) for operation in lists}
    assert [name for name, cursor in own.items() if cursor is None] == ["list_ticket_decisions"]
    for operation in lists:
        cursor = own[operation.id] or "W10"
        foreign = [await _cursor(theirs, operation), *(other for name, other in own.items() if name != operation.id)]
        changed = [cursor[:-1], cursor[1:], cursor.swapcase(), cursor + "A", "", "=", "\u00e9", "W10", "bnVsbA", "A" * 2_001]
        for wrong in {one for one in (*foreign, *changed) if one is not None and one != own[operation.id]}:
            answer = await mine.send(operation, params={"cursor": wrong, "limit": 1}, **_sound(operation, mine))
            assert complaints(operation, answer) == [], (operation.id, wrong)
            assert answer.status_code == 400, (operation.id, wrong)
        if own[operation.id]:
            assert (
                await mine.send(operation, params={"cursor": cursor, "limit": 1}, **_sound(operation, mine))
            ).status_code == 200


async def test_a_position_in_another_log(desks: Desks) -> None:
    """Only own events, or 410 that says where the own log ends."""
    mine, theirs = desks
    for _ in range(40):
        await theirs.service.ticket()
    last, own = await theirs.service.last_seq(), await mine.service.last_seq()
    assert own < last
    operation = BY_ID["list_events"]
    for after in range(0, last + 1, 7):
        answer = await mine.send(operation, params={"after": after, "limit": 200})
        assert complaints(operation, answer) == []
        if answer.status_code == 410:
            assert after > own
            assert answer.json()["last_seq"] == own
        else:
            assert [one["seq"] for one in answer.json()["data"]] == list(range(after + 1, own + 1))
            assert not any(one in answer.text for one in theirs.ids.values())


async def test_the_workspace_is_the_keys_whoever_else_is_named(desks: Desks) -> None:
    """In a header 403; in the body, the query or the path there is no such thing, and it is said so."""
    mine, theirs = desks
    other = encode("wsp", theirs.service.workspace.id)
    before = await mine.fingerprints()
    for operation in BEHIND_A_KEY:
        answers = [await mine.send(operation, headers={"Giliran-Workspace": one}) for one in (other, new("wsp"), "w-sandbox", "")]
        assert {(one.status_code, code_of(one)) for one in answers} == {(403, "wrong_workspace")}, operation.id
        for name in ("workspace", "workspace_id"):
            answer = await mine.send(operation, params={name: other})
            assert (answer.status_code, code_of(answer)) == (400, "unknown_parameter"), operation.id
            if operation.body is not None:
                answer = await _sent(mine, operation, {**body_for(operation, mine), name: other})
                assert _points(answer, (name,)), operation.id
        answer = await mine.service.client.request(operation.method, f"/v1/{other}{operation.path.removeprefix('/v1')}")
        assert answer.status_code in {401, 404}
    assert await mine.fingerprints() == before


async def test_the_same_key_and_external_ids_are_two_things_in_two_workspaces(desks: Desks) -> None:
    made: list[Json] = []
    for desk in desks:
        body = {"external_id": "same", "customer": {"external_id": "same"}, "subject": desk.named["mark"]}
        answer = await desk.service.call("POST", "/v1/tickets", json=body, headers={"Idempotency-Key": "same"})
        assert answer.status_code == 201, answer.text
        assert "idempotency-replayed" not in answer.headers
        assert "giliran-existing" not in answer.headers
        made.append(answer.json())
    for desk, ticket in zip(desks, made, strict=True):
        again = await desk.service.get("/v1/tickets/ext:same", params={"expand": "customer"})
        assert (again["id"], again["subject"]) == (ticket["id"], desk.named["mark"])
    assert made[0]["id"] != made[1]["id"]
    assert made[0]["customer_id"] != made[1]["customer_id"]


async def test_what_is_unique_is_so_in_its_workspace_only(desks: Desks) -> None:
    """External ids, names and slugs of others stand in nobody's way, and no refusal tells of them."""
    mine, theirs = desks
    taken = {"agents": [{"name": "new", "external_id": "hr-theirs"}], "teams": [{"name": "theirs"}], "queues": [
        {"name": "general", "routing_policy": "standard", "teams": ["theirs"]}]}  # fmt: skip
    assert (await mine.service.apply(taken, version=1)).status_code == 200
    twice = {**taken, "agents": [{"name": "newer", "external_id": "hr-theirs"}]}
    refused = await mine.service.apply(twice, version=2)
    assert (refused.status_code, code_of(refused)) == (422, "invalid_configuration")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/agents/0/external_id"]
    assert not any(one in refused.text for one in theirs.ids.values())


@pytest.mark.parametrize("count", [pytest.param(500, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)])
async def test_interleaved_requests_of_two_workspaces_that_look_alike(desks: Desks, count: int) -> None:
    """On one process, with the same names: no answer holds an id of the other's, whatever is kept in memory between them."""
    reads = [operation for operation in BEHIND_A_KEY if operation.method == "GET"]
    foreign = [[encode("wsp", other.service.workspace.id), *other.ids.values()] for other in reversed(desks)]
    for n in range(count):
        operation = reads[n // 2 % len(reads)]
        answer = await desks[n % 2].send(operation)
        assert answer.status_code == 200, operation.id
        assert not any(one in answer.text for one in foreign[n % 2]), operation.id
        if n % 50 < 2:
            made = await desks[n % 2].service.ticket(external_id=f"both-{n // 2}", queue="general", team="billing")
            assert made["queue_id"] not in foreign[n % 2]


def _field(place: Place) -> str:
    return next(str(part) for part in reversed(place) if isinstance(part, str))


def _names_in_body(theirs: Desk, field: str) -> tuple[str, str]:
    """What may stand there, of the other workspace and of nobody."""
    prefix = {"agent_id": "agt", "id": "tkt", "ids": "tkt", "into": "cus"}.get(field)
    return ("theirs", "nobodys") if prefix is None else (theirs.ids[prefix], new(prefix))


def _points(answer: httpx.Response, place: Place) -> bool:
    return answer.status_code == 422 and pointer(place) in [one["pointer"] for one in answer.json().get("errors", ())]


def _said(answer: httpx.Response, name: str) -> str:
    return json.dumps(without_id(answer)).replace(name, "…")


def _empty(document: Json) -> bool:
    return document.get("data") == [] or document.get("count") == 0


def _other_names(operation: Operation, name: str) -> list[tuple[str, str]]:
    """What else may stand there, of the other workspace and of nobody."""
    by_name, by_external_id = ("theirs", "nobodys"), ("ext:hr-theirs", "ext:nobodys")
    named = {
        "ref": [by_name],
        "agent": [by_name, by_external_id],
        "ticket": [("ext:wa-theirs", "ext:nobodys")],
        "customer": [("ext:crm-theirs", "ext:nobodys")],
    }
    return named.get(name, [])


async def _asked(desk: Desk, operation: Operation, path: Json) -> httpx.Response:
    options: Json = {}
    if operation.body is not None:
        options = {"json": body_for(operation, desk), "headers": preconditions(operation)}
    return await desk.send(operation, path=path, **options)


async def _sent(desk: Desk, operation: Operation, body: Any) -> httpx.Response:
    params = {"dry_run": "true"} if operation.takes_dry_run else {}
    return await desk.send(operation, json=body, headers=preconditions(operation), params=params)


async def _cursor(desk: Desk, operation: Operation) -> str | None:
    cursor: str | None = (await desk.send(operation, params={"limit": 1}, **_sound(operation, desk))).json()["next_cursor"]
    return cursor


def _timeless(answer: httpx.Response) -> Any:
    """Without the moment at which a question to the state was answered."""
    status, body = without_id(answer)
    return status, {name: value for name, value in body.items() if name != "at"} if isinstance(body, dict) else body


def _sound(operation: Operation, desk: Desk) -> dict[str, Any]:
    """A body, where there has to be one."""
    return {} if operation.body is None else {"json": body_for(operation, desk)}


async def _budi(desk: Desk) -> str:
    found: str = (await desk.service.get("/v1/agents/budi"))["id"]
    return found
