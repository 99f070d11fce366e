"""Which of the last tickets would another configuration change, and to whom would they go?"""

import asyncio
from copy import deepcopy
from typing import Any

import pytest

from app.api.routers import trying
from tests.api.service import DOCUMENT, Service
from tests.api.test_asking import state_of
from tests.walkers.fingerprints import fingerprints

VIP = {
    "name": "vips",
    "when": {"field": "customer.tier", "op": "eq", "value": "vip"},
    "then": {"queue": "plain", "team": "senior", "priority": "high", "tags": ["vip"]},
}


async def tried(service: Service, *changes: Any, **options: Any) -> Any:
    return await service.post("/v1/configuration/trial", {"changes": list(changes), **options.pop("body", {})}, **options)


async def test_a_rule_on_the_last_tickets(service: Service) -> None:
    await service.come("ani", "sri")
    plain = await service.ticket(tags=["mine"])
    vip = await service.ticket(customer={"external_id": "crm-1", "tier": "vip"})
    await service.post(f"/v1/tickets/{plain['id']}/resolve")
    await service.post(f"/v1/tickets/{plain['id']}/close")
    state, stored = state_of(service), await fingerprints(service.owner)
    said = await tried(service, {"section": "rules", "object": VIP})
    assert (said["tickets"], said["changed"], said["configuration_version"]) == (2, 1, 1)
    assert said["explanation"].startswith(
        "1 of 2 tickets would get something else: 1 another queue, 1 another priority, 1 another team, 1 other tags, "
        "1 other deadlines, 1 another agent."
    )
    first, second = said["data"]
    assert (first["ticket_id"], second["ticket_id"]) == (vip["id"], plain["id"])
    assert (second["changed"], second["in_force"], second["tried"]["tags"]) == (False, second["tried"], ["mine"])
    assert (first["in_force"]["rules"], first["tried"]["rules"]) == ([], ["vips"])
    assert (first["in_force"]["agent"], first["tried"]["agent"]) == ("ani", "sri")
    assert (first["in_force"]["queue"], first["tried"]["queue"], first["tried"]["priority"]) == ("general", "plain", "high")
    assert [one["target_seconds"] for one in first["in_force"]["promises"]] == [900, 7200]
    assert first["tried"]["promises"] == []
    assert [change["path"] for change in said["changes"]] == ["rules/vips"]
    assert state_of(service) == state
    assert await fingerprints(service.owner) == stored


async def test_what_a_rule_had_set_is_taken_off_again(service: Service) -> None:
    await service.come("ani", "budi")
    ticket = await service.ticket(text="a refund, please", require_skills=[{"skill": "refunds", "level": 1}], tags=["mine"])
    assert (ticket["category"], ticket["tags"]) == ("billing", ["mine", "refund"])
    (same,) = (await tried(service, {"section": "teams", "object": {"name": "new"}}))["data"]
    assert not same["changed"]
    for field in ("queue", "priority", "category", "language", "area", "team", "require_skills", "tags", "agent_id"):
        assert same["in_force"][field] == ticket[field]
    assert (same["in_force"]["rules"], same["assumed"]) == (["refund-words"], ["category"])
    (gone,) = (await tried(service, {"section": "rules", "remove": "refund-words"}))["data"]
    assert gone["differs"] == ["category", "require_skills", "tags", "agent"]
    assert (gone["tried"]["category"], gone["tried"]["require_skills"], gone["tried"]["tags"]) == (None, [], ["mine"])
    assert (gone["in_force"]["eligible"], gone["tried"]["eligible"]) == (1, 2)


@pytest.mark.parametrize("n", range(3))
async def test_the_trial_says_what_applying_it_brings(service: Service, n: int) -> None:
    """What is foretold of a ticket is what the same ticket gets under the configuration once applied."""
    bodies: list[dict[str, Any]] = [
        {"text": "refund", "priority": "low"},
        {"customer": {"external_id": "c", "tier": "vip", "language": "id"}, "language": None, "attributes": {"n": 3}},
        {"queue": "plain", "wish_skills": [{"skill": "refunds", "level": 2}], "category": "x", "area": "bandung"},
    ]
    await service.come("ani", "budi", "sri")
    await service.ticket(**bodies[n])
    document = deepcopy(DOCUMENT)
    document["rules"] = [
        {"name": "n", "when": {"field": "attributes.n", "op": "gte", "value": 3}, "then": {"priority": "urgent", "tags": ["n"]}},
        VIP,
        {
            "name": "words",
            "when": {"field": "text", "op": "contains", "value": "refund"},
            "then": {"queue": "plain", "area": "x"},
        },
        {"name": "cat", "when": {"field": "category", "op": "eq", "value": "x"}, "then": {"language": "id"}},
    ]
    document["queues"][2]["sla_policy"] = "standard"
    document["costs"] = {"kinds": {"ticket": 2}}
    said = await service.post("/v1/configuration/trial", {"document": document, "prune": True})
    (told,) = [one["tried"] for one in said["data"]]
    await service.post(f"/v1/tickets/{said['data'][0]['ticket_id']}/cancel")
    assert (await service.apply(document, version=1, params={"prune": "true"})).status_code == 200
    real = await service.ticket(**bodies[n])
    for field in (
        "queue",
        "queue_id",
        "priority",
        "category",
        "language",
        "area",
        "team",
        "require_skills",
        "wish_skills",
        "tags",
        "cost",
    ):
        assert real[field] == told[field], field
    timers = (await service.get(f"/v1/tickets/{real['id']}/timers"))["data"]
    assert [(one["metric"], one["target_seconds"]) for one in timers] == [
        (one["metric"], one["target_seconds"]) for one in told["promises"]
    ]


