"""Work in hand over HTTP: transferred, returned, and what is told of it afterwards."""

from tests.api.service import DOCUMENT, Json, Service


def two_queues() -> Json:
    """A second queue, for the seniors, where nobody is."""
    second = {**DOCUMENT["queues"][0], "name": "network", "teams": ["senior"]}
    return {**DOCUMENT, "queues": [*DOCUMENT["queues"], second]}


async def test_a_ticket_goes_to_another_queue_with_reason_and_history(service: Service) -> None:
    assert (await service.apply(two_queues(), version=1)).status_code == 200
    await service.come("ani")
    ticket = await service.ticket()
    assert ticket["transferred_count"] == 0
    body = {"queue": "network", "reason": "Needs the network team"}
    moved = await service.post(f"/v1/tickets/{ticket['id']}/transfer", body, who="ani")
    assert (moved["queue"], moved["status"], moved["transferred_count"]) == ("network", "waiting", 1)
    (assignment,) = (await service.get(f"/v1/tickets/{ticket['id']}/assignments"))["data"]
    assert (assignment["queue"], assignment["end_reason"]) == (ticket["queue"], "transferred")
    (handover,) = (await service.get(f"/v1/tickets/{ticket['id']}/handovers", who="ani"))["data"]
    said = (handover["kind"], handover["queue"], handover["reason"], handover["from_agent_id"], handover["actor"]["type"])
    assert said == ("transferred", "network", "Needs the network team", ticket["agent_id"], "agent")
    events = (await service.get("/v1/events?type=ticket.transferred"))["data"]
    assert "Needs" not in str(events)
    assert events[-1]["data"]["queue_id"] == moved["queue_id"]
    assert events[-1]["data"]["from_queue_id"] == ticket["queue_id"]


async def test_places_are_named_by_name_or_id(service: Service) -> None:
    assert (await service.apply(two_queues(), version=1)).status_code == 200
    agents = {one["name"]: one for one in (await service.get("/v1/agents"))["data"]}
    queue = (await service.get("/v1/queues/network"))["id"]
    team = (await service.get("/v1/teams/senior"))["id"]
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}/transfer"
    for body, field, value in (
        ({"queue": queue}, "queue", "network"),
        ({"team": team}, "team", "senior"),
        ({"queue": "general"}, "queue", "general"),
        ({"team": "senior"}, "team", "senior"),
        ({"agent_id": "ani"}, "agent_id", agents["ani"]["id"]),
        ({"agent_id": agents["budi"]["id"]}, "agent_id", agents["budi"]["id"]),
    ):
        assert (await service.post(path, body))[field] == value, body
    handovers = await service.get(f"/v1/tickets/{ticket['id']}/handovers?limit=4")
    assert len(handovers["data"]) == 4
    rest = await service.get(f"/v1/tickets/{ticket['id']}/handovers?limit=4&cursor={handovers['next_cursor']}")
    assert [one["agent_id"] for one in rest["data"]] == [agents["ani"]["id"], agents["budi"]["id"]]


