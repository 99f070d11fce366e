"""Nobody gets in without a key, and a key only to what its role may: every operation of the description."""

from typing import Any

import pytest

from app.engine.vocabulary import Role
from tests.walkers.bodies import body_for, preconditions
from tests.walkers.desks import AGENT, Desk
from tests.walkers.document import BEHIND_A_KEY, BY_ID, OPERATIONS, Operation
from tests.walkers.judging import code_of, complaints

# All that is answered to a stranger. Nothing else may be, however it came to be there.
OPEN = {
    "get_liveness", "get_readiness", "get_metrics", "get_description", "get_configuration_schema", "get_docs", "get_style",
    "list_problems", "get_problem", "create_session",
}  # fmt: skip

# Who may do what, written down a second time: a change of rights has to be meant twice.
READERS = "admin supervisor read_only"
WITH_AGENTS = f"{READERS} agent"
ALL = f"{WITH_AGENTS} integration"
OBJECTS = ("team", "skill", "queue", "routing_policy", "rule", "sla_policy")
MAY = {
    "create_ticket": "admin supervisor integration",
    "update_ticket": "admin supervisor integration",
    "change_tickets": "admin supervisor integration",
    "list_tickets": f"{READERS} integration",
    "count_tickets": f"{READERS} integration",
    "get_ticket": ALL,
    "list_ticket_decisions": ALL,
    "list_ticket_timers": ALL,
    "list_ticket_candidates": f"{READERS} integration",
    "get_ticket_outlook": f"{READERS} integration",
    "find_candidates": f"{READERS} integration",
    "list_ticket_messages": ALL,
    "list_ticket_assignments": ALL,
    "list_ticket_handovers": ALL,
    "list_ticket_marks": ALL,
    "list_ticket_followers": ALL,
    **dict.fromkeys(("follow_ticket", "unfollow_ticket"), "admin supervisor agent integration"),
    "mark_ticket": "admin supervisor agent",
    "unmark_ticket": "admin supervisor agent",
    "add_message": "admin supervisor agent integration",
    "assign_ticket": "admin supervisor integration",
    "transfer_ticket": "admin supervisor agent integration",
    "return_ticket": "admin supervisor agent integration",
    "snooze_ticket": "admin supervisor agent integration",
    "resume_ticket": "admin supervisor agent integration",
    "release_agent": "admin supervisor",
    "get_workspace": READERS,
    **dict.fromkeys(("pause_queue", "drain_queue", "resume_queue", "pause_workspace", "resume_workspace"), "admin supervisor"),
    "take_ticket": "admin supervisor agent",
    "take_next_ticket": "admin supervisor agent",
    "start_ticket": "admin supervisor agent integration",
    "respond_ticket": "admin supervisor agent integration",
    "pend_ticket": "admin supervisor agent integration",
    "resolve_ticket": "admin supervisor agent integration",
    "reopen_ticket": "admin supervisor integration",
    "close_ticket": "admin supervisor integration",
    "cancel_ticket": "admin supervisor integration",
    "accept_offer": "admin supervisor agent",
    "decline_offer": "admin supervisor agent",
    **dict.fromkeys(
        ("list_customers", "count_customers", "search_customers", "get_customer", "list_customer_history"),
        f"{READERS} integration",
    ),
    **dict.fromkeys(
        ("create_customer", "update_customer", "upsert_customers", "merge_customer", "unmerge_customer", "delete_customer"),
        "admin supervisor integration",
    ),
    "get_decision": ALL,
    "get_candidate": ALL,
    "get_me": "agent",
    **{f"{verb}_{one}": "admin" for one in OBJECTS for verb in ("create", "replace", "update", "delete", "undo")},
    **{f"list_{one}_history": READERS for one in OBJECTS},
    **{f"count_{many}": WITH_AGENTS for many in ("teams", "skills", "queues", "routing_policies", "rules", "sla_policies")},
    **{f"{verb}_agent": "admin supervisor" for verb in ("create", "replace", "update", "delete")},
    "update_rule": "admin supervisor",
    "move_rule": "admin supervisor",
    "get_rule_hits": READERS,
    "list_configuration_versions": READERS,
    "get_configuration_version": READERS,
    "count_agents": READERS,
    "search_agents": READERS,
    "list_agents": READERS,
    "get_agent": READERS,
    "set_presence": "admin supervisor agent",
    "get_configuration": READERS,
    "apply_configuration": "admin",
    "try_configuration": "admin supervisor",
    "list_teams": WITH_AGENTS,
    "get_team": WITH_AGENTS,
    "list_skills": WITH_AGENTS,
    "get_skill": WITH_AGENTS,
    "list_queues": WITH_AGENTS,
    "get_queue": WITH_AGENTS,
    "list_routing_policies": WITH_AGENTS,
    "get_routing_policy": WITH_AGENTS,
    "list_rules": WITH_AGENTS,
    "get_rule": WITH_AGENTS,
    "list_sla_policies": WITH_AGENTS,
    "get_sla_policy": WITH_AGENTS,
    "list_events": READERS,
    "report_queues": READERS,
    "report_turns": READERS,
    "get_clock": READERS,
    "advance_clock": "admin supervisor",
    "list_keys": "admin",
    "get_key": "admin",
    "create_key": "admin",
    "update_key": "admin",
    "rotate_key": "admin",
    "revoke_key": "admin",
    "list_audit_entries": "admin",
    "get_audit_entry": "admin",
}
EXAMPLES = ("get_description", "get_configuration_schema", "get_docs")


