import pytest

from tests.api.service import Service


async def test_agents_as_they_stand(service: Service) -> None:
    await service.come("ani")
    await service.ticket()
    ani = await service.get("/v1/agents/ani")
    assert (ani["number"], ani["name"], ani["title"], ani["external_id"]) == (1, "ani", "Ani Wijaya", "hr-1")
    assert (ani["presence"], ani["load"], ani["capacity"], ani["free_units"]) == ("available", 1, 3, 2)
    assert [team["name"] for team in ani["teams"]] == ["billing"]
    assert ani["skills"] == [{"skill": "refunds", "level": 5}]
    assert await service.get("/v1/agents/ext:hr-1") == ani
    assert await service.get(f"/v1/agents/{ani['id']}") == ani


async def test_filters(service: Service) -> None:
    await service.come("sri")
    assert [one["name"] for one in (await service.get("/v1/agents", params={"presence": "available"}))["data"]] == ["sri"]
    assert [one["name"] for one in (await service.get("/v1/agents", params={"team": "billing"}))["data"]] == ["ani", "budi"]
    ids = [(await service.get(f"/v1/agents/{name}"))["id"] for name in ("sri", "ani")]
    assert [one["name"] for one in (await service.get("/v1/agents", params={"id": ids}))["data"]] == ["ani", "sri"]
    problem = await service.get("/v1/agents", params={"team": "nobody"}, status=400)
    assert problem["allowed"] == ["billing", "senior"]


async def test_whoever_comes_takes_what_waits(service: Service) -> None:
    tickets = [await service.ticket() for _ in range(4)]
    response = await service.call("POST", "/v1/agents/ani/presence", json={"presence": "available"})
    agent = response.json()
    assert (agent["presence"], agent["load"]) == ("available", 3)
    assert int(response.headers["giliran-seq"]) == await service.last_seq()
    statuses = [(await service.get(f"/v1/tickets/{one['id']}"))["status"] for one in tickets]
    assert statuses == ["assigned"] * 3 + ["waiting"]


async def test_the_same_presence_again_is_no_event(service: Service) -> None:
    first = await service.post("/v1/agents/ani/presence", {"presence": "away"})
    before = await service.last_seq()
    assert await service.post("/v1/agents/ani/presence", {"presence": "away"}) == first
    assert await service.last_seq() == before


async def test_under_a_key_the_answer_is_the_same_and_right(service: Service) -> None:
    await service.ticket()
    await service.ticket(queue="asked")
    headers = {"Idempotency-Key": "come"}
    first = await service.call("POST", "/v1/agents/ani/presence", json={"presence": "available"}, headers=headers)
    assert first.json() == await service.get("/v1/agents/ani")
    again = await service.call("POST", "/v1/agents/ani/presence", json={"presence": "available"}, headers=headers)
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    gone = await service.call("POST", "/v1/agents/ani/presence", json={"presence": "busy"}, headers={"Idempotency-Key": "go"})
    assert gone.json() == await service.get("/v1/agents/ani")
    assert gone.json()["load"] == 1


async def test_an_agent_sets_only_their_own_presence(service: Service) -> None:
    assert (await service.post("/v1/agents/ani/presence", {"presence": "available"}, who="ani"))["presence"] == "available"
    before = await service.last_seq()
    refused = await service.post("/v1/agents/budi/presence", {"presence": "offline"}, who="ani", status=403)
    assert refused["code"] == "not_your_ticket"
    assert await service.last_seq() == before


@pytest.mark.parametrize("ref", ["nobody", "ext:nobody", "agt_00000000000000000000000000"])
async def test_an_unknown_agent_is_not_found(service: Service, ref: str) -> None:
    assert (await service.get(f"/v1/agents/{ref}", status=404))["code"] == "agent_not_found"
    refused = await service.post(f"/v1/agents/{ref}/presence", {"presence": "available"}, status=404)
    assert refused["code"] == "agent_not_found"


async def test_an_unknown_presence_is_refused(service: Service) -> None:
    problem = await service.post("/v1/agents/ani/presence", {"presence": "here"}, status=422)
    assert problem["errors"][0]["allowed"] == ["offline", "away", "busy", "available"]
