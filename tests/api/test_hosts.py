"""The service answers to its own names, and to nothing that only calls itself one."""

import httpx
import pytest

from app.api.hosts import Hosts, hosts_of
from app.main import create_app
from app.settings import Settings


@pytest.mark.parametrize(
    ("settings", "host", "right"),
    [
        (Settings(), "localhost:8000", True),
        (Settings(), "LOCALHOST", True),
        (Settings(), "127.0.0.1:8000", True),
        (Settings(), "[::1]:8000", True),
        (Settings(), "evil.example", False),
        (Settings(), "localhost.evil.example", False),
        (Settings(host="::1"), "evil.example", False),
        (Settings(host="localhost"), "evil.example", False),
        (Settings(host="0.0.0.0"), "desk.example", True),
        (Settings(host="0.0.0.0", allowed_hosts="desk.example, api.desk.example."), "api.desk.example:443", True),
        (Settings(host="0.0.0.0", allowed_hosts="desk.example"), "Desk.Example.", True),
        (Settings(host="0.0.0.0", allowed_hosts="desk.example"), "10.0.0.7:8000", True),
        (Settings(host="0.0.0.0", allowed_hosts="desk.example"), "evil.example", False),
        (Settings(host="0.0.0.0", allowed_hosts="desk.example"), "xdesk.example", False),
        (Settings(host="0.0.0.0", allowed_hosts="desk.example"), "127.0.0.1.evil.example", False),
        (Settings(allowed_hosts="*"), "evil.example", True),
        (Settings(allowed_hosts="*"), "a b", False),
    ],
)
def test_names_that_are_answered_to(settings: Settings, host: str, right: bool) -> None:
    hosts = hosts_of(settings)
    assert [hosts.check(host.encode()) is None for _ in range(2)] == [right, right]


async def test_another_name_is_a_plain_400() -> None:
    app = create_app(Settings())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        for path in ("/health/live", "/v1/tickets", "/nowhere"):
            response = await client.get(path, headers={"Host": "evil.example"})
            assert (response.status_code, response.json()["code"]) == (400, "invalid_header")
            assert "evil" not in response.text
        assert (await client.post("/v1/tickets", headers={"Host": "evil.example"})).status_code == 400
        assert (await client.get("/health/live")).status_code == 200


def test_what_is_remembered_is_bounded() -> None:
    hosts = Hosts(None)
    for number in range(5_000):
        assert hosts.check(f"a{number}".encode()) is None
    assert len(hosts._known) == 1_000


async def test_metrics_can_be_closed() -> None:
    for open_, status in ((True, 200), (False, 404)):
        app = create_app(Settings(metrics=open_))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            assert (await client.get("/metrics")).status_code == status
            assert (await client.get("/health/live")).status_code == 200
            assert ("/metrics" in app.openapi()["paths"]) is open_
