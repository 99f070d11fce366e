"""The reader would notice."""

import pytest

from tests.docs.likeness import last_document, printed_like, unlike
from tests.docs.pages import blocks


@pytest.mark.parametrize(
    ("shown", "answered", "where"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, None),
        ({"a": 1}, {"a": 2}, "/a: 1 shown, 2 answered"),
        ({"a": 1}, {"a": True}, "/a: 1 shown, True answered"),
        ({"a": {"b": "x"}}, {"a": {}}, "/a/b: not there"),
        ({"a": [1]}, {"a": [1, 2]}, "/a: 1 shown, 2 answered: [1, 2]"),
        ({"a": [1, "…"]}, {"a": [1, 2]}, None),
        ({"a": [2, "…"]}, {"a": [1, 2]}, "/a/0: 2 shown, 1 answered"),
        ({"a": "tkt_…"}, {"a": "tkt_1"}, None),
        ({"a": "tkt_…"}, {"a": "que_1"}, "/a: 'tkt_…' shown, 'que_1' answered"),
        ({"a": "…"}, {"a": None}, "/a: '…' shown, None answered"),
    ],
)
def test_fields_that_are_shown(shown: object, answered: object, where: str | None) -> None:
    assert unlike(shown, answered) == where


def test_what_is_printed() -> None:
    assert printed_like("a\n…\nb …\n", "a\n1\n2\nb 3\n")
    assert printed_like("a\n", "a")
    assert printed_like("", "")
    assert not printed_like("a\nb\n", "a\nx\nb\n")
    assert last_document('{"a": 1}replayed: true\n{"a": 2}\n') == {"a": 2}
    assert last_document("replayed: true\n") is None


def test_only_a_name_with_an_ending_is_a_file() -> None:
    shown = "`a.json`:\n\n```json\n{}\n```\n\nSend `If-Match`:\n\n```sh\ntrue\n```\n"
    assert [(each.language, each.file, each.line) for each in blocks(shown)] == [("json", "a.json", 3), ("sh", None, 9)]
