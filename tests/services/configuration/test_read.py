from pathlib import Path

import pytest

from app.engine.mistakes import Mistake
from app.services.configuration.read import MAX_BYTES, parse, read
from app.services.configuration.source import Unreadable


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: no", "1:4"),
        ("x: 1\na: [yes]", "2:5"),
        ("a: on", "1:4"),
        ("a: 010", "1:4"),
        ("a: 0o10", "1:4"),
        ("a: 0x1F", "1:4"),
        ("a: 1_000", "1:4"),
        ("a: 1:30", "1:4"),
        ("a: [08:00, 17:00]", "1:5"),
        ("a: 2026-01-31", "1:4"),
        ("a: .nan", "1:4"),
        ("a: -.Inf", "1:4"),
        ("a: 1e999", "1:4"),
        ("a: " + "9" * 5000, "1:4"),
        ("a: 1\nb: 2\na: 3", "3:1"),
        ("a: {b: 1, b: 2}", "1:11"),
        ("a: &x [1]\nb: *x", "1:4"),
        ("&x a: 1", "1:1"),
        ("a: {<<: {b: 1}}", "1:5"),
        ("a: !!python/object/apply:os.system [id]", "1:4"),
        ("a: !!str 5", "1:4"),
        ("a: ! 5", "1:4"),
        ("a: !!binary aGk=", "1:4"),
        ("a: 1\n---\nb: 2", "2:1"),
        ("%YAML 1.1\n---\na: no", "2:1"),
        ("1: 2", "1:1"),
        ("? [a]\n: b", "1:3"),
        ("a:\n\tb: 1", "2:1"),
        ("a: \x00", "1:4"),
        ('a: "\\0"', "1:4"),
        ('a: "\\ud800"', "1:4"),
        ("a: [", "1:5"),
        ("a: b: c", "1:5"),
        ("[1]", "1:1"),
        ("", "1:1"),
        ("a: " + "[" * 100_000, "1:103"),
    ],
)
def test_yaml_that_could_be_misread_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(text.encode(), suffix=".yaml")
    assert str(refusal.value).startswith(f"{place}: ")


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(Unreadable, match=r"^1:4: Anchors"):
        parse(bomb.encode(), suffix=".yml")


def test_yaml_values_are_those_of_json() -> None:
    text = """\ufeff# a comment
text: Nama Saya
quoted: ["no", '010', "1:30"]
numbers: [0, -5, +3, 1.5, 1e3]
words: [true, False, null, ~]
empty:
block: |
  no
version: 1.2.3
"""
    assert parse(text.encode(), suffix=".YAML").document == {
        "text": "Nama Saya",
        "quoted": ["no", "010", "1:30"],
        "numbers": [0, -5, 3, 1.5, 1000.0],
        "words": [True, False, None, None],
        "empty": None,
        "block": "no\n",
        "version": "1.2.3",
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": NaN}', "1:7"),
        ('{"a": -Infinity}', "1:7"),
        ('{"a": 1e999}', "1:7"),
        ('{"a": 010}', "1:7"),
        ('{"a": ' + "9" * 5000 + "}", "1:7"),
        ('{"a": 1,\n "a": 2}', "2:2"),
        ('{"a": "\\ud800"}', "1:7"),
        ('{"a": "\\u0000"}', "1:7"),
        ('{"a": "\n"}', "1:8"),
        ('{"a": [1, 2,]}', "1:13"),
        ('{"a": 1,}', "1:9"),
        ("{'a': 1}", "1:2"),
        ('{"a" 1}', "1:6"),
        ('{"a": 1 "b": 2}', "1:9"),
        ('{"a": 1} x', "1:10"),
        ('{"a": tru}', "1:7"),
        ('{"a": "x', "1:7"),
        ('{"a": ' + "[" * 100_000, "1:106"),
        ("[]", "1:1"),
        ("", "1:1"),
    ],
)
def test_json_is_read_strictly(text: str, place: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(text.encode(), suffix=".json")
    assert str(refusal.value).startswith(f"{place}: ")


def test_json_values_are_read() -> None:
    text = '\n{"a": [1, -2.5e1, true, false, null, {}, []], "b/c": "\\u00e9\\ud83d\\ude00"} \n'
    source = parse(text.encode(), suffix=".json")
    assert source.document == {"a": [1, -25.0, True, False, None, {}, []], "b/c": "é😀"}
    assert str(source.place_of("/a/1")) == "2:11"
    assert str(source.place_of("/b~1c")) == "2:47"


@pytest.mark.parametrize(
    ("data", "place"), [(b"a: 1\nb: \xff", "2:4"), ("a: 1".encode("utf-16"), "1:1"), (b"\xef\xbb\xbf\xff", "1:1")]
)
def test_only_utf_8(data: bytes, place: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(data, suffix=".yaml")
    assert str(refusal.value) == f"{place}: The file is not UTF-8."


def test_a_mistake_is_located_in_the_file() -> None:
    source = parse(b"queues:\n  - name: a\n    teams: [u, v]\n", suffix=".yaml")
    assert source.located(Mistake("/queues/0/teams/1", "unknown_reference", "No.")) == "3:16: /queues/0/teams/1: No."
    assert str(source.place_of("/queues/0/routing_policy")) == "2:5"
    assert str(source.place_of("")) == "1:1"


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    with pytest.raises(Unreadable, match="cannot be read"):
        read(path)
    path.write_bytes(b"a: 1")
    assert read(path).document == {"a": 1}
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(Unreadable, match="5 MiB"):
        read(path)
    with pytest.raises(Unreadable, match="ends in"):
        parse(b"", suffix=".toml")
