"""Files that were made to break a reader, or that a Windows editor has been at: refused with the place, or read as they are meant."""

from typing import Any

import pytest

from app.services.configuration.read import parse
from app.services.configuration.source import Unreadable

MANY = 300_000


def short(value: object) -> str:
    return repr(value)[:30]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("a: &a [*a]", "1:4: Anchors"),
        ("a: *nobody", "1:4: Anchors"),
        ("x: &x {b: 1}\na:\n  <<: *x", "1:4: Anchors"),
        ("a:\n  <<: {b: 1}", '2:3: "<<" means different things'),
        ("a:\n  b: 1\n  'b': 2", '3:3: "b" stands here for the second time'),
        ("a: !<tag:yaml.org,2002:str> 1", "1:4: Tags"),
        ("a:\n\t- 1", "2:1: This is not YAML: a tab may not stand here; write spaces"),
        ("a:\t1", "1:3: This is not YAML: a tab may not stand here; write spaces"),
        ("a: 1\n...\nb: 2", "3:1: A file holds one document"),
        ("---\n", "2:1: A configuration is a mapping"),
        ("# nothing\n", "1:1: The file is empty"),
        ("%YAML 3.0\n---\na: 1", "1:1: This is not YAML: found incompatible YAML document"),
        ("~: 1", "1:1: A key is text"),
        ("yes: 1", '1:1: "yes" means different things'),
        ("b: 1\na: 10:30", '2:4: "10:30" means different things'),
        ("a: 1\x85b: 2", "1:7: This is not YAML"),
        ('a: "\\q"', "1:6: This is not YAML: found unknown escape character"),
        ('b: 1\na: "x\\U00110000"', "2:6: This escape names no character"),
        ('a: "\\U99999999"', "1:5: This escape names no character"),
        ("".join(" " * depth + "a:\n" for depth in range(500)), "101:101: A configuration is nested at most 100 deep"),
        ("- " * MANY, "1:1: A configuration is a mapping"),
        ("? " * MANY, "1:3: A key is text"),
        ("{a: " * MANY, "1:401: A configuration is nested"),
        ("a: 1" + "_" * MANY, '1:4: "1____'),
        ("a: 0" + "0_" * MANY, '1:4: "00_0'),
        ("a: 1" + ":1" * MANY, '1:4: "1:1:'),
        (b"a: 1\r\nb: \xff\r\n", "2:4: The file is not UTF-8"),
        (b"\xff\xfea\x00:\x00", "1:1: The file is not UTF-8"),
        (b"a: 1\x00", "1:5: This character may not stand in a file"),
        (b"a: \x1b[31m", "1:4: This character may not stand in a file"),
    ],
    ids=short,
)  # fmt: skip
def test_it_is_refused_with_its_place(data: str | bytes, said: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(data.encode() if isinstance(data, str) else data, suffix=".yaml")
    assert str(refusal.value).startswith(said)
    assert len(str(refusal.value)) < 300
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        (b"\xef\xbb\xbfa: 1\r\nb:\r\n  - no-one\r\n", {"a": 1, "b": ["no-one"]}),
        (b"a: |\r\n  x\r\n  y\r\n", {"a": "x\ny\n"}),
        (b"a: 1\rb: 2\r", {"a": 1, "b": 2}),
        (b"a: 1\n...\n", {"a": 1}),
        (b"%YAML 1.2\n---\na: 1", {"a": 1}),
        (b'a: "yes"\nb: "10:30"\nc: "<<"\nd: "\\U0001F600"', {"a": "yes", "b": "10:30", "c": "<<", "d": "\U0001f600"}),
        (b"a: # no value\nb: x#y\nc: 'it''s'", {"a": None, "b": "x#y", "c": "it's"}),
        (b"a: *x".replace(b"*x", b"'*x'"), {"a": "*x"}),
        (b"a: 1" + b"_" * MANY + b"x", {"a": "1" + "_" * MANY + "x"}),
        (b"a: 0" + b"0_" * MANY + b"x", {"a": "0" + "0_" * MANY + "x"}),
        (b"#" + b"x" * MANY + b"\n" * MANY + b"a: 1", {"a": 1}),
    ],
    ids=short,
)
def test_it_is_read_as_it_is_meant(data: bytes, meant: dict[str, Any]) -> None:
    assert parse(data, suffix=".yaml").document == meant
