"""What others use stays, another name goes wherever the old one stood, and what was done can be looked at and taken back."""

from typing import Any

import pytest

from tests.api.service import Json, Service

WHEN = {"field": "kind", "op": "eq", "value": "call"}


async def users_of(service: Service, path: str) -> list[tuple[str, str]]:
    """Who is in the way of deleting it."""
    refused = await service.call("DELETE", path)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use"), refused.text
    dry = await service.call("DELETE", path, params={"dry_run": "true"})
    assert (dry.status_code, dry.json()["used_by"]) == (409, refused.json()["used_by"])
    assert refused.json()["used_by_count"] == len(refused.json()["used_by"])
    for user in refused.json()["used_by"]:
        if user["type"] != "configuration":
            resource = {"routing_policy": "routing-policies", "sla_policy": "sla-policies"}.get(user["type"], f"{user['type']}s")
            found = await service.get(f"/v1/{resource}/{user['id']}")
            assert str(found.get("name", found.get("number"))) == user["name"]
    return [(user["type"], user["name"]) for user in refused.json()["used_by"]]


async def test_what_others_name_is_not_deleted(service: Service) -> None:
    before = await service.last_seq()
    queues = [("queue", "general"), ("queue", "asked"), ("queue", "plain")]
    assert await users_of(service, "/v1/teams/billing") == [*queues, ("agent", "ani"), ("agent", "budi")]
    assert await users_of(service, "/v1/skills/refunds") == [("rule", "refund-words"), ("agent", "ani")]
    assert await users_of(service, "/v1/routing-policies/standard") == [queues[0], queues[2]]
    assert await users_of(service, "/v1/sla-policies/standard") == [queues[0]]
    assert await users_of(service, "/v1/queues/general") == [("configuration", "default_queue")]
    assert await users_of(service, "/v1/agents/sri") == [("sla_policy", "standard")]
    assert await service.last_seq() == before


async def test_open_tickets_use_their_queue_team_and_skills(service: Service) -> None:
    await service.call("POST", "/v1/skills", json={"name": "rare"})
    await service.call("POST", "/v1/teams", json={"name": "few"})
    ticket = await service.ticket(queue="plain", team="few", require_skills=[{"skill": "rare", "level": 1}])
    for path in ("/v1/queues/plain", "/v1/teams/few", "/v1/skills/rare"):
        assert await users_of(service, path) == [("ticket", str(ticket["number"]))]
    await service.post(f"/v1/tickets/{ticket['id']}/cancel")
    for path in ("/v1/queues/plain", "/v1/teams/few", "/v1/skills/rare"):
        assert (await service.call("DELETE", path)).status_code == 204


async def test_a_document_does_not_take_a_skill_that_open_tickets_require(service: Service) -> None:
    await service.call("POST", "/v1/skills", json={"name": "rare"})
    await service.ticket(require_skills=[{"skill": "rare", "level": 1}])
    refused = await service.apply(version=2, params={"prune": "true"})
    assert (refused.status_code, refused.json()["code"], refused.json()["skills"]) == (409, "skill_in_use", {"rare": 1})


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("teams/billing", {"queues/plain": ["teams"], "agents/ani": ["teams", 0, "name"]}),
        ("teams/senior", {"routing-policies/vips": ["vip", "tiers", 0, "team"], "rules/all": ["then", "team"],
                          "sla-policies/moving": ["escalations", 0, "move_to_team"]}),
        ("skills/refunds", {"rules/refund-words": ["then", "require_skills", 0, "skill"], "agents/ani": ["skills", 0, "skill"],
                            "rules/all": ["then", "wish_skills", 0, "skill"]}),
        ("routing-policies/standard", {"queues/general": ["routing_policy"]}),
        ("sla-policies/standard", {"queues/general": ["sla_policy"]}),
        ("queues/general", {"rules/all": ["then", "queue"]}),
        ("agents/sri", {"sla-policies/standard": ["escalations", 0, "hand_to"]}),
    ],
)  # fmt: skip
async def test_another_name_goes_wherever_the_old_one_stood(service: Service, path: str, where: Json) -> None:
    then = {"queue": "general", "team": "senior", "wish_skills": [{"skill": "refunds", "level": 1}]}
    await service.post("/v1/rules", {"name": "all", "when": WHEN, "then": then}, status=201)
    vip = {"name": "vips", "strategy": "vip", "vip": {"tiers": [{"tier": "vip", "team": "senior"}]}}
    await service.post("/v1/routing-policies", vip, status=201)
    steps = [{"metric": "resolution", "after_seconds": 0, "move_to_team": "senior"}]
    await service.post("/v1/sla-policies", {"name": "moving", "escalations": steps}, status=201)
    await service.come("ani")
    before = await service.get(f"/v1/{path}")
    changed = await service.call("PATCH", f"/v1/{path}", json={"name": "renamed"})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["id"], changed.json()["name"]) == (before["id"], "renamed")
    assert changed.json()["version"] > before["version"]
    assert (await service.call("GET", f"/v1/{path}")).status_code == 404
    for user, way in where.items():
        value: Any = await service.get(f"/v1/{user}")
        for step in way:
            value = value[step]
        assert value == "renamed" or "renamed" in value, user
    assert (await service.get("/v1/configuration"))["version"] == 5, "one change, with all that it brings along"
    if path == "queues/general":
        assert (await service.get("/v1/configuration"))["document"]["default_queue"] == "renamed"
    assert (await service.ticket(text="refund"))["status"] == "assigned"


