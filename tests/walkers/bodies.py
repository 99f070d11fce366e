"""For each operation with a body one that it takes, with every field of its schema: what the walkers change is changed here."""

from collections.abc import Iterator
from typing import Any

from tests.walkers.desks import Desk
from tests.walkers.document import Json, Operation, resolved

Place = tuple[str | int, ...]

TICKET: Json = {
    "kind": "ticket",
    "channel": "whatsapp",
    "priority": "high",
    "subject": "Refund for order 8841",
    "text": "I was charged twice.",
    "category": "billing",
    "language": "id",
    "area": "bandung",
    "external_id": "wa-new",
    "queue": "general",
    "team": "billing",
    "require_skills": [{"skill": "refunds", "level": 3}],
    "wish_skills": [{"skill": "refunds", "level": 5}],
    "tags": ["refund"],
    "attributes": {"order_value": 250000},
    "metadata": {"source": "crm"},
    "customer": {"external_id": "crm-new", "name": "Dewi Lestari", "email": "dewi@example.com", "phone": "+62-811-5550100",
                 "tier": "vip", "language": "id"},
}  # fmt: skip

CONFIGURATION: Json = {
    "time_zone": "Asia/Jakarta",
    "default_queue": "general",
    "costs": {"kinds": {"call": 2}, "channels": {"phone": 2}},
    "teams": [{"name": "billing", "title": "Billing"}],
    "skills": [{"name": "refunds", "title": "Refunds"}],
    "routing_policies": [
        {"name": "by-age", "strategy": "skill", "skill_fit": "least_sufficient", "order": "priority", "handover": "offer",
         "offer_seconds": 60, "head_start_seconds": {"low": 0, "medium": 1800, "high": 7200, "urgent": 28800}},
        {"name": "for-vips", "strategy": "vip", "vip": {"tiers": [{"tier": "vip", "team": "senior"}]}},
    ],
    "sla_policies": [
        {"name": "promise", "warn_at_percent": 75, "pause_on_pending": ["resolution"],
         "targets": {priority: {"first_response_seconds": 900, "resolution_seconds": 86400}
                     for priority in ("low", "medium", "high", "urgent")},
         "escalations": [
             {"metric": "first_response", "after_seconds": 60, "raise_priority": True, "hand_to": "sri"},
             {"metric": "first_response", "after_seconds": 600, "raise_priority": True, "move_to_team": "senior"}]},
    ],
    "queues": [{"name": "general", "title": "General", "routing_policy": "standard", "sla_policy": "standard",
                "teams": ["billing"], "weight": 5}],
    "rules": [
        {"name": "refund-words", "enabled": True, "stop": False,
         "when": {"all": [{"field": "text", "op": "contains", "value": "refund"},
                          {"not": {"any": [{"field": "customer.tier", "op": "in", "value": ["vip"]}]}}]},
         "then": {"queue": "general", "priority": "high", "category": "billing", "language": "id", "area": "bandung",
                  "team": "billing", "tags": ["refund"], "require_skills": [{"skill": "refunds", "level": 3}],
                  "wish_skills": [{"skill": "refunds", "level": 3}]}},
    ],
    "agents": [
        {"name": "ani", "title": "Ani Wijaya", "external_id": "hr-1", "teams": ["billing"], "languages": ["id"],
         "areas": ["bandung"], "capacity": 3, "weight": 1, "skills": [{"skill": "refunds", "level": 5}],
         "channel_limits": [{"channel": "live_chat", "units": 3}]},
    ],
}  # fmt: skip

PATCH: Json = {
    name: TICKET[name]
    for name in ("priority", "subject", "text", "category", "language", "area", "require_skills", "wish_skills", "tags", "attributes",
                 "metadata")
}  # fmt: skip

# One item of each form, and each verb; what the first makes is named by the others. One that is wrong refuses them all.
BULK: Json = {
    "items": [
        {"operation": "create", "ticket": TICKET},
        {"operation": "update", "id": "ext:wa-new", "version": None, "changes": PATCH},
        {"operation": "assign", "id": "ext:wa-new", "version": None, "agent_id": "ext:hr-1", "force": True},
        {
            "operation": "transfer",
            "id": "ext:wa-new",
            "version": None,
            "queue": None,
            "team": None,
            "agent_id": "ext:hr-1",
            "force": True,
            "reason": "Hers",
        },
        {"operation": "return", "id": "ext:wa-new", "version": None, "reason": "Not hers"},
        *({"operation": verb, "id": "ext:wa-new", "version": None} for verb in ("resolve", "reopen", "resolve", "close")),
        {"operation": "create", "ticket": {"external_id": "wa-newer"}},
        {"operation": "cancel", "id": "ext:wa-newer", "version": None},
    ],
    "atomic": True,
}

PLACE: Json = {"position": None, "before": "refund-words", "after": None}
OBJECTS: dict[str, Json] = {
    "team": CONFIGURATION["teams"][0],
    "skill": CONFIGURATION["skills"][0],
    "routing_policy": {**CONFIGURATION["routing_policies"][0], **CONFIGURATION["routing_policies"][1], "skill_fit": None},
    "sla_policy": CONFIGURATION["sla_policies"][0],
    "queue": CONFIGURATION["queues"][0],
    "rule": CONFIGURATION["rules"][0],
    "agent": {**CONFIGURATION["agents"][0], "external_id": "hr-new"},
}
FAR = "2099-01-05T08:00:00.000Z"
TRIAL: Json = {
    "document": CONFIGURATION,
    "prune": False,
    "changes": [
        *(
            {"section": section, "object": {**CONFIGURATION[section][0], "name": "tried"}}
            for section in ("teams", "skills", "routing_policies", "sla_policies", "queues", "rules")
        ),
        {"section": "rules", "remove": "mine"},
    ],
    "tickets": {"last": 5, "ids": ["ext:wa-mine"]},
}

