"""Marked secrets and marked personal data through a whole run of the service: nowhere but where they belong."""

import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from app import telemetry
from app.api.refusals import REFUSALS
from app.identifiers import encode
from app.main import create_app, serving
from app.settings import Settings
from tests.api.service import Service
from tests.databases import Database
from tests.servers import Addresses
from tests.walkers.bodies import body_for, preconditions
from tests.walkers.desks import Desk
from tests.walkers.document import BEHIND_A_KEY, BY_ID
from tests.walkers.judging import complaints
from tests.walkers.logbook import logbook

# As they would come: a number, an address, a number of an identity card, words of a message. Each is found wherever it goes.
PHONE, EMAIL, IDENTITY, NAME = "+62-811-9990-1234", "marked.person@example.org", "3174099912345678", "Marked Customer Person"
WORDS = "my secret trouble is marked"
PERSONAL = (PHONE, EMAIL, IDENTITY, NAME, WORDS)
CUSTOMER = {"external_id": IDENTITY, "name": NAME, "email": EMAIL, "phone": PHONE}


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    with logbook() as kept:
        yield kept


@asynccontextmanager
async def run_with_valkey(database: Database, servers: Addresses, desk: Desk) -> AsyncIterator[tuple[Desk, Redis]]:
    """The same database served once more, with hints through Valkey."""
    settings = Settings(database_url=database.app_url, redis_url=servers.redis_url, allowed_hosts="*", pool_size=4)
    redis: Redis = Redis.from_url(servers.redis_url)
    async with serving(settings) as services:
        app = create_app(settings, services)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://giliran.test") as client:
            service = Service(app, services, desk.service.owner, desk.service.workspace, client, desk.service.keys)
            yield Desk(service, desk.ids, desk.named), redis
    await redis.aclose()


async def lived(desk: Desk) -> list[httpx.Response]:
    """Everything that can be done with marked data, rightly and wrongly; the answers that are a refusal or the feed."""
    answers = []
    marked = {
        "subject": WORDS,
        "text": f"{WORDS} {IDENTITY}",
        "customer": CUSTOMER,
        "external_id": IDENTITY,
        "metadata": {"a": PHONE},
    }
    ticket = await desk.service.ticket(**marked)
    await desk.service.post(f"/v1/tickets/{ticket['id']}/messages", {"direction": "inbound", "text": f"{WORDS} {EMAIL}"})
    for operation in BEHIND_A_KEY:
        path = {name: f"ext:{IDENTITY}" if name == "ticket" else EMAIL for name in operation.path_names}
        answers.append(await desk.send(operation, path=path, params={NAME: PHONE}))
        if operation.method == "GET" and "q" in operation.queries:
            assert (await desk.send(operation, params={"q": IDENTITY})).status_code == 200
            answers.append(await desk.send(operation, params={"sort": EMAIL, "cursor": IDENTITY}))
        if operation.body is not None:
            wrong = {
                **body_for(operation, desk),
                "customer": {**CUSTOMER, "phone": [PHONE], "email": EMAIL * 20},
                "password": IDENTITY,
            }
            answers.append(await desk.send(operation, json=wrong, headers=preconditions(operation)))
            answers.append(
                await desk.send(operation, content=json.dumps(marked)[:-1], headers={"Content-Type": "application/json"})
            )
        answers.append(
            await desk.send(operation, headers={"Idempotency-Key": IDENTITY * 20, "If-Match": EMAIL, "X-Request-Id": EMAIL})
        )
    answers.append(await desk.send(BY_ID["list_events"], params={"limit": 200}))
    return answers