async def test_a_title_that_was_the_name_is_the_new_name(service: Service) -> None:
    assert (await service.call("PATCH", "/v1/teams/senior", json={"name": "elders"})).json()["title"] == "elders"
    assert (await service.call("PATCH", "/v1/teams/billing", json={"name": "money"})).json()["title"] == "Billing"


async def test_who_leaves_gives_the_work_back_and_the_answer_says_to_whom_it_went(service: Service) -> None:
    await service.come("ani")
    held = [await service.ticket(), await service.ticket()]
    asked = await service.ticket(queue="asked")
    assert asked["status"] == "offered"
    await service.call("PATCH", "/v1/agents/budi", json={"capacity": 1})
    await service.come("budi")
    before = await service.last_seq()
    dry = await service.call("DELETE", "/v1/agents/ext:hr-1", params={"dry_run": "true"})
    assert await service.last_seq() == before
    gone = await service.call("DELETE", "/v1/agents/ext:hr-1")
    assert {one["id"] for one in gone.json()["returned"]} == {held[0]["id"], held[1]["id"], asked["id"]}
    assert sorted(one["outcome"] for one in gone.json()["returned"]) in (
        ["assigned", "waiting", "waiting"], ["offered", "waiting", "waiting"],
    )  # fmt: skip
    assert {name: dry.json()[name] for name in ("id", "name", "returned")} == gone.json()
    for one in gone.json()["returned"]:
        ticket = await service.get(f"/v1/tickets/{one['id']}")
        assert ticket["status"] == one["outcome"]
    assert (await service.call("GET", "/v1/agents/ani")).status_code == 404


async def test_an_agents_title_alone_is_a_change_that_editors_notice(service: Service) -> None:
    ani = await service.call("GET", "/v1/agents/ani")
    match = {"If-Match": ani.headers["etag"]}
    assert (await service.call("PATCH", "/v1/agents/ani", json={"title": "Ani W."}, headers=match)).status_code == 200
    stale = await service.call("PATCH", "/v1/agents/ani", json={"title": "Ani"}, headers=match)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    await service.come("ani")
    stale = await service.call("PATCH", "/v1/agents/ani", json={"title": "Ani"}, headers={"If-Match": '"2"'})
    assert (stale.status_code, stale.json()["version"]) == (412, 3)


async def test_a_supervisor_changes_agents_and_switches_and_moves_rules(service: Service) -> None:
    sup: Any = {"who": "supervisor"}
    assert (await service.call("POST", "/v1/agents", json={"name": "dewi"}, **sup)).status_code == 201
    assert (await service.call("PATCH", "/v1/agents/dewi", json={"capacity": 1}, **sup)).status_code == 200
    assert (await service.call("DELETE", "/v1/agents/dewi", **sup)).status_code == 200
    assert (await service.call("PATCH", "/v1/rules/refund-words", json={"enabled": False}, **sup)).json()["enabled"] is False
    assert (await service.call("POST", "/v1/rules/refund-words/move", json={"position": 1}, **sup)).status_code == 200
    refused = await service.call("PATCH", "/v1/rules/refund-words", json={"enabled": True, "stop": True}, **sup)
    assert (refused.status_code, refused.json()["code"]) == (403, "field_forbidden")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/stop"]
    for method, path, body in (("POST", "/v1/rules", {"name": "r", "when": WHEN}), ("DELETE", "/v1/rules/refund-words", None),
                               ("PATCH", "/v1/queues/plain", {"weight": 1}), ("POST", "/v1/rules/refund-words/undo", None)):  # fmt: skip
        refused = await service.call(method, path, json=body, **sup)
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")


async def test_what_the_rest_cannot_be_without_is_told_as_a_mistake_of_the_rest(bare: Service) -> None:
    document = {
        "costs": {"kinds": {"call": 4}}, "teams": [{"name": "a"}], "routing_policies": [{"name": "p"}],
        "queues": [{"name": "q", "routing_policy": "p", "teams": ["a"]}],
        "agents": [{"name": "strong", "teams": ["a"], "capacity": 4}, {"name": "weak", "teams": ["a"], "capacity": 1}],
    }  # fmt: skip
    assert (await bare.apply(document)).status_code == 200
    refused = await bare.call("DELETE", "/v1/agents/strong")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_configuration")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("", "cost_above_capacity")]
    lowered = await bare.call("PATCH", "/v1/agents/strong", json={"capacity": 1})
    assert (lowered.status_code, lowered.json()["code"]) == (422, "invalid_body")
    assert (await bare.call("DELETE", "/v1/agents/weak")).json()["returned"] == []


async def test_a_workspace_is_built_one_object_at_a_time(bare: Service) -> None:
    await bare.post("/v1/teams", {"name": "a"}, status=201)
    await bare.post("/v1/routing-policies", {"name": "p"}, status=201)
    assert (await bare.call("POST", "/v1/tickets", json={})).json()["code"] == "no_queue"
    await bare.post("/v1/queues", {"name": "q", "routing_policy": "p", "teams": ["a"]}, status=201)
    await bare.post("/v1/agents", {"name": "ani", "teams": ["a"]}, status=201)
    await bare.come("ani")
    assert (await bare.ticket())["status"] == "assigned"
    assert (await bare.get("/v1/configuration"))["document"]["default_queue"] == "q"
