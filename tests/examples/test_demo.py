"""`make demo` from the outside: a short day is played to its end, and nothing is left however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import remove

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the demo puts its servers; root's PostgreSQL runs as somebody else, who must be able to enter it."""
    path = Path(tempfile.mkdtemp(prefix="giliran-test-demo-"))
    path.chmod(0o711)
    yield path
    for left in path.glob("*/data"):
        remove(left)
    subprocess.run(["rm", "-r", str(path)], check=True)


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "examples.demo", *arguments],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def running(folder: Path) -> list[str]:
    """Command lines of processes that were started for the demo in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command or f"TMPDIR={folder}" in environment:
            found.append(command)
    return found


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while left := running(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def wait_until_served(demo: subprocess.Popen[str], folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not list(folder.glob("*/ready.json")):
        assert demo.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_short_day_is_played_to_its_end_and_the_books_agree(folder: Path) -> None:
    demo = start(folder, "--first", "40")
    printed, _ = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 0, printed
    for part in ("40 incidents came, 40 were resolved", "wait median", "first response met", "Round robin", "/docs"):
        assert part in printed
    assert "All 40 tickets are there" in printed
    assert running(folder) == []
    assert list(folder.iterdir()) == []


def test_an_interrupt_stops_everything_and_leaves_no_file(folder: Path) -> None:
    demo = start(folder)
    wait_until_served(demo, folder)
    demo.send_signal(signal.SIGINT)
    printed, _ = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 130, printed
    assert running(folder) == []
    assert list(folder.iterdir()) == []


def test_a_killed_demo_takes_its_servers_with_it(folder: Path) -> None:
    demo = start(folder)
    wait_until_served(demo, folder)
    demo.kill()
    demo.communicate()
    wait_until_gone(folder)
