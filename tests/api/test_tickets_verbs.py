from typing import Any

import pytest

from tests.api.service import Service


async def owned(service: Service, **fields: Any) -> Any:
    """A ticket that Ani owns."""
    await service.come("ani")
    return await service.ticket(**fields)


async def test_from_assigned_to_closed(service: Service) -> None:
    ticket = await owned(service)
    path = f"/v1/tickets/{ticket['id']}"
    assert (await service.post(f"{path}/start", who="ani"))["status"] == "in_progress"
    answered = await service.post(f"{path}/respond", who="ani")
    assert answered["first_responded_at"] is not None
    waiting = await service.post(f"{path}/pending", {"reason": "third_party"}, who="ani")
    assert (waiting["status"], waiting["status_group"], waiting["pending_reason"]) == ("pending", "pending", "third_party")
    resolved = await service.post(f"{path}/resolve", who="ani")
    assert (resolved["status"], resolved["agent_id"]) == ("resolved", ticket["agent_id"])
    assert resolved["resolved_at"] is not None
    assert (await service.post(f"{path}/reopen"))["reopened_count"] == 1
    await service.post(f"{path}/resolve")
    closed = await service.post(f"{path}/close")
    assert (closed["status"], closed["status_group"]) == ("closed", "closed")
    assert await service.get(path) == closed


async def test_messages_wake_answer_and_reopen(service: Service) -> None:
    ticket = await owned(service)
    path = f"/v1/tickets/{ticket['id']}"
    said = await service.post(f"{path}/messages", {"direction": "outbound", "text": "Which order?"}, who="ani")
    assert (said["status"], said["first_responded_at"] is not None) == ("in_progress", True)
    await service.post(f"{path}/pending", who="ani")
    assert (await service.post(f"{path}/messages", {"direction": "inbound", "text": "8841"}))["status"] == "in_progress"
    await service.post(f"{path}/resolve", who="ani")
    reopened = await service.post(f"{path}/messages", {"direction": "inbound", "text": "Still broken"})
    assert (reopened["status_group"], reopened["reopened_count"]) == ("open", 1)
    messages = (await service.get(f"{path}/messages"))["data"]
    assert [(one["direction"], one["text"]) for one in messages] == [
        ("outbound", "Which order?"),
        ("inbound", "8841"),
        ("inbound", "Still broken"),
    ]
    assert messages[0]["agent_id"] == ticket["agent_id"]
    assert messages[1]["agent_id"] is None


async def test_an_agent_does_not_speak_for_the_customer(service: Service) -> None:
    ticket = await owned(service)
    response = await service.call(
        "POST", f"/v1/tickets/{ticket['id']}/messages", json={"direction": "inbound", "text": "me"}, who="ani"
    )
    assert (response.status_code, response.json()["code"]) == (403, "field_forbidden")
    assert response.json()["errors"][0]["pointer"] == "/direction"


async def test_by_hand_over_capacity_only_with_force(service: Service) -> None:
    await service.come("budi")
    for _ in range(2):
        await service.ticket()
    ticket = await service.ticket()
    budi = (await service.get("/v1/agents/budi"))["id"]
    before = await service.last_seq()
    refused = await service.post(f"/v1/tickets/{ticket['id']}/assign", {"agent_id": budi}, status=409)
    assert (refused["code"], refused["load"], refused["capacity"]) == ("agent_at_capacity", 2, 2)
    assert await service.last_seq() == before
    forced = await service.post(f"/v1/tickets/{ticket['id']}/assign", {"agent_id": budi, "force": True})
    assert (forced["status"], forced["agent_id"]) == ("assigned", budi)
    (kept,) = (await service.get(f"/v1/tickets/{ticket['id']}/assignments"))["data"]
    assert (kept["how"], kept["forced"], kept["ended_at"]) == ("by_hand", True, None)
    assert (await service.get("/v1/agents/budi"))["load"] == 3


async def test_an_owned_ticket_is_not_given_away_by_accident(service: Service) -> None:
    ticket = await owned(service)
    refused = await service.post(
        f"/v1/tickets/{ticket['id']}/assign", {"agent_id": (await service.get("/v1/agents/budi"))["id"]}, status=409
    )
    assert (refused["code"], refused["agent_id"]) == ("ticket_already_assigned", ticket["agent_id"])


