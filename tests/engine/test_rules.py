"""Conditions as closures mean what the contract says; rules act from top to bottom, once."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.engine.patterns import PatternTable
from app.engine.rules import Actions, Routing, Rule, TicketFacts, apply_rules, compile_condition
from app.engine.vocabulary import Channel, Kind, Priority
from tests.engine.conditions import Ticket, conditions, holds, tickets

BLANK = TicketFacts(kind=Kind.TICKET, channel=Channel.EMAIL, priority=Priority.MEDIUM)
FULL = replace(
    BLANK,
    category="billing",
    language="id",
    area="bandung",
    customer_tier="vip",
    attributes={"seats": 5, "plan": "Gold Plus", "paid": True, "ratio": 0.5, "one": 1, "blank": ""},
)


def matches(field: str, op: str, value: Any, facts: TicketFacts = FULL) -> bool:
    return compile_condition({"field": field, "op": op, "value": value}, PatternTable())(facts)


OPERATORS: list[tuple[str, str, Any, bool, bool]] = [  # field, op, value, with FULL, with BLANK
    ("kind", "eq", "ticket", True, True),
    ("kind", "ne", "ticket", False, False),
    ("channel", "in", ["email", "sms"], True, True),
    ("channel", "not_in", ["email", "sms"], False, False),
    ("channel", "not_in", ["sms"], True, True),
    ("priority", "gt", "medium", False, False),
    ("priority", "gt", "low", True, True),
    ("priority", "gte", "medium", True, True),
    ("priority", "gte", "high", False, False),
    ("priority", "lt", "high", True, True),
    ("priority", "lt", "medium", False, False),
    ("priority", "lte", "medium", True, True),
    ("priority", "lte", "low", False, False),
    ("category", "eq", "billing", True, False),
    ("category", "eq", "Billing", False, False),
    ("category", "ne", "billing", False, True),
    ("language", "in", ["en", "id"], True, False),
    ("language", "not_in", ["en", "id"], False, True),
    ("area", "exists", True, True, False),
    ("area", "exists", False, False, True),
    ("customer.tier", "eq", "vip", True, False),
    ("attributes.seats", "eq", 5, True, False),
    ("attributes.seats", "eq", 5.0, True, False),
    ("attributes.seats", "eq", "5", False, False),
    ("attributes.seats", "ne", 5, False, True),
    ("attributes.seats", "gt", 4.9, True, False),
    ("attributes.seats", "gt", 5, False, False),
    ("attributes.seats", "gte", 5, True, False),
    ("attributes.seats", "lt", 5, False, False),
    ("attributes.seats", "lte", 5, True, False),
    ("attributes.seats", "contains", "5", False, False),
    ("attributes.plan", "contains", "gOLD", True, False),
    ("attributes.plan", "gt", 0, False, False),
    ("attributes.paid", "eq", True, True, False),
    ("attributes.paid", "eq", 1, False, False),
    ("attributes.paid", "in", [1, "true"], False, False),
    ("attributes.paid", "gt", 0, False, False),
    ("attributes.one", "eq", True, False, False),
    ("attributes.one", "not_in", [True], True, True),
    ("attributes.one", "in", ["x", 1.0], True, False),
    ("attributes.blank", "eq", "", True, False),
    ("attributes.blank", "exists", True, True, False),
    ("attributes.none", "exists", False, True, True),
]  # fmt: skip


@pytest.mark.parametrize(("field", "op", "value", "full", "blank"), OPERATORS)
def test_operator(field: str, op: str, value: Any, full: bool, blank: bool) -> None:
    assert matches(field, op, value, FULL) is full
    assert matches(field, op, value, BLANK) is blank


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [
        (["08:00", "17:00"], [480, 1019], [0, 479, 1020, 1439]),
        (["22:00", "06:30"], [1320, 1439, 0, 389], [390, 1319]),
        (["18:00", "00:00"], [1080, 1439], [0, 1079]),
        (["00:00", "23:59"], [0, 1438], [1439]),
    ],
)
def test_local_time_takes_the_start_and_leaves_the_end(span: list[str], inside: list[int], outside: list[int]) -> None:
    for minute in inside + outside:
        assert matches("local_time", "between", span, replace(BLANK, local_minute=minute)) is (minute in inside)


def test_weekdays_begin_on_monday() -> None:
    sunday = replace(BLANK, local_weekday=6)
    assert matches("local_weekday", "eq", "mon", BLANK)
    assert matches("local_weekday", "in", ["sat", "sun"], sunday)
    assert not matches("local_weekday", "not_in", ["sat", "sun"], sunday)
    assert matches("local_weekday", "ne", "mon", sunday)


def test_text_conditions_see_the_patterns_found_and_never_the_text() -> None:
    table = PatternTable()
    table.intern("text", "contains", "before")
    condition = {"all": [
        {"field": "text", "op": "contains_any", "value": ["refund", "uang"]},
        {"not": {"field": "subject", "op": "matches", "value": "^re:"}},
    ]}  # fmt: skip
    compiled = compile_condition(condition, table)
    assert len(table) == 4
    assert [compiled(replace(BLANK, patterns=frozenset(ids))) for ids in ((), (0,), (1,), (2,), (1, 3), (2, 0))] == [
        False, False, True, True, False, True,
    ]  # fmt: skip
    assert compiled(replace(BLANK, patterns=table.read("hello", "REFUND")))
    assert not compiled(replace(BLANK, patterns=table.read("Re: hello", "REFUND")))


@settings(max_examples=500)
@given(conditions(), tickets())
@example({"field": "attributes.x", "op": "ne", "value": 1}, Ticket(replace(BLANK, attributes={"x": True}), "", ""))
def test_compiled_condition_is_the_plain_reading(condition: dict[str, Any], ticket: Ticket) -> None:
    table = PatternTable()
    compiled = compile_condition(condition, table)
    facts = replace(ticket.facts, patterns=table.read(ticket.subject, ticket.text))
    expected = holds(condition, ticket)
    assert compiled(facts) is expected
    assert compile_condition({"not": condition}, table)(facts) is not expected
    assert compile_condition({"not": {"not": condition}}, table)(facts) is expected


def rule(name: str, then: Actions, when: dict[str, Any] | None = None, *, stop: bool = False) -> Rule:
    always = {"field": "kind", "op": "eq", "value": "ticket"}
    return Rule(name.encode(), name, compile_condition(when or always, PatternTable()), then, stop)


def when(field: str, value: str) -> dict[str, Any]:
    return {"field": field, "op": "eq", "value": value}


def test_no_rule_sets_nothing() -> None:
    assert apply_rules([], FULL) == Routing()
    assert apply_rules([rule("a", Actions(queue=b"q"), when("area", "bali"))], FULL) == Routing()


def test_first_rule_to_set_a_field_keeps_it() -> None:
    first = Actions(b"q1", Priority.LOW, "c1", (), (), "id", "a1", b"t1", ())
    second = Actions(b"q2", Priority.URGENT, "c2", (), (), "en", "a2", b"t2", ())
    got = apply_rules([rule("1", first), rule("2", second)], FULL)
    assert got == Routing(b"q1", Priority.LOW, "c1", "id", "a1", b"t1", hits=[b"1", b"2"])
    got = apply_rules([rule("1", Actions(category="c1")), rule("2", second)], FULL)
    assert got == Routing(b"q2", Priority.URGENT, "c1", "en", "a2", b"t2", hits=[b"1", b"2"])


def test_rule_overrides_the_callers_own_value() -> None:
    assert apply_rules([rule("1", Actions(category="tech"))], replace(BLANK, category="billing")).category == "tech"


def test_skills_take_the_highest_level_and_tags_add_up_in_order() -> None:
    got = apply_rules(
        [
            rule("1", Actions(require_skills=((b"x", 3), (b"y", 1)), wish_skills=((b"z", 2),), tags=("b", "a"))),
            rule("2", Actions(require_skills=((b"x", 2), (b"y", 5)), wish_skills=((b"z", 9),), tags=("a", "c", "b"))),
        ],
        FULL,
    )
    assert got == Routing(require_skills={b"x": 3, b"y": 5}, wish_skills={b"z": 9}, tags=["b", "a", "c"], hits=[b"1", b"2"])


@pytest.mark.parametrize(
    ("then", "field", "value"),
    [
        (Actions(priority=Priority.URGENT), "priority", "urgent"),
        (Actions(category="tech"), "category", "tech"),
        (Actions(language="en"), "language", "en"),
        (Actions(area="bali"), "area", "bali"),
    ],
)
def test_later_rules_see_what_earlier_ones_set(then: Actions, field: str, value: str) -> None:
    seeing = rule("seeing", Actions(tags=("seen",)), when(field, value))
    before = replace(FULL)
    assert apply_rules([rule("setting", then), seeing], FULL).hits == [b"setting", b"seeing"]
    assert apply_rules([seeing, rule("setting", then)], FULL).hits == [b"setting"]  # one pass: nothing is woken
    assert before == FULL  # the caller's facts stay


def test_value_that_was_not_taken_is_not_seen() -> None:
    rules = [
        rule("1", Actions(area="bali")),
        rule("2", Actions(area="medan")),
        rule("3", Actions(), when("area", "medan")),
        rule("4", Actions(), when("area", "bali")),
    ]
    assert apply_rules(rules, BLANK).hits == [b"1", b"2", b"4"]


def test_stop_ends_it_only_where_the_rule_matches() -> None:
    rules = [
        rule("1", Actions(queue=b"no"), when("area", "bali"), stop=True),
        rule("2", Actions(tags=("yes",)), stop=True),
        rule("3", Actions(queue=b"late")),
    ]
    assert apply_rules(rules, FULL) == Routing(tags=["yes"], hits=[b"2"])


TAGS = st.lists(st.sampled_from("abc"), max_size=3).map(tuple)
SKILLS = st.lists(st.tuples(st.sampled_from([b"x", b"y"]), st.integers(1, 10)), max_size=3).map(tuple)
ACTIONS = st.builds(
    Actions, queue=st.none() | st.sampled_from([b"q", b"r"]), require_skills=SKILLS, wish_skills=SKILLS, tags=TAGS
)


@given(st.lists(ACTIONS, max_size=6), st.integers(0, 6))
def test_routing_of_rules_is_that_of_each_added_up(actions: list[Actions], stop: int) -> None:
    rules = [rule(str(i), then, stop=i == stop) for i, then in enumerate(actions)]
    taken = actions[: stop + 1]
    got = apply_rules(rules, BLANK)
    assert got.hits == [r.id for r in rules[: stop + 1]]
    assert got.queue == next((a.queue for a in taken if a.queue is not None), None)
    assert len(set(got.tags)) == len(got.tags)
    assert set(got.tags) == {tag for a in taken for tag in a.tags}
    for skills, asked in (
        (got.require_skills, [a.require_skills for a in taken]),
        (got.wish_skills, [a.wish_skills for a in taken]),
    ):
        flat = [pair for pairs in asked for pair in pairs]
        assert skills == {name: max(level for n, level in flat if n == name) for name, _ in flat}
