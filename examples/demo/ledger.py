"""What the player itself has seen in the events feed: the second set of books, to be compared with the API's reports."""

from collections import Counter
from dataclasses import dataclass, field

from examples.demo.incidents import Incident


@dataclass(slots=True)
class Case:
    """One ticket; minutes count from Monday 00:00. `spell` counts how often somebody got it: what was planned earlier is void."""

    incident: Incident
    id: str
    priority: str
    queue: str
    owner: str | None = None
    spell: int = 0
    got_at: int = 0
    first_got_at: int | None = None
    answer_at: int = 0
    answered: bool = False
    resolved: bool = False
    escalations: int = 0


@dataclass(slots=True)
class Ledger:
    """Cases by ticket id, in order of arrival, and how often each type of event came."""

    cases: dict[str, Case] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    last_seq: int = 0
    crossed: int = 0

    def waiting(self) -> list[Case]:
        return [case for case in self.cases.values() if case.owner is None and not case.resolved]

    def resolved(self) -> int:
        return sum(case.resolved for case in self.cases.values())
