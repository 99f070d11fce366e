"""Text patterns: found where they are, refused where they are none, linear where they are mean."""

import time

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from app.engine import patterns as module
from app.engine.patterns import PatternInvalid, PatternTable, check_pattern

MEAN = ["(a+)+$", "(a|a)*q", "(x+x+)+y", "[ab]*a[ab]{200}c", "(a?){100}a{100}c", "(.*)*(.*)*c", "[ab]*a" + "[ab]" * 120 + "c"]


def found(op: str, value: str, *, subject: str = "", text: str = "", field: str = "text") -> bool:
    table = PatternTable()
    return table.read(subject, text) == frozenset() and table.intern(field, op, value) in table.read(subject, text)


@pytest.mark.parametrize(
    ("op", "value", "text", "expected"),
    [
        ("contains", "refund", "I want a REFUND now", True),
        ("contains", "REFUND", "a refund", True),
        ("contains", "straße", "STRASSE 5", True),
        ("contains", "σίσυφος", "ΣΊΣΥΦΟΣ", True),
        ("contains", "a.c", "abc", False),
        ("contains", "a.c", "xA.Cx", True),
        ("contains", "🙂", "ok 🙂", True),
        ("contains", "refund", "re fund", False),
        ("matches", r"\bINV-\d{3}\b", "see inv-123, please", True),
        ("matches", r"\bINV-\d{3}\b", "see inv-1234, please", False),
        ("matches", "(?-i)ABC", "abc", False),
        ("matches", "^x", "x", False),  # the text begins with the subject's line
        ("matches", "(?m)^x$", "x", True),
        ("matches", "a.b", "a\nb", False),
        ("matches", "žlutý", "ŽLUTÝ", True),
        ("matches", "x*", "", True),
    ],
)
def test_pattern_is_found(op: str, value: str, text: str, expected: bool) -> None:
    assert found(op, value, text=text) is expected


@pytest.mark.parametrize("op", ["contains", "matches"])
def test_subject_patterns_see_the_subject_and_text_patterns_see_both(op: str) -> None:
    assert found(op, "late", subject="too late", field="subject")
    assert not found(op, "late", text="too late", field="subject")
    assert found(op, "late", subject="too late", field="text")
    assert found(op, "late", text="too late", field="text")
    assert found(op, "one\ntwo", subject="ONE", text="TWO")
    assert not found(op, "onetwo", subject="one", text="two")


def test_ids_are_the_order_of_appearance_and_repetitions_share_one() -> None:
    table = PatternTable()
    assert len(table) == 0
    assert [table.intern("text", "contains", v) for v in ("a", "b", "A", "a")] == [0, 1, 0, 0]
    assert table.intern("subject", "contains", "a") == 2
    assert table.intern("text", "matches", "a") == 3
    assert table.intern("text", "matches", "A") == 4  # \d is not \D: patterns are not folded
    assert len(table) == 5
    assert table.read("", "xxA") == {0, 3, 4}


def test_pattern_added_after_a_reading_is_read_too() -> None:
    table = PatternTable()
    table.intern("text", "matches", "one")
    assert table.read("", "one two") == {0}
    table.intern("text", "matches", "two")
    assert table.read("", "one two") == {0, 1}


@pytest.mark.parametrize("op", ["contains", "matches"])
def test_more_patterns_than_one_pass_holds_are_all_found(op: str) -> None:
    table = PatternTable()
    for i in range(173):
        table.intern("text", op, f"<{i}>")
    assert table.read("<172>", "<0> <49> <50> <99> <100> <173>") == {0, 49, 50, 99, 100, 172}


