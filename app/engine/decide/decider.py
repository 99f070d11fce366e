"""One command being decided: the state it changes, what it has said so far, and whom it has freed."""

from dataclasses import dataclass, field
from typing import Any

from app.engine.commands import Actor
from app.engine.configuration import Queue
from app.engine.customers import Customer
from app.engine.decide.facts import Details, Facts
from app.engine.events import Event
from app.engine.evolve import evolve
from app.engine.frozen import frozen
from app.engine.ids import AgentId, CustomerId, DecisionId, QueueId, TicketId, derived_id
from app.engine.refusals import NotYours, UnknownReference, VersionMismatch
from app.engine.state import State
from app.engine.vocabulary import ActorType


@frozen
class Decision:
    """The record of one choice. `body` is JSON: requirement, rejected, ranked, keys, tie-break; `codes` one byte per agent."""

    id: DecisionId
    ticket: TicketId
    queue: QueueId
    seq: int
    cause: str
    outcome: str
    agent: AgentId | None
    configuration: int
    body: dict[str, Any]
    codes: bytes | None


@dataclass(slots=True)
class Result:
    """What the caller is told beside the events: the ticket meant, whether it was there already, the customer found or made.

    `details` are those of a ticket that was changed, as they are now. `moved` are tickets taken from an agent, with their queues.
    `since` is when what was switched off was (ms).
    `person` is the customer that a command of customers was about,
    `people` are all whom a command made, changed or deleted: as they were (None: not there) and as they are.
    """

    ticket: TicketId | None = None
    existing: bool = False
    customer: CustomerId | None = None
    tags: tuple[str, ...] = ()
    details: Details | None = None
    moved: tuple[tuple[TicketId, QueueId], ...] = ()
    since: int | None = None
    person: Customer | None = None
    people: tuple[tuple[Customer | None, Customer | None], ...] = ()


@dataclass(slots=True)
class Decided:
    """An accepted command."""

    events: list[Event] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    result: Result = field(default_factory=Result)


class Decider:
    """Emits events and applies each at once, so that the next question sees its effect."""

    __slots__ = ("actor", "cause", "decided", "facts", "freed", "now", "state")

    def __init__(self, state: State, facts: Facts, *, actor: Actor, now: int, cause: str) -> None:
        self.state = state
        self.facts = facts
        self.actor = actor
        self.now = now
        self.cause = cause
        self.decided = Decided()
        self.freed: set[int] = set()

    def emit(self, event: Event) -> None:
        """Say what has happened and make it so."""
        evolve(self.state, event, at=self.now, documents=self.facts.documents)
        self.decided.events.append(event)

    def new_id(self, ordinal: int) -> bytes:
        """An id that the same place in the same log gives again; `ordinal` tells several of one event apart."""
        return derived_id(self.state.workspace, self.state.seq + 1, ordinal, self.now)

    def queue(self, queue: QueueId) -> Queue:
        """A queue that tickets are in; the configuration keeps those for as long as they are."""
        return self.state.configuration.queues[queue]

    def check_version(self, slot: int, expected: int | None) -> None:
        """Refuse when the ticket has changed since the caller read it."""
        version = self.state.tickets.version[slot]
        if expected is not None and expected != version:
            raise VersionMismatch(f"The ticket is at version {version}, not {expected}. Read it again.", version=version)

    def check_owner(self, slot: int) -> None:
        """An agent may only work on tickets of their own."""
        if self.actor.type is not ActorType.AGENT:
            return
        owner = self.state.tickets.agent[slot]
        if owner < 0 or slot in self.state.tickets.offers or self.state.agents.ids[owner] != self.actor.agent:
            raise NotYours("The ticket does not belong to you.")

    def named(self, names: Any, name: str, pointer: str) -> Any:
        """The id of what a field names, or a refusal that points at the field."""
        found = names.get(name)
        if found is None:
            raise UnknownReference(f"The configuration has no {name!r} here.", pointer=pointer, allowed=sorted(names)[:50])
        return found
