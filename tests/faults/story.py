"""The log read as a story: who held what at each moment, and which step of which timer came how often."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.book import Book, EventRow

ENDINGS = frozenset({"ticket.returned", "ticket.resolved", "ticket.cancelled"})
OFFER_ENDINGS = frozenset({"offer.accepted", "offer.declined", "offer.expired", "offer.withdrawn"})
STARTS = frozenset({"ticket.created", "ticket.reopened"})
STEPS = frozenset({"sla.warned", "sla.breached", "sla.stepped"})


def overlaps(book: Book) -> Iterator[str]:
    """A ticket that is given while it is somebody's."""
    owners: dict[str, str] = {}
    for event in book.events:
        if event.type == "ticket.assigned":
            ticket = event.data["ticket"]
            if ticket in owners:
                yield f"event {event.seq} gives ticket {ticket} to a second owner"
            owners[ticket] = event.data["agent"]
        elif event.type in ENDINGS:
            owners.pop(event.data["ticket"], None)
    for before, after in zip(book.assignments, book.assignments[1:], strict=False):
        if before.ticket == after.ticket and (before.ended is None or after.started < before.ended):
            yield f"two assignments of ticket {before.ticket.hex()} overlap"


class _Loads:
    """What each agent holds as the log goes on, in units."""

    def __init__(self, book: Book) -> None:
        self._costs = {ticket.id.hex(): ticket.cost for ticket in book.tickets}
        self._capacity: dict[str, int] = {}
        self._load: Counter[str] = Counter()
        self._owners: dict[str, str] = {}
        self._offers: dict[str, tuple[str, str]] = {}

    def read(self, event: EventRow) -> Iterator[str]:
        data = event.data
        if event.type in {"agent.created", "agent.updated"}:
            self._capacity[data["agent"]] = data["capacity"]
        elif event.type == "offer.created":
            self._offers[data["offer"]] = data["ticket"], data["agent"]
            yield from self._given(event)
        elif event.type == "ticket.assigned":
            self._owners[data["ticket"]] = data["agent"]
            yield from self._given(event)
        elif event.type in OFFER_ENDINGS and (offer := self._offers.pop(data["offer"], None)) is not None:
            self._taken(*offer)
        elif event.type in ENDINGS and (holder := self._owners.pop(data["ticket"], None)) is not None:
            self._taken(data["ticket"], holder)

    def _given(self, event: EventRow) -> Iterator[str]:
        data, agent = event.data, event.data["agent"]
        self._load[agent] += self._costs.get(data["ticket"], 1)
        excused = data.get("forced") or data.get("how") == "accepted"  # the offer had reserved the room
        if self._load[agent] > self._capacity.get(agent, 0) and not excused:
            yield f"event {event.seq} ({event.type}) brings {agent} to {self._load[agent]} of {self._capacity.get(agent, 0)}"

    def _taken(self, ticket: str, agent: str) -> None:
        self._load[agent] -= self._costs.get(ticket, 1)


def overloads(book: Book) -> Iterator[str]:
    """An agent who is given more than there was room for, when it was given."""
    loads = _Loads(book)
    for event in book.events:
        yield from loads.read(event)


def steps_twice(book: Book) -> Iterator[str]:
    """A step of a timer, or the end of an offer, that took effect more than once."""
    lives: Counter[str] = Counter()
    taken: Counter[tuple[str, ...]] = Counter()
    for event in book.events:
        data = event.data
        if event.type in STARTS:
            lives[data["ticket"]] += 1
        elif event.type in STEPS:
            taken[event.type, data["ticket"], data["metric"], str(lives[data["ticket"]]), str(data["step"])] += 1
        elif event.type in OFFER_ENDINGS:
            taken["the end of an offer", data["offer"]] += 1
    yield from (f"{' '.join(step)} took effect {times} times" for step, times in taken.items() if times > 1)