async def test_what_cannot_be_is_refused_with_what_is_so(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}/transfer"
    for body, status, code in (
        ({}, 422, "invalid_body"),
        ({"queue": "general", "team": "senior"}, 422, "invalid_body"),
        ({"queue": "nowhere"}, 422, "unknown_reference"),
        ({"agent_id": "nobody"}, 404, "agent_not_found"),
        ({"queue": "general", "reason": "x" * 501}, 422, "invalid_body"),
    ):
        answer = await service.call("POST", path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    forced = await service.call("POST", path, json={"agent_id": "budi", "force": True}, who="ani")
    assert (forced.status_code, forced.json()["code"]) == (403, "field_forbidden")
    stale = await service.call("POST", path, json={"team": "senior"}, headers={"If-Match": '"1"'})
    assert stale.json()["code"] == "version_mismatch"


async def test_a_dry_run_and_a_repeat_change_nothing(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}/transfer"
    tried = await service.post(f"{path}?dry_run=true", {"team": "senior"})
    assert (tried["status"], tried["team"], tried["would_status"]) == ("waiting", "senior", 200)
    assert (await service.get(f"/v1/tickets/{ticket['id']}"))["version"] == ticket["version"]
    key = {"Idempotency-Key": "once"}
    first = await service.call("POST", path, json={"team": "senior", "reason": "a"}, headers=key, who="ani")
    again = await service.call("POST", path, json={"team": "senior", "reason": "a"}, headers=key, who="ani")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    unkeyed = await service.post(path, {"team": "senior"})
    assert unkeyed["version"] == first.json()["version"]


async def test_the_owner_gives_back_and_is_not_given_it_again(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}/return"
    back = await service.post(path, {"reason": "not mine"}, who="ani")
    assert (back["status"], back["agent_id"], back["waiting_since_at"]) == ("waiting", None, ticket["created_at"])
    assert (await service.post(path, who="ani"))["version"] == back["version"]
    decision = (await service.get(f"/v1/tickets/{ticket['id']}?expand=decision"))["decision"]
    assert decision["cause"] == "returned"
    assert "declined" in [entry["reason"] for entry in decision["rejected"]]
    (handover,) = (await service.get(f"/v1/tickets/{ticket['id']}/handovers"))["data"]
    assert (handover["kind"], handover["reason"]) == ("returned", "not mine")
    refused = await service.call("POST", path, who="budi")
    assert refused.json()["code"] == "not_your_ticket"


async def test_many_are_moved_in_one_call(service: Service) -> None:
    await service.come("ani")
    first, second = await service.ticket(external_id="a"), await service.ticket(external_id="b")
    items = [
        {"operation": "transfer", "id": "ext:a", "team": "senior", "reason": "law"},
        {"operation": "return", "id": second["id"]},
        {"operation": "transfer", "id": first["id"], "queue": "nowhere"},
        {"operation": "create", "ticket": {"external_id": "c"}},
        {"operation": "transfer", "id": "ext:c", "team": "senior", "reason": "new"},
    ]
    results = (await service.post("/v1/tickets/bulk", {"items": items}))["results"]
    assert [result["status"] for result in results] == [200, 200, 422, 201, 200]
    assert results[2]["problem"]["errors"][0]["pointer"] == "/items/2/queue"
    assert results[4]["ticket"]["transferred_count"] == 1
    assert (await service.get("/v1/tickets/ext:c/handovers"))["data"][0]["reason"] == "new"


async def test_an_agent_takes_the_next_and_a_certain_one(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    await service.post(f"/v1/tickets/{ticket['id']}/return", who="ani")
    assert await service.post("/v1/queues/general/take", who="ani") == {"ticket": None}  # she gave it back
    await service.post("/v1/agents/ani/presence", {"presence": "busy"})
    refused = await service.call("POST", f"/v1/tickets/{ticket['id']}/take", who="ani")
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (409, "agent_not_eligible", "busy")
    await service.come("ani")
    tried = await service.post(f"/v1/tickets/{ticket['id']}/take?dry_run=true", who="ani")
    assert (tried["status"], tried["decision"]["cause"]) == ("assigned", "taken")
    taken = await service.post(f"/v1/tickets/{ticket['id']}/take", who="ani")
    assert (taken["status"], taken["agent_id"]) == ("assigned", ticket["agent_id"])
    decision = (await service.get(f"/v1/tickets/{ticket['id']}?expand=decision"))["decision"]
    assert (decision["cause"], decision["tie_break"], decision["agent"]) == ("taken", "taken", "ani")
    assert "who took it from the queue" in decision["explanation"]
    assert (await service.get(f"/v1/tickets/{ticket['id']}/assignments"))["data"][-1]["how"] == "taken"


async def test_a_supervisor_takes_for_somebody_once_per_key(service: Service) -> None:
    unnamed = await service.call("POST", "/v1/queues/general/take")
    assert (unnamed.status_code, unnamed.json()["errors"][0]["pointer"]) == (422, "/agent_id")
    for path in ("/v1/queues/nowhere/take", "/v1/queues/que_06h0s33081usnave89cr1gdu5o/take"):
        unknown = await service.call("POST", path, json={"agent_id": "ani"})
        assert (unknown.status_code, unknown.json()["code"]) in ((404, "queue_not_found"), (409, "agent_not_eligible")), path
    await service.come("ani")
    unknown = await service.call("POST", "/v1/queues/nowhere/take", json={"agent_id": "ani"})
    assert unknown.json()["code"] == "queue_not_found"
    ticket = await service.ticket(queue="plain", team="senior")
    sri = {"agent_id": "sri"}
    await service.post("/v1/agents/sri/presence", {"presence": "available"})
    assert (await service.get(f"/v1/tickets/{ticket['id']}"))["status"] == "assigned"
    await service.post(f"/v1/tickets/{ticket['id']}/return")
    assert await service.post("/v1/queues/plain/take?dry_run=true", sri) == {"ticket": None, "would_status": 200}
    key = {"Idempotency-Key": "take"}
    first = await service.call("POST", "/v1/queues/plain/take", json=sri, headers=key)
    again = await service.call("POST", "/v1/queues/plain/take", json=sri, headers=key)
    assert (first.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")


async def test_a_ticket_is_put_aside_and_goes_on(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}/snooze"
    for body in ({}, {"seconds": 1, "until_at": "2030-01-01T00:00:00Z"}, {"until_at": "2020-01-01T00:00:00Z"}, {"seconds": 0}):
        refused = await service.call("POST", path, json=body, who="ani")
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_body"), body
    put = await service.post(path, {"seconds": 60}, who="ani")
    assert (put["status"], put["pending_reason"], put["snoozed_until_at"] is not None) == ("pending", "snoozed", True)
    same = await service.post(path, {"until_at": put["snoozed_until_at"]}, who="ani")
    assert same["version"] == put["version"]
    gone_on = await service.post(f"/v1/tickets/{ticket['id']}/resume", who="ani")
    assert (gone_on["status"], gone_on["pending_reason"], gone_on["snoozed_until_at"]) == ("in_progress", None, None)
    pending = await service.call("POST", f"/v1/tickets/{ticket['id']}/pending", json={"reason": "snoozed"})
    assert pending.status_code == 422


async def test_all_work_of_an_agent_is_moved(service: Service) -> None:
    await service.come("ani")
    tickets = [await service.ticket() for _ in range(2)]
    await service.come("budi")
    path, body = "/v1/agents/ani/release", {"presence": "offline", "reason": "fell ill"}
    tried = await service.post(f"{path}?dry_run=true", body)
    budi = (await service.get("/v1/agents/budi"))["id"]
    assert [(one["ticket_id"], one["status"], one["agent_id"]) for one in tried["tickets"]] == [
        (ticket["id"], "assigned", budi) for ticket in tickets
    ]
    assert (await service.get("/v1/agents/ani"))["presence"] == "available"
    moved = await service.post(path, body)
    assert moved["tickets"] == tried["tickets"]
    assert (await service.get("/v1/agents/ani"))["presence"] == "offline"
    (handover,) = (await service.get(f"/v1/tickets/{tickets[0]['id']}/handovers"))["data"]
    assert (handover["kind"], handover["reason"], handover["queue_id"]) == ("released", "fell ill", None)
    first = (await service.get(f"/v1/tickets/{tickets[0]['id']}/assignments"))["data"][0]
    assert first["end_reason"] == "released"
    assert (await service.post(path, body))["tickets"] == []
    for wrong in ({"queue": "general", "team": "senior"}, {"agent_id": "ani"}, {"presence": "away"}):
        assert (await service.call("POST", path, json=wrong)).status_code == 422


async def test_a_queue_and_the_workspace_are_paused_and_go_on(service: Service) -> None:
    await service.come("ani")
    tried = await service.post("/v1/queues/general/pause?dry_run=true")
    assert (tried["state"], tried["would_status"]) == ("paused", 200)
    paused = await service.post("/v1/queues/general/pause")
    assert (await service.post("/v1/queues/general/pause")) == paused
    ticket = await service.ticket()
    decision = (await service.get(f"/v1/tickets/{ticket['id']}?expand=decision"))["decision"]
    assert (ticket["status"], decision["held"]) == ("waiting", "queue_paused")
    assert "paused" in decision["explanation"]
    assert (await service.post("/v1/queues/general/take", who="ani"))["ticket"]["id"] == ticket["id"]
    stopped = await service.post("/v1/workspace/pause")
    now = await service.get("/v1/workspace")
    assert (now["paused"], now["paused_at"]) == (True, stopped["paused_at"])
    assert {one["queue"]: (one["state"], one["since_at"]) for one in now["queues"]} == {
        "general": ("paused", paused["since_at"]),
        "asked": ("running", None),
        "plain": ("running", None),
    }
    waiting = await service.ticket()
    await service.post("/v1/queues/general/resume")
    assert (await service.get(f"/v1/tickets/{waiting['id']}"))["status"] == "waiting"
    assert await service.post("/v1/workspace/resume") == {"paused": False, "paused_at": None}
    assert (await service.get(f"/v1/tickets/{waiting['id']}"))["status"] == "assigned"
    types = [event["type"] for event in (await service.get("/v1/events?type=queue.*&type=workspace.*"))["data"]]
    assert types == ["queue.paused", "workspace.paused", "queue.resumed", "workspace.resumed"]


async def test_a_drained_queue_takes_nothing_in(service: Service) -> None:
    assert (await service.post("/v1/queues/plain/drain"))["state"] == "draining"
    assert (await service.ticket(queue="plain"))["queue"] == "general"
    ticket = await service.ticket()
    refused = await service.call("POST", f"/v1/tickets/{ticket['id']}/transfer", json={"queue": "plain"})
    assert (refused.status_code, refused.json()["code"]) == (409, "queue_draining")
    default = await service.call("POST", "/v1/queues/general/drain")
    assert (default.status_code, default.json()["code"]) == (409, "queue_cannot_drain")