@pytest.mark.parametrize("op", ["contains", "matches"])
def test_pass_that_runs_out_of_states_reads_one_by_one(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [chr(97 + i) * 40 + str(i) for i in range(20)]
    texts = ["", words[3], " ".join(words), "a" * 500]
    expected = []
    for size in (module._SHARED_BYTES, 1 << 16, 1 << 14, 1 << 12):
        monkeypatch.setattr(module, "_SHARED_BYTES", size)
        table = PatternTable()
        for word in words:
            table.intern("text", op, word)
        expected.append([table.read("", text) for text in texts])
    assert expected[0] == [frozenset(), {3}, frozenset(range(20)), frozenset()]
    assert all(answer == expected[0] for answer in expected)


def test_set_that_gives_no_answer_is_not_taken_for_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    class Exhausted:
        Add = staticmethod(lambda _pattern: None)
        Compile = staticmethod(lambda: None)
        Match = staticmethod(lambda _text: None)

    monkeypatch.setattr(re2.Set, "SearchSet", lambda _options: Exhausted)
    table = PatternTable()
    for value in ("one", "two", "three"):
        table.intern("text", "matches", value)
    assert table.read("", "one three") == {0, 2}


LETTERS = "abßsSİ\u0131\u212akς\u03c3.*\\ "  # those whose case is not one to one


@given(st.lists(st.text(LETTERS, min_size=1, max_size=4), min_size=1, max_size=12), st.text(LETTERS + "\n"))
def test_contains_is_pythons_casefolded_in(needles: list[str], text: str) -> None:
    table = PatternTable()
    ids = [table.intern("text", "contains", needle) for needle in needles]
    read = table.read("", text)
    assert [i in read for i in ids] == [needle.casefold() in f"\n{text}".casefold() for needle in needles]


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_is_read(subject: str, text: str) -> None:
    table = PatternTable()
    for op in ("contains", "matches"):
        for value in ("a", "b.", "\x00"):
            table.intern("text", op, "\\x00" if (op, value) == ("matches", "\x00") else value)
    assert (2 in table.read(subject, text)) == ("\0" in subject + text)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "x\udfffy", "\U0010ffff", "\ufeff", "e" + "\u0301" * 1000, "\u202e"])
def test_odd_characters_are_read(text: str) -> None:
    assert found("matches", "needle", text=text + "needle")
    assert found("contains", "needle", subject=text, text="Needle" + text)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(", "missing )"),
        ("(?<=a)b", "invalid perl operator: (?<"),
        ("(?<!a)b", "invalid perl operator: (?<"),
        ("(?=a)", "invalid perl operator: (?="),
        (r"(a)\1", r"invalid escape sequence: \1"),
        ("[z-a]", "invalid character class range"),
        ("a**", "bad repetition operator"),
        ("a{1001}", "invalid repetition size"),
        ("((a{100}){100}){100}", "invalid repetition size"),
        (r"\pL{200}", "pattern too large"),
        ("a{900}", "expand to 904 steps, 306 are allowed"),
    ],
)
def test_pattern_is_refused_with_the_reason(pattern: str, said: str) -> None:
    with pytest.raises(PatternInvalid) as refused:
        check_pattern(pattern)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "pattern", [*MEAN, "refund.{0,100}order", r"\pL+ \pL+", "x" * 500, "|".join(["refund"] * 70), r"\d{1,16}"]
)
def test_pattern_is_accepted(pattern: str) -> None:
    check_pattern(pattern)
    PatternTable().intern("text", "matches", pattern)


def test_table_refuses_what_is_no_pattern_and_stays_as_it_was() -> None:
    table = PatternTable()
    with pytest.raises(PatternInvalid):
        table.intern("text", "matches", "(")
    assert len(table) == 0
    assert table.intern("text", "matches", "()") == 0


@pytest.mark.parametrize("pattern", MEAN)
@pytest.mark.parametrize("letters", ["a", "ab", "x"])
def test_mean_pattern_takes_linear_time(pattern: str, letters: str) -> None:
    """Generous: 100 times what it takes here; with backtracking the first would outlive the universe."""
    table = PatternTable()
    table.intern("text", "matches", pattern)
    text = (letters * 100_000)[:99_999] + "!"
    began = time.process_time()
    assert not table.read("", text)
    assert time.process_time() - began < 10
