"""What is known of one workspace, and what was asked for there, ticket by ticket: alone or as an item of a bulk."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.book import Book, TicketRow
from tests.faults.bulks import BULK, doomed, items_of, subject_of
from tests.faults.ledger import Call

CREATE = "/v1/tickets"


@dataclass(frozen=True, slots=True)
class Violation:
    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what}"


@dataclass(slots=True)
class Case:
    """What is known of one workspace. `feed` has (seq, id, type) as GET /v1/events gave them; `outage_ms` the longest outage.

    `settled` says that all faults are over and all calls were repeated until they were answered.
    """

    book: Book
    calls: Sequence[Call] = ()
    feed: Sequence[tuple[int, str, str]] | None = None
    outage_ms: int = 0
    settled: bool = True
    lowered: frozenset[bytes] = field(default_factory=frozenset)  # agents whose capacity was lowered below their load

    def creates(self) -> Iterator[Call]:
        """The calls for one new ticket."""
        return (call for call in self.calls if call.path == CREATE and call.method == "POST")

    def bulks(self) -> Iterator[Call]:
        return (call for call in self.calls if call.path == BULK)

    def by_token(self) -> dict[str, list[TicketRow]]:
        found: dict[str, list[TicketRow]] = defaultdict(list)
        for ticket in self.book.tickets:
            found[ticket.token].append(ticket)
        return found


@dataclass(frozen=True, slots=True)
class Wish:
    """One new ticket that was asked for. `said` is what each 2xx told of it, `subject` what it must be called in the end."""

    name: str
    body: dict[str, Any]
    subject: str
    said: list[dict[str, Any]]
    doomed: bool = False

    @property
    def token(self) -> str:
        return str(self.body["metadata"]["token"])


def wishes(case: Case) -> Iterator[Wish]:
    """Every new ticket that anybody asked for, also those that can only be refused."""
    for call in case.creates():
        yield Wish(call.key, call.body, call.body["subject"], [answer.body for answer in call.accepted])
    for call in case.bulks():
        yield from wishes_of(call)


def wishes_of(call: Call) -> Iterator[Wish]:
    """The new tickets of a bulk, in the order of its items."""
    results = [answer.body["results"] for answer in call.accepted]
    hopeless = doomed(call.body)
    for place, item in enumerate(items_of(call.body)):
        if item["operation"] == "create":
            told = [each[place].get("ticket") for each in results if place < len(each)]
            said = [ticket for ticket in told if ticket is not None]
            yield Wish(f"{call.key}[{place}]", item["ticket"], subject_of(call.body, item["ticket"]), said, place in hopeless)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a 2xx said was done to a ticket, by a call of its own or an item; `asked` is the body of that."""

    name: str
    verb: str
    asked: dict[str, Any]
    said: dict[str, Any]


def deeds(case: Case) -> Iterator[Deed]:
    """Everything that was answered with 2xx and is about a ticket or an offer."""
    for call in case.calls:
        for answer in call.accepted:
            if call.path != BULK:
                yield Deed(call.key, call.path.rpartition("/")[2], call.body, answer.body)
                continue
            for place, (item, result) in enumerate(zip(items_of(call.body), answer.body["results"], strict=False)):
                if (ticket := result.get("ticket")) is not None:
                    yield Deed(f"{call.key}[{place}]", item["operation"], item, ticket)
