from typing import Any

from tests.api.service import Service


async def decided(service: Service, **fields: Any) -> Any:
    ticket = await service.ticket(**fields)
    return await service.get(f"/v1/decisions/{ticket['decision_id']}")


async def test_a_decision_says_who_could_and_why_this_one(service: Service) -> None:
    await service.come("ani", "budi")
    await service.ticket()
    decision = await decided(service)
    assert (decision["outcome"], decision["agent"], decision["queue"]) == ("assigned", "budi", "general")
    assert (decision["considered"], decision["eligible"]) == (3, 2)
    assert [(one["reason"], one["agents"], [team["team"] for team in one["teams"]]) for one in decision["rejected"]] == [
        ("team", 1, ["billing"])
    ]
    assert [(one["place"], one["agent"], one["load"], one["capacity"]) for one in decision["ranked"]] == [
        (1, "budi", 0, 2),
        (2, "ani", 1, 3),
    ]
    assert decision["explanation"] == (
        "Ticket #2 went to Budi (load 0 of 2). 2 of 3 agents could take it; 1 is not in team billing. "
        "Budi was ahead of Ani Wijaya because of the smaller share of capacity in use (50 % against 67 %)."
    )


async def test_indonesian(service: Service) -> None:
    await service.come("ani")
    decision = await decided(service, text="refund")
    response = await service.call("GET", f"/v1/decisions/{decision['id']}", headers={"Accept-Language": "id-ID,id;q=0.9"})
    assert response.json()["explanation"] == (
        "Tiket #1 diberikan kepada Ani Wijaya (beban 0 dari 3). 1 dari 3 agen dapat menerimanya; 1 bukan anggota tim billing, "
        "1 tidak memiliki keahlian refunds ≥ 3. Hanya Ani Wijaya yang dapat menerimanya."
    )


async def test_waiting_says_why_nobody_could(service: Service) -> None:
    decision = await decided(service, text="refund")
    assert decision["outcome"] == "waiting"
    assert decision["explanation"] == (
        "Ticket #1 waits in the queue general. None of 3 agents could take it: 1 is not in team billing, "
        "1 lacks skill refunds ≥ 3, 1 is offline. It is given out as soon as one of those who fit comes or has room."
    )
    hopeless = await decided(service, language="fr")
    assert hopeless["explanation"].endswith("that changes only with the ticket or the configuration.")


async def test_why_not_her(service: Service) -> None:
    await service.come("ani", "budi")
    await service.post("/v1/agents/budi/presence", {"presence": "busy"})
    decision = await decided(service)
    path = f"/v1/decisions/{decision['id']}/candidates"
    said = {name: await service.get(f"{path}/{name}") for name in ("ani", "budi", "sri")}
    assert [(one["verdict"], one["place"]) for one in said.values()] == [("chosen", 1), ("rejected", None), ("rejected", None)]
    assert (said["budi"]["reason"]["reason"], said["sri"]["reason"]["reason"]) == ("busy", "team")
    assert said["budi"]["explanation"] == "Budi was busy."
    assert said["sri"]["explanation"] == "Sri was not in team billing."
    assert (await service.get(f"{path}/nobody", status=404))["code"] == "agent_not_found"


async def test_who_came_second_is_told_by_what(service: Service) -> None:
    await service.come("ani", "budi")
    decision = await decided(service)
    second = await service.get(f"/v1/decisions/{decision['id']}/candidates/{decision['ranked'][1]['agent_id']}")
    assert (second["verdict"], second["place"]) == ("eligible", 2)
    assert "came as number 2" in second["explanation"]


async def test_reasons_hold_when_agents_come_and_go(service: Service) -> None:
    decision = await decided(service)
    assert (await service.apply({"queues": [], "agents": [{"name": "dewi", "teams": ["billing"]}]}, version=1)).status_code == 422
    document = {
        "queues": [{"name": "plain", "routing_policy": "standard", "teams": ["billing", "senior"]}],
        "agents": [{"name": "dewi", "teams": ["billing"]}],
    }
    assert (await service.apply(document, version=1)).status_code == 200
    ani = (await service.get("/v1/agents/ani"))["id"]
    path = f"/v1/decisions/{decision['id']}/candidates"
    assert (await service.get(f"{path}/dewi"))["verdict"] == "not_considered"
    assert (await service.get(f"{path}/sri"))["reason"]["reason"] == "team"
    later = await decided(service)
    assert (await service.get(f"/v1/decisions/{later['id']}/candidates/dewi"))["reason"]["reason"] == "offline"
    whole = await service.get("/v1/configuration")
    fields = ("name", "teams")
    rest = [{field: agent[field] for field in fields} for agent in whole["document"]["agents"] if agent["name"] != "ani"]
    names = {"standard": {"name": "standard", "strategy": "least_load"}}
    pruned = {
        "teams": [{"name": "billing"}, {"name": "senior"}],
        "routing_policies": [names["standard"], {"name": "asking", "handover": "offer"}],
        "queues": [
            {"name": "general", "routing_policy": "standard", "teams": ["billing"]},
            {"name": "asked", "routing_policy": "asking", "teams": ["billing"]},
            {"name": "plain", "routing_policy": "standard", "teams": ["billing", "senior"]},
        ],
        "agents": rest,
    }
    assert (await service.apply(pruned, version=2, params={"prune": "true"})).status_code == 200
    for known in (decision, later):
        gone = await service.get(f"/v1/decisions/{known['id']}/candidates/{ani}")
        assert (gone["agent"], gone["reason"]["reason"]) == ("ani", "offline")
    last = await decided(service)
    assert (await service.get(f"/v1/decisions/{last['id']}/candidates/{ani}"))["verdict"] == "not_considered"
    assert (await service.get(f"/v1/decisions/{last['id']}/candidates/sri"))["reason"]["reason"] == "team"


async def test_an_agent_sees_decisions_of_their_own_tickets(service: Service) -> None:
    await service.come("ani")
    decision = await decided(service)
    assert (await service.get(f"/v1/decisions/{decision['id']}", who="ani"))["id"] == decision["id"]
    assert (await service.get(f"/v1/decisions/{decision['id']}", who="budi", status=404))["code"] == "decision_not_found"


async def test_a_dry_run_leaves_no_decision(service: Service) -> None:
    shown = await service.post("/v1/tickets?dry_run=true", {"text": "refund"})
    assert shown["decision"]["id"] is None
    assert shown["decision"]["explanation"].startswith("The ticket waits in the queue general.")
