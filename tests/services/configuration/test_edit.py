import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.schemas.configuration import ConfigurationDocument
from app.engine.configuration import compile_configuration
from app.services.configuration.check import check
from app.services.configuration.edit import Edit, InUse, NameTaken, applied, plan_edit
from app.services.configuration.export import export
from app.services.configuration.patching import filled, merged, patched
from app.services.configuration.plan import Plan
from app.services.configuration.sections import ALL_SECTIONS, SECTIONS
from tests.services.configuration.documents import InForce, documents, full

# RFC 7396, appendix A.
EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), EXAMPLES)
def test_merge_patches_are_those_of_the_rfc(target: Any, patch: Any, result: Any) -> None:
    before = json.dumps(target)
    assert merged(target, patch) == result
    assert json.dumps(target) == before


@pytest.mark.parametrize(
    ("section", "item", "patch", "after"),
    [
        ("teams", {"name": "a"}, {"name": "b"}, {"name": "b", "title": "b"}),
        ("teams", {"name": "a", "title": "A"}, {"name": "b"}, {"name": "b", "title": "A"}),
        ("teams", {"name": "a", "title": "A"}, {"title": None}, {"title": "a"}),
        ("routing_policies", {"name": "a", "strategy": "skill"}, {"strategy": "least_load"}, {"strategy": "least_load", "skill_fit": None}),
        ("routing_policies", {"name": "a", "handover": "offer"}, {"handover": None}, {"handover": "direct", "offer_seconds": None}),
        ("routing_policies", {"name": "a", "order": "priority"}, {"head_start_seconds": {"low": 5}},
         {"head_start_seconds": {"low": 5, "medium": 1800, "high": 7200, "urgent": 28800}}),
        ("sla_policies", {"name": "a", "targets": {"low": {"resolution_seconds": 5}, "high": {"resolution_seconds": 1}}},
         {"targets": {"low": None, "high": {"first_response_seconds": 2}}},
         {"targets": {"low": {"first_response_seconds": None, "resolution_seconds": None}, "medium": {"first_response_seconds": None,
          "resolution_seconds": None}, "high": {"first_response_seconds": 2, "resolution_seconds": 1},
          "urgent": {"first_response_seconds": None, "resolution_seconds": None}}}),
        ("rules", {"name": "a", "when": {"field": "kind", "op": "eq", "value": "call"}}, {"when": {"value": "chat"}},
         {"when": {"field": "kind", "op": "eq", "value": "chat"}}),
        ("rules", {"name": "a", "when": {"field": "kind", "op": "eq", "value": "call"}},
         {"when": {"not": {"field": "area", "op": "exists", "value": True}}},
         {"when": {"not": {"field": "area", "op": "exists", "value": True}}}),
        ("agents", {"name": "a", "teams": ["x", "y"]}, {"teams": ["z"], "capacity": None}, {"teams": ["z"], "capacity": 5}),
    ],
)  # fmt: skip
def test_a_patch_of_an_object(section: str, item: Any, patch: Any, after: Any) -> None:
    changed = filled(section, patched(section, filled(section, item), patch))
    assert {name: changed[name] for name in after} == after


def planned(held: InForce, edit: Edit) -> Plan:
    return plan_edit(edit, held.document, held.agents, mint=held.mint, version=held.version + 1, now_ms=9000)


def in_force(document: dict[str, Any]) -> InForce:
    held = InForce()
    held.apply(document)
    return held


def ids(document: Any) -> dict[str, str]:
    return {f"{section}/{item['name']}": item["id"] for section in SECTIONS for item in document[section]}


@given(documents())
def test_an_object_put_as_it_is_changes_nothing(wanted: dict[str, Any]) -> None:
    held = in_force(wanted)
    whole = export(held.document, held.agents)
    for section in ALL_SECTIONS:
        for item in whole[section]:
            made = planned(held, Edit(section, item["name"], item))
            assert not made.changes_anything
            assert (made.agents, made.document_with_ids) == ((), held.document)


