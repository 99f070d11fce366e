"""Followers see a ticket and hear of it; it is not theirs."""

from tests.api.service import Service


async def test_who_follows_sees_it_and_hears_of_it(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}"
    assert (await service.call("GET", path, who="sri")).status_code == 404
    for _ in range(2):
        assert (await service.call("PUT", f"{path}/followers/sri")).status_code == 204
    assert (await service.call("PUT", f"{path}/followers/ani", who="ani")).status_code == 204
    assert [one["agent"] for one in (await service.get(f"{path}/followers", who="sri"))["data"]] == ["ani", "sri"]
    assert (await service.get(path, who="sri"))["version"] == ticket["version"]
    assert (await service.get("/v1/me", who="sri"))["following"] == [ticket["id"]]
    sri = (await service.get("/v1/agents/sri"))["id"]
    for query in (f"follower={sri}", f"follower={sri}&status=assigned"):
        assert [one["id"] for one in (await service.get(f"/v1/tickets?{query}"))["data"]] == [ticket["id"]]
    assert (await service.get(f"/v1/tickets/count?follower={sri}&status=waiting"))["count"] == 0
    for _ in range(2):
        assert (await service.call("DELETE", f"{path}/followers/sri", who="sri" if _ == 0 else "admin")).status_code == 204
    assert (await service.call("GET", path, who="sri")).status_code == 404
    told = (await service.get("/v1/events?type=ticket.follower_added&type=ticket.follower_removed"))["data"]
    assert [(one["type"], one["data"]["agent_id"] == sri) for one in told] == [
        ("ticket.follower_added", True),
        ("ticket.follower_added", False),
        ("ticket.follower_removed", True),
    ]


async def test_an_agent_follows_for_themselves(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    for who, agent, code in (
        ("ani", "sri", "not_your_ticket"),
        ("sri", "sri", "ticket_not_found"),
        ("admin", "nobody", "agent_not_found"),
    ):
        for method in ("PUT", "DELETE"):
            answer = await service.call(method, f"/v1/tickets/{ticket['id']}/followers/{agent}", who=who)
            assert answer.json()["code"] == code
    assert (await service.get(f"/v1/tickets/{ticket['id']}/followers"))["data"] == []


async def test_who_follows_is_woken_by_what_happens_to_it(service: Service) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    await service.call("PUT", f"/v1/tickets/{ticket['id']}/followers/sri")
    seq = (await service.get("/v1/me", who="sri"))["last_seq"]
    await service.post(f"/v1/tickets/{ticket['id']}/start", who="ani")
    assert (await service.get(f"/v1/me?after={seq}&wait=1", who="sri"))["last_seq"] == seq + 1
