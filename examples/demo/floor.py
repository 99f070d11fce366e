"""Who has what on the desk, and what they are working on. It plans; the day does."""

from collections.abc import Callable
from dataclasses import dataclass, field

from examples.demo.ledger import Case
from examples.demo.people import answer_minutes, handling_minutes

RANK = {"urgent": 0, "high": 1, "medium": 2, "low": 3}
Plan = Callable[[int, Case, int], None]  # minute, case, spell


@dataclass(slots=True)
class Desk:
    """An agent's open tickets, in the order in which they came, and the one being worked on."""

    cases: list[Case] = field(default_factory=list)
    busy_with: Case | None = None


class Floor:
    """`plan_answer` and `plan_resolve` are told when that will be, and in which spell of the ticket."""

    def __init__(self, *, plan_answer: Plan, plan_resolve: Plan) -> None:
        self._plan_answer, self._plan_resolve = plan_answer, plan_resolve
        self._desks: dict[str, Desk] = {}

    def give(self, case: Case, agent: str, minute: int) -> None:
        """The ticket is the agent's from `minute` on; whoever had it before goes on with something else."""
        self.take(case, minute)
        case.owner, case.got_at = agent, minute
        case.spell += 1
        if not case.answered:
            case.answer_at = minute + answer_minutes(case.incident, case.spell)
            self._plan_answer(case.answer_at, case, case.spell)
        desk = self._desks.setdefault(agent, Desk())
        desk.cases.append(case)
        self._go_on(desk, minute)

    def take(self, case: Case, minute: int) -> None:
        """It is nobody's any more: resolved, or on its way to somebody else."""
        if case.owner is None:
            return
        desk, case.owner = self._desks[case.owner], None
        desk.cases.remove(case)
        if desk.busy_with is case:
            desk.busy_with = None
            self._go_on(desk, minute)

    def _go_on(self, desk: Desk, minute: int) -> None:
        if desk.busy_with is not None or not desk.cases:
            return
        case = desk.busy_with = min(desk.cases, key=lambda case: (RANK[case.priority], case.got_at))
        done_at = minute + handling_minutes(case.incident, case.spell)
        self._plan_resolve(max(done_at, case.answer_at + 1), case, case.spell)
