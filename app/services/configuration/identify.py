"""The document as it is stored: every object with an id that outlives its changes, a version and its times."""

from collections.abc import Callable, Mapping
from typing import Any

from app.engine.ids import AgentId
from app.services.configuration.normalise import same
from app.services.configuration.sections import SECTIONS, SETTINGS, by_name, overlay

STAMP = ("id", "version", "created_at", "updated_at")


def with_ids(
    wanted: Mapping[str, Any],
    present: Mapping[str, Any] | None,
    *,
    mint: Callable[[], bytes],
    prune: bool,
    version: int,
    now_ms: int,
    origins: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
) -> dict[str, Any]:
    """The stored form of a normalised document over `present`, the stored form in force. Agents are not part of it.

    An object keeps the id of its name, and its version and times unless it changed; then they become `version` and
    `now_ms` (milliseconds). Objects that `wanted` does not name are kept, with prune they go.
    `origins` says, by section and name, what an object was before where it had another name or was not there.
    """

    def stamped(item: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
        body = unstamped(item)
        if before is None:
            stamp: dict[str, Any] = {"id": mint().hex(), "version": version, "created_at": now_ms, "updated_at": now_ms}
        elif same(unstamped(before), body):
            stamp = {field: before[field] for field in STAMP}
        else:
            stamp = {"id": before["id"], "version": version, "created_at": before["created_at"], "updated_at": now_ms}
        return stamp | body

    document: dict[str, Any] = {field: wanted[field] for field in SETTINGS}
    for section in SECTIONS:
        before = (present or {}).get(section, [])
        there = by_name(before) | dict((origins or {}).get(section, {}))
        items = wanted[section] if prune else overlay(before, wanted[section])
        document[section] = [stamped(item, there.get(item["name"])) for item in items]
    return document


def unstamped(item: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in item.items() if field not in STAMP}


def with_agent_ids(document: Mapping[str, Any], ids: Mapping[str, AgentId]) -> dict[str, Any]:
    """Escalations name an agent by `hand_to_id` (hex) in place of `hand_to`: what is stored for good holds no person's name."""
    texts = {name: agent.hex() for name, agent in ids.items()}
    return _each_step(document, "hand_to", "hand_to_id", texts)


def with_agent_names(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The reverse, by id in hex. An escalation to an agent who is gone becomes one to nobody."""
    return _each_step(document, "hand_to_id", "hand_to", names)


def _each_step(document: Mapping[str, Any], field: str, renamed: str, values: Mapping[str, str]) -> dict[str, Any]:
    policies = []
    for policy in document["sla_policies"]:
        steps = [
            {key: value for key, value in step.items() if key != field} | {renamed: values.get(step[field])}
            for step in policy["escalations"]
        ]
        policies.append({**policy, "escalations": steps})
    return {**document, "sla_policies": policies}
