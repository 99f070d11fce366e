"""A good case by hand, for doctors to spoil: see test_checker.py."""

from typing import Any

from app.identifiers import encode
from tests.faults.book import AgentRow, AssignmentRow, Book, EventRow, KeyRow, OfferRow, TicketRow, TimerRow
from tests.faults.case import Case
from tests.faults.ledger import Answer, Call, digest_of

NOW = 1_000_000
QUEUE, TEAM, AGENT, OTHER = b"Q" * 16, b"T" * 16, b"A" * 16, b"B" * 16
FIRST, SECOND = b"1" * 16, b"2" * 16
GIVEN, OFFER, BATCH = b"G" * 16, b"O" * 16, b"X" * 16


def good() -> Case:
    """One ticket that is owned and was warned about, one that is offered; both were asked for and answered."""
    tickets = [ticket_row(FIRST, 1, "one", "assigned"), ticket_row(SECOND, 2, "two", "offered")]
    events: list[tuple[str, dict[str, Any]]] = [
        ("agent.created", {"agent": AGENT.hex(), "capacity": 2}),
        ("agent.created", {"agent": OTHER.hex(), "capacity": 0}),
        ("ticket.created", {"ticket": FIRST.hex()}),
        ("ticket.assigned", {"ticket": FIRST.hex(), "agent": AGENT.hex(), "assignment": GIVEN.hex(), "how": "routed"}),
        ("ticket.created", {"ticket": SECOND.hex()}),
        ("offer.created", {"offer": OFFER.hex(), "ticket": SECOND.hex(), "agent": AGENT.hex(), "expires_at": NOW + 9}),
        ("sla.warned", {"ticket": FIRST.hex(), "metric": "resolution", "step": 1, "late_ms": 12}),
    ]
    book = Book(NOW, len(events), 2, None, teams={QUEUE: (TEAM,)})
    book.tickets = tickets
    book.assignments = [AssignmentRow(GIVEN, FIRST, AGENT, forced=False, started=900, ended=None)]
    book.offers = [OfferRow(OFFER, SECOND, AGENT, "pending", NOW + 9)]
    book.agents = [AgentRow(AGENT, "available", 2, 2, (TEAM,)), AgentRow(OTHER, "available", 0, 0, (TEAM,))]
    book.events = [
        EventRow(seq, seq.to_bytes(16, "big"), kind, 900 + seq, BATCH, data) for seq, (kind, data) in enumerate(events, 1)
    ]
    book.timers = [TimerRow(FIRST, "resolution", NOW + 500, "running")]
    book.keys = [KeyRow("key-one", 201, FIRST, b"first"), KeyRow("key-two", 201, SECOND, b"second")]
    calls = [call_of(1, "one", FIRST, b"first"), call_of(2, "two", SECOND, b"second")]
    return Case(book, calls, [(event.seq, encode("evt", event.id), event.type) for event in book.events])


def ticket_row(id_: bytes, number: int, token: str, status: str) -> TicketRow:
    agent = AGENT if status == "assigned" else None
    return TicketRow(id_, number, status, f"Tagihan {token}", token, f"ext-{token}", QUEUE, None, agent, 1, 1)


def call_of(number: int, token: str, ticket: bytes, said: bytes) -> Call:
    body = wanted(token)
    answer = Answer(201, 1.0, {"id": encode("tkt", ticket), "number": number, "version": 1}, digest_of(said))
    return Call(number, f"key-{token}", "POST", "/v1/tickets", body, [0.5], [answer])


def wanted(token: str) -> dict[str, Any]:
    return {"subject": f"Tagihan {token}", "metadata": {"token": token}, "external_id": f"ext-{token}"}


def happen(case: Case, kind: str, batch: bytes = b"Y" * 16, **data: Any) -> None:
    """One more event at the end of the log and of the feed."""
    book = case.book
    row = EventRow(book.last_seq + 1, bytes(15) + bytes([book.last_seq + 1]), kind, 950, batch, data)
    book.events = [*book.events, row]
    book.last_seq += 1
    case.feed = [*(case.feed or ()), (row.seq, encode("evt", row.id), row.type)]