def test_what_is_open_is_what_is_listed() -> None:
    assert {operation.id for operation in OPERATIONS if operation.is_open} == OPEN


def test_every_operation_behind_a_key_says_who_may() -> None:
    assert MAY.keys() == {operation.id for operation in BEHIND_A_KEY}
    assert {role for roles in MAY.values() for role in roles.split()} == set(Role)


async def test_without_a_key_there_is_nothing(desk: Desk) -> None:
    """401 with a challenge, the same for what exists and for what does not, and whatever else is wrong with the request."""
    before = await desk.fingerprints()
    for operation in BEHIND_A_KEY:
        for path in (desk.filled(operation), dict.fromkeys(operation.path_names, "nothing")):
            for options in ({}, {"content": b"{", "headers": {"Content-Type": "text/plain"}}, {"params": {"nonsense": "1"}}):
                response = await desk.service.client.request(operation.method, operation.path.format_map(path), **options)
                assert complaints(operation, response) == [], operation.id
                assert (response.status_code, code_of(response)) == (401, "missing_key"), operation.id
                assert response.headers["www-authenticate"] == 'Bearer realm="giliran"'
    assert await desk.fingerprints() == before


async def test_to_strangers_the_open_pages_say_nothing_of_a_tenant(desk: Desk) -> None:
    """Neither a name nor an id nor a text of the workspace; what is counted is counted for all."""
    await desk.send(BY_ID["get_ticket"])
    words = [desk.service.workspace.slug, desk.named["mark"], "Dewi", "refunds", "Wijaya", *desk.ids.values()]
    for operation in OPERATIONS:
        if operation.is_open:
            response = await desk.service.client.request(operation.method, operation.path.format(code="conflict"))
            assert complaints(operation, response) == [], operation.id
            known = {"refunds", "Dewi", "Wijaya"} if operation.id in EXAMPLES else set()  # their examples
            assert [word for word in words if word in response.text and word not in known] == [], operation.id


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_does_what_its_row_says_and_nothing_else(desk: Desk, role: Role) -> None:
    """What may be tried without effect is tried so; of the rest, what is refused leaves no trace."""
    who = AGENT if role is Role.AGENT else str(role)
    await desk.service.key(who)
    before = await desk.fingerprints()
    for operation in BEHIND_A_KEY:
        if role not in MAY[operation.id].split():
            response = await desk.send(operation, who=who, **_call(operation, desk))
            assert complaints(operation, response) == [], operation.id
            assert (response.status_code, code_of(response)) == (403, "missing_scope"), operation.id
    assert await desk.fingerprints() == before
    for operation in BEHIND_A_KEY:
        if role in MAY[operation.id].split():
            response = await desk.send(operation, who=who, **_call(operation, desk))
            assert complaints(operation, response) == [], operation.id
            assert response.status_code in {200, 201, 204, 409}, (operation.id, response.text)


def _call(operation: Operation, desk: Desk) -> dict[str, Any]:
    """A request that is right."""
    options: dict[str, Any] = {"params": {"dry_run": "true"} if operation.takes_dry_run else {}}
    if operation.body is not None:
        body = body_for(operation, desk)
        body = {"enabled": False} if operation.id == "update_rule" else body  # the rest is an admin's
        options |= {"json": {**body, "direction": "outbound"} if "direction" in body else body}
        options |= {"headers": preconditions(operation)}
    return options
