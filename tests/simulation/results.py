"""What became of each day, a line each, so that a long run can be stopped and goes on where it was."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.simulation.days import Day

ROOT = Path(__file__).resolve().parents[2]
DECIDES = ("app/engine", "app/dispatch", "app/queries", "tests/simulation", "tests/engine")


@dataclass(frozen=True, slots=True)
class Result:
    seed: int
    broken: str | None
    seconds: float
    commits: int
    asked: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, day: Day, seconds: float) -> "Result":
        broken = None if day.broken is None else str(day.broken)[:500]
        return cls(day.seed, broken, round(seconds, 3), day.commits, dict(day.asked), dict(day.events))


class Results:
    """The lines of one file. A file of other code is put aside: its days prove nothing about this one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.all: list[Result] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        code = digest()
        if not lines or json.loads(lines[0]).get("code") != code:
            if lines:
                path.replace(path.with_suffix(".old" + path.suffix))
            path.write_text(json.dumps({"code": code}) + "\n", encoding="utf-8")
            lines = []
        for line in lines[1:]:
            if line.endswith("}"):
                self.all.append(Result(**json.loads(line)))
        self.seeds = Counter(result.seed for result in self.all)

    def add(self, result: Result) -> None:
        self.all.append(result)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result)) + "\n")


def digest() -> str:
    """Of all code that a day rests on."""
    found = sha256()
    for folder in DECIDES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]
