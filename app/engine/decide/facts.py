"""What a command needs from the rows: gathered for a whole batch under the lock, because deciding does no I/O."""

from collections.abc import Container
from dataclasses import dataclass, field

from app.engine.configuration import Configuration
from app.engine.customers import Customer
from app.engine.ids import AgentId, CustomerId, OfferId, TicketId
from app.engine.requirements import Requirement
from app.engine.vocabulary import Kind, Priority, Status


@dataclass(frozen=True, slots=True)
class EndedTicket:
    """A ticket that the state has forgotten: resolved, closed or cancelled. Times in ms."""

    number: int
    kind: Kind
    priority: Priority
    status: Status
    requirement: Requirement
    created_at: int
    waiting_since: int | None
    responded_at: int | None
    reopened: int
    escalated: int
    version: int
    agent: AgentId | None
    transferred: int = 0


@dataclass(frozen=True, slots=True)
class Details:
    """What a ticket's row has beside its routing facts, for whoever changes it."""

    subject: str
    text: str
    category: str | None
    tags: tuple[str, ...]
    attributes: dict[str, str | int | float | bool]
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class AnsweredOffer:
    """What an agent said to an offer."""

    agent: AgentId
    accepted: bool


@dataclass(slots=True)
class Facts:
    """Facts for one batch: known external ids of tickets and of customers, customers, ended tickets, answered offers,
    configurations by version.

    `followers` of tickets that the batch asks about, none where there are none.
    `details` of tickets that the batch changes; `updated` names those among them that have no row yet.
    Of whoever is merged, set apart or deleted, and of those who are new: `tickets_of` are all their tickets, at most one more than
    a merge may move, `merged` those who were merged into them, and `moved` the tickets that their own merge moved.
    """

    existing: dict[str, TicketId] = field(default_factory=dict)
    named: dict[str, CustomerId] = field(default_factory=dict)
    customers: dict[CustomerId, Customer] = field(default_factory=dict)
    tickets_of: dict[CustomerId, tuple[TicketId, ...]] = field(default_factory=dict)
    merged: dict[CustomerId, tuple[CustomerId, ...]] = field(default_factory=dict)
    moved: dict[CustomerId, tuple[TicketId, ...]] = field(default_factory=dict)
    ended: dict[TicketId, EndedTicket] = field(default_factory=dict)
    answered: dict[OfferId, AnsweredOffer] = field(default_factory=dict)
    documents: dict[int, Configuration] = field(default_factory=dict)
    details: dict[TicketId, Details] = field(default_factory=dict)
    followers: dict[TicketId, frozenset[AgentId]] = field(default_factory=dict)
    updated: Container[TicketId] = frozenset()
    sandbox: bool = False
