"""Who views and who replies: any number look, one answers, and nothing of it outlives its moment."""

import asyncio
from typing import Any

from tests.api.service import Service

Json = dict[str, Any]


async def marked(service: Service, path: str, kind: str | None, *, who: str = "admin", **body: Any) -> Any:
    return await service.post(path, {"kind": kind, **body}, who=who)


def told(answer: Json) -> list[tuple[str, str]]:
    return [(one["kind"], one["agent"]) for one in answer["data"]]


async def desk(service: Service) -> tuple[str, Json]:
    """A ticket that Ani has and Budi had, so that both may see it."""
    await service.come("budi")
    ticket = await service.ticket()
    await service.come("ani")
    await service.post(f"/v1/tickets/{ticket['id']}/transfer", {"agent_id": "ani"})
    return f"/v1/tickets/{ticket['id']}/marks", ticket


async def test_many_view_and_one_replies(service: Service) -> None:
    path, ticket = await desk(service)
    before = await service.get(f"/v1/tickets/{ticket['id']}")
    seq = await service.last_seq()
    await marked(service, path, "viewing", who="ani")
    await marked(service, path, "viewing", who="budi")
    both = await marked(service, path, "replying", who="ani")
    assert told(both) == [("replying", "ani"), ("viewing", "ani"), ("viewing", "budi")]
    refused = await service.call("POST", path, json={"kind": "replying"}, who="budi")
    said = refused.json()
    assert (refused.status_code, said["code"], said["agent"]) == (409, "reply_in_progress", "ani")
    assert (said["agent_id"], said["until_at"]) == (before["agent_id"], both["data"][0]["until_at"])
    assert await service.get(path, who="budi") == both
    assert (await service.get(f"/v1/tickets/{ticket['id']}"), await service.last_seq()) == (before, seq)


async def test_a_mark_ends_by_itself_and_is_renewed(service: Service) -> None:
    path, _ = await desk(service)
    first = (await marked(service, path, "replying", who="ani"))["data"][0]
    await service.post("/v1/sandbox/clock/advance", {"seconds": 50})
    again = (await marked(service, path, "replying", who="ani"))["data"][0]
    assert (again["since_at"], again["until_at"] > first["until_at"]) == (first["since_at"], True)
    await service.post("/v1/sandbox/clock/advance", {"seconds": 50})
    refused = await service.call("POST", path, json={"kind": "replying"}, who="budi")
    assert refused.json()["until_at"] == again["until_at"]
    await service.post("/v1/sandbox/clock/advance", {"seconds": 11})
    assert (await service.get(path))["data"] == []
    assert told(await marked(service, path, "replying", who="budi")) == [("replying", "budi")]
    refused = await service.call("POST", path, json={"kind": "replying"}, who="ani", headers={"Accept-Language": "id"})
    assert refused.json()["detail"].startswith("budi sedang menjawab, sampai ")


async def test_it_is_ended_by_whoever_set_it_or_by_a_supervisor(service: Service) -> None:
    path, _ = await desk(service)
    await marked(service, path, "replying", who="ani")
    assert (await service.call("DELETE", path, who="budi")).status_code == 204
    assert told(await service.get(path)) == [("replying", "ani")]
    assert told(await marked(service, path, None, who="ani")) == []
    await marked(service, path, "replying", who="supervisor", agent_id="ani")
    await marked(service, path, "viewing", who="budi")
    assert (await service.call("DELETE", path, who="supervisor")).status_code == 204
    assert (await service.get(path))["data"] == []


async def test_who_may_mark_what(service: Service) -> None:
    path, _ = await desk(service)
    unnamed = await service.call("POST", path, json={"kind": "viewing"})
    assert (unnamed.status_code, unnamed.json()["errors"][0]["pointer"]) == (422, "/agent_id")
    other = await service.call("POST", path, json={"kind": "viewing", "agent_id": "budi"}, who="ani")
    assert (other.status_code, other.json()["code"]) == (403, "field_forbidden")
    for method, options in (("GET", {}), ("POST", {"json": {"kind": "viewing"}}), ("DELETE", {})):
        stranger = await service.call(method, path, who="sri", **options)
        assert (stranger.status_code, stranger.json()["code"]) == (404, "ticket_not_found")
    tried = await service.post(f"{path}?dry_run=true", {"kind": "replying"}, who="ani")
    assert (told(tried), tried["would_status"]) == ([("replying", "ani")], 200)
    assert (await service.get(path))["data"] == []


async def test_of_two_claims_in_the_same_moment_one_wins(service: Service) -> None:
    path, _ = await desk(service)
    for _ in range(20):
        answers = await asyncio.gather(
            *(service.call("POST", path, json={"kind": "replying"}, who=who) for who in ("ani", "budi", "ani", "budi"))
        )
        won = {who for who, answer in zip(("ani", "budi") * 2, answers, strict=True) if answer.status_code == 200}
        assert len(won) == 1
        assert told(await service.get(path)) == [("replying", *won)]
        await service.call("DELETE", path)
