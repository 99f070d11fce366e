"""What is asked of a workspace: one frozen class per command. The dispatcher hands them to `decide` one after the other.

Times are milliseconds since 1970-01-01T00:00Z. `expected_version` is the caller's If-Match; None asks for none.
"""

from dataclasses import field
from typing import Any

from app.engine.contacts import Contact
from app.engine.events import ChannelLimit, SkillLevel
from app.engine.frozen import frozen
from app.engine.ids import AgentId, CustomerId, OfferId, TeamId, TicketId
from app.engine.vocabulary import ActorType, Channel, Kind, Metric, Presence, Priority, QueueState

_NOBODY = AgentId(b"")
_NO_CUSTOMER = CustomerId(b"")


@frozen
class Actor:
    """Who asks; `agent` is set when it is an agent of the workspace."""

    type: ActorType
    id: str
    agent: AgentId | None = None


@frozen
class Command:
    """A wish. It is accepted as events or refused as a Refusal; nothing in between."""

    actor: Actor


@frozen
class CustomerDraft:
    """Who asked, as the caller tells it. Found again by `external_id`; `id` is used when nobody has it yet."""

    id: CustomerId
    external_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    tier: str | None = None
    language: str | None = None


@frozen
class CustomerChanges:
    """New values of a customer's fields. Only those that `named` lists count, by the names that callers give them.

    `attributes` and `metadata` are merged with what is there: None takes a name away, and None for the whole takes all.
    """

    named: frozenset[str] = frozenset()
    external_id: str | None = None
    name: str | None = None
    tier: str | None = None
    language: str | None = None
    preferred_channel: Channel | None = None
    contacts: tuple[Contact, ...] = ()
    attributes: dict[str, str | int | float | bool | None] | None = None
    metadata: dict[str, str | None] | None = None


@frozen
class TicketContent:
    """What only people read, written beside the ticket and never into an event."""

    subject: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


@frozen
class SubmitTicket(Command):
    """New work. `patterns` are the configuration's text patterns that its words matched, read under `configuration`.

    `queue`, `team` and skills are named as the configuration names them.
    """

    ticket: TicketId
    kind: Kind
    channel: Channel
    priority: Priority
    content: TicketContent
    configuration: int
    patterns: frozenset[int] = frozenset()
    category: str | None = None
    language: str | None = None
    area: str | None = None
    external_id: str | None = None
    customer: CustomerDraft | None = None
    attributes: dict[str, str | int | float | bool] = field(default_factory=dict)
    queue: str | None = None
    team: str | None = None
    skills: tuple[tuple[str, int], ...] = ()
    wishes: tuple[tuple[str, int], ...] = ()


@frozen
class TicketCommand(Command):
    """A wish about one ticket that exists."""

    ticket: TicketId
    expected_version: int | None = None


@frozen
class Changes:
    """New values of a ticket's fields. Only those that `named` lists count, by the names that callers give them.

    `attributes` and `metadata` are merged with what is there: None takes a name away, and None for the whole takes all.
    """

    named: frozenset[str] = frozenset()
    priority: Priority = Priority.MEDIUM
    category: str | None = None
    language: str | None = None
    area: str | None = None
    subject: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    skills: tuple[tuple[str, int], ...] = ()
    wishes: tuple[tuple[str, int], ...] = ()
    attributes: dict[str, str | int | float | bool | None] | None = None
    metadata: dict[str, str | None] | None = None


@frozen
class UpdateTicket(TicketCommand):
    """Change fields of the ticket."""

    changes: Changes = field(default_factory=Changes)


@frozen
class AssignTicket(TicketCommand):
    """Give the ticket to this agent by hand. `force` goes over capacity or takes it from another owner; the former is recorded."""

    agent: AgentId = _NOBODY
    force: bool = False


@frozen
class TransferTicket(TicketCommand):
    """Hand the ticket on: to a queue, to a team (both as the configuration names them) or to an agent, exactly one.

    `force` goes over the agent's capacity. `reason` is for people and goes into an erasable row.
    """

    queue: str | None = None
    team: str | None = None
    agent: AgentId | None = None
    force: bool = False
    reason: str = ""


@frozen
class ReturnTicket(TicketCommand):
    """The owner gives the ticket back to its queue. `reason` is for people and goes into an erasable row."""

    reason: str = ""


@frozen
class TakeTicket(TicketCommand):
    """An agent takes this ticket, which waits."""

    agent: AgentId = _NOBODY


@frozen
class TakeNext(Command):
    """An agent takes the next ticket of a queue (as the configuration names it) that they may take, if there is one."""

    queue: str
    agent: AgentId


@frozen
class StartTicket(TicketCommand):
    """The owner begins."""


@frozen
class RespondTicket(TicketCommand):
    """The customer was answered."""


@frozen
class AddMessage(TicketCommand):
    """A message of the customer (inbound) or of the owner (outbound, an answer). `text` goes into an erasable row."""

    message: bytes = b""
    inbound: bool = False
    text: str = ""


