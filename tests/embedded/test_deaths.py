import os
import signal
from pathlib import Path

from app.embedded import Servers, start_servers
from app.embedded.processes import wait_until, working_in
from tests.embedded.watching import all_gone, descendants, fetch, finish, first_line, start_python, works

PARENT = """
import json, sys, signal
from pathlib import Path
from app.embedded import start_servers
servers = start_servers(Path(sys.argv[1]))
print(json.dumps({"pids": [server.pid for server in servers.members], "owner_url": servers.owner_url}))
signal.pause()
"""


def _postgres_pid(servers: Servers) -> int:
    assert servers.postgres is not None
    assert servers.postgres.pid is not None
    return servers.postgres.pid


def _died(servers: Servers) -> bool:
    return wait_until(lambda: not all(server.alive() for server in servers.members), 10)


def test_killed_parent_takes_its_servers_along(data: Path) -> None:
    parent = start_python(PARENT, str(data))
    try:
        first_line(parent)
        below = descendants(parent.pid)
        assert len(below) > 2
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        assert all_gone(below)
    finally:
        finish(parent)


def test_start_right_after_the_parent_was_killed_keeps_what_was_committed(data: Path) -> None:
    parent = start_python(PARENT, str(data))
    try:
        fetch(first_line(parent)["owner_url"], "CREATE TABLE kept AS SELECT 7 AS n")
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        with start_servers(data) as servers:
            assert fetch(servers.owner_url, "SELECT n FROM kept") == 7
    finally:
        finish(parent)


def test_server_that_outlived_its_parent_is_ended_and_started_anew(data: Path) -> None:
    parent = start_python(PARENT, str(data))
    try:
        postmaster = next(pid for pid in first_line(parent)["pids"] if pid in working_in(data / "postgres", "postgres"))
        os.kill(postmaster, signal.SIGSTOP)  # it cannot answer the signal that the kernel sends when the parent dies
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        assert postmaster in working_in(data / "postgres", "postgres")
        with start_servers(data) as servers:
            assert _postgres_pid(servers) != postmaster
            assert works(servers.app_url)
        assert all_gone([postmaster])
    finally:
        finish(parent)


def test_killed_postmaster_is_started_again_on_the_same_port(data: Path) -> None:
    with start_servers(data) as servers:
        url = servers.app_url
        for _ in range(3):
            below = descendants(_postgres_pid(servers))
            os.kill(_postgres_pid(servers), signal.SIGKILL)
            assert _died(servers)
            assert servers.tend() == ["PostgreSQL"]
            assert works(url)
            assert servers.app_url == url
            assert all_gone(below, 1)


def test_all_of_postgresql_killed_at_once(data: Path) -> None:
    with start_servers(data) as servers:
        fetch(servers.owner_url, "CREATE TABLE kept AS SELECT 7 AS n")
        for pid in working_in(data / "postgres", "postgres"):
            os.kill(pid, signal.SIGKILL)
        assert _died(servers)
        assert servers.tend() == ["PostgreSQL"]
        assert fetch(servers.owner_url, "SELECT n FROM kept") == 7


def test_killed_valkey_is_started_again_on_the_same_port(data: Path) -> None:
    with start_servers(data, postgres=False) as servers:
        assert servers.valkey is not None
        assert servers.valkey.pid is not None
        url, before = servers.redis_url, servers.valkey.pid
        os.kill(before, signal.SIGKILL)
        assert _died(servers)
        assert servers.tend() == ["Valkey"]
        assert servers.tend() == []
        assert (servers.redis_url, servers.valkey.pid != before) == (url, True)
