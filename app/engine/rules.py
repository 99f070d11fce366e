"""Rules: conditions compiled to closures once per configuration, and what the rules that match do to a ticket."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any

from app.engine.conditions import ATTRIBUTE, ORDERINGS, WEEKDAYS
from app.engine.patterns import PatternTable
from app.engine.vocabulary import Channel, Kind, Priority

Scalar = str | int | float | bool
Matches = Callable[["TicketFacts"], bool]
_Read = Callable[["TicketFacts"], object]


@dataclass(slots=True)
class TicketFacts:
    """What conditions see of a ticket; mutable, because later rules see what earlier ones set."""

    kind: Kind
    channel: Channel
    priority: Priority
    category: str | None = None
    language: str | None = None
    area: str | None = None
    customer_tier: str | None = None
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    patterns: frozenset[int] = frozenset()  # ids of the text patterns that were found, see PatternTable.read
    local_minute: int = 0  # 0..1439
    local_weekday: int = 0  # Monday 0


@dataclass(frozen=True, slots=True)
class Actions:
    """What a rule sets; None and empty set nothing. Ids of queues, teams and skills, levels 1..10."""

    queue: bytes | None = None
    priority: Priority | None = None
    category: str | None = None
    require_skills: tuple[tuple[bytes, int], ...] = ()
    wish_skills: tuple[tuple[bytes, int], ...] = ()
    language: str | None = None
    area: str | None = None
    team: bytes | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    id: bytes
    name: str
    matches: Matches
    then: Actions
    stop: bool = False


@dataclass(slots=True)
class Routing:
    """What the rules made of a ticket: None where no rule set anything, so that the caller's own value stays."""

    queue: bytes | None = None
    priority: Priority | None = None
    category: str | None = None
    language: str | None = None
    area: str | None = None
    team: bytes | None = None
    require_skills: dict[bytes, int] = field(default_factory=dict)
    wish_skills: dict[bytes, int] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    hits: list[bytes] = field(default_factory=list)  # the rules that matched, in order


def apply_rules(rules: Sequence[Rule], facts: TicketFacts) -> Routing:
    """One pass from top to bottom, so no rule can wake an earlier one. `facts` is left as it was."""
    routing = Routing()
    if not rules:
        return routing
    seen = replace(facts)
    for rule in rules:
        if rule.matches(seen):
            routing.hits.append(rule.id)
            _act(rule.then, routing, seen)
            if rule.stop:
                break
    routing.tags = list(dict.fromkeys(routing.tags))
    return routing


def _act(then: Actions, routing: Routing, seen: TicketFacts) -> None:
    if routing.queue is None:
        routing.queue = then.queue
    if routing.team is None:
        routing.team = then.team
    if routing.priority is None and then.priority is not None:
        routing.priority = seen.priority = then.priority
    if routing.category is None and then.category is not None:
        routing.category = seen.category = then.category
    if routing.language is None and then.language is not None:
        routing.language = seen.language = then.language
    if routing.area is None and then.area is not None:
        routing.area = seen.area = then.area
    _raise_levels(routing.require_skills, then.require_skills)
    _raise_levels(routing.wish_skills, then.wish_skills)
    routing.tags.extend(then.tags)


def _raise_levels(levels: dict[bytes, int], asked: tuple[tuple[bytes, int], ...]) -> None:
    for skill, level in asked:
        levels[skill] = max(level, levels.get(skill, 0))


def compile_condition(condition: Mapping[str, Any], patterns: PatternTable) -> Matches:
    """A condition in which `check_condition` found no mistake, as a closure. Adds its text patterns to `patterns`."""
    if "all" in condition:
        return _all([compile_condition(part, patterns) for part in condition["all"]])
    if "any" in condition:
        return _any([compile_condition(part, patterns) for part in condition["any"]])
    if "not" in condition:
        inner = compile_condition(condition["not"], patterns)
        return lambda facts: not inner(facts)
    name, op, value = condition["field"], condition["op"], condition["value"]
    if name in _WRITTEN:
        return _in_text(name, op, value, patterns)
    if name.startswith(ATTRIBUTE):
        return _attribute(name.removeprefix(ATTRIBUTE), op, value)
    return _plain(name, op, value)