@frozen
class PendTicket(TicketCommand):
    """The owner waits for the customer or a third party."""

    reason: str = "customer"


@frozen
class SnoozeTicket(TicketCommand):
    """The owner puts it aside until a moment (ms), or for `milliseconds` from now: exactly one is set."""

    until_at: int | None = None
    milliseconds: int | None = None


@frozen
class FollowTicket(TicketCommand):
    """An agent begins to follow the ticket, or no longer does."""

    agent: AgentId = _NOBODY
    follows: bool = True


@frozen
class ResolveTicket(TicketCommand):
    """The work is done."""


@frozen
class ReopenTicket(TicketCommand):
    """The work was not done after all."""


@frozen
class CloseTicket(TicketCommand):
    """Over for good."""


@frozen
class CancelTicket(TicketCommand):
    """Not to be done after all."""


@frozen
class AnswerOffer(Command):
    """An agent accepts or declines the ticket offered."""

    offer: OfferId
    ticket: TicketId
    accept: bool


@frozen
class TimerDue(Command):
    """A timer's moment has come. It names the version it saw, so that a late or second firing has no effect."""

    ticket: TicketId
    metric: Metric
    version: int


@frozen
class WakeTicket(Command):
    """A snoozed ticket's moment has come. It names the moment it saw, so that a late or second waking has no effect."""

    ticket: TicketId
    until_at: int


@frozen
class OfferDue(Command):
    """An offer's time is up."""

    offer: OfferId
    ticket: TicketId


@frozen
class ParkTimer(Command):
    """A timer failed too often: stop it and say so."""

    ticket: TicketId
    metric: Metric


@frozen
class SetPresence(Command):
    """An agent comes, goes, or is otherwise engaged."""

    agent: AgentId
    presence: Presence


@frozen
class ReleaseAgent(Command):
    """Move all that an agent owns: back to its queues, or to a queue, a team (as the configuration names them) or an agent.

    With `offline` the agent goes offline first. `reason` is for people and goes into erasable rows.
    """

    agent: AgentId
    expected_version: int | None = None
    queue: str | None = None
    team: str | None = None
    to_agent: AgentId | None = None
    offline: bool = False
    reason: str = ""


@frozen
class AgentSetting:
    """The routing facts of one agent as a configuration wants them; `name`, `title` and `external_id` are for its row."""

    agent: AgentId
    name: str
    title: str
    external_id: str | None
    teams: tuple[TeamId, ...]
    skills: tuple[SkillLevel, ...]
    languages: tuple[str, ...]
    areas: tuple[str, ...]
    capacity: int
    limits: tuple[ChannelLimit, ...]
    weight: int


@frozen
class SwitchQueue(Command):
    """Pause a queue (as the configuration names it), drain it, or let it run."""

    queue: str
    to: QueueState


@frozen
class SwitchWorkspace(Command):
    """Stop all routing, or let it go on."""

    paused: bool


@frozen
class ApplyConfiguration(Command):
    """Put a checked document in force, based on version `base`. `agents` are those to create or change, in order.

    Those in `retitled` get another name, title or external id, of which the state knows nothing.
    `agent` is the one whom it is about, if it is about one; `expected_version` is then the caller's If-Match.
    """

    base: int
    document: dict[str, Any]
    agents: tuple[AgentSetting, ...]
    removed: tuple[AgentId, ...] = ()
    retitled: tuple[AgentId, ...] = ()
    agent: AgentId | None = None
    expected_version: int | None = None


@frozen
class AdvanceClock(Command):
    """Move a sandbox's clock on by this many milliseconds."""

    milliseconds: int


@frozen
class Drain(Command):
    """Give waiting work to whoever may take it: the sweep's proof that nobody waits for nothing."""


@frozen
class CreateCustomer(Command):
    """Somebody new, under `customer`; a known external id changes nothing."""

    customer: CustomerId
    changes: CustomerChanges


@frozen
class PutCustomer(Command):
    """Whoever has the external id that the changes name is changed; where nobody has it, somebody new is made under `customer`."""

    customer: CustomerId
    changes: CustomerChanges


@frozen
class CustomerCommand(Command):
    """A wish about one customer who is known."""

    customer: CustomerId
    expected_version: int | None = None


@frozen
class UpdateCustomer(CustomerCommand):
    """Change fields of the customer."""

    changes: CustomerChanges = field(default_factory=CustomerChanges)


@frozen
class MergeCustomers(CustomerCommand):
    """The customer is `into` as well: tickets and contacts become theirs, now and in future."""

    into: CustomerId = _NO_CUSTOMER


@frozen
class UnmergeCustomer(CustomerCommand):
    """The customer was somebody else after all: what the merge moved comes back."""


@frozen
class DeleteCustomer(CustomerCommand):
    """Nothing hangs on the customer: forget them."""
