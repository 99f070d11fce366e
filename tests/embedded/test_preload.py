"""API and workers come from a process that has imported everything, and from themselves where there is none."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from app.embedded.processes import command_line, wait_until
from tests.embedded.running import Run, supervised
from tests.embedded.watching import alive, all_gone, descendants, finish, start_python

API, WORKER, PRELOAD = "stand_in api", "stand_in worker", "giliran: preload"
FORKED = "giliran: "


def _preload(run: Run) -> int:
    assert wait_until(lambda: len(run.named(PRELOAD)) == 1, 20)
    return run.named(PRELOAD)[0]


def _replaced(run: Run, words: str, before: list[int]) -> list[int]:
    """Kills those, waits until as many others are there, and says which."""
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(
        lambda: len(set(run.named(words)) - set(before)) == len(before) and not set(run.named(words)) & set(before), 20
    )
    return run.named(words)


def _forked(pid: int) -> bool:
    return command_line(pid).startswith(FORKED)


def _zombies(parent: int) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name, _, rest = (entry / "stat").read_text().rpartition(")")
            except OSError:
                continue
            if rest.split()[:2] == ["Z", str(parent)]:
                found.append(name)
    return found


def test_what_is_killed_is_forked_anew_and_says_what_it_is(data: Path) -> None:
    with supervised(data, GILIRAN_API_PROCESSES="2") as run:
        assert wait_until(lambda: len(run.named(API)) == 2, 10)
        assert {command_line(pid) for pid in run.named("stand_in ")} == {
            "giliran: API 1: python -m tests.embedded.stand_in api",
            "giliran: API 2: python -m tests.embedded.stand_in api",
            "giliran: worker 1: python -m tests.embedded.stand_in worker",
        }
        again = _replaced(run, API, run.named(API)) + _replaced(run, WORKER, run.named(WORKER))
        assert all(_forked(pid) for pid in again)
        assert run.ask()["pid"] in again
        parents = {Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1] for pid in again}
        assert parents == {str(run.process.pid)}
        assert not _zombies(run.process.pid)


def test_an_exit_code_is_its_own(data: Path) -> None:
    with supervised(data) as run:
        before = run.ask("/die")["pid"]
        run.read_until("API 1 ended with exit code 3; starting it again")
        assert wait_until(lambda: run.answers() and run.ask()["pid"] != before, 10)
        assert _forked(run.ask()["pid"])


def test_nobody_needs_the_preload(data: Path) -> None:
    with supervised(data) as run:
        api, worker, preload = run.named(API), run.named(WORKER), _preload(run)
        os.kill(preload, signal.SIGKILL)
        run.read_until("preload ended with SIGKILL; starting it again")
        assert (run.ask()["pid"], run.named(WORKER)) == (api[0], worker)
        (again,) = _replaced(run, API, api)
        assert wait_until(run.answers, 10)
        assert not _forked(again), "it was not waited for"
        assert _preload(run) != preload
        assert wait_until(lambda: _forked(_replaced(run, WORKER, run.named(WORKER))[0]), 20)


def test_a_preload_that_says_nothing_is_replaced(data: Path) -> None:
    with supervised(data) as run:
        preload = _preload(run)
        os.kill(preload, signal.SIGSTOP)
        (api,) = _replaced(run, API, run.named(API))
        run.read_until("preload ended with silence; starting it again")
        assert not _forked(api)
        assert wait_until(run.answers, 10)
        assert len(run.named(API)) == 1
        assert _preload(run) != preload


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_the_supervisor(data: Path, number: signal.Signals) -> None:
    with supervised(data) as run:
        below = descendants(run.process.pid)
        assert _preload(run) in below
        run.process.send_signal(number)
        assert run.process.wait(15) == (0 if number == signal.SIGTERM else -signal.SIGKILL)
        assert all_gone(below)


def test_orphans_leave_nothing_behind(data: Path) -> None:
    with supervised(data) as run:
        below = [pid for pid in descendants(run.postmaster()) if alive(pid)]
        assert below
        os.kill(run.postmaster(), signal.SIGKILL)
        run.read_until("PostgreSQL ended; starting it again")
        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in below), 15), _zombies(run.process.pid)
        assert wait_until(lambda: not _zombies(run.process.pid), 5)


@pytest.mark.parametrize("environment", [{"GILIRAN_PRELOAD": "false"}, {"TEST_THREAD": "1"}], ids=["turned off", "threads"])
def test_without_a_preload_each_starts_by_itself(data: Path, environment: dict[str, Any]) -> None:
    with supervised(data, **environment) as run:
        assert not [pid for pid in descendants(run.process.pid) if _forked(pid)]
        assert ("preload has 2 threads and cannot fork" in "".join(run.said)) == ("TEST_THREAD" in environment)
        (api,) = _replaced(run, API, run.named(API))
        assert wait_until(run.answers, 10)
        assert run.ask()["pid"] == api
        below = descendants(run.process.pid)
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(15) == 0
        assert not any(alive(pid) for pid in below)


def test_what_cannot_be_imported_ends_the_run_with_a_reason(data: Path) -> None:
    with supervised(data, ready=False, TEST_MODULE="tests.embedded.nowhere") as run:
        assert run.process.stdout is not None
        said = run.process.stdout.read()
        assert run.process.wait(15) == 1
        assert "No module named tests.embedded.nowhere" in said.replace("'", "")
        assert "1 died 5 times within 10 s, the last time with exit code 1" in said
        assert not descendants(run.process.pid)


def test_ids_differ_on_both_sides_of_a_fork() -> None:
    code = "import os; from app.identifiers import mint; pid = os.fork(); pid and os.wait(); print(mint()[7:].hex(), flush=True)"
    process = start_python(code)
    try:
        said, _ = process.communicate(timeout=30)
        assert len(set(said.split())) == 2
    finally:
        finish(process)
