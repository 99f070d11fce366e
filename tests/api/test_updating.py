"""PATCH /v1/tickets/{ticket}."""

from typing import Any

import pytest

from tests.api.service import Service

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


async def patched(service: Service, ticket: str, body: Any, *, status: int = 200, path: str = "", **options: Any) -> Any:
    response = await service.call("PATCH", f"/v1/tickets/{ticket}{path}", json=body, **options)
    assert response.status_code == status, response.text
    return response.json()


FULL: dict[str, Any] = {
    "subject": "Refund",
    "text": "twice",
    "category": "billing",
    "language": "id",
    "area": "depok",
    "require_skills": [{"skill": "refunds", "level": 2}],
    "wish_skills": [{"skill": "refunds", "level": 4}],
    "tags": ["a", "b"],
    "attributes": {"n": 1, "flag": True},
    "metadata": {"source": "crm"},
}


async def test_every_field_can_be_set_and_cleared(service: Service) -> None:
    ticket = await service.ticket()
    after = await patched(service, ticket["id"], {**FULL, "priority": "high"}, headers=MERGE_PATCH)
    assert {name: after[name] for name in FULL} == FULL
    assert after["priority"] == "high"
    assert await service.get(f"/v1/tickets/{ticket['id']}") == after
    bare = await patched(service, ticket["id"], dict.fromkeys(FULL))
    unchanged = {"id", "number", "priority", "queue", "queue_id", "created_at"}
    assert {name: bare[name] for name in unchanged} == {name: after[name] for name in unchanged}
    assert [bare[name] for name in FULL] == ["", "", None, None, None, [], [], [], {}, {}]
    assert await service.get(f"/v1/tickets/{ticket['id']}") == bare


async def test_what_is_left_out_stays_and_objects_are_merged(service: Service) -> None:
    ticket = await service.ticket(**FULL)
    after = await patched(service, ticket["id"], {"attributes": {"n": None, "m": 2.5}, "metadata": {"x": "y"}, "tags": ["c"]})
    assert (after["attributes"], after["metadata"], after["tags"]) == (
        {"flag": True, "m": 2.5},
        {"source": "crm", "x": "y"},
        ["c"],
    )
    assert (after["subject"], after["language"]) == ("Refund", "id")


async def test_nothing_that_differs_is_no_change(service: Service) -> None:
    ticket = await service.ticket(**FULL)
    before = await service.last_seq()
    same = {name: ticket[name] for name in (*FULL, "priority")}
    assert await patched(service, ticket["id"], {}) == ticket
    assert await patched(service, ticket["id"], same, headers={"If-Match": '"99"'}) == ticket
    assert await service.last_seq() == before


async def test_a_stale_version_is_refused(service: Service) -> None:
    ticket = await service.ticket()
    version = ticket["version"]
    after = await patched(service, ticket["id"], {"tags": ["a"]}, headers={"If-Match": f'"{version}"'})
    assert after["version"] == version + 1
    refused = await patched(service, ticket["id"], {"tags": ["b"]}, headers={"If-Match": f'"{version}"'}, status=412)
    assert (refused["code"], refused["version"]) == ("version_mismatch", version + 1)


async def test_one_who_asks_for_less_is_taken_and_says_why(service: Service) -> None:
    await service.come("budi")
    ticket = await service.ticket(require_skills=[{"skill": "refunds", "level": 9}])
    assert ticket["status"] == "waiting"
    imagined = await patched(service, ticket["id"], {"require_skills": None}, path="?dry_run=true")
    assert (imagined["status"], imagined["decision"]["agent"], imagined["require_skills"]) == ("assigned", "budi", [])
    assert (await service.get(f"/v1/tickets/{ticket['id']}"))["status"] == "waiting"
    after = await patched(service, ticket["id"], {"require_skills": None})
    assert (after["status"], after["require_skills"]) == ("assigned", [])
    decision = await service.get(f"/v1/decisions/{after['decision_id']}")
    assert decision["cause"] == "updated"
    assert "when it was changed" in decision["explanation"]