def _all(parts: list[Matches]) -> Matches:
    def matches(facts: TicketFacts) -> bool:
        for part in parts:  # noqa: SIM110 - all() with a generator takes twice as long
            if not part(facts):
                return False
        return True

    return parts[0] if len(parts) == 1 else matches


def _any(parts: list[Matches]) -> Matches:
    def matches(facts: TicketFacts) -> bool:
        for part in parts:  # noqa: SIM110 - any() with a generator takes twice as long
            if part(facts):
                return True
        return False

    return parts[0] if len(parts) == 1 else matches


_WRITTEN = frozenset({"text", "subject"})
_ENUMS: Mapping[str, type[StrEnum]] = {"kind": Kind, "channel": Channel, "priority": Priority}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_PRESSURE = tuple(Priority)
_NUMBERS = frozenset({int, float})  # bool is a class of its own


def _in_text(name: str, op: str, value: Any, patterns: PatternTable) -> Matches:
    how = op.removesuffix("_any")
    if how == op:
        only = patterns.intern(name, how, value)
        return lambda facts: only in facts.patterns
    ids = frozenset(patterns.intern(name, how, item) for item in value)
    return lambda facts: not ids.isdisjoint(facts.patterns)


def _plain(name: str, op: str, value: Any) -> Matches:
    if name == "local_time":
        return _between(_minute(value[0]), _minute(value[1]))
    read = attrgetter(name.replace(".", "_"))
    if op == "exists":
        return lambda facts: (read(facts) is not None) is value
    if op in ORDERINGS:
        compare, bound = _COMPARE[op], _PRESSURE.index(Priority(value))
        return _among(read, frozenset(p for i, p in enumerate(_PRESSURE) if compare(i, bound)), wanted=True)
    chosen = _chosen(op, value)
    if name == "local_weekday":
        days = frozenset(WEEKDAYS.index(day) for day in chosen)
        return _among(read, days, wanted=_affirms(op))
    words = _ENUMS.get(name)
    return _among(read, frozenset(words(item) for item in chosen) if words else frozenset(chosen), wanted=_affirms(op))


def _chosen(op: str, value: Any) -> list[Any]:
    return value if op in {"in", "not_in"} else [value]


def _affirms(op: str) -> bool:
    return op in {"eq", "in"}


def _among(read: _Read, chosen: frozenset[object], *, wanted: bool) -> Matches:
    if wanted:
        return lambda facts: read(facts) in chosen
    return lambda facts: read(facts) not in chosen


def _between(start: int, end: int) -> Matches:
    if start <= end:
        return lambda facts: start <= facts.local_minute < end
    return lambda facts: not end <= facts.local_minute < start


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _attribute(key: str, op: str, value: Any) -> Matches:
    if op == "exists":
        return lambda facts: (facts.attributes.get(key) is not None) is value
    if op == "contains":
        return _attribute_contains(key, value.casefold())
    if op in ORDERINGS:
        return _attribute_compares(key, _COMPARE[op], value)
    return _attribute_among(key, _chosen(op, value), wanted=_affirms(op))


def _attribute_contains(key: str, needle: str) -> Matches:
    def matches(facts: TicketFacts) -> bool:
        value = facts.attributes.get(key)
        return isinstance(value, str) and needle in value.casefold()

    return matches


def _attribute_compares(key: str, compare: Callable[[Any, Any], bool], bound: float) -> Matches:
    def matches(facts: TicketFacts) -> bool:
        value = facts.attributes.get(key)
        return type(value) in _NUMBERS and compare(value, bound)

    return matches


def _attribute_among(key: str, chosen: list[Scalar], *, wanted: bool) -> Matches:
    # Two sets, because to Python true is 1 and to a person it is not.
    flags = frozenset(item for item in chosen if isinstance(item, bool))
    others = frozenset(item for item in chosen if not isinstance(item, bool))

    def matches(facts: TicketFacts) -> bool:
        value = facts.attributes.get(key)
        return (value in (flags if isinstance(value, bool) else others)) is wanted

    return matches