@given(documents(), st.sampled_from(ALL_SECTIONS), st.integers(0, 9))
def test_another_name_leaves_no_reference_behind(wanted: dict[str, Any], section: str, place: int) -> None:
    held = in_force(wanted)
    whole = export(held.document, held.agents)
    if not whole[section]:
        return
    item = whole[section][place % len(whole[section])]
    made = planned(held, Edit(section, item["name"], {**item, "name": "renamed-object"}))
    assert made.mistakes == ()
    assert check(applied(whole, Edit(section, item["name"], {**item, "name": "renamed-object"}))) == []
    assert made.document_with_ids is not None
    compile_configuration(2, made.document_with_ids)
    before, after = ids(held.document), ids(made.document_with_ids)
    old, new = f"{section}/{item['name']}", f"{section}/renamed-object"
    assert {new if name == old else name: ident for name, ident in before.items()} == after
    if section == "agents":
        assert [(one.name, one.agent) for one in made.agents] == [("renamed-object", held.agents[item["name"]].agent)]
        assert made.retitled == (made.agents[0].agent,)


@given(documents(), st.sampled_from(ALL_SECTIONS))
def test_one_by_one_comes_to_the_same_as_the_whole(wanted: dict[str, Any], last: str) -> None:
    """What is taken out and put in again is as if it had always been there, but for its id."""
    held = in_force(wanted)
    whole = export(held.document, held.agents)
    for item in whole[last]:
        try:
            made = planned(held, Edit(last, item["name"]))
        except InUse:
            continue
        if made.mistakes:
            continue
        gone = InForce()
        gone.mint, gone.version, gone.document = held.mint, held.version + 1, made.document_with_ids
        gone.agents = {name: one for name, one in held.agents.items() if one.agent not in made.removed}
        back = planned(gone, Edit(last, item=item, place=[one["name"] for one in whole[last]].index(item["name"])))
        agents = gone.agents | {one.name: one for one in back.agents}
        order = {one["name"]: n for n, one in enumerate(whole["agents"])}
        restored = export(back.document_with_ids, dict(sorted(agents.items(), key=lambda pair: order[pair[0]])))
        assert restored == whole


@given(documents())
def test_what_is_read_as_a_document_changes_nothing_when_it_is_sent_back(wanted: dict[str, Any]) -> None:
    """As bytes, through the schema of the API, with prune."""
    held = in_force(wanted)
    read = json.dumps(export(held.document, held.agents))
    again = held.plan(ConfigurationDocument.model_validate_json(read).wanted(), prune=True)
    assert (again.mistakes, again.changes_anything, again.document_with_ids) == ((), False, held.document)


def test_a_name_that_is_taken() -> None:
    held = in_force(full())
    for edit in (Edit("teams", item={"name": "senior"}), Edit("teams", "billing", {"name": "senior"})):
        with pytest.raises(NameTaken):
            planned(held, edit)


def test_a_mistake_elsewhere_points_at_the_whole() -> None:
    held = in_force({**full(), "costs": {"kinds": {"call": 4}}})
    agents = export(held.document, held.agents)["agents"]
    (first,) = [item for item in agents if item["name"] == "ani"]
    assert planned(held, Edit("agents", "ani", {**first, "capacity": 1})).mistakes == ()
    second = planned(held, Edit("teams", "senior", {"name": "senior", "title": "Elders"}))
    assert second.mistakes == ()
    held = in_force({**full(), "costs": {"kinds": {"call": 4}}, "agents": [full()["agents"][1]], "sla_policies": [], "queues": [
        {"name": "general", "routing_policy": "standard", "teams": ["senior"]}, {"name": "billing", "routing_policy": "standard",
         "teams": ["billing"]}]})  # fmt: skip
    (only,) = export(held.document, held.agents)["agents"]
    (mistake,) = planned(held, Edit("agents", "ani", {**only, "capacity": 1})).mistakes
    assert (mistake.pointer, mistake.code) == ("", "cost_above_capacity")
