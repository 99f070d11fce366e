"""Where one object of a document names another: who uses it, and what a new name changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.services.configuration.sections import ALL_SECTIONS

# Section of the one that is named → where it is named: section of the user, and the way to the name; * is each of a list.
USES: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "teams": (
        ("routing_policies", ("vip", "tiers", "*", "team")),
        ("sla_policies", ("escalations", "*", "move_to_team")),
        ("queues", ("teams", "*")),
        ("rules", ("then", "team")),
        ("agents", ("teams", "*")),
    ),
    "skills": (
        ("rules", ("then", "require_skills", "*", "skill")),
        ("rules", ("then", "wish_skills", "*", "skill")),
        ("agents", ("skills", "*", "skill")),
    ),
    "routing_policies": (("queues", ("routing_policy",)),),
    "sla_policies": (("queues", ("sla_policy",)),),
    "queues": (("rules", ("then", "queue")),),
    "rules": (),
    "agents": (("sla_policies", ("escalations", "*", "hand_to")),),
}
DEFAULT_QUEUE = "default_queue"


@dataclass(frozen=True, slots=True)
class User:
    """An object that names another; `section` is empty for the configuration itself, whose `name` is then the setting."""

    section: str
    name: str


def users(document: Mapping[str, Any], section: str, name: str) -> Iterator[User]:
    """Who names the object, each once, in the order of the document, which is filled."""
    if section == "queues" and document[DEFAULT_QUEUE] == name:
        yield User("", DEFAULT_QUEUE)
    for other in ALL_SECTIONS:
        ways = [way for user, way in USES[section] if user == other]
        if ways:
            yield from (User(other, item["name"]) for item in document[other] if any(name in _named(item, way) for way in ways))


def renamed(document: Mapping[str, Any], section: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The document with every use of an old name replaced by the new one. The objects themselves keep their names."""
    changed = dict(document)
    if section == "queues":
        changed[DEFAULT_QUEUE] = names.get(document[DEFAULT_QUEUE], document[DEFAULT_QUEUE])
    for user, way in USES[section]:
        changed[user] = [with_names(item, way, names) for item in changed[user]]
    return changed


def with_names(value: Any, way: tuple[str, ...], names: Mapping[str, str]) -> Any:
    """A copy of a filled value with the names at the end of the way replaced."""
    if value is None:
        return None
    if not way:
        return names.get(value, value)
    step, *rest = way
    if step == "*":
        return [with_names(item, tuple(rest), names) for item in value]
    return {**value, step: with_names(value[step], tuple(rest), names)}


def _named(value: Any, way: tuple[str, ...]) -> Iterator[str]:
    if value is None:
        return
    if not way:
        yield value
        return
    step, *rest = way
    for item in value if step == "*" else (value[step],):
        yield from _named(item, tuple(rest))
