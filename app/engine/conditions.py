"""Which conditions may be written: the table of fields, and the check that finds every mistake at once."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from app.engine.mistakes import Mistake, below, shown
from app.engine.values import Check, flag, many, needle, number, one_of, pattern, scalar, span, word, wrong_type
from app.engine.vocabulary import Channel, Kind, Priority

MAX_DEPTH = 20  # a lone leaf is 1 deep, each all, any and not adds 1
MAX_LEAVES = 200
MAX_PATTERNS = 200  # regular expressions of one rule, those in lists counted singly: each is compiled here
MAX_UNKNOWN = 20  # unknown members named per object

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDERINGS = ("gt", "gte", "lt", "lte")
ATTRIBUTE = "attributes."
ANY_ATTRIBUTE = "attributes.<key>"
_ATTRIBUTE_KEY = re.compile("[a-z0-9_]{1,64}")

Operators = Mapping[str, Check]


def _choice(check: Check) -> dict[str, Check]:
    return {"eq": check, "ne": check, "in": many(check), "not_in": many(check)}


def _written() -> dict[str, Check]:
    return {"contains": needle, "contains_any": many(needle), "matches": pattern, "matches_any": many(pattern)}


_priority = one_of(Priority)

FIELDS: Mapping[str, Operators] = {
    "kind": _choice(one_of(Kind)),
    "channel": _choice(one_of(Channel)),
    "priority": _choice(_priority) | dict.fromkeys(ORDERINGS, _priority),
    "category": _choice(word) | {"exists": flag},
    "language": _choice(word) | {"exists": flag},
    "area": _choice(word) | {"exists": flag},
    "customer.tier": _choice(word) | {"exists": flag},
    ANY_ATTRIBUTE: _choice(scalar) | {"exists": flag} | dict.fromkeys(ORDERINGS, number) | {"contains": needle},
    "text": _written(),
    "subject": _written(),
    "local_time": {"between": span},
    "local_weekday": _choice(one_of(WEEKDAYS)),
}
OPERATORS = tuple(dict.fromkeys(op for operators in FIELDS.values() for op in operators))

_GROUPS = ("all", "any")
_BRANCHES = (*_GROUPS, "not")
_LEAF = ("field", "op", "value")
_MEMBERS = (*_BRANCHES, *_LEAF)


def check_condition(condition: object, *, pointer: str) -> list[Mistake]:
    """Every mistake of one rule's condition, in document order; none means that it compiles. Never raises.

    Past MAX_LEAVES leaves the rest is not looked at.
    """
    walk = _Walk()
    walk.condition(condition, pointer, depth=1)
    if walk.leaves > MAX_LEAVES:
        detail = f"A rule may have at most {MAX_LEAVES} conditions; the rest of them were not checked."
        walk.mistakes.append(Mistake(pointer, "too_many_conditions", detail))
    return walk.mistakes


class _Walk:
    __slots__ = ("leaves", "mistakes", "patterns")

    def __init__(self) -> None:
        self.patterns = 0
        self.leaves = 0  # every place where the walk ends counts, well-formed or not: that bounds the walk
        self.mistakes: list[Mistake] = []

    def condition(self, condition: object, pointer: str, *, depth: int) -> None:
        if self.leaves > MAX_LEAVES:
            return
        if depth > MAX_DEPTH:
            detail = f"Conditions may be nested at most {MAX_DEPTH} deep."
            self._end(Mistake(pointer, "too_deep", detail))
        elif not isinstance(condition, dict):
            self._end(wrong_type(condition, pointer, "an object with all, any, not, or field, op and value"))
        elif not condition:
            self._end(Mistake(pointer, "empty", "Must say all, any, not, or field, op and value.", _MEMBERS))
        else:
            self._object(condition, pointer, depth=depth)

    def _object(self, condition: dict[object, object], pointer: str, *, depth: int) -> None:
        branches = [name for name in _BRANCHES if name in condition]
        is_leaf = any(name in condition for name in _LEAF)
        self.mistakes.extend(_unknown(condition, branches, pointer, is_leaf=is_leaf))
        if len(branches) + is_leaf > 1:
            detail = "Must be exactly one of all, any, not, or field with op and value."
            self.mistakes.append(Mistake(pointer, "ambiguous_condition", detail, _MEMBERS))
        for name in branches:
            self._branch(name, condition[name], below(pointer, name), depth=depth + 1)
        if is_leaf:
            self._end(*self._leaf(condition, pointer))
        elif not branches:
            self._end()

    def _leaf(self, leaf: dict[object, object], pointer: str) -> Iterator[Mistake]:
        self.patterns += _patterns_in(leaf)
        if self.patterns > MAX_PATTERNS:
            detail = f"A rule may have at most {MAX_PATTERNS} regular expressions; this one and later ones were not checked."
            return iter([Mistake(pointer, "too_many_patterns", detail)])
        return _leaf(leaf, pointer)

    def _branch(self, name: str, value: object, pointer: str, *, depth: int) -> None:
        if name not in _GROUPS:
            self.condition(value, pointer, depth=depth)
        elif not isinstance(value, list):
            self._end(wrong_type(value, pointer, "a list of conditions"))
        elif not value:
            self._end(Mistake(pointer, "empty", "Must hold at least one condition."))
        else:
            for i, part in enumerate(value):
                if self.leaves > MAX_LEAVES:
                    return
                self.condition(part, below(pointer, i), depth=depth)

    def _end(self, *mistakes: Mistake) -> None:
        self.leaves += 1
        self.mistakes.extend(mistakes)


def operators_of(field: str) -> Operators | None:
    """The operators of a field and what their values must be; None for a field that does not exist."""
    if field.startswith(ATTRIBUTE):
        return FIELDS[ANY_ATTRIBUTE] if _ATTRIBUTE_KEY.fullmatch(field, len(ATTRIBUTE)) else None
    return FIELDS.get(field)


def _unknown(condition: dict[object, object], branches: list[str], pointer: str, *, is_leaf: bool) -> Iterator[Mistake]:
    allowed = _LEAF if is_leaf and not branches else _MEMBERS
    for key in islice((key for key in condition if key not in _MEMBERS), MAX_UNKNOWN):
        if isinstance(key, str):
            yield Mistake(below(pointer, key), "unknown_field", f"{shown(key)} is not part of a condition.", allowed)
        else:
            yield Mistake(pointer, "unknown_field", "The name of a member must be text.", allowed)


def _leaf(leaf: dict[object, object], pointer: str) -> Iterator[Mistake]:
    for name in _LEAF:
        if name not in leaf:
            yield Mistake(below(pointer, name), "missing", f"A condition needs field, op and value; {name} is missing.")
    operators: Operators | None = None
    if "field" in leaf:
        field = leaf["field"]
        operators = operators_of(field) if isinstance(field, str) else None
        if operators is None:
            yield _no_field(field, below(pointer, "field"))
    if "op" not in leaf:
        return
    op = leaf["op"]
    allowed = OPERATORS if operators is None else tuple(operators)
    if not isinstance(op, str) or op not in allowed:
        yield _no_operator(op, below(pointer, "op"), allowed)
    elif operators is not None and "value" in leaf:
        yield from operators[op](leaf["value"], below(pointer, "value"))


def _patterns_in(leaf: dict[object, object]) -> int:
    value = leaf.get("value")
    match leaf.get("op"):
        case "matches":
            return 1
        case "matches_any" if isinstance(value, list):
            return len(value)
        case _:
            return 0


def _no_field(field: object, pointer: str) -> Mistake:
    if not isinstance(field, str):
        return Mistake(pointer, "wrong_type", "Must be the name of a field.", tuple(FIELDS))
    if field.startswith(ATTRIBUTE):
        detail = f"{shown(field)}: the key of an attribute is 1 to 64 of a-z, 0-9 and _."
    else:
        detail = f"{shown(field)} is not a field that conditions know."
    return Mistake(pointer, "unknown_field", detail, tuple(FIELDS))


def _no_operator(op: object, pointer: str, allowed: tuple[str, ...]) -> Mistake:
    if not isinstance(op, str):
        return Mistake(pointer, "wrong_type", "Must be the name of an operator.", allowed)
    return Mistake(pointer, "unknown_operator", f"{shown(op)} is not an operator of this field.", allowed)
