"""One form for every document: each default written out, keys in a fixed order, so that equal meaning is equal data.

Documents come here in the shape that the schema of the API has checked.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.vocabulary import Channel, Handover, Kind, Metric, Order, Priority, SkillFit, Strategy

HEAD_START_SECONDS = {Priority.LOW: 0, Priority.MEDIUM: 1800, Priority.HIGH: 7200, Priority.URGENT: 28800}
OFFER_SECONDS = 60
WARN_AT_PERCENT = 80
CAPACITY = 5
_DEEPEST = 40  # the check allows 20; what is deeper is refused there and left alone here

Object = Mapping[str, Any]


def fill(document: Object) -> dict[str, Any]:
    """Every default written out. Lists keep their order and length, so a JSON pointer means the same before and after."""
    queues = [_queue(item) for item in document.get("queues") or ()]
    return {
        "time_zone": document.get("time_zone") or "UTC",
        "default_queue": document.get("default_queue") or (queues[0]["name"] if queues else None),
        "costs": _costs(document.get("costs") or {}),
        "teams": [_titled(item) for item in document.get("teams") or ()],
        "skills": [_titled(item) for item in document.get("skills") or ()],
        "routing_policies": [_routing_policy(item) for item in document.get("routing_policies") or ()],
        "sla_policies": [_sla_policy(item) for item in document.get("sla_policies") or ()],
        "queues": queues,
        "rules": [_rule(item) for item in document.get("rules") or ()],
        "agents": [_agent(item) for item in document.get("agents") or ()],
    }


def normalise(document: Object) -> dict[str, Any]:
    """As `fill`, with lists whose order means nothing sorted; named objects, rules and agents keep the order they have."""
    filled = fill(document)
    for policy in filled["routing_policies"]:
        if policy["vip"] is not None:
            policy["vip"]["tiers"].sort(key=lambda entry: entry["tier"])
    for policy in filled["sla_policies"]:
        policy["pause_on_pending"].sort()
        policy["escalations"].sort(key=lambda step: (step["metric"], step["after_seconds"]))
    for queue in filled["queues"]:
        queue["teams"].sort()
    for rule in filled["rules"]:
        rule["then"]["require_skills"].sort(key=_skill_name)
        rule["then"]["wish_skills"].sort(key=_skill_name)
        rule["then"]["tags"].sort()
    for agent in filled["agents"]:
        for field in ("teams", "languages", "areas"):
            agent[field].sort()
        agent["skills"].sort(key=_skill_name)
        agent["channel_limits"].sort(key=lambda limit: limit["channel"])
    return filled


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same as JSON. Python's == takes true for 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _skill_name(entry: Object) -> str:
    name: str = entry["skill"]
    return name


def _titled(item: Object) -> dict[str, Any]:
    return {"name": item["name"], "title": _given(item, "title", item["name"])}


def _given(item: Object, field: str, default: object) -> Any:
    """The field's value; absent and null are the same."""
    value = item.get(field)
    return default if value is None else value


def _costs(costs: Object) -> dict[str, Any]:
    return {"kinds": _units(costs.get("kinds") or {}, Kind), "channels": _units(costs.get("channels") or {}, Channel)}


def _units(given: Object, words: Iterable[str]) -> dict[str, int]:
    return {str(word): given.get(word, 1) for word in words}


def _routing_policy(item: Object) -> dict[str, Any]:
    strategy = _given(item, "strategy", Strategy.ROUND_ROBIN.value)
    order = _given(item, "order", Order.FIFO.value)
    handover = _given(item, "handover", Handover.DIRECT.value)
    head_start = _given(item, "head_start_seconds", {} if order == Order.PRIORITY else None)
    vip = item.get("vip")
    return {
        "name": item["name"],
        "strategy": strategy,
        "skill_fit": _given(item, "skill_fit", SkillFit.BEST.value if strategy == Strategy.SKILL else None),
        "order": order,
        "head_start_seconds": None if head_start is None else _head_start(head_start),
        "vip": None if vip is None else {"tiers": [{"tier": entry["tier"], "team": entry["team"]} for entry in vip["tiers"]]},
        "handover": handover,
        "offer_seconds": _given(item, "offer_seconds", OFFER_SECONDS if handover == Handover.OFFER else None),
    }


def _head_start(given: Object) -> dict[str, int]:
    return {str(priority): _given(given, priority, seconds) for priority, seconds in HEAD_START_SECONDS.items()}


def _sla_policy(item: Object) -> dict[str, Any]:
    targets = item.get("targets") or {}
    return {
        "name": item["name"],
        "targets": {str(priority): _target(targets.get(priority) or {}) for priority in Priority},
        "warn_at_percent": item.get("warn_at_percent", WARN_AT_PERCENT),
        "pause_on_pending": list(_given(item, "pause_on_pending", [Metric.RESOLUTION.value])),
        "escalations": [_escalation(step) for step in item.get("escalations") or ()],
    }


def _target(target: Object) -> dict[str, int | None]:
    return {f"{metric}_seconds": target.get(f"{metric}_seconds") for metric in Metric}


def _escalation(step: Object) -> dict[str, Any]:
    return {
        "metric": step["metric"],
        "after_seconds": step["after_seconds"],
        "raise_priority": step.get("raise_priority") or False,
        "move_to_team": step.get("move_to_team"),
        "hand_to": step.get("hand_to"),
    }


def _queue(item: Object) -> dict[str, Any]:
    return {
        **_titled(item),
        "routing_policy": item["routing_policy"],
        "sla_policy": item.get("sla_policy"),
        "teams": list(item["teams"]),
        "weight": item.get("weight") or 0,
    }


def _rule(item: Object) -> dict[str, Any]:
    then = item.get("then") or {}
    return {
        "name": item["name"],
        "enabled": _given(item, "enabled", default=True),
        "when": _condition(item["when"], 1),
        "then": {
            "queue": then.get("queue"),
            "priority": then.get("priority"),
            "category": then.get("category"),
            "require_skills": _levels(then, "require_skills"),
            "wish_skills": _levels(then, "wish_skills"),
            "language": then.get("language"),
            "area": then.get("area"),
            "team": then.get("team"),
            "tags": list(then.get("tags") or ()),
        },
        "stop": item.get("stop") or False,
    }


def _condition(condition: Any, depth: int) -> Any:
    """Copied with its keys in order; what has not the shape of a condition stays for the check to refuse."""
    if not isinstance(condition, dict) or depth > _DEEPEST:
        return condition
    keys = [key for key in ("all", "any", "not", "field", "op", "value") if key in condition]
    keys += [key for key in condition if key not in keys]
    return {key: _member(key, condition[key], depth) for key in keys}


def _member(key: str, value: Any, depth: int) -> Any:
    if key in ("all", "any") and isinstance(value, list):
        return [_condition(part, depth + 1) for part in value]
    if key == "not":
        return _condition(value, depth + 1)
    return list(value) if isinstance(value, list) else value


def _levels(item: Object, field: str) -> list[dict[str, Any]]:
    return [{"skill": entry["skill"], "level": entry["level"]} for entry in item.get(field) or ()]


def _agent(item: Object) -> dict[str, Any]:
    return {
        **_titled(item),
        "external_id": item.get("external_id"),
        "teams": list(item.get("teams") or ()),
        "skills": _levels(item, "skills"),
        "languages": list(item.get("languages") or ()),
        "areas": list(item.get("areas") or ()),
        "capacity": _given(item, "capacity", CAPACITY),
        "channel_limits": [{"channel": limit["channel"], "units": limit["units"]} for limit in item.get("channel_limits") or ()],
        "weight": _given(item, "weight", 1),
    }
