"""The incidents of the day, and what is sent for each: the words are made here, the trace has none."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from examples.topics import topic

DATA = Path(__file__).parents[1]
DAY = DATA / "incidents-2016-03-07.csv"
TRACE_MONDAY = datetime(2016, 3, 7)  # noqa: DTZ001  (the source gives no zone)
SEED = 20160307
_OUTAGE = {"en": "Since this morning nobody can work here.", "id": "Sejak pagi ini semua tidak bisa kerja."}
_PLEASE = {"en": "Please help, thank you.", "id": "Mohon dibantu, terima kasih."}


@dataclass(frozen=True, slots=True)
class Incident:
    """One row of the trace; `minute` counts from Monday 00:00."""

    external_id: str
    minute: int
    channel: str
    customer: str
    tier: str | None
    category: str | None
    subcategory: str | None
    priority: int
    group: str | None

    def body(self) -> dict[str, Any]:
        """What a caller posts to /v1/tickets. Priority and queue are left to the rules."""
        words = topic(self.category or "")
        language = Random(f"{SEED} words {self.external_id}").choice(("en", "id"))  # noqa: S311  (a play, not a secret)
        subject = words.english if language == "en" else words.indonesian
        attributes = {"group": self.group, "subcategory": self.subcategory, "priority": self.priority}
        return {
            "external_id": self.external_id,
            "channel": self.channel,
            "category": self.category,
            "subject": subject,
            "text": f"{subject}. {(_OUTAGE if self.priority == 1 else _PLEASE)[language]}",
            "attributes": {name: value for name, value in attributes.items() if value is not None},
            "customer": {"external_id": self.customer, "tier": self.tier},
        }


def read_day(path: Path = DAY, *, first: int | None = None) -> list[Incident]:
    with path.open(encoding="utf-8", newline="") as file:
        return [_incident(row) for row in csv.DictReader(file)][:first]


def _incident(row: dict[str, str]) -> Incident:
    passed = datetime.fromisoformat(row["opened_at"]) - TRACE_MONDAY
    return Incident(
        external_id=row["ticket_id"],
        minute=int(passed.total_seconds()) // 60,
        channel=row["channel"],
        customer=row["customer"],
        tier=row["tier"] or None,
        category=row["category"] or None,
        subcategory=row["subcategory"] or None,
        priority=int(row["priority"]),
        group=row["group"] or None,
    )
