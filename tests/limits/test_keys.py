"""What a key may send, over real sockets: RES-06, RES-20, AUTH-07, and the fields RateLimit and RateLimit-Policy."""

import asyncio
import json
import re
from collections import Counter

import pytest
from redis.asyncio import Redis
from sqlalchemy import event
from structlog.testing import capture_logs

from app import telemetry
from app.services.keys import make
from tests.databases import Database
from tests.limits.serving import Served, head, said, served, status_of, until
from tests.servers import Addresses

LEFT = re.compile(r'"key";r=(\d+);t=(\d+)')


async def test_every_answer_to_a_key_says_what_is_left(api: Served) -> None:
    await api.configured()
    async with api.client(await api.key(rate="100/hour")) as client:
        left = []
        for method, path, status in (
            ("GET", "/v1/tickets", 200),
            ("POST", "/v1/tickets", 201),
            ("GET", "/v1/tickets/ext:none", 404),
            ("GET", "/v1/tickets?nonsense=1", 400),
            ("GET", "/v1/me", 403),
            ("POST", "/v1/tickets/ext:none/resolve", 404),
        ):
            answer = await client.request(method, path, json={} if method == "POST" else None)
            assert answer.status_code == status, answer.text
            assert answer.headers["ratelimit-policy"] == '"key";q=100;w=3600'
            found = LEFT.fullmatch(answer.headers["ratelimit"])
            assert found is not None
            left.append(int(found[1]))
        assert left == [99, 98, 97, 96, 95, 94]
    async with api.client() as client:
        for path in ("/health/live", "/v1/tickets", "/nowhere"):
            assert "ratelimit" not in (await client.get(path)).headers


async def test_a_key_beyond_its_rate_is_told_when_to_come_back_and_others_are_not_slowed(api: Served) -> None:
    """RES-06"""
    await api.configured()
    hasty, calm = await api.key(rate="50/hour"), await api.key()
    async with api.probed(), api.client(hasty) as client, api.client(calm) as colleague:
        answers = await asyncio.gather(*(client.post("/v1/tickets", json={}) for _ in range(120)))
        assert Counter(answer.status_code for answer in answers) == {201: 50, 429: 70}
        for answer in answers:
            if answer.status_code == 429:
                problem = answer.json()
                assert (problem["code"], problem["status"]) == ("too_many_requests", 429)
                assert answer.headers["content-type"] == "application/problem+json"
                assert 1 <= int(answer.headers["retry-after"]) <= 72
                assert answer.headers["ratelimit-policy"] == '"key";q=50;w=3600'
                assert answer.headers["ratelimit"].startswith('"key";r=0;t=')
        assert (await colleague.post("/v1/tickets", json={})).status_code == 201
        assert (await colleague.get("/v1/tickets/count")).json()["count"] == 51