CUSTOMER: Json = {
    "external_id": "crm-newer",
    "name": "Dewi Lestari",
    "tier": "vip",
    "language": "id",
    "preferred_channel": "whatsapp",
    "contacts": [{"kind": "email", "value": "dewi@example.com", "verified": True, "primary": True}],
    "attributes": {"segment": "retail"},
    "metadata": {"source": "crm"},
}

BODIES: dict[str, Json] = {
    "create_customer": CUSTOMER,
    "update_customer": CUSTOMER,
    "upsert_customers": {"items": [CUSTOMER], "atomic": True},
    "search_customers": {"external_id": None, "contact": {"kind": "email", "value": "dewi@example.com"}, "name": None, "limit": 50,
                         "cursor": None},
    "merge_customer": {"into": ""},
    **{f"create_{one}": {**body, "name": "new"} for one, body in OBJECTS.items()},
    **{f"{verb}_{one}": body for verb in ("replace", "update") for one, body in OBJECTS.items()},
    **{f"undo_{one}": {} for one in OBJECTS if one != "agent"},
    "create_rule": {**OBJECTS["rule"], **PLACE, "name": "new"},
    "move_rule": {"position": None, "before": None, "after": "refund-words"},
    "search_agents": {"external_ids": ["hr-1"], "names": ["ani"]},
    "create_ticket": TICKET,
    "update_ticket": PATCH,
    "find_candidates": TICKET,
    "change_tickets": BULK,
    "assign_ticket": {"agent_id": "", "force": True},
    "transfer_ticket": {"queue": "general", "team": None, "agent_id": None, "force": False, "reason": "Not ours"},
    "take_ticket": {"agent_id": "ani"},
    "mark_ticket": {"kind": "viewing", "agent_id": "ani"},
    "take_next_ticket": {"agent_id": "ani"},
    "snooze_ticket": {"until_at": None, "seconds": 60},
    "release_agent": {"queue": None, "team": "billing", "agent_id": None, "presence": "offline", "reason": "Fell ill"},
    "return_ticket": {"reason": "The shift is over"},
    "add_message": {"direction": "inbound", "text": "Thank you."},
    "pend_ticket": {"reason": "customer"},
    "set_presence": {"presence": "away"},
    "advance_clock": {"seconds": 1},
    "apply_configuration": CONFIGURATION,
    "create_key": {"name": "tablet", "role": "agent", "agent_id": "", "scopes": ["tickets:read"], "expires_at": FAR,
                   "rate_limit": "600/minute"},
    "update_key": {"name": "CRM", "scopes": ["tickets:read", "tickets:write"], "expires_at": FAR, "rate_limit": "60/minute"},
    "rotate_key": {"overlap_seconds": 60},
    "try_configuration": TRIAL,
    **{
        verb: {}
        for verb in ("start_ticket", "respond_ticket", "resolve_ticket", "reopen_ticket", "close_ticket", "cancel_ticket", "resume_ticket",
                     "pause_queue", "drain_queue", "resume_queue", "pause_workspace", "resume_workspace",
                     "accept_offer", "decline_offer", "revoke_key", "unmerge_customer")
    },
}  # fmt: skip


def body_for(operation: Operation, desk: Desk) -> Json:
    """Raises KeyError for an operation that takes a body and has none here."""
    body = BODIES[operation.id]
    if operation.id == "merge_customer":
        return {"into": f"ext:crm-other-{desk.named['mark']}"}
    if (
        operation.id.startswith(("replace_", "update_"))
        and "name" in body
        and operation.id not in ("update_key", "update_customer")
    ):
        return {**body, "name": "ani" if operation.id.endswith("_agent") else desk.named["mark"]}
    return {**body, "agent_id": desk.ids["agt"]} if body.get("agent_id") is not None else body


def preconditions(operation: Operation) -> dict[str, str]:
    """Headers without which the body is not looked at."""
    version = "2" if operation.id == "replace_agent" else "1"  # who came has changed once
    return {"If-Match": f'"{version}"'} if operation.method == "PUT" else {}


def unread_fields(schema: Json, body: Any, seen: str = "") -> Iterator[str]:
    """Fields of the schema that stand nowhere in the body."""
    schema = told_apart(resolved(schema), body)
    if isinstance(body, list):
        parts = [list(unread_fields(schema.get("items", {}), one, f"{seen}[]")) for one in body]
        yield from sorted(set.intersection(*map(set, parts))) if parts else []
        return
    for name, member in schema.get("properties", {}).items():
        if not isinstance(body, dict) or name not in body:
            yield f"{seen}.{name}"
        else:
            yield from unread_fields(_not_null(member), body[name], f"{seen}.{name}")


def told_apart(schema: Json, body: Any) -> Json:
    """The member of a union that the body says it is; a schema that is no such union as it is."""
    if "discriminator" not in schema or not isinstance(body, dict):
        return schema
    said = schema["discriminator"]
    return resolved({"$ref": said["mapping"][body[said["propertyName"]]]})


def _not_null(schema: Json) -> Json:
    """A field that may be null: what it is else."""
    others = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return others[0] if len(others) == 1 else schema


def places(body: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every place of a document and what stands there, the root first."""
    yield at, body
    members = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in members:
        yield from places(value, (*at, key))


def replaced(body: Any, place: Place, value: Any) -> Any:
    """A copy of the document with another value in one place."""
    if not place:
        return value
    first, *rest = place
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[first] = replaced(body[first], tuple(rest), value)  # type: ignore[index]
    return copy


def pointer(place: Place) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)
