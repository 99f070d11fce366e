"""Who could take this? Everybody's part, and nothing changed."""

from typing import Any

import pytest

from app.engine.canonical import canonical
from tests.api.service import Service
from tests.walkers.fingerprints import fingerprints


def state_of(service: Service) -> dict[str, Any]:
    state = service.dispatcher._workspaces[service.workspace.id].state
    assert state is not None
    return canonical(state)


async def test_everybody_has_a_part(service: Service) -> None:
    await service.come("ani", "budi")
    await service.ticket()
    waiting = await service.ticket(require_skills=[{"skill": "refunds", "level": 9}])
    said = await service.get(f"/v1/tickets/{waiting['id']}/candidates")
    assert (said["considered"], said["eligible"], said["agent_id"], said["ticket_number"]) == (3, 0, None, 2)
    assert [(one["reason"], one["agents"]) for one in said["rejected"]] == [("team", 1), ("skill", 2)]
    assert said["explanation"] == (
        "As things are now nobody could take it. None of 3 agents could take it: 1 is not in team billing, 2 lack skill refunds ≥ 9."
    )
    assert [(one["agent"], one["verdict"], one["place"]) for one in said["data"]] == [
        ("ani", "rejected", None),
        ("budi", "rejected", None),
        ("sri", "rejected", None),
    ]
    assert said["data"][0]["explanation"] == "Ani Wijaya lacks skill refunds ≥ 9."
    assert said["data"][2]["reason"]["teams"][0]["team"] == "billing"


async def test_such_a_ticket_goes_where_a_real_one_goes(service: Service) -> None:
    await service.come("ani", "budi")
    await service.ticket()
    body = {"subject": "A refund", "text": "refund please", "external_id": "wa-1", "customer": {"external_id": "crm-1"}}
    await service.ticket(external_id="wa-1")
    said = await service.post("/v1/candidates", body)
    assert said["ticket_id"] is None
    assert [one["skill"] for one in said["requirement"]["require_skills"]] == ["refunds"]
    assert [(one["agent"], one["verdict"]) for one in said["data"]] == [
        ("ani", "eligible"),
        ("budi", "rejected"),
        ("sri", "rejected"),
    ]
    plain = await service.post("/v1/candidates", {})
    assert plain["explanation"] == (
        "As things are now it would go to Ani Wijaya (load 1 of 3). 2 of 3 agents could take it; 1 is not in team billing. "
        "Ani Wijaya comes before Budi because of the smaller share of capacity in use (67 % against 100 %)."
    )
    assert plain["data"][1]["explanation"] == (
        "Budi could take it and comes as number 2: "
        "Ani Wijaya comes before Budi because of the smaller share of capacity in use (67 % against 100 %)."
    )
    assert (await service.ticket())["agent_id"] == plain["agent_id"]


async def test_indonesian(service: Service) -> None:
    await service.come("ani")
    said = await service.post("/v1/candidates", {}, headers={"Accept-Language": "id"})
    assert said["explanation"] == (
        "Saat ini tiket akan diberikan kepada Ani Wijaya (beban 0 dari 3). 1 dari 3 agen dapat menerimanya; "
        "1 bukan anggota tim billing, 1 sedang offline."
    )
    assert [one["explanation"] for one in said["data"]] == [
        "Ani Wijaya berada di urutan pertama (beban 0 dari 3).",
        "Budi sedang offline.",
        "Sri bukan anggota tim billing.",
    ]


async def test_the_owner_of_a_ticket_is_as_free_as_without_it(service: Service) -> None:
    await service.come("sri")
    owned = await service.ticket(team="senior")
    said = await service.get(f"/v1/tickets/{owned['id']}/candidates")
    assert (said["agent"], said["data"][0]["load"]) == ("sri", 0)
    offered = await service.ticket(team="senior", queue="asked")
    assert offered["status"] == "waiting"
    other = await service.get(f"/v1/tickets/{offered['id']}/candidates", params={"agent_id": "sri"})
    assert [(one["agent"], one["load"], one["reason"]["reason"]) for one in other["data"]] == [("sri", 1, "capacity")]


async def test_one_agent_by_name_id_or_external_id(service: Service) -> None:
    ids = {one["name"]: one["id"] for one in (await service.get("/v1/agents"))["data"]}
    for text in ("ani", ids["ani"], "ext:hr-1"):
        said = await service.post(f"/v1/candidates?agent_id={text}", {})
        assert [one["agent"] for one in said["data"]] == ["ani"]
        assert said["next_cursor"] is None
        assert said["considered"] == 3
    nobody = await service.post("/v1/candidates?agent_id=nobody", {})
    assert (nobody["data"], nobody["next_cursor"], nobody["considered"]) == ([], None, 3)


