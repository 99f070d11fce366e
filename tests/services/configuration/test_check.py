from typing import Any

import pytest

from app.api.schemas.configuration import ConfigurationDocument
from app.services.configuration.check import MAX_MISTAKES, check
from tests.services.configuration.documents import changed, full

Path = tuple[str | int, ...]
STEP = {"metric": "resolution", "after_seconds": 0}


def test_a_right_document_has_no_mistakes() -> None:
    assert check(full()) == []


@pytest.mark.parametrize(
    ("path", "to", "pointer", "code"),
    [
        (("default_queue",), "nowhere", "/default_queue", "unknown_reference"),
        (("teams", 1, "name"), "billing", "/teams/1/name", "duplicate_name"),
        (("agents", 1, "name"), "sri", "/agents/1/name", "duplicate_name"),
        (("rules", 1, "name"), "refund-words", "/rules/1/name", "duplicate_name"),
        (("queues", 0, "routing_policy"), "none", "/queues/0/routing_policy", "unknown_reference"),
        (("queues", 0, "sla_policy"), "none", "/queues/0/sla_policy", "unknown_reference"),
        (("queues", 0, "teams"), ["billing", "none"], "/queues/0/teams/1", "unknown_reference"),
        (("queues", 0, "teams"), ["billing", "billing"], "/queues/0/teams/1", "duplicate"),
        (("queues", 0, "teams"), [], "/queues/0/teams", "required"),
        (("routing_policies", 0, "skill_fit"), "best", "/routing_policies/0/skill_fit", "not_allowed"),
        (("routing_policies", 0, "offer_seconds"), 60, "/routing_policies/0/offer_seconds", "not_allowed"),
        (("routing_policies", 0, "head_start_seconds"), {}, "/routing_policies/0/head_start_seconds", "not_allowed"),
        (("routing_policies", 0, "vip"), {"tiers": [{"tier": "a", "team": "senior"}]}, "/routing_policies/0/vip", "not_allowed"),
        (("routing_policies", 2, "vip"), None, "/routing_policies/2/vip", "required"),
        (("routing_policies", 2, "vip", "tiers", 0, "team"), "none", "/routing_policies/2/vip/tiers/0/team", "unknown_reference"),
        (("routing_policies", 2, "vip", "tiers"), [{"tier": "a", "team": "senior"}] * 2, "/routing_policies/2/vip/tiers/1/tier", "duplicate"),
        (("routing_policies", 1, "head_start_seconds"), {"low": 1801}, "/routing_policies/1/head_start_seconds/medium", "not_rising"),
        (("sla_policies", 0, "pause_on_pending"), ["resolution"] * 2, "/sla_policies/0/pause_on_pending/1", "duplicate"),
        (("sla_policies", 0, "escalations"), [STEP, STEP], "/sla_policies/0/escalations/1/after_seconds", "not_rising"),
        (("sla_policies", 0, "escalations"), [STEP | {"after_seconds": i} for i in range(11)], "/sla_policies/0/escalations", "too_many"),
        (("sla_policies", 0, "escalations", 1, "hand_to"), "x", "/sla_policies/0/escalations/1/hand_to", "unknown_reference"),
        (("sla_policies", 0, "escalations", 0, "move_to_team"), "x", "/sla_policies/0/escalations/0/move_to_team", "unknown_reference"),
        (("sla_policies", 0, "escalations", 1, "move_to_team"), "senior", "/sla_policies/0/escalations/1/hand_to", "not_allowed"),
        (("rules", 0, "when", "any", 0, "op"), "is", "/rules/0/when/any/0/op", "unknown_operator"),
        (("rules", 0, "then", "queue"), "none", "/rules/0/then/queue", "unknown_reference"),
        (("rules", 0, "then", "team"), "none", "/rules/0/then/team", "unknown_reference"),
        (("rules", 0, "then", "require_skills", 0, "skill"), "none", "/rules/0/then/require_skills/0/skill", "unknown_reference"),
        (("rules", 0, "then", "wish_skills"), [{"skill": "x", "level": 1}], "/rules/0/then/wish_skills/0/skill", "unknown_reference"),
        (("rules", 0, "then", "tags"), ["a", "a"], "/rules/0/then/tags/1", "duplicate"),
        (("agents", 0, "teams"), ["none"], "/agents/0/teams/0", "unknown_reference"),
        (("agents", 1, "skills"), [{"skill": "refunds", "level": 1}] * 2, "/agents/1/skills/1/skill", "duplicate"),
        (("agents", 1, "skills", 0, "skill"), "none", "/agents/1/skills/0/skill", "unknown_reference"),
        (("agents", 1, "languages"), ["id", "id"], "/agents/1/languages/1", "duplicate"),
        (("agents", 1, "areas"), ["a", "a"], "/agents/1/areas/1", "duplicate"),
        (("agents", 1, "channel_limits"), [{"channel": "sms", "units": 1}] * 2, "/agents/1/channel_limits/1/channel", "duplicate"),
        (("agents", 1, "external_id"), "hr-1", "/agents/1/external_id", "duplicate"),
        (("costs", "kinds", "call"), 6, "/costs/kinds/call", "cost_above_capacity"),
        (("costs", "channels", "live_chat"), 6, "/costs/channels/live_chat", "cost_above_capacity"),
    ],
)  # fmt: skip
def test_one_mistake_is_named_at_its_place(path: Path, to: Any, pointer: str, code: str) -> None:
    document = changed(*path, to=to)
    if code != "required" or path[-1] == "vip":
        ConfigurationDocument.model_validate(document)  # or the table would hold what never comes this far
    assert [(mistake.pointer, mistake.code) for mistake in check(document)][:1] == [(pointer, code)]


