"""Field by field: what a role may set, and what it gets to see."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engine.vocabulary import Role
from tests.walkers.bodies import body_for, preconditions
from tests.walkers.desks import AGENT, Desk
from tests.walkers.document import BEHIND_A_KEY, BY_ID, resolved
from tests.walkers.judging import code_of, complaints
from tests.walkers.test_keys import MAY

VISIBLE = Path(__file__).with_name("visible_fields.txt")
FREE = {"metadata", "attributes", "changed"}  # what stands in these has names of its own
NOT_A_CLIENTS = (
    "id", "workspace_id", "number", "seq", "version", "created_at", "updated_at", "status", "owner", "sla_due", "role", "capacity",
    "skills", "decision_id", "scopes", "secret_hash", "key", "load", "is_admin",
)  # fmt: skip
SECRETS = {"hash", "secret", "secret_hash", "password", "key", "token", "last_four"}


@pytest.mark.parametrize("role", list(Role))
async def test_fields_that_are_not_a_clients_to_set(desk: Desk, role: Role) -> None:
    """422 that points at each: there are no such fields, whoever sends them."""
    who = AGENT if role is Role.AGENT else str(role)
    await desk.service.key(who)
    before = await desk.fingerprints()
    for operation in BEHIND_A_KEY:
        if operation.body is None or role not in MAY[operation.id].split():
            continue
        foreign = [name for name in NOT_A_CLIENTS if name not in resolved(operation.body).get("properties", {})]
        body = {**body_for(operation, desk), **dict.fromkeys(foreign, 1)}
        answer = await desk.send(operation, who=who, json=body, headers=preconditions(operation))
        assert complaints(operation, answer) == [], operation.id
        assert answer.status_code == 422, (operation.id, answer.text)
        unknown = {one["pointer"] for one in answer.json()["errors"] if one["code"] == "unknown_field"}
        assert unknown == {f"/{name}" for name in foreign}, operation.id
    assert await desk.fingerprints() == before


async def test_fields_that_are_not_a_clients_to_set_in_an_item(desk: Desk) -> None:
    """The same within a bulk: each is that item's mistake, and the items beside it are done."""
    operation = BY_ID["change_tickets"]
    before = await desk.fingerprints()
    foreign = dict.fromkeys(NOT_A_CLIENTS, 1)
    items = [
        {"operation": "create", "ticket": foreign},
        {"operation": "create", "ticket": {}, **foreign},
        {"operation": "update", "id": desk.ids["tkt"], "changes": foreign},
        {"operation": "create", "ticket": {}},
    ]
    answer = await desk.send(operation, json={"items": items}, params={"dry_run": "true"})
    assert complaints(operation, answer) == []
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [422, 422, 422, 201]
    for result, inside in zip(results, ("/items/0/ticket", "/items/1", "/items/2/changes"), strict=False):
        unknown = {one["pointer"] for one in result["problem"]["errors"] if one["code"] == "unknown_field"}
        assert unknown == {f"{inside}/{name}" for name in NOT_A_CLIENTS}
    assert await desk.fingerprints() == before


async def test_an_agent_sets_no_field_that_is_others(desk: Desk) -> None:
    """The field exists, but not for an agent: 403 that points at it."""
    answer = await desk.send(BY_ID["add_message"], who=AGENT, json={"direction": "inbound", "text": "I am the customer."})
    assert complaints(BY_ID["add_message"], answer) == []
    assert (answer.status_code, code_of(answer)) == (403, "field_forbidden")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/direction"]


async def test_an_agent_does_nothing_with_what_is_anothers(desk: Desk) -> None:
    """403 or 404 for every operation that an agent has, on a ticket, an offer, a decision and a presence of somebody else's."""
    await desk.service.key("budi")
    before = await desk.fingerprints()
    tried = 0
    for operation in BEHIND_A_KEY:
        if "agent" in MAY[operation.id].split() and {"ticket", "offer", "decision", "agent"} & set(operation.path_names):
            body = body_for(operation, desk) if operation.body is not None else None
            options = {} if body is None else {"json": {**body, "direction": "outbound"} if "direction" in body else body}
            answer = await desk.send(operation, who="budi", **options)
            assert complaints(operation, answer) == [], operation.id
            assert (answer.status_code, code_of(answer)) in {
                (403, "not_your_ticket"), (404, "ticket_not_found"), (404, "decision_not_found"), (404, "offer_not_found"),
                (403, "missing_scope"), (404, "agent_not_found"),
            }, (operation.id, answer.text)  # fmt: skip
            tried += 1
    assert tried > 10
    assert await desk.fingerprints() == before


async def test_the_fields_that_each_role_sees(desk: Desk, tmp_path: Path) -> None:
    """A snapshot: whoever shows a field to more roles has to change it, and so does whoever adds one."""
    seen: dict[tuple[str, str], list[str]] = {}
    for role in Role:
        who = AGENT if role is Role.AGENT else str(role)
        for operation in BEHIND_A_KEY:
            if operation.method != "GET" or role not in MAY[operation.id].split():
                continue
            params = {"expand": ["customer", "decision"]} if "expand" in operation.queries else {}
            answer = await desk.send(operation, who=who, params=params)
            assert answer.status_code == 200, operation.id
            for field in sorted(set(_fields(answer.json()))):
                seen.setdefault((operation.id, field), []).append(str(role))
    shown = {(name, field.rpartition(".")[2]) for name, field in seen}
    assert sorted(one for one in shown if one[1] in SECRETS) == [("get_key", "last_four"), ("list_keys", "last_four")]
    text = "".join(f"{name} {field}: {' '.join(roles)}\n" for (name, field), roles in sorted(seen.items()))
    now = tmp_path / VISIBLE.name
    now.write_text(text)
    assert text == VISIBLE.read_text(), f"if this is meant, copy {now}"


async def test_an_agent_sees_nothing_of_others_in_their_own_work(desk: Desk) -> None:
    """Neither another's id nor figures, wherever an agent may look."""
    others = {one["id"] for one in (await desk.service.get("/v1/agents"))["data"]} - {desk.ids["agt"]}
    for name in ("get_me", "get_ticket", "list_ticket_assignments", "list_ticket_messages", "list_ticket_timers"):
        answer = await desk.send(BY_ID[name], who=AGENT)
        assert answer.status_code == 200
        assert not any(one in answer.text for one in others), name


def _fields(document: Any, before: str = "") -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield f"{before}.{name}"
            if name not in FREE:
                yield from _fields(value, f"{before}.{name}")
    elif isinstance(document, list):
        for one in document:
            yield from _fields(one, f"{before}[]")
