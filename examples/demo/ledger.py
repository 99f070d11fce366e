"""What the player itself has seen in the events feed: the second set of books, to be compared with the API's reports."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from examples.demo.incidents import Incident


@dataclass(frozen=True, slots=True)
class Happened:
    """One event about a ticket, as the feed has it."""

    minute: int
    type: str
    data: dict[str, Any]


@dataclass(slots=True)
class Case:
    """One ticket; minutes count from Monday 00:00. `spell` counts how often somebody got it: what was planned earlier is void."""

    incident: Incident
    id: str
    promised_as: str  # the priority at the start, which the promises are made for
    queue: str
    priority: str
    owner: str | None = None
    spell: int = 0
    got_at: int = 0
    answer_at: int = 0
    answered: bool = False
    resolved: bool = False
    history: list[Happened] = field(default_factory=list)

    def events(self, kind: str) -> list[Happened]:
        return [event for event in self.history if event.type == kind]


@dataclass(slots=True)
class Ledger:
    """Cases by ticket id, in order of arrival, and how often each type of event came."""

    cases: dict[str, Case] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    last_seq: int = 0
    crossed: int = 0

    @property
    def waiting(self) -> int:
        return sum(case.owner is None and not case.resolved for case in self.cases.values())

    @property
    def resolved(self) -> int:
        return sum(case.resolved for case in self.cases.values())

    def received_by_queue(self) -> Counter[str]:
        return Counter(case.queue for case in self.cases.values())

    def promises(self) -> Counter[tuple[str, str, bool]]:
        """How often what was promised for a priority, by metric, was kept (True) or broken."""
        return Counter(self._promises())

    def _promises(self) -> Iterator[tuple[str, str, bool]]:
        for case in self.cases.values():
            broken = {event.data["metric"] for event in case.events("sla.breached")}
            kept = {event.data["metric"] for event in case.events("sla.met")} - broken
            yield from ((case.promised_as, metric, False) for metric in broken)
            yield from ((case.promised_as, metric, True) for metric in kept)
