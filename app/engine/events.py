"""What has happened: one frozen class per event type. The log, the feed, catch-up and replay all read these.

Times are milliseconds since 1970-01-01T00:00Z. Events hold ids, enums, numbers and times: never a name, an address,
an external id or a word that somebody wrote.
"""

from typing import Any, ClassVar

from app.engine.frozen import frozen
from app.engine.ids import (
    AgentId,
    AssignmentId,
    CustomerId,
    DecisionId,
    OfferId,
    QueueId,
    RuleId,
    SkillId,
    TeamId,
    TicketId,
)
from app.engine.vocabulary import Channel, Kind, Metric, Presence, Priority, Status


@frozen
class Event:
    """One line of the log; `subject` says what it happened to and names the field that holds its id, if there is one."""

    type: ClassVar[str]
    subject: ClassVar[str]


@frozen
class SkillLevel:
    """A skill at a level from 1 to 10: what an agent has, or at least what a ticket needs."""

    skill: SkillId
    level: int


Changed = tuple[Any, Any] | None
"""(old, new) of a routing fact: a word, None or a tuple of SkillLevel. None for a field of which only the name is told."""


@frozen
class ChannelLimit:
    """How many units of one channel an agent holds at most."""

    channel: Channel
    units: int


@frozen
class StartedTimer:
    """A promise that begins to run: `next_at` is the moment of its first step, `step` 0 the warning, 1 the breach."""

    metric: Metric
    due_at: int
    next_at: int
    step: int


@frozen
class TicketCreated(Event):
    """A ticket entered the workspace and the rules placed it."""

    type = "ticket.created"
    subject = "ticket"
    ticket: TicketId
    number: int
    kind: Kind
    channel: Channel
    priority: Priority
    queue: QueueId
    cost: int
    category: str | None = None
    language: str | None = None
    area: str | None = None
    tier: str | None = None
    customer: CustomerId | None = None
    team: TeamId | None = None
    skills: tuple[SkillLevel, ...] = ()
    wishes: tuple[SkillLevel, ...] = ()
    rules: tuple[RuleId, ...] = ()
    patterns: tuple[int, ...] = ()
    configuration: int = 0


@frozen
class TicketQueued(Event):
    """Nobody could take the ticket now: it waits in its queue."""

    type = "ticket.queued"
    subject = "ticket"
    ticket: TicketId
    queue: QueueId
    decision: DecisionId | None


@frozen
class TicketAssigned(Event):
    """An agent owns the ticket. `how` is routed, accepted, by_hand, transferred, taken or escalation; only the first two move a turn.

    `shared` lists the agents (by creation number) who could have taken it, where the queue keeps fair shares.
    """

    type = "ticket.assigned"
    subject = "ticket"
    ticket: TicketId
    agent: AgentId
    assignment: AssignmentId
    how: str
    decision: DecisionId | None = None
    forced: bool = False
    shared: tuple[int, ...] = ()


@frozen
class OfferCreated(Event):
    """A ticket was shown to an agent, whose units are reserved until an answer or `expires_at`."""

    type = "offer.created"
    subject = "offer"
    offer: OfferId
    ticket: TicketId
    agent: AgentId
    decision: DecisionId | None
    expires_at: int


@frozen
class OfferAccepted(Event):
    """The agent took the offered ticket; a `ticket.assigned` follows."""

    type = "offer.accepted"
    subject = "offer"
    offer: OfferId
    ticket: TicketId
    agent: AgentId


@frozen
class OfferDeclined(Event):
    """The agent did not want the ticket and is not offered it again."""

    type = "offer.declined"
    subject = "offer"
    offer: OfferId
    ticket: TicketId
    agent: AgentId


@frozen
class OfferExpired(Event):
    """Nobody answered in time; the agent is not offered this ticket again."""

    type = "offer.expired"
    subject = "offer"
    offer: OfferId
    ticket: TicketId
    agent: AgentId


@frozen
class OfferWithdrawn(Event):
    """The offer ended without an answer: the ticket or the agent went another way."""

    type = "offer.withdrawn"
    subject = "offer"
    offer: OfferId
    ticket: TicketId
    agent: AgentId


@frozen
class TicketStarted(Event):
    """The owner began to work on it."""

    type = "ticket.started"
    subject = "ticket"
    ticket: TicketId
    agent: AgentId


@frozen
class TicketResponded(Event):
    """The customer was answered; `first` marks the first time, which keeps the first-response promise."""

    type = "ticket.responded"
    subject = "ticket"
    ticket: TicketId
    first: bool


@frozen
class TicketMessageReceived(Event):
    """The customer wrote again."""

    type = "ticket.message_received"
    subject = "ticket"
    ticket: TicketId


