"""What every answer carries, what is logged and counted, and the pages that are open to all."""

import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any, Literal

import httpx
import pytest
import structlog
from fastapi import APIRouter
from starlette.responses import StreamingResponse
from structlog.testing import capture_logs

from app import logs, telemetry
from app.api.app import build
from app.api.problem_codes import CODES
from app.main import create_app
from app.settings import Settings
from tests.api.service import Service

SECRET = "3174-identity-number"
BROKEN = APIRouter()


@BROKEN.get("/broken")
async def broken() -> None:
    raise RuntimeError(f"SELECT * FROM customers WHERE identity = '{SECRET}'")


@BROKEN.get("/broken-off")
async def broken_off() -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"a"
        raise RuntimeError(SECRET)

    return StreamingResponse(parts())


def over(app: Any, *, raising: bool = True) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=raising), base_url="http://localhost")


async def test_every_answer_has_a_request_id_and_is_kept_by_nobody_else(bare: Service) -> None:
    for path, status in (("/health/live", 200), ("/nowhere", 404), ("/v1/tickets", 401)):
        response = await bare.client.get(path)
        assert response.status_code == status
        assert re.fullmatch("req_[0-9a-v]{26}", response.headers["request-id"])
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] in {"no-store", "private, no-cache"}
        assert "server" not in response.headers


@pytest.mark.parametrize(
    ("sent", "kept"), [("crm-4711", True), ("a" * 128, True), ("a" * 129, False), ("a b", False), ("é", False)]
)
async def test_a_callers_request_id_is_kept_beside_ours(bare: Service, sent: str, kept: bool) -> None:
    response = await bare.client.get("/health/live", headers=[(b"X-Request-Id", sent.encode())])
    assert response.headers.get("x-request-id") == (sent if kept else None)


@pytest.mark.parametrize("host", ["a/b?c=", "x@y", "a b", "", "a:b:c", "[::1", "a\x00", "é"])
async def test_a_host_that_is_none(bare: Service, host: str) -> None:
    response = await bare.client.get("/health/live", headers=[(b"Host", host.encode())])
    assert (response.status_code, response.json()["code"]) == (400, "invalid_header")


async def test_two_hosts_are_none(bare: Service) -> None:
    response = await bare.client.get("/health/live", headers=[("Host", "a"), ("Host", "b")])
    assert response.status_code == 400


@pytest.mark.parametrize("host", ["giliran.test", "localhost:8000", "127.0.0.1:80", "[::1]:8000", "my-host.example"])
async def test_a_host(bare: Service, host: str) -> None:
    assert (await bare.client.get("/health/live", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "DELETE", "PATCH"])
async def test_a_method_that_an_address_does_not_take(service: Service, method: str) -> None:
    seq = await service.last_seq()
    for path, allowed in (("/v1/tickets", "GET, POST"), ("/v1/events", "GET"), ("/v1/configuration", "GET, PUT")):
        response = await service.call(method, path) if method != "HEAD" else await service.client.head(path)
        assert response.status_code == 405
        assert response.headers["allow"] == allowed
    assert await service.last_seq() == seq


async def test_a_parameter_that_is_not_known_is_named(bare: Service) -> None:
    response = await bare.call("GET", "/v1/tickets", params={"limitt": "5"})
    problem = response.json()
    assert (response.status_code, problem["code"], problem["parameter"]) == (400, "unknown_parameter", "limitt")
    assert "limit" in problem["allowed"]


async def test_a_nul_in_a_query_or_path_reaches_no_database(bare: Service) -> None:
    assert (await bare.call("GET", "/v1/tickets?q=a%00b")).status_code == 400
    assert (await bare.client.get("/v1/agents/a%00b")).status_code == 404


async def test_a_5xx_says_nothing_and_the_log_no_value() -> None:
    async with over(build(Settings(), [BROKEN])) as client:
        with capture_logs() as entries:
            response = await client.get("/broken", headers={"Accept-Language": "id"})
    problem = response.json()
    assert (response.status_code, problem["code"], problem["title"]) == (500, "internal_error", "Terjadi kesalahan pada layanan")
    said = response.text + json.dumps(entries)
    assert SECRET not in said
    assert "SELECT" not in said
    (error,) = [entry for entry in entries if entry["event"] == "unexpected_error"]
    assert error["request_id"] == problem["request_id"] == response.headers["request-id"]
    assert error["error"] == "RuntimeError"
    assert error["where"][-1].endswith("broken")


async def test_an_answer_that_breaks_off_is_logged_without_its_reason() -> None:
    async with over(build(Settings(), [BROKEN]), raising=False) as client:
        with capture_logs() as entries:
            await client.get("/broken-off")
    assert "unexpected_error" in {entry["event"] for entry in entries}
    assert SECRET not in json.dumps(entries)


