import json
from typing import Any

import pytest
from hypothesis import given

from app.api.schemas.configuration import ConfigurationDocument
from app.engine.configuration import compile_configuration
from app.services.configuration.export import export
from app.services.configuration.normalise import normalise
from app.services.configuration.sections import SECTIONS
from tests.services.configuration.documents import InForce, changed, documents, full

SMALL: dict[str, Any] = {
    "teams": [{"name": "one"}],
    "routing_policies": [{"name": "plain"}],
    "queues": [{"name": "only", "routing_policy": "plain", "teams": ["one"]}],
}


def rule(name: str) -> dict[str, Any]:
    return {"name": name, "when": {"field": "kind", "op": "eq", "value": "call"}}


@given(documents())
def test_what_is_exported_is_what_was_applied(wanted: dict[str, Any]) -> None:
    ConfigurationDocument.model_validate(wanted)
    held = InForce()
    held.apply(wanted)
    exported = export(held.document, held.agents)
    assert exported == normalise(wanted)
    ConfigurationDocument.model_validate(exported)


@given(documents())
def test_the_engine_compiles_what_was_applied(wanted: dict[str, Any]) -> None:
    document = InForce().apply(wanted).document_with_ids
    assert document is not None
    assert len(compile_configuration(1, document).queues) == len(wanted["queues"])


@given(documents(), documents())
def test_applying_twice_changes_nothing(first: dict[str, Any], second: dict[str, Any]) -> None:
    held = InForce()
    held.apply(first)
    for prune in (False, True):
        if held.plan(second, prune=prune).mistakes:
            continue
        held.apply(second, prune=prune)
        document, agents = held.document, held.agents
        for same in (second, export(document, agents) if prune else second):
            again = held.apply(same, prune=prune)
            assert not again.changes_anything
            assert (again.agents, again.removed) == ((), ())
            assert again.document_with_ids == document


@given(documents(), documents())
def test_prune_makes_the_document_the_whole_truth(first: dict[str, Any], second: dict[str, Any]) -> None:
    held = InForce()
    held.apply(first)
    held.apply(second, prune=True)
    assert export(held.document, held.agents) == {**normalise(second), "agents": export(held.document, held.agents)["agents"]}
    by_name = {agent["name"]: agent for agent in normalise(second)["agents"]}
    assert {agent["name"]: agent for agent in export(held.document, held.agents)["agents"]} == by_name


@given(documents())
def test_normalising_twice_is_normalising_once(wanted: dict[str, Any]) -> None:
    once = normalise(wanted)
    assert normalise(once) == once
    assert json.dumps(once) == json.dumps(normalise(dict(reversed(wanted.items()))))


def test_what_is_not_mentioned_stays() -> None:
    held = InForce()
    held.apply(full())
    before = held.document
    assert before is not None
    made = held.apply(SMALL)
    after = held.document
    assert after is not None
    assert (after["time_zone"], after["default_queue"], after["costs"]) == ("Asia/Jakarta", "general", before["costs"])
    assert [queue["name"] for queue in after["queues"]] == ["general", "billing", "only"]
    assert after["queues"][:2] == before["queues"]
    assert (made.agents, made.removed) == ((), ())
    assert [str(change) for change in made.changes if change.kind != "kept_unlisted"] == [
        "+ teams/one",
        "+ routing_policies/plain",
        "+ queues/only",
    ]


def test_prune_removes_what_is_not_mentioned() -> None:
    held = InForce()
    held.apply(full())
    gone = tuple(setting.agent for setting in held.agents.values())
    made = held.apply(SMALL, prune=True)
    document = made.document_with_ids
    assert document is not None
    assert [len(document[section]) for section in SECTIONS] == [1, 0, 1, 0, 1, 0]
    assert (document["time_zone"], document["default_queue"]) == ("UTC", "only")
    assert made.removed == gone
    assert "- agents/ani" in [str(change) for change in made.changes]


def test_an_object_keeps_its_id_and_unless_it_changes_its_version() -> None:
    held = InForce()
    held.apply(full())
    before = {queue["name"]: queue for queue in (held.document or {})["queues"]}
    held.apply(changed("queues", 1, "weight", to=7))
    after = {queue["name"]: queue for queue in (held.document or {})["queues"]}
    assert after["general"] == before["general"]
    assert after["billing"] == {**before["billing"], "version": 2, "updated_at": 2000, "weight": 7}
    assert len(bytes.fromhex(after["billing"]["id"])) == 16