@pytest.mark.parametrize(
    "zone",
    [
        "asia/jakarta",
        "WIB",
        "UTC+7",
        "localtime",
        "posixrules",
        "Factory",
        "right/UTC",
        "posix/UTC",
        "../x",
        "UTC\0",
        "/etc/passwd",
    ],
)
def test_only_exact_zone_names(zone: str) -> None:
    found = check(changed("time_zone", to=zone))
    assert [(mistake.pointer, mistake.code) for mistake in found] == [("/time_zone", "unknown_time_zone")]


def test_the_right_spelling_of_a_zone_is_offered() -> None:
    assert "Write Asia/Jakarta." in check(changed("time_zone", to="asia/jakarta"))[0].detail


def test_all_mistakes_come_at_once() -> None:
    document = changed("default_queue", to="x")
    document["queues"][0]["teams"] = ["y"]
    document["agents"][0]["teams"] = ["z"]
    assert [mistake.pointer for mistake in check(document)] == ["/default_queue", "/queues/0/teams/0", "/agents/0/teams/0"]


def test_the_names_there_are_stand_beside_a_wrong_one_unless_they_are_many() -> None:
    assert check(changed("agents", 0, "teams", to=["x"]))[0].allowed == ("billing", "senior")
    document = changed("agents", 0, "teams", to=["x"])
    document["teams"] += [{"name": f"t{i}"} for i in range(49)]
    assert check(document)[0].allowed is None


def test_there_are_limits() -> None:
    document = changed("teams", to=[{"name": f"t{i}"} for i in range(1001)])
    assert ("/teams", "too_many") in [(mistake.pointer, mistake.code) for mistake in check(document)]
    document = changed("agents", to=[{"name": f"a{i}", "teams": ["x"]} for i in range(2000)])
    assert len(check(document)) == MAX_MISTAKES


def test_a_cost_may_wait_for_the_first_agent() -> None:
    document = changed("costs", to={"kinds": {"call": 1000}})
    document["sla_policies"] = []
    document["queues"][1]["sla_policy"] = None
    document["agents"] = [{"name": "nobody", "capacity": 0}]
    assert check(document) == []


def test_a_channel_limit_counts_for_its_channel_only() -> None:
    document = full()
    document["costs"] = {"kinds": {"call": 3}, "channels": {"phone": 3}}
    for agent in document["agents"]:
        agent["channel_limits"] = [{"channel": "phone", "units": 2}]
    assert [mistake.pointer for mistake in check(document)] == ["/costs/channels/phone"]
