"""What a client saw, on disk before it goes on: every call as it is sent, every answer as it comes.

A line is handed to the kernel with one write, so it survives the death of the process that wrote it.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from orjson import dumps, loads


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None where nobody knows: the connection broke, or the time was up."""

    status: int | None
    at: float
    body: dict[str, Any] = field(default_factory=dict)
    digest: str = ""

    @property
    def known(self) -> bool:
        """A 503 says that it may be tried again, not that nothing happened."""
        return self.status is not None and self.status != 503

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


UNKNOWN = Answer(None, 0.0)


@dataclass(slots=True)
class Call:
    """One thing that was asked for, under one key, as often as it was sent."""

    number: int
    key: str
    method: str
    path: str
    body: dict[str, Any]
    sent_at: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def accepted(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.accepted]

    @property
    def settled(self) -> bool:
        return any(answer.known for answer in self.answers)

    @property
    def settled_by_repeating(self) -> bool:
        """Nobody knew at first, and a repetition told."""
        return self.settled and not self.answers[0].known


class Ledger:
    """Open for writing; `Ledger.read` gives what another process wrote, whole lines only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.calls = 0
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def begin(self, key: str, method: str, path: str, body: dict[str, Any]) -> Call:
        self.calls += 1
        return Call(self.calls, key, method, path, body)

    def sent(self, call: Call) -> None:
        now = time.time()
        line: dict[str, Any] = {"n": call.number, "sent": now}
        if not call.sent_at:
            line |= {"key": call.key, "method": call.method, "path": call.path, "body": call.body}
        call.sent_at.append(now)
        self._write(line)

    def answered(self, call: Call, answer: Answer) -> None:
        call.answers.append(answer)
        self._write({"n": call.number, "at": answer.at, "status": answer.status, "answer": answer.body, "digest": answer.digest})

    def close(self) -> None:
        os.close(self._file)

    def _write(self, line: dict[str, Any]) -> None:
        os.write(self._file, dumps(line) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @staticmethod
    def read(path: Path) -> list[Call]:
        calls: dict[int, Call] = {}
        for line in _whole_lines(path):
            number = line["n"]
            if "key" in line:
                calls[number] = Call(number, line["key"], line["method"], line["path"], line["body"])
            if "sent" in line:
                calls[number].sent_at.append(line["sent"])
            else:
                calls[number].answers.append(Answer(line["status"], line["at"], line["answer"], line["digest"]))
        for call in calls.values():
            missing = len(call.sent_at) - len(call.answers)
            call.answers += [UNKNOWN] * missing  # whoever wrote this died before the answer came
        return list(calls.values())


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield loads(line)