def test_one_is_not_true() -> None:
    held = InForce()
    when = {"field": "attributes.size", "op": "eq", "value": 1}
    held.apply(changed("rules", 0, "when", to=when))
    made = held.apply(changed("rules", 0, "when", to={**when, "value": True}))
    assert [change.path for change in made.changes] == ["rules/refund-words/when"]
    assert (made.document_with_ids or {})["rules"][0]["version"] == 2


def test_only_agents_who_changed_are_handed_on() -> None:
    held = InForce()
    first = held.apply(full())
    assert [setting.name for setting in first.agents] == ["sri", "ani"]
    wanted = changed("agents", 1, "capacity", to=9)
    wanted["agents"][0]["teams"] = ["senior"]
    wanted["agents"][1]["teams"].reverse()
    wanted["agents"].insert(0, {"name": "new"})
    made = held.apply(wanted)
    assert [(setting.name, setting.capacity) for setting in made.agents] == [("new", 5), ("ani", 9)]
    assert made.agents[1].agent == first.agents[1].agent


def test_a_pruned_team_leaves_its_agents() -> None:
    held = InForce()
    held.apply(full())
    wanted = full()
    wanted["teams"] = [{"name": "senior"}]
    wanted["queues"] = [{"name": "general", "routing_policy": "standard", "teams": ["senior"]}]
    wanted["rules"] = []
    wanted["agents"][1]["teams"] = ["senior"]
    made = held.apply(wanted, prune=True)
    assert [setting.name for setting in made.agents] == ["ani"]


def test_the_stored_document_holds_no_name_of_a_person() -> None:
    held = InForce()
    made = held.apply(full())
    document = made.document_with_ids
    assert document is not None
    assert "agents" not in document
    step = document["sla_policies"][0]["escalations"][1]
    assert (step["hand_to_id"], "hand_to" in step) == (held.agents["sri"].agent.hex(), False)
    del held.agents["sri"]
    assert export(document, held.agents)["sla_policies"][0]["escalations"][1]["hand_to"] is None


def test_a_rule_may_be_changed_without_moving_it() -> None:
    held = InForce()
    held.apply({**SMALL, "rules": [rule(name) for name in "abc"]})
    made = held.apply({**SMALL, "rules": [rule("b") | {"stop": True}, rule("new")]})
    assert [rule["name"] for rule in (made.document_with_ids or {})["rules"]] == ["a", "b", "c", "new"]


def test_the_order_of_rules_is_a_change() -> None:
    held = InForce()
    held.apply({**SMALL, "rules": [rule(name) for name in "ab"]})
    made = held.apply({**SMALL, "rules": [rule(name) for name in "ba"]})
    assert [str(change) for change in made.changes] == ['~ rules: ["a", "b"] → ["b", "a"]']


def test_mistakes_point_into_what_was_sent() -> None:
    held = InForce()
    held.apply(full())
    wanted = {**SMALL, "queues": [{"name": "only", "routing_policy": "plain", "teams": ["one", "none"]}]}
    made = held.plan(wanted)
    assert [(mistake.pointer, mistake.allowed) for mistake in made.mistakes] == [
        ("/queues/0/teams/1", ("billing", "senior", "one"))
    ]
    assert (made.document_with_ids, made.agents, made.changes) == (None, (), ())


def test_a_mistake_of_something_kept_names_it() -> None:
    held = InForce()
    held.apply({**SMALL, "agents": [{"name": "ani"}, {"name": "old", "external_id": "7"}]})
    (mistake,) = held.plan({**SMALL, "agents": [{"name": "ani", "external_id": "7"}]}).mistakes
    assert mistake.pointer == "/agents"
    assert mistake.detail.startswith("In the agent old, which the document does not name and which stays: ")
    (mistake,) = held.plan({**SMALL, "agents": [{"name": "new", "external_id": "7"}]}).mistakes
    assert mistake.pointer == "/agents/0/external_id"


@pytest.mark.parametrize("prune", [False, True])
def test_a_reference_to_something_in_force_holds_only_without_prune(prune: bool) -> None:
    held = InForce()
    held.apply(full())
    wanted = {"queues": [{"name": "more", "routing_policy": "standard", "teams": ["billing"]}]}
    assert bool(held.plan(wanted, prune=prune).mistakes) is prune
