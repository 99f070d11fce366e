"""What a DATABASE_URL may look like, and which errors say that the database is away."""

import errno
import socket

import pytest
from sqlalchemy.exc import ArgumentError

from app.api.problems import is_outage
from app.connections import NoPrimary, Target


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("postgresql+asyncpg://u:p@one/db", [("one", 5432)]),
        ("postgresql+asyncpg://u:p@one:6000/db", [("one", 6000)]),
        ("postgresql+asyncpg://u:p@one,two:6001,[::1]:6002/db", [("one", 5432), ("two", 6001), ("::1", 6002)]),
        ("postgresql+asyncpg://u:p%40,x@one,two/db?ssl=require", [("one", 5432), ("two", 5432)]),
        ("postgresql+asyncpg://u:p@/db?host=one:6000&host=two", [("one", 6000), ("two", 5432)]),
    ],
)
def test_hosts_of_an_address(text: str, hosts: list[tuple[str, int]]) -> None:
    target = Target.of(text)
    assert list(target.hosts) == hosts
    assert (target.url.username, target.url.database, target.url.query.get("host")) == ("u", "db", None)
    assert target.elsewhere
    assert "u" not in target.shown.partition("/")[0]


@pytest.mark.parametrize(
    "text", ["nonsense", "postgresql+asyncpg://u:secret@one:x/db", "postgresql+asyncpg://u:secret@one,two:x/db"]
)
def test_what_is_no_address_is_said_without_its_password(text: str) -> None:
    with pytest.raises(ArgumentError, match="not of the form") as raised:
        Target.of(text)
    assert "secret" not in str(raised.value)


def test_one_host_on_this_machine_is_not_elsewhere() -> None:
    assert not Target.of("postgresql+asyncpg://u:p@127.0.0.1:5432/db").elsewhere
    assert Target.of("postgresql+asyncpg://u:p@127.0.0.1:5432/db?pgbouncer=true").elsewhere
    assert Target.of("postgresql+asyncpg://u:p@127.0.0.1:5432/db?pgbouncer=true").url.query == {}


@pytest.mark.parametrize(
    "error",
    [NoPrimary("none"), TimeoutError(), OSError(errno.EHOSTUNREACH, "no way there"), socket.gaierror(-2, "no such name")],
    ids=lambda error: type(error).__name__,
)
def test_a_database_that_cannot_be_reached_is_an_outage(error: Exception) -> None:
    assert is_outage(error)
