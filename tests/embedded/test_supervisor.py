import os
import re
import signal
import time
from pathlib import Path

import pytest

from app.embedded import ports
from app.embedded.processes import wait_until
from tests.embedded.running import supervised
from tests.embedded.watching import alive, all_gone, descendants, fetch, shown_by, works


def test_says_what_it_did_and_hands_over_the_addresses(data: Path) -> None:
    with supervised(data) as run:
        given = run.ask()
        assert [line.split()[0] for line in run.said] == ["PostgreSQL", "Valkey", "migrations", "API", "docs", "first", "ready"]
        assert f"first key for {run.base_url}\n" in run.said
        assert "\x1b" not in "".join(run.said)
        app_url, owner_url, redis_url = given["addresses"]
        assert works(app_url)
        assert works(owner_url)
        assert redis_url.startswith("redis://:")
        assert (str(given["port"]), given["data_dir"]) == (run.base_url.rsplit(":", 1)[1], str(data))


def test_no_process_shows_a_password(data: Path) -> None:
    with supervised(data) as run:
        passwords = [re.split("[:@]", address)[-3] for address in run.ask()["addresses"]]
        everything = "".join(shown_by(pid) for pid in (run.process.pid, *descendants(run.process.pid))) + "".join(run.said)
        assert all(len(password) > 30 for password in passwords)
        assert not [password for password in passwords if password in everything]
        assert {path.stat().st_mode & 0o777 for path in data.glob("*.json")} == {0o600}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stops_everything_when_told(data: Path, number: signal.Signals) -> None:
    with supervised(data) as run:
        below = descendants(run.process.pid)
        begun = time.monotonic()
        run.process.send_signal(number)
        assert run.process.wait(15) == 0
        assert time.monotonic() - begun < 15
        assert not any(alive(pid) for pid in below)
        assert not list(data.glob("addresses-*"))
        run.read_until("stopped")


def test_stops_in_the_middle_of_starting(data: Path) -> None:
    with supervised(data, ready=False, TEST_MIGRATION="slow") as run:
        run.read_until("migrating")
        below = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(15) == 0
        assert all_gone(below, 1)


def test_failed_migration_ends_the_run_with_a_reason(data: Path) -> None:
    with supervised(data, ready=False, TEST_MIGRATION="broken") as run:
        run.read_until("could not be brought up to date: ValueError: no such revision")
        assert run.process.wait(15) == 1


def test_second_signal_does_not_wait(data: Path) -> None:
    with supervised(data, TEST_API="stubborn") as run:
        below = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        run.read_until("stopping")
        begun = time.monotonic()
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(15) == 0
        assert time.monotonic() - begun < 4
        assert all_gone(below, 1)


def test_stubborn_child_is_ended_in_time(data: Path) -> None:
    with supervised(data, TEST_API="stubborn") as run:
        below = descendants(run.process.pid)
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(15) == 0
        assert all_gone(below, 1)


def test_killed_supervisor_takes_everything_along(data: Path) -> None:
    with supervised(data, TEST_API="stubborn") as run:
        below = descendants(run.process.pid)
        run.process.kill()
        assert all_gone(below)


@pytest.mark.parametrize("words", ["stand_in api", "stand_in worker"])
def test_killed_child_is_started_again(data: Path, words: str) -> None:
    with supervised(data) as run:
        (before,) = run.named(words)
        os.kill(before, signal.SIGKILL)
        run.read_until("SIGKILL; starting it again")
        assert wait_until(lambda: run.named(words) not in ([], [before]), 10)
        assert wait_until(run.answers, 10)


def test_child_that_is_killed_over_and_over_is_not_given_up(data: Path) -> None:
    with supervised(data) as run:
        for _ in range(7):
            assert wait_until(lambda: len(run.named("stand_in worker")) == 1, 10)
            os.kill(run.named("stand_in worker")[0], signal.SIGKILL)
            run.read_until("worker 1 ended with SIGKILL; starting it again")
        assert wait_until(lambda: run.answers() and len(run.named("stand_in worker")) == 1, 10)


def test_killed_servers_are_started_again_on_the_same_addresses(data: Path) -> None:
    with supervised(data) as run:
        app_url, _, redis_url = run.ask()["addresses"]
        for words in ("PostgreSQL", "Valkey"):
            pid = run.postmaster() if words == "PostgreSQL" else run.named("valkey-server")[0]
            os.kill(pid, signal.SIGKILL)
            run.read_until(f"{words} ended; starting it again")
        assert wait_until(lambda: works(app_url), 5)
        assert wait_until(lambda: ports.answers(int(redis_url.rsplit(":", 1)[1].split("/")[0])), 5)
        assert run.ask()["addresses"][0] == app_url


def test_child_that_only_dies_ends_the_run_with_a_reason(data: Path) -> None:
    with supervised(data, ready=False, TEST_WORKER="doomed") as run:
        assert run.process.stdout is not None
        said = run.process.stdout.read()
        assert run.process.wait(15) == 1
        assert "worker 1 died 5 times within 10 s, the last time with exit code 1" in said
        assert "no luck" in said
        assert not descendants(run.process.pid)


def test_several_processes_share_one_port(data: Path) -> None:
    with supervised(data, GILIRAN_API_PROCESSES="3", GILIRAN_WORKER_PROCESSES="2") as run:
        assert len(run.named("stand_in worker")) == 2
        assert wait_until(lambda: len(run.named("stand_in api")) == 3, 10)
        first = run.ask()["pid"]
        os.kill(first, signal.SIGSTOP)
        try:
            assert wait_until(run.answers, 10)
        finally:
            os.kill(first, signal.SIGCONT)


def test_taken_port_is_said_before_anything_starts(data: Path) -> None:
    with supervised(data) as first:
        taken = first.base_url.rsplit(":", 1)[1]
        with supervised(data.with_name("other"), ready=False, GILIRAN_PORT=taken) as second:
            assert second.process.stdout is not None
            said = second.process.stdout.read()
            assert second.process.wait(10) == 1
            assert f"Port {taken} on 127.0.0.1" in said
            assert "GILIRAN_PORT" in said
            assert "PostgreSQL" not in said


def test_own_servers_are_used_and_not_stopped(data: Path) -> None:
    with supervised(data) as first:
        app_url, owner_url, redis_url = first.ask()["addresses"]
        own = {"DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url, "REDIS_URL": redis_url}
        with supervised(data.with_name("other"), **own) as second:
            assert second.ask()["addresses"] == [app_url, owner_url, redis_url]
            assert not second.named("cluster_name")
            password = app_url.split(":")[2].split("@")[0]
            assert not [pid for pid in descendants(second.process.pid) if password in shown_by(pid)]
            second.process.send_signal(signal.SIGTERM)
            assert second.process.wait(15) == 0
        assert fetch(app_url, "SELECT 1") == 1