async def test_certain_tickets_and_so_many(service: Service) -> None:
    made = [await service.ticket(external_id=f"wa-{n}") for n in range(4)]
    change = {"section": "teams", "object": {"name": "new"}}
    for wanted, numbers in (
        ({"last": 2}, [4, 3]),
        ({"ids": ["ext:wa-0", made[2]["id"]]}, [3, 1]),
        ({"last": 1, "ids": [made[3]["id"], made[0]["id"]]}, [4, 1]),
        ({}, [4, 3, 2, 1]),
        ({"last": 0}, []),
    ):
        said = await tried(service, change, body={"tickets": wanted})
        assert [one["ticket_number"] for one in said["data"]] == numbers
    gone = await tried(service, change, body={"tickets": {"ids": ["ext:nobodys"]}}, status=404)
    assert gone["code"] == "ticket_not_found"


async def test_mistakes_point_into_what_was_sent(service: Service) -> None:
    await service.ticket()
    rule = {"name": "r", "when": {"field": "text", "op": "eq", "value": 1}, "then": {"queue": "nowhere"}}
    said = await tried(service, {"section": "teams", "object": {"name": "new"}}, {"section": "rules", "object": rule}, status=422)
    assert [one["pointer"] for one in said["errors"]] == ["/changes/1/object/when/op", "/changes/1/object/then/queue"]
    said = await tried(service, {"section": "skills", "remove": "refunds"}, {"section": "rules", "remove": "none"}, status=422)
    assert [one["pointer"] for one in said["errors"]] == ["/changes/1/remove", "/changes", "/changes"]
    assert "In the rule refund-words, which stays as it is:" in said["errors"][1]["detail"]
    both = {"section": "rules", "object": VIP, "remove": "vips"}
    said = await tried(service, both, body={"tickets": {"last": 200, "ids": ["ext:a"]}}, status=422)
    assert [one["pointer"] for one in said["errors"]] == ["/changes/0", "/tickets"]
    assert (await tried(service, status=422))["errors"][0]["pointer"] == "/changes"
    document = {**DOCUMENT, "default_queue": "nowhere", "rules": [rule]}
    said = await tried(service, body={"document": document}, status=422)
    assert [one["pointer"] for one in said["errors"]] == [
        "/document/default_queue",
        "/document/rules/0/when/op",
        "/document/rules/0/then/queue",
    ]
    said = await tried(service, {"section": "queues", "remove": "general"}, status=422)
    assert said["errors"][0]["pointer"] == "/changes"


async def test_a_queue_with_open_tickets_stays(service: Service) -> None:
    await service.ticket(queue="plain")
    said = await tried(service, {"section": "queues", "remove": "plain"}, status=409)
    assert said["code"] == "queue_in_use"
    await service.post("/v1/tickets/ext:none/cancel", status=404)


async def test_a_ticket_that_would_be_refused(service: Service) -> None:
    ticket = await service.ticket(queue="plain")
    await service.post(f"/v1/tickets/{ticket['id']}/cancel")
    (said,) = (await tried(service, {"section": "queues", "remove": "plain"}))["data"]
    assert (said["differs"], said["tried"]["refused"]["code"]) == (["refused"], "unknown_reference")
    assert said["in_force"]["queue"] == "plain"


async def test_indonesian_and_an_empty_desk(service: Service) -> None:
    said = await tried(service, {"section": "rules", "object": VIP}, headers={"Accept-Language": "id"})
    assert (said["explanation"], said["data"]) == ("Belum ada tiket untuk dicoba.", [])
    await service.ticket()
    said = await tried(service, {"section": "rules", "object": VIP}, headers={"Accept-Language": "id"})
    assert said["explanation"].startswith("Tidak satu pun dari 1 tiket akan mendapat hal lain.")


async def test_one_at_a_time_and_in_parts(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "AT_ONCE", 2)
    for _ in range(7):
        await service.ticket(customer={"external_id": "crm-1", "tier": "vip"})
    change = {"changes": [{"section": "rules", "object": VIP}]}
    answers = await asyncio.gather(*(service.call("POST", "/v1/configuration/trial", json=change) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [200, 503, 503]
    refused = next(one for one in answers if one.status_code == 503)
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("overloaded", "5")
    assert next(one for one in answers if one.status_code == 200).json()["changed"] == 7
    assert (await tried(service, change["changes"][0]))["changed"] == 7
    monkeypatch.setattr(trying, "SECONDS", 0.0)
    late = await tried(service, change["changes"][0], status=503)
    assert late["code"] == "deadline_exceeded"


async def test_a_configuration_that_comes_in_between(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial begins anew with the one in force."""
    await service.ticket(customer={"external_id": "crm-1", "tier": "vip"})
    prepared = trying._prepared
    runs: list[int] = []

    async def then_another(*arguments: Any) -> Any:
        ready = await prepared(*arguments)
        runs.append(ready.present.version)
        if len(runs) == 1:
            assert (await service.apply({**DOCUMENT, "rules": [VIP]}, version=1)).status_code == 200
        return ready

    monkeypatch.setattr(trying, "_prepared", then_another)
    said = await tried(service, {"section": "rules", "object": VIP})
    assert runs == [1, 2]
    assert (said["configuration_version"], said["changed"]) == (2, 0)
