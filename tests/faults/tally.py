"""What a long run has counted so far, on disk after each leg, and the table it ends with."""

import json
import statistics
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from app.embedded.secrets import write_private
from tests.faults.invariants import INVARIANTS

TARGET_KILLS, TARGET_TICKETS = 1_000, 1_000_000


@dataclass(slots=True)
class Tally:
    """Of all legs that passed. `recoveries` has the seconds from each kill to the next accepted ticket, by what was killed."""

    seed: int
    legs: int = 0
    seconds: float = 0.0
    acknowledged: int = 0
    bulks: int = 0
    of_bulks: int = 0
    calls: int = 0
    unknown: int = 0
    unknown_settled: int = 0
    events: int = 0
    steps: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    recoveries: dict[str, list[float]] = field(default_factory=dict)

    @classmethod
    def resume(cls, path: Path, seed: int) -> "Tally":
        """What `path` holds; a new one where it holds nothing. Raises ValueError where it is of another seed."""
        if not path.exists():
            return cls(seed)
        found = cls(**json.loads(path.read_text()))
        if found.seed != seed:
            raise ValueError(f"{path} belongs to seed {found.seed}; go on with --seed {found.seed} or take another folder")
        return found

    def save(self, path: Path) -> None:
        write_private(path, json.dumps(asdict(self)))

    def killed(self, kind: str, seconds: float) -> None:
        self.kills[kind] = self.kills.get(kind, 0) + 1
        self.recoveries.setdefault(kind, []).append(round(seconds, 3))

    def add(self, other: "Tally") -> None:
        self.legs += 1
        for name in ("seconds", "acknowledged", "bulks", "of_bulks", "calls", "unknown", "unknown_settled", "events", "steps"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kills = dict(Counter(self.kills) + Counter(other.kills))
        for kind, seconds in other.recoveries.items():
            self.recoveries.setdefault(kind, []).extend(seconds)

    @property
    def line(self) -> str:
        kills = sum(self.kills.values())
        return f"{self.acknowledged:>9,} tickets acknowledged  {self.unknown_settled:>6,} unknown settled  {kills:>5,} kills"

    def table(self) -> str:
        kills = sum(self.kills.values())
        lines = [
            "",
            f"seed {self.seed}, {self.legs} legs, {self.seconds / 60:.1f} minutes under load",
            f"{'kills':<28}{kills:>12,}   (a long run: ≥ {TARGET_KILLS:,})",
            f"{'tickets acknowledged':<28}{self.acknowledged:>12,}   (a long run: ≥ {TARGET_TICKETS:,})",
            f"{'  of them in bulks':<28}{self.of_bulks:>12,}   in {self.bulks:,} bulks",
            f"{'calls':<28}{self.calls:>12,}",
            f"{'unknown at first':<28}{self.unknown:>12,}",
            f"{'settled by repeating':<28}{self.unknown_settled:>12,}",
            f"{'events in the logs':<28}{self.events:>12,}",
            f"{'steps of timers':<28}{self.steps:>12,}",
            "",
            f"{'killed':<28}{'times':>12}{'median s':>12}{'p95 s':>12}{'max s':>12}   until the next accepted ticket",
        ]
        for kind, seconds in sorted(self.recoveries.items()):
            ordered = sorted(seconds)
            shown = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
            lines.append(f"{kind:<28}{len(seconds):>12,}" + "".join(f"{value:>12.2f}" for value in shown))
        lines += ["", *(f"{name:<40} held" for name in INVARIANTS), ""]
        return "\n".join(lines)
