"""What is sent, what is sent again, and what a caller is told."""

import json
from collections import Counter
from datetime import UTC, datetime

import httpx
import pytest
from giliran_client import (
    NEVER,
    Conflict,
    Failed,
    Giliran,
    GiliranError,
    Refused,
    Retries,
    TooMany,
    Unavailable,
    Unreachable,
    Unreadable,
)
from giliran_client.retries import Plan

from tests.clients.kinds import KINDS, opened

KEY = "glr_test_secret"
SOON = Retries(total_seconds=30, first_seconds=0.001, most_seconds=0.002)
OK: tuple[int, dict[str, object]] = (200, {"id": "tkt_1", "data": [], "next_cursor": None})


def problem(status: int, code: str = "something_new", **more: object) -> tuple[int, dict[str, object]]:
    return status, {"code": code, "status": status, "detail": "Because.", "request_id": "req_1", **more}


class Script:
    """Answers in turn; the last one again and again."""

    def __init__(self, *answers: tuple[int, object] | type[httpx.TransportError], retry_after: str | None = None) -> None:
        self.answers = list(answers)
        self.headers = {"Retry-After": retry_after} if retry_after else {}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, type):
            raise answer(f"with {request.headers}")
        status, body = answer
        if isinstance(body, str):
            return httpx.Response(status, text=body, headers={"Content-Type": "text/html"})
        return httpx.Response(status, json=body, headers=self.headers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("resource", "method", "arguments", "tries"),
    [
        ("tickets", "get", ("tkt_1",), 3),
        ("tickets", "create", ({},), 3),
        ("tickets", "update", ("tkt_1", {}), 3),
        ("tickets", "resolve", ("tkt_1",), 3),
        ("configuration", "apply", ({},), 1),
        ("queues", "delete", ("general",), 1),
        ("keys", "create_session", ({},), 1),
    ],
)
@pytest.mark.parametrize("failure", [problem(503), problem(429), problem(502), httpx.ReadError, httpx.ConnectError])
async def test_only_what_is_safe_is_sent_again(
    kind: str,
    resource: str,
    method: str,
    arguments: tuple[object, ...],
    tries: int,
    failure: tuple[int, object] | type[httpx.TransportError],
) -> None:
    script = Script(failure, failure, OK)
    async with opened(kind, "http://giliran.test", KEY, handler=script, retries=SOON) as do:
        call = getattr(getattr(do.client, resource), method)
        if tries == 1:
            with pytest.raises(GiliranError):
                await do(call, *arguments)
        else:
            assert (await do(call, *arguments)).body["id"] == "tkt_1"
    assert len(script.requests) == tries
    keys = Counter(request.headers.get("idempotency-key") for request in script.requests)
    assert len(keys) == 1
    assert (None in keys) == (script.requests[0].method == "GET" or tries == 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 428, 500])
async def test_a_refusal_is_not_asked_again(kind: str, status: int) -> None:
    script = Script(problem(status), OK)
    async with opened(kind, "http://giliran.test", KEY, handler=script, retries=SOON) as do:
        with pytest.raises(Refused) as refused:
            await do(do.client.tickets.create, {})
    assert len(script.requests) == 1
    assert (refused.value.status, refused.value.code, refused.value.request_id) == (status, "something_new", "req_1")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wait_longer_than_allowed_is_left_to_the_caller(kind: str) -> None:
    script = Script(problem(429, "rate_limited"), retry_after="60")
    async with opened(kind, "http://giliran.test", KEY, handler=script, retries=SOON) as do:
        with pytest.raises(TooMany) as refused:
            await do(do.client.tickets.list)
    assert (len(script.requests), refused.value.retry_after) == (1, 60)


@pytest.mark.parametrize(("status", "kind"), [(409, Conflict), (418, Refused), (500, Failed), (503, Unavailable), (507, Failed)])
def test_a_status_has_its_class_and_a_new_code_survives(status: int, kind: type[Refused]) -> None:
    script = Script(problem(status, errors=[{"pointer": "/a"}], held_by="ani"))
    client = Giliran("http://giliran.test", KEY, transport=httpx.MockTransport(script), retries=NEVER)
    with client, pytest.raises(Refused) as refused:
        client.tickets.get("tkt_1")
    assert type(refused.value) is kind
    assert (refused.value.code, refused.value.errors) == ("something_new", [{"pointer": "/a"}])
    assert refused.value.problem["held_by"] == "ani"