async def test_marked_personal_data_is_in_no_log_event_refusal_metric_and_not_in_valkey(
    database: Database, servers: Addresses, desks: tuple[Desk, Desk], said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(REFUSALS, "_whole", 10_000)  # every refusal is to have a line that can be looked at
    monkeypatch.setattr(REFUSALS, "_left", 10_000)
    async with run_with_valkey(database, servers, desks[0]) as (desk, redis):
        heard: list[bytes] = []
        async with redis.monitor() as monitor:
            answers = await lived(desk)
            await redis.ping()
            async for command in monitor.listen():
                heard.append(json.dumps(command, default=str).encode())
                if command["command"].upper() == "PING":
                    break
        heard += [key + (await redis.dump(key) or b"") for key in await redis.keys("*")]
    assert any(
        encode("wsp", desk.service.workspace.id)[4:] in text_of(one) or desk.service.workspace.id.hex() in text_of(one)
        for one in heard
    )
    for mark in PERSONAL:
        assert [text_of(one)[:200] for one in heard if mark in text_of(one)] == [], "Valkey"
        assert [answer.text for answer in answers if mark in answer.text and not _names_what_was_sent(answer)] == []
        assert mark not in telemetry.exposition().decode()
    written = said.getvalue()
    assert written.count("\n") > len(BEHIND_A_KEY)
    assert [mark for mark in PERSONAL if mark in written] == []
    assert [mark for mark in PERSONAL if mark in await _events(desk)] == []


async def test_secrets_are_nowhere_but_with_those_who_hold_them(database: Database, desk: Desk, said: io.StringIO) -> None:
    """Keys, the passwords of both roles, hashes: in no answer, log, metric, and no key in any table."""
    key = await desk.service.key("admin")
    others = [await desk.service.key(one) for one in ("supervisor", "read_only", "integration", "ani")]
    secrets = [
        *(one.rpartition("_")[2] for one in (key, *others)),
        *(url.partition("@")[0].rpartition(":")[2] for url in (database.app_url, database.owner_url)),
    ]
    answers = [
        await desk.send(operation, headers={"X-Request-Id": key, "Idempotency-Key": "a"})
        for operation in BEHIND_A_KEY
        if operation.method == "GET"
    ]
    answers += await lived(desk)
    answers += [
        await desk.service.client.get(path, params={"key": key}) for path in ("/v1/tickets", "/metrics", "/docs", "/health/ready")
    ]
    for operation in BEHIND_A_KEY:
        answer = await desk.service.client.request(
            operation.method, "/v1/tickets", headers={"Authorization": f"Bearer {key}x"}, content=key
        )
        answers.append(answer)
    written = said.getvalue()
    tables = await _tables(desk)
    for secret in secrets:
        assert len(secret) >= 16
        assert secret not in written
        assert secret not in telemetry.exposition().decode()
        assert secret not in tables
        assert [
            answer.request.url for answer in answers if secret in answer.text or secret in str(answer.headers.get("location"))
        ] == []


async def test_a_wrong_field_is_not_said_again(desk: Desk) -> None:
    """Whatever was sent where something else was meant: it may be a secret that slipped."""
    for operation in BEHIND_A_KEY:
        if operation.body is not None:
            body = {name: {"slipped": "hunter2-hunter2"} for name in body_for(operation, desk)} | {"extra": "hunter2-hunter2"}
            answer = await desk.send(operation, json=body, headers=preconditions(operation))
            assert complaints(operation, answer) == [], operation.id
            assert answer.status_code == 422
            assert "hunter2" not in answer.text, operation.id


def text_of(raw: bytes) -> str:
    return raw.decode("latin-1")


def _names_what_was_sent(answer: httpx.Response) -> bool:
    """A refusal of a name that is not known says which name it was, to whoever sent it; and a 201 is the caller's own ticket."""
    return answer.status_code < 300 or answer.json()["code"] == "unknown_parameter"


async def _events(desk: Desk) -> str:
    async with desk.service.owner.connect() as connection:
        rows = await connection.execute(text("SELECT to_jsonb(e)::text FROM events e"))
        return "\n".join(rows.scalars().all())


async def _tables(desk: Desk) -> str:
    async with desk.service.owner.connect() as connection:
        names = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows: list[Any] = []
        for name in names.scalars().all():
            rows += (await connection.execute(text(f"SELECT to_jsonb(t)::text FROM {name} t"))).scalars().all()
        return "\n".join(rows)
