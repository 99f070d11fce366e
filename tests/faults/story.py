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


def overloads(book: Book) -> Iterator[str]:
    """An agent who is given more than there was room for, when it was given."""
    costs = {ticket.id.hex(): ticket.cost for ticket in book.tickets}
    capacity: dict[str, int] = {}
    load: Counter[str] = Counter()
    owners: dict[str, str] = {}
    offers: dict[str, tuple[str, str]] = {}

    def given(event: EventRow, ticket: str, agent: str) -> Iterator[str]:
        load[agent] += costs.get(ticket, 1)
        if load[agent] > capacity.get(agent, 0) and not event.data.get("forced"):
            yield f"event {event.seq} ({event.type}) brings agent {agent} to {load[agent]} of {capacity.get(agent, 0)}"

    for event in book.events:
        data = event.data
        if event.type in {"agent.created", "agent.updated"}:
            capacity[data["agent"]] = data["capacity"]
        elif event.type == "offer.created":
            offers[data["offer"]] = data["ticket"], data["agent"]
            yield from given(event, data["ticket"], data["agent"])
        elif event.type in OFFER_ENDINGS:
            if (offer := offers.pop(data["offer"], None)) is not None:
                load[offer[1]] -= costs.get(offer[0], 1)
        elif event.type == "ticket.assigned":
            owners[data["ticket"]] = data["agent"]
            if data.get("how") == "accepted":
                load[data["agent"]] += costs.get(data["ticket"], 1)  # the offer had reserved the room
            else:
                yield from given(event, data["ticket"], data["agent"])
        elif event.type in ENDINGS and (holder := owners.pop(data["ticket"], None)) is not None:
            load[holder] -= costs.get(data["ticket"], 1)


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
