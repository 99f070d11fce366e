from app.engine.commands import AdvanceClock, TimerDue
from app.engine.ids import TicketId
from app.engine.vocabulary import Metric
from app.identifiers import read
from app.services.sweep import WORKER
from tests.api.service import Service

HOUR_MS = 3_600_000


async def test_queues_and_waits(service: Service) -> None:
    await service.come("ani")
    tickets = [await service.ticket() for _ in range(4)]
    await service.post(f"/v1/tickets/{tickets[0]['id']}/resolve")
    report = await service.get("/v1/reports/queues")
    assert [queue["queue"] for queue in report["queues"]] == ["general", "asked", "plain"]
    general, asked, _ = report["queues"]
    counts = ("received", "assigned", "waiting", "in_hand", "escalated", "resolved", "cancelled")
    assert [general[name] for name in counts] == [4, 4, 0, 3, 0, 1, 0]
    assert [asked[name] for name in counts] == [0] * 7
    assert 0 <= general["wait_median_seconds"] <= general["wait_p95_seconds"]
    assert general["resolution_median_seconds"] is not None
    assert asked["wait_median_seconds"] is None


async def test_promises_kept_and_broken(service: Service) -> None:
    await service.come("ani")
    kept, broken = await service.ticket(priority="high"), await service.ticket(priority="high")
    await service.post(f"/v1/tickets/{kept['id']}/respond")
    await move_clock(service, HOUR_MS)
    ticket = TicketId(read("tkt", broken["id"]) or b"")
    for version in (1, 2, 3):
        await service.dispatcher.submit(
            service.workspace.id, TimerDue(WORKER, ticket, Metric.FIRST_RESPONSE, version), request_id="req_t"
        )
    escalated = await service.get(f"/v1/tickets/{broken['id']}")
    assert (escalated["priority"], escalated["escalated_count"]) == ("urgent", 1)
    (promise,) = (await service.get("/v1/reports/queues"))["promises"]
    assert promise == {
        "priority": "high",
        "metric": "first_response",
        "met": 1,
        "broken": 1,
        "running": 0,
        "cancelled": 0,
        "met_percent": 50.0,
    }


async def test_turns_and_their_spread(service: Service) -> None:
    await service.come("ani", "budi")
    for _ in range(5):
        await service.ticket()
    general, _, plain = (await service.get("/v1/reports/turns"))["queues"]
    assert (general["queue"], general["assigned"], general["spread"]) == ("general", 5, 1)
    assert {one["agent"]: one["assigned"] for one in general["agents"]} == {"ani": 3, "budi": 2}
    assert ([one["agent"] for one in plain["agents"]], plain["spread"]) == (["ani", "budi", "sri"], 0)


async def test_a_range_that_is_none_is_refused(service: Service) -> None:
    for params in (
        {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
        {"from": "2020-01-01T00:00:00Z"},
        {"to": "soon"},
    ):
        assert (await service.get("/v1/reports/queues", params=params, status=400))["code"] == "invalid_parameter"


async def test_a_promise_says_how_its_deadline_came_about(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}"
    await service.post(f"{path}/start")
    await service.post(f"{path}/pending", {"reason": "customer"})
    first, second = (await service.get(f"{path}/timers"))["data"]
    assert (first["metric"], first["state"], first["target_seconds"], first["sla_policy"]) == (
        "first_response", "running", 900, "standard",
    )  # fmt: skip
    assert (first["priority"], first["configuration_version"], first["next_step"]) == ("medium", 1, "warning")
    assert "900" not in first["explanation"]
    assert "A first response was promised within 15 min for priority medium by the policy standard" in first["explanation"]
    assert (second["metric"], second["state"], second["due_at"]) == ("resolution", "paused", None)
    assert second["left_seconds"] in (7199, 7200)
    assert [step["type"] for step in second["steps"]] == ["sla.started", "sla.paused"]
    await move_clock(service, HOUR_MS)
    await service.post(f"{path}/start")
    _, resumed = (await service.get(f"{path}/timers"))["data"]
    assert resumed["paused_seconds"] in (3600, 3601)
    (pause,) = resumed["pauses"]
    assert [pause["from_at"], pause["to_at"]] == [resumed["steps"][1]["at"], resumed["steps"][2]["at"]]
    assert second["pauses"] == [{"from_at": pause["from_at"], "to_at": None}]
    assert (second["warn_at"], resumed["warn_at"]) == (None, resumed["next_at"])
    assert "1 h" in resumed["explanation"]
    await service.call("PATCH", path, json={"priority": "urgent"})
    await service.post(f"{path}/resolve")
    kept, late = (await service.get(f"{path}/timers"))["data"]
    assert (late["priority"], late["present_priority"], late["due_at"]) == ("medium", "urgent", resumed["due_at"])
    assert "The priority is urgent now; that moves no deadline: what was promised stays promised." in late["explanation"]
    assert late["settled_at"] == late["steps"][-1]["at"]
    assert f"It was kept at {late['settled_at'][:10]}" in late["explanation"]
    assert (kept["state"], kept["warn_at"]) == ("missed", first["warn_at"])
    assert "It was fulfilled too late, at " in kept["explanation"]
    response = await service.call("GET", f"{path}/timers", headers={"Accept-Language": "id"})
    assert "Tanggapan pertama dijanjikan dalam 15 menit" in response.json()["data"][0]["explanation"]


async def move_clock(service: Service, milliseconds: int) -> None:
    """Without waiting for what falls due."""
    await service.dispatcher.submit(service.workspace.id, AdvanceClock(WORKER, milliseconds), request_id="req_clock")