@frozen
class TicketPaused(Event):
    """The owner waits: `reason` is customer, third_party or snoozed, which ends by itself at `until_at`."""

    type = "ticket.paused"
    subject = "ticket"
    ticket: TicketId
    reason: str
    until_at: int | None = None


@frozen
class TicketResumed(Event):
    """The wait is over, the owner goes on."""

    type = "ticket.resumed"
    subject = "ticket"
    ticket: TicketId


@frozen
class TicketReturned(Event):
    """The owner lost or gave back the ticket, which keeps the waiting time it had.

    `reason` is reassigned, escalated, agent_deleted, transferred, returned or released. After the last three the agent is not
    given it again by routing.
    """

    type = "ticket.returned"
    subject = "ticket"
    ticket: TicketId
    agent: AgentId
    reason: str


@frozen
class TicketTransferred(Event):
    """The ticket is for another team, queue or agent: exactly one is set. `reason` is escalated, transferred or released.

    `from_queue` is set with `queue`. An assignment, an offer or the queue follows.
    """

    type = "ticket.transferred"
    subject = "ticket"
    ticket: TicketId
    team: TeamId | None
    reason: str
    queue: QueueId | None = None
    from_queue: QueueId | None = None
    agent: AgentId | None = None


@frozen
class TicketUpdated(Event):
    """Fields of a ticket changed: field → (old, new) of routing facts, and the bare name of any other."""

    type = "ticket.updated"
    subject = "ticket"
    ticket: TicketId
    changed: dict[str, Changed]


@frozen
class TicketEscalated(Event):
    """A step after a breach was taken; `level` counts from 1 within the metric."""

    type = "ticket.escalated"
    subject = "ticket"
    ticket: TicketId
    metric: Metric
    level: int


@frozen
class TicketFollowerAdded(Event):
    """An agent follows the ticket."""

    type = "ticket.follower_added"
    subject = "ticket"
    ticket: TicketId
    agent: AgentId


@frozen
class TicketFollowerRemoved(Event):
    """An agent no longer follows the ticket."""

    type = "ticket.follower_removed"
    subject = "ticket"
    ticket: TicketId
    agent: AgentId


@frozen
class TicketResolved(Event):
    """The work is done; it may be reopened."""

    type = "ticket.resolved"
    subject = "ticket"
    ticket: TicketId
    agent: AgentId | None


@frozen
class TicketClosed(Event):
    """Over for good."""

    type = "ticket.closed"
    subject = "ticket"
    ticket: TicketId
    before: Status


@frozen
class TicketCancelled(Event):
    """Not to be done after all."""

    type = "ticket.cancelled"
    subject = "ticket"
    ticket: TicketId


@frozen
class TicketReopened(Event):
    """A resolved ticket is open again. It carries every routing fact, because the state had forgotten the ticket."""

    type = "ticket.reopened"
    subject = "ticket"
    ticket: TicketId
    number: int
    kind: Kind
    channel: Channel
    priority: Priority
    queue: QueueId
    cost: int
    created_at: int
    reopened: int
    escalated: int
    version: int
    language: str | None = None
    area: str | None = None
    tier: str | None = None
    team: TeamId | None = None
    skills: tuple[SkillLevel, ...] = ()
    wishes: tuple[SkillLevel, ...] = ()
    first_responded_at: int | None = None
    transferred: int = 0


@frozen
class SlaStarted(Event):
    """The promises of a ticket begin to run."""

    type = "sla.started"
    subject = "ticket"
    ticket: TicketId
    timers: tuple[StartedTimer, ...]


@frozen
class SlaWarned(Event):
    """A deadline is near. `next_at` and `step` say what comes next; the timer's version goes up by one."""

    type = "sla.warned"
    subject = "ticket"
    ticket: TicketId
    metric: Metric
    due_at: int
    next_at: int
    step: int
    late_ms: int


@frozen
class SlaBreached(Event):
    """A deadline has passed. `next_at` is None when no escalation follows."""

    type = "sla.breached"
    subject = "ticket"
    ticket: TicketId
    metric: Metric
    due_at: int
    next_at: int | None
    step: int
    late_ms: int


@frozen
class SlaStepped(Event):
    """An escalation level after a breach has been taken; the next one, if any, is at `next_at`."""

    type = "sla.stepped"
    subject = "ticket"
    ticket: TicketId
    metric: Metric
    next_at: int | None
    step: int
    late_ms: int


@frozen
class SlaMet(Event):
    """The promise was kept, or at last fulfilled after a breach (`in_time` false)."""

    type = "sla.met"
    subject = "ticket"
    ticket: TicketId
    metric: Metric
    in_time: bool


@frozen
class SlaPaused(Event):
    """The clock of a promise stands still; `left_ms` until its deadline, `next_left_ms` until its next step, if any."""

    type = "sla.paused"
    subject = "ticket"
    ticket: TicketId
    metric: Metric
    left_ms: int
    next_left_ms: int | None


