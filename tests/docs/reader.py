"""Reads a page as a person does: writes its files, runs its commands in one shell, compares what they answer.

`sh` is run, and must not fail; `# 409` on the line above a curl says what it answers, else it is a success. `console` is a
session: what follows each `$ ` is run, and prints the lines below it. `json` after commands shows fields of the last answer,
`text` all that was printed. A fence under "`name`:" is a file; one without a language is for the eye alone.
"""

import contextlib
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.likeness import last_document, printed_like, unlike
from tests.docs.pages import ROOT, Block, blocks

SHOWN_ADDRESS = "http://127.0.0.1:8000"
SECONDS = 120
_ANNOUNCED = re.compile(r"^# (\d{3})\b.*\n(?=curl )", re.MULTILINE)
_PROGRAMS = {
    "curl": f"exec {{python}} -I {ROOT}/tests/docs/curl.py",
    "python": "exec {python}",
    "python3": "exec {python}",
    "giliran": "exec {python} -m app.cli",
}


@dataclass(slots=True)
class Shell:
    """One `sh`, in a folder of its own."""

    process: "subprocess.Popen[str]"
    folder: Path

    def run(self, commands: str, *, may_fail: bool = False) -> str:
        """What was printed. Errors are printed too where the commands may fail."""
        (self.folder / ".step").write_text(_ANNOUNCED.sub(r"ANNOUNCED=\1 ", commands), encoding="utf-8")
        errors = "&1" if may_fail else ".wrong"
        state = "+" if may_fail else "-"
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"set {state}e\n. ./.step >.printed 2>{errors} </dev/null\necho done\n")
        self.process.stdin.flush()
        watch = threading.Timer(SECONDS, self.process.kill)
        watch.start()
        ended = self.process.stdout.readline() == "done\n"
        watch.cancel()
        printed = (self.folder / ".printed").read_text(encoding="utf-8")
        unannounced = self.folder / ".unannounced"
        assert not unannounced.exists(), f"{commands}\n{unannounced.read_text(encoding='utf-8')}"
        assert ended, f"{commands}\n{printed}\n{(self.folder / '.wrong').read_text(encoding='utf-8')}"
        return printed


@contextlib.contextmanager
def shell(folder: Path, **environment: str) -> Iterator[Shell]:
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, command in _PROGRAMS.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\n{command.format(python=shlex.quote(sys.executable))} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    process = subprocess.Popen(
        ["/bin/sh"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "",
            "LANG": "C.UTF-8",
            "UNANNOUNCED": str(folder / ".unannounced"),
            **environment,
        },
    )
    try:
        yield Shell(process, folder)
    finally:
        process.kill()
        process.communicate()


def read(page: str, folder: Path, *, address: str, after: str = "", **environment: str) -> None:
    """From the first fence, or the second after the mark `after`, to the last."""
    printed: str | None = None
    rest = list(blocks(page.replace(SHOWN_ADDRESS, address)))
    if after:
        start = page[: page.index(after)].count("\n") + 1
        rest = [block for block in rest if block.line > start][1:]
    with shell(folder, GILIRAN_URL=address, **environment) as opened:
        for block in rest:
            printed = _step(opened, block, printed)


def _step(opened: Shell, block: Block, printed: str | None) -> str | None:
    """What the commands before the next fence have printed."""
    where = f"line {block.line}"
    if block.file is not None:
        (opened.folder / block.file).write_text(block.text, encoding="utf-8")
        return printed
    if not block.language:
        return printed
    if block.language == "sh":
        return opened.run(block.text)
    if block.language == "console":
        for step in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            said = opened.run(command, may_fail=True)
            assert printed_like(shown, said), f"{where}: {command}\n{said}"
        return None
    assert printed is not None, f"{where}: nothing was run"
    if block.language == "json":
        document = last_document(printed)
        wrong = unlike(last_document(block.text), document)
        assert wrong is None, f"{where}: {wrong}\n{document}"
    else:
        assert block.language == "text", where
        assert printed_like(block.text, printed), f"{where}:\n{printed}"
    return printed