async def test_the_access_log_has_the_template_and_nothing_personal(service: Service) -> None:
    external = "62811555012"
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    with capture_logs() as entries:
        await service.call(
            "GET",
            f"/v1/tickets/ext:{external}",
            headers={"User-Agent": SECRET, "traceparent": f"00-{trace}-00f067aa0ba902b7-01", "X-Request-Id": "crm-1"},
        )
    (entry,) = [entry for entry in entries if entry["event"] == "request"]
    assert entry["route"] == "/v1/tickets/{ticket}"
    assert (entry["method"], entry["status"], entry["trace_id"], entry["client_request_id"]) == ("GET", 404, trace, "crm-1")
    assert entry["workspace"].startswith("wsp_")
    assert entry["key"].startswith("key_")
    assert external not in json.dumps(entries)
    assert SECRET not in json.dumps(entries)


async def test_one_event_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    logs.configure(Settings())
    try:
        structlog.get_logger().warning("name", value='a\nb\r\x1b[31m\u2028"', other=object())
        (line,) = capsys.readouterr().err.splitlines()
    finally:
        structlog.configure(**before)
    entry = json.loads(line)
    assert entry["value"] == 'a\nb\r\x1b[31m\u2028"'
    assert (entry["event"], entry["level"], entry["other"]) == ("name", "warning", "object")
    assert line.isascii()


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_is_told_without_its_text_and_without_variables(
    capsys: pytest.CaptureFixture[str], form: Literal["json", "console"]
) -> None:
    def inner() -> None:
        customer = "Marked Person"
        raise ValueError(customer)

    before = structlog.get_config()
    logs.configure(Settings(log_format=form))
    try:
        try:
            inner()
        except ValueError as error:
            structlog.get_logger().exception("failed")
            structlog.get_logger().error("failed", exc_info=error)
        said = capsys.readouterr().err
    finally:
        structlog.configure(**before)
    assert len(said.splitlines()) == 2
    assert said.count("ValueError") == said.count("inner") == 2
    assert "Marked" not in said
    assert "customer" not in said


async def test_metrics_count_by_template(service: Service) -> None:
    await service.call("GET", "/v1/tickets/ext:62811555012")
    await service.client.get("/nowhere/62811555012")
    page = (await service.client.get("/metrics")).text
    assert 'giliran_requests_total{method="GET",route="/v1/tickets/{ticket}",status="4xx"}' in page
    assert 'giliran_requests_total{method="any",route="unmatched",status="4xx"}' in page
    for name in (
        "request_seconds",
        "batch_commands",
        "decision_seconds",
        "timer_lateness_seconds",
        "catch_up_events",
        "waited_seconds",
    ):
        assert f"# TYPE giliran_{name} " in page
    assert "62811555012" not in page
    assert "python_info" not in page


async def test_ready_says_what_it_found(bare: Service) -> None:
    response = await bare.client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "ok", "migrations": "ok", "valkey": "not_used"}


async def test_not_ready_when_the_database_is_of_another_revision(bare: Service) -> None:
    async with bare.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    response = await bare.client.get("/health/ready")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (503, "not_ready")
    assert problem["checks"] == {"database": "ok", "migrations": "behind", "valkey": "not_used"}
    assert response.headers["retry-after"]
    assert (await bare.client.get("/health/live")).status_code == 200


class Outside(HTMLParser):
    """What a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self.targets: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if identity := given.get("id"):
            self.ids.add(identity)
        if tag in {"script", "iframe", "img", "object"} or "style" in given or any(name.startswith("on") for name in given):
            self.found.append(tag)
        address = given.get("href") or ""
        if address.startswith("#"):
            self.targets.add(address[1:])
        elif address and not address.startswith("/"):
            self.found.append(address)


async def test_the_docs_need_no_network_and_no_script(bare: Service) -> None:
    response = await bare.client.get("/docs")
    page = Outside()
    page.feed(response.text)
    assert page.found == []
    assert page.targets <= page.ids
    assert "create_ticket" in page.ids
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (await bare.client.get("/docs/style.css")).headers["content-type"].startswith("text/css")


async def test_docs_can_be_closed() -> None:
    async with over(create_app(Settings(docs=False))) as client:
        assert (await client.get("/docs")).status_code == 404
        assert (await client.get("/openapi.json")).status_code == 404
        assert (await client.get("/configuration.schema.json")).status_code == 404
        assert (await client.get("/problems/invalid_body")).status_code == 200


@pytest.mark.parametrize("language", ["en", "id"])
async def test_each_problem_has_a_page(bare: Service, language: str) -> None:
    listed = (await bare.client.get("/problems", params={"language": language})).text
    for code in CODES:
        assert f"/problems/{code}?language={language}" in listed
    response = await bare.client.get("/problems/agent_at_capacity", headers={"Accept-Language": language})
    assert CODES["agent_at_capacity"].title[language] in response.text
    assert response.headers["content-language"] == language
    assert (await bare.client.get("/problems/<script>")).status_code == 404
    assert (await bare.client.get("/problems/conflict?language=xx")).status_code == 400


def test_telemetry_of_the_framework_is_a_setting() -> None:
    signals = {"tracing", "metrics", "logs"}
    closed, opened = (dict(build(Settings(telemetry=on), [])._telemetry) for on in (False, True))
    assert not any(closed[signal] for signal in signals)
    assert all(opened[signal] for signal in signals)


def test_the_exposition_is_prometheus_text() -> None:
    assert b"# TYPE giliran_requests_total counter" in telemetry.exposition()