@pytest.mark.parametrize("strategy", ["round_robin", "least_load", "longest_idle", "fair_share", "weighted_round_robin", "skill"])
async def test_pages_are_the_whole(bare: Service, strategy: str) -> None:
    """The first is who a real ticket goes to, and the order of the others is that of the keys."""
    agents = [{"name": f"a{n}", "teams": ["one"] if n % 5 else [], "capacity": 1 + n % 3} for n in range(23)]
    document = {
        "teams": [{"name": "one"}],
        "routing_policies": [{"name": "p", "strategy": strategy}],
        "queues": [{"name": "q", "routing_policy": "p", "teams": ["one"]}],
        "agents": agents,
    }
    assert (await bare.apply(document)).status_code == 200
    await bare.come(*(f"a{n}" for n in range(0, 23, 2)))
    for _ in range(4):
        await bare.ticket()
    whole = await bare.post("/v1/candidates?limit=200", {})
    assert len(whole["data"]) == 23
    assert [one["place"] for one in whole["data"] if one["place"]] == list(range(1, whole["eligible"] + 1))
    assert sum(one["agents"] for one in whole["rejected"]) == 23 - whole["eligible"]
    ranked = [tuple(one["values"].values()) for one in whole["data"] if one["values"]]
    assert ranked == sorted(ranked)
    paged: list[Any] = []
    cursor = None
    while cursor is not None or not paged:
        page = await bare.post("/v1/candidates", {}, params={"limit": 4, **({"cursor": cursor} if cursor else {})})
        paged += page["data"]
        cursor = page["next_cursor"]
    assert paged == whole["data"]
    other = await bare.call("POST", "/v1/candidates", params={"limit": 4, "cursor": cursor or "x"}, json={"subject": "other"})
    assert other.json()["code"] == "cursor_mismatch"
    assert (await bare.ticket())["agent_id"] == whole["data"][0]["agent_id"]


async def test_nothing_is_changed(service: Service) -> None:
    await service.come("ani", "budi", "sri")
    tickets = [await service.ticket(queue=queue) for queue in ("general", "asked", "plain", "general")]
    tickets.append(await service.ticket(language="fr"))
    await service.post(f"/v1/tickets/{tickets[0]['id']}/pending")
    state, stored = state_of(service), await fingerprints(service.owner)
    for ticket in tickets:
        await service.get(f"/v1/tickets/{ticket['id']}/candidates")
    for body in ({}, {"queue": "asked", "text": "refund", "customer": {"external_id": "new", "tier": "vip"}}, {"language": "xx"}):
        await service.post("/v1/candidates", body)
    refused = await service.post("/v1/candidates", {"queue": "nowhere"}, status=422)
    assert refused["errors"][0]["pointer"] == "/queue"
    assert state_of(service) == state
    assert await fingerprints(service.owner) == stored


async def test_a_paused_queue_gives_nothing_out(service: Service) -> None:
    await service.come("ani")
    await service.post("/v1/queues/general/pause")
    ticket = await service.ticket()
    said = await service.get(f"/v1/tickets/{ticket['id']}/candidates")
    assert (said["held"], said["eligible"]) == ("queue_paused", 1)
    assert not said["explanation"].startswith("As things are now it would go")
    outlook = await service.get(f"/v1/tickets/{ticket['id']}/outlook")
    assert outlook["held"] == "queue_paused"
    assert said["explanation"].split(". ")[0] in outlook["explanation"]


async def test_an_ended_ticket_has_no_candidates(service: Service) -> None:
    ticket = await service.ticket()
    await service.post(f"/v1/tickets/{ticket['id']}/cancel")
    said = await service.call("GET", f"/v1/tickets/{ticket['id']}/candidates", headers={"Accept-Language": "id"})
    assert (said.status_code, said.json()["code"]) == (409, "ticket_wrong_state")
    assert said.json()["detail"] == "Tiket berstatus cancelled: tidak ada agen yang dicari."


async def test_why_it_still_waits_and_what_comes_next(service: Service) -> None:
    first = await service.ticket(priority="high")
    await service.ticket(queue="plain")
    ticket = await service.ticket(priority="medium")
    said = await service.get(f"/v1/tickets/{ticket['id']}/outlook")
    assert (said["status"], said["position"], said["waiting_in_queue"], said["could_when_free"]) == ("waiting", 2, 2, 2)
    assert said["waiting_since_at"] == ticket["waiting_since_at"]
    assert [(one["agent"], one["reason"]) for one in said["first_of_them"]] == [("ani", "offline"), ("budi", "offline")]
    assert [(one["step"], one["metric"], one["level"], one["priority"], one["agent"]) for one in said["next_steps"]] == [
        ("warning", "first_response", None, None, None),
        ("breach", "first_response", None, None, None),
        ("escalation", "first_response", 1, "high", "sri"),
        ("warning", "resolution", None, None, None),
        ("breach", "resolution", None, None, None),
    ]
    moments = [one["at"] for one in said["next_steps"]]
    assert moments == sorted(moments)
    assert (
        "as number 2 of 2. None of 3 agents could take it: 1 is not in team billing, 2 are offline. 2 of them"
        in said["explanation"]
    )
    assert "If nothing happens, this ticket will come close to its deadline for a first response at" in said["explanation"]
    assert "(first_response, level 1)" not in said["explanation"]
    assert ": its priority rises to high, it is handed to Sri;" in said["explanation"]
    assert (await service.get(f"/v1/tickets/{first['id']}/outlook"))["position"] == 1


async def test_with_an_owner_or_an_offer(service: Service) -> None:
    await service.come("ani")
    owned = await service.ticket()
    asked = await service.ticket(queue="asked")
    await service.post(f"/v1/tickets/{owned['id']}/pending")
    state = state_of(service)
    pending = await service.get(f"/v1/tickets/{owned['id']}/outlook")
    assert (pending["agent"], pending["position"]) == ("ani", None)
    assert [one["metric"] for one in pending["standing_still"]] == ["resolution"]
    assert "The clock for a resolution stands still;" in pending["explanation"]
    offered = await service.get(f"/v1/tickets/{asked['id']}/outlook", headers={"Accept-Language": "id"})
    assert [one["step"] for one in offered["next_steps"]] == ["offer_expiry"]
    assert offered["explanation"].startswith(
        "Tiket #2 sedang ditawarkan kepada Ani Wijaya. Bila tidak terjadi apa-apa, tiket ini"
    )
    assert state_of(service) == state
