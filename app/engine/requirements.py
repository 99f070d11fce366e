"""What a waiting ticket asks of an agent. Tickets that ask the same share one requirement, and so one waiting set."""

from app.engine.events import SkillLevel
from app.engine.frozen import frozen
from app.engine.ids import QueueId, TeamId
from app.engine.vocabulary import Channel


@frozen
class Requirement:
    """Everything that filters and keys look at. `team` overrides the queue's teams; `tier` is the customer's."""

    queue: QueueId
    channel: Channel
    cost: int
    team: TeamId | None = None
    skills: tuple[SkillLevel, ...] = ()
    wishes: tuple[SkillLevel, ...] = ()
    language: str | None = None
    area: str | None = None
    tier: str | None = None


class Requirements:
    """Requirements by a small number. Numbers are this process's own and mean nothing outside."""

    def __init__(self) -> None:
        self.items: list[Requirement | None] = []
        self._number_of: dict[Requirement, int] = {}
        self._vacant: list[int] = []

    def number(self, requirement: Requirement) -> int:
        """The number of a requirement, a new one where it was never asked before."""
        found = self._number_of.get(requirement)
        if found is not None:
            return found
        if self._vacant:
            number = self._vacant.pop()
            self.items[number] = requirement
        else:
            number = len(self.items)
            self.items.append(requirement)
        self._number_of[requirement] = number
        return number

    def __getitem__(self, number: int) -> Requirement:
        requirement = self.items[number]
        if requirement is None:
            raise KeyError(number)
        return requirement

    def __len__(self) -> int:
        return len(self._number_of)

    def keep(self, used: set[int]) -> None:
        """Forget every requirement that is not in `used`."""
        for number, requirement in enumerate(self.items):
            if requirement is not None and number not in used:
                del self._number_of[requirement]
                self.items[number] = None
                self._vacant.append(number)
