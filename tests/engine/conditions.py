"""Random conditions and facts, and a slow plain reading of the contract to hold the compiled one against."""

import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from app.engine.rules import TicketFacts
from app.engine.vocabulary import Channel, Kind, Priority

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WORDS = st.sampled_from(["a", "b", "A"])
TEXTS = st.text("abAB \n", max_size=6)
PATTERNS = st.sampled_from(["a+b", "^b", "a$", "[^a]b", "(a|b)b", "(?-i:A)", "b{2}", ".a."])  # read alike by re and RE2
SCALARS = st.sampled_from([True, False, 0, 1, 1.0, 2, -3.5, 10**15, "", "a", "A b", "1"])
CLOCKS = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 1, 59]))


def _leaf(field: str, ops: list[str], value: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"field": st.just(field), "op": st.sampled_from(ops), "value": value})


def _choice(field: str, value: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return _leaf(field, ["eq", "ne"], value) | _leaf(field, ["in", "not_in"], st.lists(value, min_size=1, max_size=3))


def _leaves() -> st.SearchStrategy[dict[str, Any]]:
    orderings = ["gt", "gte", "lt", "lte"]
    some = [
        _choice("kind", st.sampled_from([str(k) for k in Kind])),
        _choice("channel", st.sampled_from([str(c) for c in Channel])),
    ]
    priorities = st.sampled_from([str(p) for p in Priority])
    some += [_choice("priority", priorities), _leaf("priority", orderings, priorities)]
    for field in ("category", "language", "area", "customer.tier"):
        some += [_choice(field, WORDS), _leaf(field, ["exists"], st.booleans())]
    for field in ("attributes.x", "attributes.y"):
        numbers = st.sampled_from([0, 1, 1.5, -3.5, 10**15])
        some += [_choice(field, SCALARS), _leaf(field, ["exists"], st.booleans())]
        some += [_leaf(field, orderings, numbers), _leaf(field, ["contains"], WORDS)]
    needles = st.text("abA \n", min_size=1, max_size=2)
    for field in ("text", "subject"):
        some += [_leaf(field, ["contains"], needles), _leaf(field, ["contains_any"], st.lists(needles, min_size=1, max_size=3))]
        some += [_leaf(field, ["matches"], PATTERNS), _leaf(field, ["matches_any"], st.lists(PATTERNS, min_size=1, max_size=3))]
    some.append(_leaf("local_time", ["between"], st.lists(CLOCKS, min_size=2, max_size=2, unique=True)))
    some.append(_choice("local_weekday", st.sampled_from(DAYS)))
    return st.one_of(some)


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    def branches(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        parts = st.lists(inner, min_size=1, max_size=4)
        return parts.map(lambda p: {"all": p}) | parts.map(lambda p: {"any": p}) | inner.map(lambda p: {"not": p})

    return st.recursive(_leaves(), branches, max_leaves=8)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Facts and the two texts, of which the engine sees only the patterns found."""

    facts: TicketFacts
    subject: str
    text: str


def tickets() -> st.SearchStrategy[Ticket]:
    facts = st.builds(
        TicketFacts,
        kind=st.sampled_from(Kind),
        channel=st.sampled_from(Channel),
        priority=st.sampled_from(Priority),
        category=st.none() | WORDS,
        language=st.none() | WORDS,
        area=st.none() | WORDS,
        customer_tier=st.none() | WORDS,
        attributes=st.dictionaries(st.sampled_from(["x", "y"]), SCALARS),
        patterns=st.just(frozenset()),
        local_minute=st.integers(0, 1439),
        local_weekday=st.integers(0, 6),
    )
    return st.builds(Ticket, facts=facts, subject=TEXTS, text=TEXTS)


def holds(condition: dict[str, Any], ticket: Ticket) -> bool:
    """The contract read aloud, slowly."""
    if "all" in condition:
        return all(holds(part, ticket) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, ticket) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], ticket)
    return _leaf_holds(condition["field"], condition["op"], condition["value"], ticket)


def _leaf_holds(field: str, op: str, value: Any, ticket: Ticket) -> bool:
    found = _value(field, ticket)
    items = value if op in ("in", "not_in", "contains_any", "matches_any") else [value]
    if op == "between":
        start, end = value
        return bool(start <= found < end if start < end else found >= start or found < end)
    if op == "exists":
        return (found is not None) is value
    if op in ("eq", "in", "ne", "not_in"):
        return any(_same(found, item) for item in items) == (op in ("eq", "in"))
    if op.startswith(("contains", "matches")):
        return any(_in(op.removesuffix("_any"), item, found) for item in items)
    return found is not None and _compares(op, found, value, priority=field == "priority")


def _value(field: str, ticket: Ticket) -> Any:
    if field == "text":
        return ticket.subject + "\n" + ticket.text
    if field == "subject":
        return ticket.subject
    if field == "local_time":
        return f"{ticket.facts.local_minute // 60:02d}:{ticket.facts.local_minute % 60:02d}"
    if field == "local_weekday":
        return DAYS[ticket.facts.local_weekday]
    if field.startswith("attributes."):
        return ticket.facts.attributes.get(field[11:])
    return getattr(ticket.facts, field.replace(".", "_"))


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _in(op: str, value: str, found: Any) -> bool:
    if not isinstance(found, str):
        return False
    if op == "contains":
        return value.casefold() in found.casefold()
    # Python's $ also stands before a last newline, RE2's only at the very end.
    return re.search(value.replace("$", r"\Z"), found, re.IGNORECASE) is not None


def _compares(op: str, found: Any, value: Any, *, priority: bool) -> bool:
    if priority:
        found, value = list(Priority).index(found), list(Priority).index(value)
    if isinstance(found, bool | str):
        return False
    return bool({"gt": found > value, "gte": found >= value, "lt": found < value, "lte": found <= value}[op])