@pytest.mark.parametrize("answer", [(502, "<html>"), (200, "<html>"), (404, {"not": "ours"})])
def test_an_answer_of_somebody_else_is_said_to_be_one(answer: tuple[int, object]) -> None:
    script = Script(answer)
    client = Giliran("http://giliran.test", KEY, transport=httpx.MockTransport(script), retries=NEVER)
    with client, pytest.raises(Unreadable):
        client.tickets.get("tkt_1")


def test_the_key_is_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(httpx.ReadError)
    client = Giliran("http://giliran.test", KEY, transport=httpx.MockTransport(script), retries=NEVER)
    with pytest.raises(Unreachable) as unreachable:
        client.tickets.create({}, idempotency_key="mine")
    assert unreachable.value.idempotency_key == "mine"
    texts = [repr(client), str(client), repr(unreachable.value), str(unreachable.value), repr(unreachable.value.__cause__)]
    for key in ("", "glr test_secret", "glr_test_secret\n", "glr_test_sécret"):
        monkeypatch.setenv("GILIRAN_KEY", key)
        with pytest.raises(ValueError, match="No key") as refused:
            Giliran()
        texts += [str(refused.value)]
    with pytest.raises(ValueError, match="address") as refused:
        Giliran(f"http://user:{KEY}@giliran.test", KEY)
    texts += [str(refused.value)]
    assert [text for text in texts if "secret" in text or "cret\n" in text] == []


def test_address_and_key_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GILIRAN_KEY", KEY)
    monkeypatch.setenv("GILIRAN_URL", "http://proxy.test/giliran/")
    script = Script(OK)
    with Giliran(transport=httpx.MockTransport(script)) as client:
        client.tickets.get("ext:a b/c?d")
    (request,) = script.requests
    assert request.url.raw_path == b"/giliran/v1/tickets/ext:a%20b%2Fc%3Fd"
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_arguments_become_what_the_api_reads() -> None:
    script = Script(OK)
    with Giliran("http://giliran.test", KEY, transport=httpx.MockTransport(script)) as client:
        since = datetime(2026, 1, 5, 8, tzinfo=UTC)
        client.tickets.list(status=["waiting", "offered"], created_after=since, limit=5)
        client.reports.queues(from_=since)
        client.configuration.apply({"queues": []}, create=True, dry_run=True, prune=True)
        client.tickets.update("tkt_1", {"category": None}, version=3)
        with pytest.raises(ValueError, match="zone"):
            client.tickets.list(created_after=datetime(2026, 1, 5))  # noqa: DTZ001
        for nothing in ("", ".", ".."):
            with pytest.raises(ValueError, match="no id"):
                client.tickets.get(nothing)
    listed, reported, applied, changed = script.requests
    assert str(listed.url.query, "ascii") == "status=waiting&status=offered&created_after=2026-01-05T08%3A00%3A00Z&limit=5"
    assert str(reported.url.query, "ascii") == "from=2026-01-05T08%3A00%3A00Z"
    assert str(applied.url.query, "ascii") == "prune=true&dry_run=true"
    assert (applied.headers["if-none-match"], "idempotency-key" in applied.headers) == ("*", False)
    assert (changed.headers["if-match"], json.loads(changed.content)) == ('"3"', {"category": None})


def test_pauses_grow_with_jitter_and_end() -> None:
    now = [0.0]
    plan = Plan(Retries(total_seconds=10, first_seconds=1, most_seconds=4), clock=lambda: now[0], chance=lambda: 0.5)
    assert [plan.pause() for _ in range(5)] == [0.5, 1, 2, 2, 2]
    assert plan.pause(7) == 7.5
    now[0] = 3
    assert plan.pause(7) is None
    assert Plan(NEVER).pause() is None
