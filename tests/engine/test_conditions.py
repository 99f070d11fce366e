"""What may be written as a condition, and that every mistake is found in its place."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.conditions import FIELDS, OPERATORS, check_condition, operators_of
from app.engine.mistakes import Mistake, below, shown
from app.engine.patterns import PatternTable
from app.engine.rules import compile_condition
from app.engine.vocabulary import Channel, Kind, Priority
from tests.engine.conditions import conditions

LEAF = {"field": "area", "op": "eq", "value": "bandung"}


def leaf(field: str, op: str, value: object) -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


def codes(condition: object, pointer: str = "") -> list[tuple[str, str]]:
    return [(mistake.pointer, mistake.code) for mistake in check_condition(condition, pointer=pointer)]


def nested(depth: int) -> Any:
    condition: Any = LEAF
    for i in range(depth - 1):
        condition = [{"not": condition}, {"all": [condition]}, {"any": [condition]}][i % 3]
    return condition


@pytest.mark.parametrize(
    "condition",
    [
        LEAF,
        {"all": [LEAF]},
        {"any": [LEAF, {"not": LEAF}]},
        leaf("kind", "eq", "call"),
        leaf("channel", "not_in", ["email", "sms"]),
        leaf("priority", "gte", "high"),
        leaf("category", "exists", False),
        leaf("customer.tier", "in", ["vip", "gold"]),
        leaf("attributes.plan_2", "eq", ""),
        leaf("attributes." + "k" * 64, "in", ["a", 1, 1.5, True]),
        leaf("attributes.seats", "gt", -(2**63)),
        leaf("attributes.seats", "lte", 2**63 - 1),
        leaf("attributes.seats", "contains", "x"),
        leaf("text", "contains", "x" * 500),
        leaf("text", "contains_any", ["x"] * 200),
        leaf("subject", "matches", "(a+)+$"),
        leaf("text", "matches_any", ["a", "b"]),
        leaf("local_time", "between", ["22:00", "06:00"]),
        leaf("local_weekday", "not_in", ["sat", "sun"]),
        {"any": [LEAF] * 200},
        nested(20),
    ],
)
def test_condition_is_accepted_and_compiles(condition: dict[str, object]) -> None:
    assert check_condition(condition, pointer="/when") == []
    compile_condition(condition, PatternTable())


SHAPES: list[tuple[object, list[tuple[str, str]]]] = [
    (None, [("", "wrong_type")]),
    ([LEAF], [("", "wrong_type")]),
    ("all", [("", "wrong_type")]),
    ({}, [("", "empty")]),
    ({"all": []}, [("/all", "empty")]),
    ({"any": {}}, [("/any", "wrong_type")]),
    ({"not": [LEAF]}, [("/not", "wrong_type")]),
    ({"not": {}}, [("/not", "empty")]),
    ({"all": [LEAF], "any": [LEAF]}, [("", "ambiguous_condition")]),
    (LEAF | {"not": LEAF}, [("", "ambiguous_condition")]),
    (LEAF | {"value2": 1}, [("/value2", "unknown_field")]),
    ({"none": [LEAF]}, [("/none", "unknown_field")]),
    ({"a/b~c": 1}, [("/a~1b~0c", "unknown_field")]),
    ({1: LEAF}, [("", "unknown_field")]),
    ({"field": "area"}, [("/op", "missing"), ("/value", "missing")]),
    ({"op": "eq"}, [("/field", "missing"), ("/value", "missing")]),
    ({"value": "x"}, [("/field", "missing"), ("/op", "missing")]),
    ({"field": "area", "op": "eq"}, [("/value", "missing")]),
    ({"all": [LEAF, {"any": [{"not": {"field": 1}}]}, 7]},
     [("/all/1/any/0/not/op", "missing"), ("/all/1/any/0/not/value", "missing"), ("/all/1/any/0/not/field", "wrong_type"), ("/all/2", "wrong_type")]),
]  # fmt: skip

LEAVES: list[tuple[object, object, object, list[tuple[str, str]]]] = [
    ("colour", "eq", "red", [("/field", "unknown_field")]),
    (["kind"], "eq", "call", [("/field", "wrong_type")]),
    ("attributes.", "eq", 1, [("/field", "unknown_field")]),
    ("attributes.<key>", "eq", 1, [("/field", "unknown_field")]),
    ("attributes.Plan", "eq", 1, [("/field", "unknown_field")]),
    ("attributes.a.b", "eq", 1, [("/field", "unknown_field")]),
    ("attributes.a\n", "eq", 1, [("/field", "unknown_field")]),
    ("attributes." + "k" * 65, "eq", 1, [("/field", "unknown_field")]),
    ("colour", "like", "red", [("/field", "unknown_field"), ("/op", "unknown_operator")]),
    ("kind", "gt", "call", [("/op", "unknown_operator")]),
    ("kind", ["eq"], "call", [("/op", "wrong_type")]),
    ("text", "eq", "x", [("/op", "unknown_operator")]),
    ("local_time", "eq", "08:00", [("/op", "unknown_operator")]),
    ("local_weekday", "gt", "mon", [("/op", "unknown_operator")]),
    ("kind", "eq", "Call", [("/value", "not_allowed")]),
    ("kind", "eq", ["call"], [("/value", "wrong_type")]),
    ("kind", "in", "call", [("/value", "wrong_type")]),
    ("kind", "in", [], [("/value", "empty")]),
    ("kind", "in", ["call", "fax", 1], [("/value/1", "not_allowed"), ("/value/2", "wrong_type")]),
    ("priority", "gt", 2, [("/value", "wrong_type")]),
    ("category", "eq", None, [("/value", "wrong_type")]),
    ("category", "eq", "", [("/value", "empty")]),
    ("category", "exists", "true", [("/value", "wrong_type")]),
    ("category", "exists", 1, [("/value", "wrong_type")]),
    ("area", "eq", "x" * 501, [("/value", "too_long")]),
    ("area", "eq", "a\0", [("/value", "character_not_allowed")]),
    ("area", "in", ["a", "\ud800"], [("/value/1", "character_not_allowed")]),
    ("area", "in", ["a"] * 201, [("/value", "too_many_values")]),
    ("attributes.n", "eq", None, [("/value", "wrong_type")]),
    ("attributes.n", "eq", {}, [("/value", "wrong_type")]),
    ("attributes.n", "gt", "3", [("/value", "wrong_type")]),
    ("attributes.n", "gt", True, [("/value", "wrong_type")]),
    ("attributes.n", "gt", math.nan, [("/value", "not_allowed")]),
    ("attributes.n", "eq", math.inf, [("/value", "not_allowed")]),
    ("attributes.n", "eq", 2**63, [("/value", "not_allowed")]),
    ("attributes.n", "in", [1, 10**5000], [("/value/1", "not_allowed")]),
    ("attributes.n", "contains", 3, [("/value", "wrong_type")]),
    ("text", "contains", "", [("/value", "empty")]),
    ("text", "contains", ["a"], [("/value", "wrong_type")]),
    ("text", "contains", "x" * 501, [("/value", "pattern_too_long")]),
    ("text", "contains_any", ["a", "", 1], [("/value/1", "empty"), ("/value/2", "wrong_type")]),
    ("text", "matches", "x" * 10_000, [("/value", "pattern_too_long")]),
    ("text", "matches", "(", [("/value", "pattern_invalid")]),
    ("text", "matches", "\ud800", [("/value", "character_not_allowed")]),
    ("subject", "matches_any", ["a", "(?<=b)c", r"(d)\1"], [("/value/1", "pattern_invalid"), ("/value/2", "pattern_invalid")]),
    ("local_time", "between", "08:00-17:00", [("/value", "wrong_type")]),
    ("local_time", "between", ["08:00"], [("/value", "not_allowed")]),
    ("local_time", "between", ["8:00", "24:00"], [("/value/0", "not_allowed"), ("/value/1", "not_allowed")]),
    ("local_time", "between", [480, "٠٨:00"], [("/value/0", "wrong_type"), ("/value/1", "not_allowed")]),
    ("local_time", "between", ["08:00", "08:00"], [("/value", "empty")]),
    ("local_weekday", "eq", "monday", [("/value", "not_allowed")]),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "expected"), SHAPES)
def test_wrong_shape_is_named(condition: object, expected: list[tuple[str, str]]) -> None:
    assert codes(condition) == expected


@pytest.mark.parametrize(("field", "op", "value", "expected"), LEAVES)
def test_wrong_leaf_is_named(field: object, op: object, value: object, expected: list[tuple[str, str]]) -> None:
    assert codes({"field": field, "op": op, "value": value}) == expected


def test_pointer_is_put_before() -> None:
    assert codes({"all": [{}]}, pointer="/rules/3/when") == [("/rules/3/when/all/0", "empty")]


def test_closed_lists_say_what_is_allowed() -> None:
    def allowed(condition: object) -> tuple[str, ...] | None:
        (mistake,) = check_condition(condition, pointer="")
        return mistake.allowed

    assert allowed(leaf("kind", "eq", "fax")) == tuple(Kind)
    assert allowed(leaf("channel", "in", ["fax"])) == tuple(Channel)
    assert allowed(leaf("priority", "gt", 1)) == tuple(Priority)
    assert allowed(leaf("local_weekday", "eq", "x")) == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert allowed(leaf("local_time", "eq", "x")) == ("between",)
    assert allowed(leaf("colour", "eq", "x")) == tuple(FIELDS)
    assert allowed(LEAF | {"extra": 1}) == ("field", "op", "value")
    assert allowed(leaf("text", "matches", "(")) is None


@pytest.mark.parametrize(
    ("condition", "expected", "limit"),
    [
        (nested(21), ("/", "too_deep"), "20"),
        (nested(900), ("/", "too_deep"), "20"),
        ({"all": [LEAF] * 201}, ("", "too_many_conditions"), "200"),
        ({"all": [{"any": [LEAF] * 100}] * 100}, ("", "too_many_conditions"), "200"),
        ({"all": [0] * 1_000_000}, ("", "too_many_conditions"), "200"),
        ({"any": [leaf("text", "matches_any", ["a"] * 101)] * 2}, ("/any/1", "too_many_patterns"), "200"),
    ],
)
def test_limit_is_named(condition: object, expected: tuple[str, str], limit: str) -> None:
    last = check_condition(condition, pointer="")[-1]
    assert last.pointer.startswith(expected[0])
    assert last.code == expected[1]
    assert limit in last.detail


def test_work_is_bounded_where_the_document_is_not() -> None:
    cycle: dict[str, object] = {}
    cycle["all"] = [cycle, cycle]
    assert codes(cycle)[-1] == ("", "too_many_conditions")
    assert len(check_condition({str(i): 0 for i in range(100_000)}, pointer="")) == 20


def test_mistakes_can_be_sent_whatever_was_written() -> None:
    odd = "\ud800\0\n\x1b[31m\u202e~/"
    for condition in ({odd: 1}, leaf(odd, odd, odd), leaf("kind", "eq", odd), leaf("text", "matches", "(" + odd[2:])):
        mistakes = check_condition(condition, pointer="")
        assert mistakes
        for mistake in mistakes:
            json.dumps([mistake.pointer, mistake.detail], ensure_ascii=False).encode()
            assert not {"\n", "\0", "\x1b", "\u202e"} & set(mistake.detail)
    assert shown("a\ud800\n") == '"a\\ud800\\n"'
    assert len(shown("x" * 10**6)) < 70
    assert below("/a", "~/") == "/a/~0~1"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.integers(10**4000, 10**4001)
NAMES = st.sampled_from(["all", "any", "not", "field", "op", "value"])
WORDS = st.sampled_from([*FIELDS, *OPERATORS, "attributes.k", "08:00", "vip", "call", "high", "(", "\ud800"])
JSON = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(st.characters(), max_size=3), inner, max_size=4),
    max_leaves=25,
)
NEARLY = st.fixed_dictionaries({"field": WORDS | JSON, "op": st.sampled_from(OPERATORS) | WORDS, "value": JSON | st.lists(WORDS)})


@given(JSON | NEARLY | st.fixed_dictionaries({"any": st.lists(NEARLY | JSON)}))
def test_any_json_is_judged_and_what_passes_compiles(document: Any) -> None:
    mistakes = check_condition(document, pointer="")
    assert all(isinstance(mistake, Mistake) and mistake.detail for mistake in mistakes)
    if not mistakes:
        compile_condition(document, PatternTable())


@given(conditions())
def test_well_formed_conditions_pass_and_compile(condition: dict[str, Any]) -> None:
    assert check_condition(condition, pointer="") == []
    compile_condition(condition, PatternTable())


def test_table_knows_attributes_by_their_key_alone() -> None:
    assert operators_of("attributes.x") is FIELDS["attributes.<key>"]
    assert operators_of("attributes") is None
    assert operators_of("") is None
