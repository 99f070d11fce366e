"""Both Python clients against the service in a process of its own."""

import asyncio
import json

import pytest
from giliran_client import Gone, Invalid, NotFound, NotModified, Retries, Stale, Unauthenticated

from tests.clients.conftest import Api
from tests.clients.kinds import KINDS, Driven, opened

pytestmark = pytest.mark.parametrize("kind", KINDS)


async def make(do: Driven, count: int) -> list[str]:
    return [(await do(do.client.tickets.create, {"subject": str(number)})).body["id"] for number in range(count)]


async def test_a_ticket_is_created_explained_changed_and_resolved(api: Api, kind: str) -> None:
    async with opened(kind, api.url, api.key) as do:
        tickets = do.client.tickets
        would = await do(tickets.create, {"subject": "Refund"}, dry_run=True)
        assert (would.dry_run, would.body["id"], would.body["would_status"]) == (True, None, 201)
        made = await do(tickets.create, {"subject": "Refund", "external_id": "wa-1"})
        assert (made.status, made.body["status"], made.replayed, made.existing) == (201, "assigned", False, False)
        assert made.request_id.startswith("req_")
        assert (await do(tickets.create, {"external_id": "wa-1"})).existing
        why = await do(do.client.decisions.get, made.body["decision_id"])
        assert [ranked["agent"] for ranked in why.body["ranked"]] == ["ani"]
        read = await do(tickets.get, "ext:wa-1", expand=["decision"])
        assert read.version == made.body["version"]
        assert read.body["decision"]["id"] == why.body["id"]
        with pytest.raises(NotModified):
            await do(tickets.get, "ext:wa-1", unless_version=read.version)
        changed = await do(tickets.update, "ext:wa-1", {"tags": ["vip"]}, version=read.version)
        with pytest.raises(Stale) as stale:
            await do(tickets.update, "ext:wa-1", {"tags": []}, version=read.version)
        assert stale.value.current_version == changed.body["version"]
        done = await do(tickets.resolve, "ext:wa-1", version=changed.body["version"])
        assert done.body["status"] == "resolved"


async def test_a_refusal_says_what_and_where(api: Api, kind: str) -> None:
    async with opened(kind, api.url, api.key) as do:
        with pytest.raises(Invalid) as refused:
            await do(do.client.tickets.create, {"priority": "hihg", "sbject": "x"})
        assert {mistake["pointer"] for mistake in refused.value.errors} == {"/priority", "/sbject"}
        assert (refused.value.code, refused.value.status) == ("invalid_body", 422)
        with pytest.raises(NotFound) as missing:
            await do(do.client.tickets.get, "ext:nothing")
        assert missing.value.code == "ticket_not_found"
        assert missing.value.request_id in str(missing.value)
    async with opened(kind, api.url, "glr_test_wrong") as do:
        with pytest.raises(Unauthenticated) as unknown:
            await do(do.client.me.get)
        assert "glr_test_wrong" not in repr(unknown.value) + repr(do.client) + json.dumps(unknown.value.problem)


async def test_the_same_key_makes_one_ticket(api: Api, kind: str) -> None:
    async with opened(kind, api.url, api.key) as do:
        first, second = [await do(do.client.tickets.create, {"subject": "x"}, idempotency_key="k") for _ in range(2)]
        assert (first.replayed, second.replayed) == (False, True)
        assert first.body == second.body


async def test_a_call_outlives_the_death_of_the_service(api: Api, kind: str) -> None:
    async with opened(kind, api.url, api.key, retries=Retries(total_seconds=120)) as do:
        before = await do(do.client.tickets.create, {"subject": "x"}, idempotency_key="before")
        api.kill()
        repeated = asyncio.create_task(do(do.client.tickets.create, {"subject": "x"}, idempotency_key="before"))
        fresh = asyncio.create_task(do(do.client.tickets.create, {"subject": "y"}))
        await asyncio.sleep(0.5)
        assert not repeated.done()
        assert not fresh.done()
        api.start()
        assert (await repeated).body["id"] == before.body["id"]
        assert (await repeated).replayed
        made = (await fresh).body["id"]
        listed = await do(do.client.tickets.list)
        assert {ticket["id"] for ticket in listed.body["data"]} == {before.body["id"], made}


async def test_an_iterator_walks_every_page(api: Api, kind: str) -> None:
    async with opened(kind, api.url, api.key) as do:
        made = await make(do, 7)
        walk = do.client.tickets.iterate(status=["assigned", "waiting"], sort="created_at", limit=3)
        assert [ticket["id"] async for ticket in do.each(walk)] == made
        assert [ticket["id"] async for ticket in do.each(do.client.tickets.iterate(status=["resolved"]))] == []
        assert [ticket["id"] async for ticket in do.each(do.client.tickets.iterate(q="nowhere"))] == []


async def test_reading_then_following_has_no_gap_and_no_double(api: Api, kind: str) -> None:
    async with opened(kind, api.url, api.key, retries=Retries(total_seconds=120)) as do:
        early = await make(do, 3)
        pages = do.client.tickets.iterate()
        seq = await do.seq(pages)
        assert {ticket["id"] async for ticket in do.each(pages)} == set(early)
        making = asyncio.create_task(make(do, 12))
        feed = do.client.events.follow(after=seq, type=["ticket.created"], limit=5, wait=5)
        seen = []
        async for event in do.each(feed):
            seen.append(event["subject"]["id"])
            if len(seen) == 6:
                api.kill()
                api.start()
            if len(seen) == 12:
                break
        assert seen == await making
        assert feed.position > seq


async def test_a_position_that_is_not_of_the_log_is_gone(api: Api, kind: str) -> None:
    async with opened(kind, api.url, api.key) as do:
        with pytest.raises(Gone) as gone:
            async for _ in do.each(do.client.events.follow(after=10_000)):
                pass
        assert gone.value.code == "events_expired"
        assert gone.value.problem["oldest_seq"] > 0