async def test_a_refused_request_takes_no_connection_and_writes_nothing(api: Served) -> None:
    await api.configured()
    key = await api.key(rate="1/hour")
    async with api.client(key) as client:
        assert (await client.get("/v1/tickets/count")).json()["count"] == 0
        taken: list[object] = []
        event.listen(api.engine.sync_engine, "checkout", lambda *about: taken.append(about))
        answers = await asyncio.gather(*(client.post("/v1/tickets", json={}) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {429}
    assert len(taken) <= 5  # to look the key up again, once in 0.9 s


async def test_the_rate_of_an_agent_and_of_a_key_of_its_own(database: Database) -> None:
    async with served(database, rate_limit="100/hour", rate_limit_agent="10/hour") as api:
        await api.configured()
        for role, rate, policy in (
            ("admin", None, "100"),
            ("agent", None, "10"),
            ("agent", "77/hour", "77"),
            ("integration", "5000/hour", "5000"),
        ):
            async with api.client(await api.key(role, rate=rate)) as client:
                answer = await client.get("/v1/tickets/ext:none")
                assert answer.headers["ratelimit-policy"] == f'"key";q={policy};w=3600'


async def test_a_key_may_have_so_many_requests_open(database: Database) -> None:
    async with served(database, open_requests_per_key=3) as api:
        key = await api.configured()
        async with api.client(key) as client:
            waiting = [asyncio.create_task(client.get("/v1/events?after=2&wait=30")) for _ in range(3)]
            account = api.services.limiter.accounts
            await until(lambda: sum(one.open for one in account) == 3)
            refused = await client.get("/v1/tickets")
            assert (refused.status_code, refused.json()["code"], refused.json()["limit"]) == (429, "too_many_requests", 3)
            assert refused.headers["retry-after"]
            async with api.client(await api.key()) as colleague:
                assert (await colleague.post("/v1/tickets", json={})).status_code == 201
            assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}
            assert (await client.get("/v1/tickets")).status_code == 200
        assert [one.open for one in account] == [0] * len(account)


async def test_wrong_keys_from_one_address(database: Database) -> None:
    """AUTH-07: and a right key is not slowed, be it from there or from elsewhere."""
    async with served(database, rate_limit_wrong_keys="100/hour", proxies="127.0.0.0/8") as api:
        right = await api.configured()
        wrong = [make(api.desk.id, api.desk.mode, number.to_bytes(16, "big")).text for number in range(500)]
        forged = [right[:-43] + secret[-43:] for secret in wrong]  # the id of a real key with another secret
        statuses: Counter[int] = Counter()
        async with api.client() as client, api.probed():

            async def ask(key: str, address: str) -> int:
                headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": address}
                answer = await client.get("/v1/tickets/count", headers=headers)
                if answer.status_code == 429:
                    assert answer.json()["code"] == "too_many_requests"
                    assert 1 <= int(answer.headers["retry-after"]) <= 36
                    assert answer.headers["ratelimit-policy"] == '"wrong-keys";q=100;w=3600'
                return answer.status_code

            for key in (*wrong[:250], *forged[:250], *["nonsense"] * 500):
                statuses[await ask(key, "203.0.113.7")] += 1
            assert statuses == {401: 100, 429: 900}
            assert await ask(right, "203.0.113.7") == 200
            assert await ask(right, "203.0.113.8") == 200
            assert await ask(wrong[300], "203.0.113.8") == 401
            assert await ask(wrong[300], "198.51.100.1, 203.0.113.7") == 429


async def test_a_stranger_who_is_refused_costs_no_look_into_the_database(database: Database) -> None:
    async with served(database, rate_limit_wrong_keys="10/hour") as api, api.client() as client:
        asked = 0
        ask = api.services.keys._ask

        async def counting(name: object) -> object:
            nonlocal asked
            asked += 1
            return await ask(name)  # type: ignore[arg-type]

        api.services.keys._ask = counting  # type: ignore[method-assign,assignment]
        for number in range(200):
            key = make(api.desk.id, api.desk.mode, number.to_bytes(16, "big")).text
            await client.get("/v1/tickets", headers={"Authorization": f"Bearer {key}"})
        assert asked == 10


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "CF-Connecting-IP", "X-Real-IP"])
async def test_only_proxies_of_ours_say_where_a_request_comes_from(database: Database, name: str) -> None:
    """AUTH-16"""
    async with served(database, rate_limit_wrong_keys="5/hour") as api, api.client() as client:
        statuses = [
            (await client.get("/v1/tickets", headers={"Authorization": "Bearer x", name: f"203.0.113.{n}"})).status_code
            for n in range(10)
        ]
    assert statuses == [401] * 5 + [429] * 5


@pytest.mark.parametrize("each", [60, pytest.param(200, marks=pytest.mark.long)])
async def test_presence_of_one_agent(api: Served, each: int) -> None:
    """RES-20: a thousand switches at once; others work on, and the feed can be read."""
    key = await api.configured()
    async with api.probed(), api.client(key) as client:
        statuses: Counter[int] = Counter()

        async def switch(count: int) -> None:
            for number in range(count):
                presence = ("available", "away")[number % 2]
                answer = await client.post("/v1/agents/ani/presence", json={"presence": presence})
                statuses[answer.status_code] += 1
                if answer.status_code == 429:
                    assert (answer.json()["code"], answer.headers["retry-after"]) == ("too_many_requests", "1")

        await asyncio.gather(*(switch(each) for _ in range(5)))
        assert statuses[429] > each * 5 / 2
        assert statuses[200] >= 60
        assert set(statuses) == {200, 429}
        events = (await client.get("/v1/events", params={"type": "agent.presence_changed", "limit": 200})).json()
        assert len(events["data"]) <= statuses[200]


async def test_no_secret_and_no_address_in_valkey_log_or_metrics(database: Database, servers: Addresses) -> None:
    redis = Redis.from_url(servers.redis_url)
    with capture_logs() as entries:
        async with served(database, redis_url=servers.redis_url, rate_limit_wrong_keys="3/hour", proxies="127.0.0.1") as api:
            key = await api.key(rate="5/minute")
            forwarded = {"X-Forwarded-For": "203.0.113.99"}
            async with api.client(key) as client:
                for _ in range(10):
                    await client.get("/v1/tickets", headers=forwarded)
                for _ in range(10):
                    await client.get("/v1/tickets", headers={**forwarded, "Authorization": f"Bearer {key[:-1]}!"})
            await until(lambda: bool(api.services.limiter.sharing.rounds))
            names = [name.decode() async for name in redis.scan_iter("giliran:{rate}:*")]
            held = json.dumps(names) + "".join([(await redis.get(name) or b"").decode() for name in names])
    await redis.aclose()
    secret = key.rpartition("_")[2]
    for place in (held, json.dumps(entries, default=str), telemetry.exposition().decode()):
        assert secret not in place
        assert "203.0.113.99" not in place
        assert key[:40] not in place
    assert names


async def test_a_refusal_over_a_socket_is_whole(api: Served) -> None:
    key = await api.key(rate="1/hour")
    for status in (200, 429):
        answer = await said(api.port, head("GET", "/v1/tickets", key, Connection="close"))
        assert status_of(answer) == status
        assert b'ratelimit-policy: "key";q=1;w=3600' in answer