@pytest.mark.parametrize("name", ["ani", "ext:hr-1"])
async def test_by_hand_to_a_name_or_an_external_id(service: Service, name: str) -> None:
    ticket = await service.ticket()
    assigned = await service.post(f"/v1/tickets/{ticket['id']}/assign", {"agent_id": name})
    assert assigned["agent_id"] == (await service.get("/v1/agents/ani"))["id"]


@pytest.mark.parametrize("agent", ["x", "ext:x", "agt_" + "0" * 26])
async def test_an_unknown_agent_is_not_found(service: Service, agent: str) -> None:
    ticket = await service.ticket()
    refused = await service.post(f"/v1/tickets/{ticket['id']}/assign", {"agent_id": agent}, status=404)
    assert refused["code"] == "agent_not_found"


async def test_a_stale_version_is_refused_with_the_present_one(service: Service) -> None:
    ticket = await owned(service)
    path = f"/v1/tickets/{ticket['id']}"
    started = await service.post(f"{path}/start", headers={"If-Match": f'"{ticket["version"]}"'})
    before = await service.last_seq()
    refused = await service.post(f"{path}/resolve", headers={"If-Match": f'"{ticket["version"]}"'}, status=412)
    assert (refused["code"], refused["version"]) == ("version_mismatch", started["version"])
    assert await service.last_seq() == before


async def test_what_is_so_already_is_no_event_and_no_conflict(service: Service) -> None:
    ticket = await owned(service)
    path = f"/v1/tickets/{ticket['id']}"
    for verb, body in (("start", None), ("pending", {"reason": "customer"}), ("resolve", None), ("close", None)):
        first = await service.post(f"{path}/{verb}", body)
        before = await service.last_seq()
        again = await service.post(f"{path}/{verb}", body, headers={"If-Match": '"1"'})
        assert again == first
        assert await service.last_seq() == before


async def test_another_state_in_the_way_is_named(service: Service) -> None:
    ticket = await service.ticket()
    path = f"/v1/tickets/{ticket['id']}"
    before = await service.last_seq()
    for verb in ("start", "respond", "close", "pending"):
        refused = await service.post(f"{path}/{verb}", status=409)
        assert (refused["code"], refused["ticket_status"]) == ("ticket_wrong_state", "waiting")
    assert await service.last_seq() == before


async def test_an_agent_works_only_on_their_own(service: Service) -> None:
    ticket = await owned(service)
    path = f"/v1/tickets/{ticket['id']}"
    assert (await service.post(f"{path}/start", who="budi", status=403))["code"] == "not_your_ticket"
    assert (await service.get(path, who="budi", status=404))["code"] == "ticket_not_found"
    assert (await service.get(path, who="ani"))["id"] == ticket["id"]
    assert (await service.post(f"{path}/cancel", who="ani", status=403))["code"] == "missing_scope"


async def test_a_dry_run_of_a_verb_shows_where_the_ticket_would_go(service: Service) -> None:
    ticket = await owned(service)
    path = f"/v1/tickets/{ticket['id']}"
    await service.post(f"{path}/resolve")
    before = await service.last_seq()
    shown = await service.post(f"{path}/reopen?dry_run=true")
    assert (shown["id"], shown["status"], shown["would_status"]) == (ticket["id"], "assigned", 200)
    assert shown["decision"] is None or shown["decision"]["cause"] == "reopened"
    assert await service.last_seq() == before
    assert (await service.get(path))["status"] == "resolved"


async def test_a_repeated_verb_gets_the_first_answer(service: Service) -> None:
    ticket = await owned(service)
    headers = {"Idempotency-Key": "resolve-1"}
    first = await service.call("POST", f"/v1/tickets/{ticket['id']}/resolve", headers=headers)
    await service.post(f"/v1/tickets/{ticket['id']}/reopen")
    again = await service.call("POST", f"/v1/tickets/{ticket['id']}/resolve", headers=headers)
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]


async def test_a_body_where_nothing_is_to_be_said_is_refused(service: Service) -> None:
    ticket = await owned(service)
    refused = await service.post(f"/v1/tickets/{ticket['id']}/resolve", {"force": True}, status=422)
    assert refused["errors"][0]["pointer"] == "/force"