async def test_the_event_tells_facts_and_only_the_names_of_others(service: Service) -> None:
    ticket = await service.ticket()
    await patched(service, ticket["id"], {**FULL, "priority": "urgent"})
    events = (await service.get("/v1/events", params={"type": "ticket.updated"}))["data"]
    (data,) = [event["data"] for event in events]
    skill = data["changed"].pop("require_skills")
    assert (skill[0], [need["level"] for need in skill[1]], skill[1][0]["skill_id"][:4]) == ([], [2], "skl_")
    assert data["changed"].pop("wish_skills")[0] == []
    assert data["changed"] == {
        "category": [None, "billing"], "priority": ["medium", "urgent"], "language": [None, "id"], "area": [None, "depok"],
        **dict.fromkeys(("subject", "text", "tags", "attributes", "metadata")),
    }  # fmt: skip


async def test_a_repeat_under_a_key_gets_the_first_answer(service: Service) -> None:
    ticket = await service.ticket()
    headers = {"Idempotency-Key": "p-1"}
    first = await service.call("PATCH", f"/v1/tickets/{ticket['id']}", json={"tags": ["a"]}, headers=headers)
    await patched(service, ticket["id"], {"tags": ["b"]})
    again = await service.call("PATCH", f"/v1/tickets/{ticket['id']}", json={"tags": ["a"]}, headers=headers)
    assert (again.content, again.headers["etag"], again.headers["idempotency-replayed"]) == (
        first.content, first.headers["etag"], "true",
    )  # fmt: skip
    assert (await service.get(f"/v1/tickets/{ticket['id']}"))["tags"] == ["b"]


async def test_a_resolved_ticket_may_be_corrected_and_a_closed_one_not(service: Service) -> None:
    ticket = await service.ticket(attributes={"a": 1})
    await service.post(f"/v1/tickets/{ticket['id']}/resolve")
    after = await patched(service, ticket["id"], {"category": "billing", "text": "x", "attributes": {"b": 2}})
    assert (after["status"], after["category"], after["attributes"]) == ("resolved", "billing", {"a": 1, "b": 2})
    assert after["resolved_at"] is not None
    await service.post(f"/v1/tickets/{ticket['id']}/close")
    refused = await patched(service, ticket["id"], {"category": None}, status=409)
    assert (refused["code"], refused["ticket_status"]) == ("ticket_wrong_state", "closed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"priority": None}, "/priority"),
        ({"priority": "extreme"}, "/priority"),
        ({"status": "closed"}, "/status"),
        ({"queue": "plain"}, "/queue"),
        ({"tags": "a"}, "/tags"),
        ({"tags": [None]}, "/tags/0"),
        ({"attributes": {"A": 1}}, "/attributes/A"),
        ({"attributes": {"constructor": 1}}, "/attributes"),
        ({"metadata": {"a": 1}}, "/metadata/a"),
        ({"subject": "a\nb"}, "/subject"),
        ({"text": "x" * 40_000}, "/text"),
        ({"require_skills": [{"skill": "nonesuch", "level": 1}]}, "/require_skills/0/skill"),
        ({"require_skills": [{"skill": "refunds", "level": 11}]}, "/require_skills/0/level"),
        ([], ""),
    ],
)
async def test_a_mistake_is_pointed_at_and_changes_nothing(service: Service, body: Any, pointer: str) -> None:
    ticket = await service.ticket()
    before = await service.last_seq()
    refused = await patched(service, ticket["id"], body, status=422)
    assert refused["errors"][0]["pointer"] == pointer
    assert await service.last_seq() == before


async def test_free_data_is_measured_with_what_is_there(service: Service) -> None:
    ticket = await service.ticket(metadata={"a": "x" * 9000})
    refused = await patched(service, ticket["id"], {"metadata": {"b": "x" * 9000}}, status=422)
    assert refused["code"] == "invalid_body"
    assert await service.get(f"/v1/tickets/{ticket['id']}") == ticket


@pytest.mark.parametrize(("who", "status"), [("supervisor", 200), ("integration", 200), ("ani", 403), ("read_only", 403)])
async def test_who_may(service: Service, who: str, status: int) -> None:
    await service.come("ani")
    ticket = await service.ticket()
    await patched(service, ticket["id"], {"tags": ["a"]}, who=who, status=status)


async def test_by_external_id_and_unknown(service: Service) -> None:
    await service.ticket(external_id="wa-1")
    assert (await patched(service, "ext:wa-1", {"tags": ["a"]}))["tags"] == ["a"]
    assert (await patched(service, "ext:none", {"tags": ["a"]}, status=404))["code"] == "ticket_not_found"
    refused = await service.call("PATCH", "/v1/tickets/ext:wa-1", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")
