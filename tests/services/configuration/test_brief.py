"""What is written to a file is read back as what it was."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.schemas.configuration import ConfigurationDocument
from app.services.configuration.brief import brief
from app.services.configuration.export import export
from app.services.configuration.normalise import normalise
from app.services.configuration.read import parse
from app.services.configuration.yaml_write import entry, flow, whole_file
from tests.services.configuration.documents import InForce, documents, full

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
scalars = texts | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
TRICKY = [
    "no", "Yes", "ON", "null", "~", "", " ", "a ", " a", "010", "1:30", "1_000", "0x1f", "1e5", ".nan", "2026-01-31", "<<", "=", "-", "- a",
    "a: b", "a #b", "#a", "&a", "*a", "!a", "%a", "@a", "`a", "a,b", "[a", "{a", "?", "? a", "|", ">", "'", '"', "\\", "a\nb", "a\tb", "\r",
    "\x85", "\xa0", "\u2028", "\ufeff", "\x7f", "\U0001f600", "é", "true", "Null", "---", "...", "a:", "n", "y",
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_text_stays_text(text: str) -> None:
    for form in (f"a: {flow(text)}\n", f"a: {flow([text])}\n", entry("a", [{"name": text}], 0)):
        ((found,),) = [list(parse(form.encode(), suffix=".yaml").document.values())]
        assert found in (text, [text], [{"name": text}])


@given(st.dictionaries(texts, values, min_size=1, max_size=4))
def test_any_value_is_written_so_that_it_is_read_again(document: dict[str, Any]) -> None:
    assert parse(whole_file(document).encode(), suffix=".yaml").document == document


@settings(deadline=None, max_examples=60)
@given(documents())
def test_a_round_trip_loses_nothing(wanted: dict[str, Any]) -> None:
    held = InForce()
    held.apply(wanted)
    exported = export(held.document, held.agents)
    for said in (brief(exported), exported):
        for data, suffix in ((whole_file(said, head=["a"]), ".yaml"), (json.dumps(said), ".json")):
            read = parse(data.encode(), suffix=suffix).document
            again = ConfigurationDocument.model_validate(read).wanted()
            assert not held.plan(again, prune=True).changes_anything
            assert normalise(again) == exported


@settings(deadline=None, max_examples=60)
@given(documents())
def test_what_goes_without_saying_is_left_out(wanted: dict[str, Any]) -> None:
    """Nothing could be left out besides: each field that stands there makes a difference."""
    whole = normalise(wanted)
    said = brief(whole)
    assert brief(normalise(said)) == said
    for agent, meant in zip(said.get("agents", ()), whole["agents"], strict=True):
        for field in agent.keys() - {"name"}:
            assert normalise({"agents": [{key: agent[key] for key in agent if key != field}]})["agents"] != [meant]


def test_the_full_document_in_words() -> None:
    text = whole_file(brief(normalise(full())))
    assert "  - name: ani\n    title: Ani Wijaya\n    teams: [billing, senior]\n" in text
    assert "costs: {kinds: {call: 2}, channels: {phone: 2}}\n" in text
    assert "weight" not in text
