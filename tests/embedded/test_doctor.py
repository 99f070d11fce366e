import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from app import doctor
from app.doctor import Check, State
from app.embedded import Servers, start_servers
from app.settings import Settings
from tests.embedded.watching import fetch

LOG = """
CREATE TABLE workspace_heads (workspace_id uuid PRIMARY KEY, last_seq bigint NOT NULL);
CREATE TABLE events (workspace_id uuid, seq bigint, PRIMARY KEY (workspace_id, seq));
"""
WORKSPACE = "00000000-0000-7000-8000-000000000001"


def _examine(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in doctor.examine(settings)}


def _failing(settings: Settings) -> set[str]:
    return {name for name, check in _examine(settings).items() if check.state is State.FAIL}


@pytest.fixture
def settings(data: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return Settings(data_dir=data, port=0)


def _own(running: Servers, settings: Settings, *, app_url: str | None = None) -> Settings:
    return settings.model_copy(
        update={
            "database_url": app_url or running.app_url,
            "database_owner_url": running.owner_url,
            "redis_url": running.redis_url,
        }
    )


def test_nothing_is_wrong_before_the_first_start(settings: Settings) -> None:
    checks = _examine(settings)
    assert {check.state for check in checks.values()} == {State.OK}
    assert "does not exist yet" in checks["data folder"].found
    assert not settings.data_dir.exists()


def test_running_servers_are_found_and_nothing_secret_is_printed(settings: Settings) -> None:
    with start_servers(settings.data_dir) as servers:
        out = io.StringIO()
        code = doctor.run(settings, Console(file=out, width=200))
        said = out.getvalue()
        assert code == 0, said
        for words in ("fsync", "giliran_app: no superuser", "run by process", "passwords.json, mode 0600"):
            assert words in said
        for url in (servers.owner_url, servers.app_url, servers.superuser_url, servers.redis_url):
            assert url.split("@")[0].rsplit(":", 1)[1] not in said


def test_open_password_file_fails_with_its_way_out(settings: Settings) -> None:
    with start_servers(settings.data_dir, postgres=False):
        pass
    (settings.data_dir / "passwords.json").chmod(0o644)
    check = _examine(settings)["password file"]
    assert (check.state, check.way_out.split()[:2]) == (State.FAIL, ["chmod", "600"])
    out = io.StringIO()
    assert doctor.run(settings, Console(file=out)) == 1


def test_folder_of_another_version_and_lost_passwords_fail(settings: Settings) -> None:
    with start_servers(settings.data_dir, durable=False):
        pass
    (settings.data_dir / "passwords.json").unlink()
    (settings.data_dir / "postgres" / "PG_VERSION").write_text("15\n")
    assert _failing(settings) == {"PostgreSQL programs", "password file"}


def test_own_servers_are_reached(settings: Settings, running: Servers) -> None:
    checks = _examine(_own(running, settings))
    assert not [check for check in checks.values() if check.state is State.FAIL]
    assert checks["database"].found.endswith("/giliran")
    assert "data folder" not in checks


def test_superuser_as_the_applications_role_fails(settings: Settings, running: Servers) -> None:
    check = _examine(_own(running, settings, app_url=running.superuser_url))["application's role"]
    assert check.state is State.FAIL
    assert "is superuser and bypasses row-level security" in check.found


def test_owner_as_the_applications_role_fails(settings: Settings, running: Servers) -> None:
    fetch(running.owner_url, "CREATE TABLE owned ()")
    assert "owns 1 tables" in _examine(_own(running, settings, app_url=running.owner_url))["application's role"].found
    fetch(running.owner_url, "DROP TABLE owned")


def test_unreachable_servers_fail_without_their_passwords(settings: Settings) -> None:
    away = settings.model_copy(
        update={
            "database_url": "postgresql+asyncpg://giliran_app:hush@127.0.0.1:1/giliran",
            "redis_url": "redis://:hush@127.0.0.1:1/0",
        }
    )
    checks = _examine(away)
    assert (checks["database"].state, checks["Redis"].state) == (State.FAIL, State.FAIL)
    assert "hush" not in str(checks)


def test_gap_in_the_log_fails_and_a_pruned_log_does_not(settings: Settings) -> None:
    with start_servers(settings.data_dir, valkey=False, durable=False) as servers:
        for statement in LOG.strip().splitlines():
            fetch(servers.owner_url, statement)
        fetch(servers.owner_url, f"INSERT INTO workspace_heads VALUES ('{WORKSPACE}', 10)")
        fetch(servers.owner_url, f"INSERT INTO events SELECT '{WORKSPACE}', generate_series(4, 10)")
        assert _examine(settings)["event log"] == Check("event log", State.OK, "no gap in 1 workspaces")
        fetch(servers.owner_url, "DELETE FROM events WHERE seq = 7")
        assert f"workspace {WORKSPACE}: 6 events from 4 to 10, head says 10" in _examine(settings)["event log"].found
        fetch(servers.owner_url, "UPDATE workspace_heads SET last_seq = 11")
        assert _failing(settings) == {"event log", "fsync", "synchronous_commit", "full_page_writes"}  # durable=False


def test_database_at_another_revision_fails(settings: Settings) -> None:
    with start_servers(settings.data_dir, valkey=False, durable=False) as servers:
        fetch(servers.owner_url, "CREATE TABLE alembic_version (version_num text)")
        fetch(servers.owner_url, "INSERT INTO alembic_version VALUES ('from_the_future')")
        check = _examine(settings)["migrations"]
    assert (check.state, "from_the_future" in check.found) == (State.FAIL, True)


def test_folder_made_by_hand_with_open_mode_is_warned_about(settings: Settings) -> None:
    settings.data_dir.mkdir(mode=0o755)
    settings.data_dir.chmod(0o755)
    assert _examine(settings)["data folder"].state is State.WARN
    shutil.rmtree(settings.data_dir)
