"""Real processes as children: started, found by what they run, killed, stopped, woken."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.embedded.processes import command_line, launch
from app.embedded.processes import end as end_process
from tests.embedded.watching import alive, descendants
from tests.servers import Addresses

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300.0


async def until(condition: Callable[[], Awaitable[object] | object], seconds: float, what: str) -> float:
    """Waits for a condition and says how many seconds that took."""
    began = time.monotonic()
    while True:
        met = condition()
        if isinstance(met, Awaitable):
            met = await met
        took = time.monotonic() - began
        if met:
            return took
        assert took < seconds, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(0.01)


class Program:
    """A Python module of ours as a child that dies with us."""

    def __init__(self, *words: str, log: Path, environment: dict[str, str] | None = None) -> None:
        self.log = log
        variables = {
            name: value for name, value in os.environ.items() if not name.startswith(("GILIRAN_", "DATABASE_", "REDIS_"))
        }
        variables |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(environment or {})}
        self.process: subprocess.Popen[bytes] = launch([sys.executable, *words], environment=variables, log=log)

    def children(self, module: str) -> list[int]:
        """Living processes below that run the module."""
        return [pid for pid in descendants(self.process.pid) if module in command_line(pid).split()]

    def says(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def end(self, *steps: tuple[signal.Signals, float]) -> None:
        end_process(self.process, *(steps or ((signal.SIGTERM, 15.0),)))


class Keeper(Program):
    """The servers, see keeper.py."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__("-m", "tests.faults.keeper", str(folder), log=folder / "keeper.log")

    async def addresses(self) -> Addresses:
        await until(lambda: "\n" in self.says() or not self.running, START_SECONDS, "the servers start")
        lines = [line for line in self.says().splitlines() if line.startswith("{")]
        assert lines, self.says()
        return Addresses(**json.loads(lines[0]))


def send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def kill(pid: int | None) -> None:
    if pid is not None:
        send(pid, signal.SIGKILL)


@contextlib.asynccontextmanager
async def stopped(pid: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """SIGSTOP now, SIGCONT afterwards."""
    send(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        send(pid, signal.SIGCONT)


async def gone(pids: list[int], seconds: float = 10.0) -> None:
    await until(lambda: not any(alive(pid) for pid in pids), seconds, f"{pids} are gone")
