"""The supervisor with stand-ins for API and worker, as somebody at its terminal sees it."""

import contextlib
import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.embedded.processes import command_line
from tests.embedded.watching import alive, descendants, finish, start_python

CODE = "from tests.embedded.stand_in import supervisor; supervisor()"


@dataclass
class Run:
    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)

    def read_until(self, words: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return line
        pytest.fail(f"never said {words!r}:\n{''.join(self.said)}")

    @property
    def base_url(self) -> str:
        found = re.search(r"^API +(http://\S+)", "".join(self.said), re.MULTILINE)
        assert found, self.said
        return found[1]

    def ask(self, path: str = "/health") -> Any:
        with urllib.request.urlopen(self.base_url + path, timeout=5) as answer:
            return json.load(answer)

    def answers(self) -> bool:
        try:
            return bool(self.ask())
        except (OSError, ValueError):
            return False

    def named(self, words: str) -> list[int]:
        return [pid for pid in descendants(self.process.pid) if words in command_line(pid)]

    def postmaster(self) -> int:
        (found,) = [pid for pid in self.named("cluster_name=giliran") if alive(pid)]
        return found


@contextlib.contextmanager
def supervised(data: Path, *, ready: bool = True, **environment: str) -> Iterator[Run]:
    run = Run(start_python(CODE, GILIRAN_DATA_DIR=str(data), **{"GILIRAN_PORT": "0", **environment}))
    try:
        if ready:
            run.read_until("ready")
        yield run
    finally:
        finish(run.process)