@frozen
class SlaResumed(Event):
    """The clock of a promise runs again towards a later deadline; `next_at` is None where its timer was parked."""

    type = "sla.resumed"
    subject = "ticket"
    ticket: TicketId
    metric: Metric
    due_at: int
    next_at: int | None


@frozen
class SlaCancelled(Event):
    """The promise no longer matters: the ticket was cancelled or closed unresolved."""

    type = "sla.cancelled"
    subject = "ticket"
    ticket: TicketId
    metric: Metric


@frozen
class TimerParked(Event):
    """A timer failed five times and no longer runs until somebody looks at it."""

    type = "timer.parked"
    subject = "ticket"
    ticket: TicketId
    metric: Metric


@frozen
class AgentCreated(Event):
    """An agent joined. `number` counts agents of the workspace in order of creation and breaks the last tie."""

    type = "agent.created"
    subject = "agent"
    agent: AgentId
    number: int
    teams: tuple[TeamId, ...]
    skills: tuple[SkillLevel, ...]
    languages: tuple[str, ...]
    areas: tuple[str, ...]
    capacity: int
    limits: tuple[ChannelLimit, ...]
    weight: int


@frozen
class AgentUpdated(Event):
    """What an agent can do has changed; all routing facts as they are now."""

    type = "agent.updated"
    subject = "agent"
    agent: AgentId
    teams: tuple[TeamId, ...]
    skills: tuple[SkillLevel, ...]
    languages: tuple[str, ...]
    areas: tuple[str, ...]
    capacity: int
    limits: tuple[ChannelLimit, ...]
    weight: int


@frozen
class AgentDeleted(Event):
    """An agent left; the work was handed back before."""

    type = "agent.deleted"
    subject = "agent"
    agent: AgentId


@frozen
class AgentPresenceChanged(Event):
    """An agent came, went, or is otherwise engaged."""

    type = "agent.presence_changed"
    subject = "agent"
    agent: AgentId
    before: Presence
    presence: Presence


@frozen
class CustomerCreated(Event):
    """Somebody is known who was not: by a call of their own, or because a ticket told of them."""

    type = "customer.created"
    subject = "customer"
    customer: CustomerId
    tier: str | None = None
    language: str | None = None


@frozen
class CustomerUpdated(Event):
    """Fields of a customer changed: field → (old, new) of tier and language, and the bare name of any other."""

    type = "customer.updated"
    subject = "customer"
    customer: CustomerId
    changed: dict[str, Changed]


@frozen
class CustomerMerged(Event):
    """The customer turned out to be `into`: all their tickets are that one's now, `ticket_count` of them.

    Each of these tickets is one version on; `tickets` are those among them that are open.
    """

    type = "customer.merged"
    subject = "customer"
    customer: CustomerId
    into: CustomerId
    tickets: tuple[TicketId, ...]
    ticket_count: int


@frozen
class CustomerUnmerged(Event):
    """A merge was taken back: the tickets that it had moved to `survivor` are the customer's again."""

    type = "customer.unmerged"
    subject = "customer"
    customer: CustomerId
    survivor: CustomerId
    tickets: tuple[TicketId, ...]
    ticket_count: int


@frozen
class CustomerDeleted(Event):
    """A customer whom no ticket named is known no longer."""

    type = "customer.deleted"
    subject = "customer"
    customer: CustomerId


@frozen
class ConfigurationApplied(Event):
    """A new version of the configuration is in force; its document is a row of its own."""

    type = "configuration.applied"
    subject = "configuration"
    version: int


@frozen
class QueuePaused(Event):
    """The queue takes tickets in, and routing gives none out."""

    type = "queue.paused"
    subject = "queue"
    queue: QueueId


@frozen
class QueueDrainStarted(Event):
    """The queue gives out what it has; new tickets go to the default queue."""

    type = "queue.drain_started"
    subject = "queue"
    queue: QueueId


@frozen
class QueueResumed(Event):
    """The queue takes in and gives out."""

    type = "queue.resumed"
    subject = "queue"
    queue: QueueId


@frozen
class WorkspacePaused(Event):
    """Tickets are taken in, and routing gives none out."""

    type = "workspace.paused"
    subject = "workspace"


@frozen
class WorkspaceResumed(Event):
    """Routing goes on."""

    type = "workspace.resumed"
    subject = "workspace"


@frozen
class ClockAdvanced(Event):
    """A sandbox's clock was moved on."""

    type = "sandbox.clock_advanced"
    subject = "workspace"
    milliseconds: int


EVENT_TYPES: dict[str, type[Event]] = {
    cls.type: cls for cls in list(globals().values()) if isinstance(cls, type) and issubclass(cls, Event) and cls is not Event
}
