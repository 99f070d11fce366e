"""Written by `make openapi` from the API's description. Do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

__all__ = [
    "ActorType",
    "AdvanceIn",
    "AdvancedOut",
    "Agent",
    "AgentDeleted",
    "AgentDeletedDryRun",
    "AgentDryRun",
    "AgentForm",
    "AgentOut",
    "AgentPage",
    "AgentPatch",
    "AgentSearch",
    "Alive",
    "AllOf",
    "AnyOf",
    "AppliedOut",
    "AssignIn",
    "AssignItem",
    "AssignmentOut",
    "AssignmentPage",
    "AuditActor",
    "AuditEntryOut",
    "AuditOutcome",
    "AuditPage",
    "AuditSubject",
    "Awaited",
    "BulkDryResult",
    "BulkDryRun",
    "BulkIn",
    "BulkOut",
    "BulkResult",
    "CandidateOut",
    "CandidatePage",
    "ChangeKind",
    "Channel",
    "ChannelUnits",
    "ClockOut",
    "Comparison",
    "ConfigurationChange",
    "ConfigurationDocument",
    "ConfigurationInForce",
    "ConfigurationOutcome",
    "ConfigurationSkillOut",
    "ContactIn",
    "ContactKind",
    "ContactOut",
    "ContactSought",
    "Costs",
    "Count",
    "CreateItem",
    "CustomerDryResult",
    "CustomerDryRun",
    "CustomerHistory",
    "CustomerIn",
    "CustomerItem",
    "CustomerOut",
    "CustomerPage",
    "CustomerPatch",
    "CustomerResult",
    "CustomerSearch",
    "CustomersDryRun",
    "CustomersIn",
    "CustomersOut",
    "DecisionOut",
    "DecisionPage",
    "DecisionsOutcome",
    "DeletionDryRun",
    "DifferenceOut",
    "Direction",
    "DocumentForm",
    "EndReason",
    "Escalation",
    "EventOut",
    "EventPage",
    "EventsActorOut",
    "ExpandedTicketOut",
    "FieldChange",
    "FollowerOut",
    "FollowersOut",
    "Handover",
    "HandoverKind",
    "HandoverOut",
    "HandoverPage",
    "HeadStart",
    "HeadStartPatch",
    "Held",
    "HistoryEntry",
    "HistoryPage",
    "How",
    "KeyDryRun",
    "KeyIn",
    "KeyKind",
    "KeyOut",
    "KeyPage",
    "KeyPatch",
    "KeyWithSecret",
    "Kind",
    "LimitOut",
    "MarkIn",
    "MarkKind",
    "MarkOut",
    "MarksDryRun",
    "MarksOut",
    "MeOut",
    "MemberReport",
    "MergeIn",
    "MessageIn",
    "MessageOut",
    "MessagePage",
    "Metric",
    "NeedOut",
    "NewCustomer",
    "NextStep",
    "NotOf",
    "Nothing",
    "ObjectsActorOut",
    "OfferOut",
    "Order",
    "Outcome",
    "OutcomePatch",
    "OutlookOut",
    "Part",
    "PauseOut",
    "PendIn",
    "PendingReason",
    "Place",
    "PlacedOut",
    "Presence",
    "PresenceIn",
    "Priority",
    "Problem",
    "ProblemOut",
    "PromiseOut",
    "PromisePage",
    "PromiseReport",
    "PromiseStep",
    "PromisedOut",
    "Queue",
    "QueueDryRun",
    "QueueEdit",
    "QueueForm",
    "QueueOut",
    "QueuePage",
    "QueuePatch",
    "QueueReport",
    "QueueState",
    "QueueStateDryRun",
    "QueueStateOut",
    "QueuesReport",
    "RankedOut",
    "Ready",
    "ReasonIn",
    "ReasonOut",
    "RefusedOut",
    "RejectedOut",
    "Rejection",
    "ReleaseIn",
    "ReleasedDryRun",
    "ReleasedOut",
    "ReleasedTicketOut",
    "RequirementOut",
    "ReturnItem",
    "ReturnedTicket",
    "Role",
    "RotateIn",
    "RoutingPolicy",
    "RoutingPolicyDryRun",
    "RoutingPolicyEdit",
    "RoutingPolicyForm",
    "RoutingPolicyOut",
    "RoutingPolicyPage",
    "RoutingPolicyPatch",
    "Rule",
    "RuleDryRun",
    "RuleEdit",
    "RuleForm",
    "RuleHits",
    "RuleIn",
    "RuleOut",
    "RulePage",
    "RulePatch",
    "SessionIn",
    "Skill",
    "SkillAtLevel",
    "SkillDryRun",
    "SkillEdit",
    "SkillFit",
    "SkillForm",
    "SkillPage",
    "SkillPatch",
    "SlaPolicy",
    "SlaPolicyDryRun",
    "SlaPolicyEdit",
    "SlaPolicyForm",
    "SlaPolicyOut",
    "SlaPolicyPage",
    "SlaPolicyPatch",
    "SlaTarget",
    "SlaTargetPatch",
    "SlaTargets",
    "SlaTargetsPatch",
    "SnoozeIn",
    "StandingOut",
    "StandingStill",
    "Status",
    "StatusGroup",
    "Step",
    "StopSwitchDryRun",
    "StopSwitchOut",
    "Strategy",
    "SubjectOut",
    "TakeIn",
    "TakenDryRun",
    "TakenOut",
    "Team",
    "TeamDryRun",
    "TeamEdit",
    "TeamForm",
    "TeamNamed",
    "TeamOfAgent",
    "TeamOut",
    "TeamPage",
    "TeamPatch",
    "TicketDryRun",
    "TicketIn",
    "TicketOut",
    "TicketPage",
    "TicketPatch",
    "TicketsSkillOut",
    "TicketsTried",
    "TimerState",
    "TransferIn",
    "TransferItem",
    "TrialIn",
    "TrialOut",
    "TriedTicketOut",
    "TurnsOfQueue",
    "TurnsReport",
    "UpdateItem",
    "VerbItem",
    "Verdict",
    "VersionChange",
    "VersionEntry",
    "VersionPage",
    "Vip",
    "VipPatch",
    "VipTier",
    "WhenFree",
    "WholeOut",
    "WorkspaceOut",
    "Would",
    "WouldApplyOut",
]

ActorType: TypeAlias = Literal["api_key", "agent", "person", "system"]
"""Who caused an event."""
AuditOutcome: TypeAlias = Literal["done", "denied"]
"""What became of it."""
Awaited: TypeAlias = Literal["customer", "third_party"]
"""Whom the owner can wait for."""
ChangeKind: TypeAlias = Literal["created", "changed", "removed", "kept_unlisted"]
"""What becomes of one place of the configuration."""
Channel: TypeAlias = Literal[
    "whatsapp", "instagram", "messenger", "telegram", "line", "email", "live_chat", "web_form", "phone", "sms", "api"
]
"""How it came in."""
ContactKind: TypeAlias = Literal["email", "phone", "whatsapp", "instagram", "messenger", "telegram", "line"]
"""Where a customer can be reached."""
DecisionsOutcome: TypeAlias = Literal["assigned", "offered", "waiting"]
"""What a decision came to."""
Direction: TypeAlias = Literal["inbound", "outbound"]
"""Who wrote."""
EndReason: TypeAlias = Literal[
    "resolved", "cancelled", "transferred", "returned", "released", "reassigned", "escalated", "agent_deleted"
]
"""Why the agent no longer owns the ticket."""
Handover: TypeAlias = Literal["direct", "offer"]
"""What choosing an agent means."""
HandoverKind: TypeAlias = Literal["transferred", "returned", "released"]
"""What was done."""
Held: TypeAlias = Literal["queue_paused", "workspace_paused"]
"""Why a ticket waits that somebody could take."""
How: TypeAlias = Literal["routed", "accepted", "by_hand", "transferred", "taken", "escalation"]
"""What made the agent the owner."""
KeyKind: TypeAlias = Literal["key", "login", "session"]
"""How a key came to be."""
Kind: TypeAlias = Literal["ticket", "lead", "chat", "call", "task", "meeting"]
"""What a piece of work is."""
MarkKind: TypeAlias = Literal["viewing", "replying"]
"""What an agent does with a ticket just now."""
Metric: TypeAlias = Literal["first_response", "resolution"]
"""What an SLA target promises."""
Order: TypeAlias = Literal["fifo", "priority", "deadline"]
"""Who in a queue comes first."""
Part: TypeAlias = Literal["eligible", "rejected"]
"""One agent's part."""
PendingReason: TypeAlias = Literal["customer", "third_party", "snoozed"]
"""For whom or what the owner waits."""
Presence: TypeAlias = Literal["offline", "away", "busy", "available"]
"""Whether an agent takes work now."""
Priority: TypeAlias = Literal["low", "medium", "high", "urgent"]
"""How much it presses; declared from the least to the most."""
QueueState: TypeAlias = Literal["running", "paused", "draining"]
"""Whether a queue takes tickets in and gives them out."""
Rejection: TypeAlias = Literal[
    "team", "skill", "language", "area", "declined", "offline", "away", "busy", "capacity", "channel_capacity"
]
"""Why an agent may not take a ticket: the first filter that fails, in this order."""
Role: TypeAlias = Literal["admin", "supervisor", "agent", "integration", "read_only"]
"""A named set of scopes."""
SkillFit: TypeAlias = Literal["best", "least_sufficient"]
"""Which agent suits a required level best."""
Status: TypeAlias = Literal["waiting", "offered", "assigned", "in_progress", "pending", "resolved", "closed", "cancelled"]
"""Where a ticket stands."""
StatusGroup: TypeAlias = Literal["open", "pending", "closed"]
"""The three words people say for the eight states."""
Step: TypeAlias = Literal["warning", "breach", "escalation", "offer_expiry"]
"""What falls due."""
Strategy: TypeAlias = Literal["round_robin", "weighted_round_robin", "least_load", "skill", "vip", "longest_idle", "fair_share"]
"""How a queue orders those who may take a ticket."""
TimerState: TypeAlias = Literal["running", "paused", "met", "breached", "missed", "cancelled"]
"""What has become of a promise."""
Verdict: TypeAlias = Literal["chosen", "eligible", "rejected", "not_considered", "unknown"]
"""One agent's part in a decision."""


class AdvanceIn(TypedDict):
    """How far to move the clock."""

    # At most 31 days.
    seconds: int


class AdvancedOut(TypedDict):
    """Where the clock stands after everything due on the way has happened."""

    # The sandbox's time.
    now: str
    # By how much it was moved.
    advanced_seconds: int
    # How many steps of promises and offers fell due on the way.
    timers_fired: int


class Agent(TypedDict):
    """A person who takes tickets."""

    # Unique among agents.
    name: str
    # What people read; the name if left out.
    title: NotRequired[str | None]
    # The agent's id elsewhere, unique.
    external_id: NotRequired[str | None]
    # Names of teams.
    teams: NotRequired[list[str]]
    # Each once.
    skills: NotRequired[list[SkillAtLevel]]
    # BCP 47, lower case.
    languages: NotRequired[list[str]]
    # Empty serves every area.
    areas: NotRequired[list[str]]
    # Units held at once.
    capacity: NotRequired[int]
    # Each channel once.
    channel_limits: NotRequired[list[ChannelUnits]]
    # For weighted_round_robin.
    weight: NotRequired[int]


class AgentDeleted(TypedDict):
    """An agent who left, and what became of their open work: it went back to its queues and was decided about at once."""

    # Who left.
    id: str
    # The name, free again now.
    name: str
    # What the agent held or was asked about.
    returned: list[ReturnedTicket]


class AgentDeletedDryRun(TypedDict):
    """What would become of an agent's work."""

    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int
    # Who left.
    id: str
    # The name, free again now.
    name: str
    # What the agent held or was asked about.
    returned: list[ReturnedTicket]


class AgentDryRun(TypedDict):
    """An agent as it would be."""

    # Null for a new one.
    id: str | None
    # Null for a new one.
    number: int | None
    # As the configuration names the agent.
    name: str
    # What people call the agent.
    title: str
    # The id elsewhere.
    external_id: str | None
    # Whether work is taken now.
    presence: Presence
    # Since when.
    presence_changed_at: str
    # Units held and reserved now.
    load: int
    # Units the agent can hold.
    capacity: int
    # What is left of it.
    free_units: int
    # Limits of single channels.
    channel_limits: list[LimitOut]
    # Whose queues the agent serves.
    teams: list[TeamOfAgent]
    # What the agent can do.
    skills: list[TicketsSkillOut]
    # What the agent speaks.
    languages: list[str]
    # Empty serves every area.
    areas: list[str]
    # For weighted_round_robin.
    weight: int
    # Since when without work; null while there is some, or was none yet.
    idle_since_at: str | None
    # Counts changes; the ETag.
    version: int
    # When the agent joined.
    created_at: str
    # When this last changed.
    updated_at: str
    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class AgentForm(TypedDict):
    """An agent as a document has it."""

    # Unique among agents.
    name: str
    # What people read; the name if left out.
    title: str | None
    # The agent's id elsewhere, unique.
    external_id: str | None
    # Names of teams.
    teams: list[str]
    # Each once.
    skills: list[SkillAtLevel]
    # BCP 47, lower case.
    languages: list[str]
    # Empty serves every area.
    areas: list[str]
    # Units held at once.
    capacity: int
    # Each channel once.
    channel_limits: list[ChannelUnits]
    # For weighted_round_robin.
    weight: int


class AgentOut(TypedDict):
    """A person who takes tickets, as of now."""

    # Opaque.
    id: str
    # Counts agents in the order in which they joined; breaks the last tie.
    number: int
    # As the configuration names the agent.
    name: str
    # What people call the agent.
    title: str
    # The id elsewhere.
    external_id: str | None
    # Whether work is taken now.
    presence: Presence
    # Since when.
    presence_changed_at: str
    # Units held and reserved now.
    load: int
    # Units the agent can hold.
    capacity: int
    # What is left of it.
    free_units: int
    # Limits of single channels.
    channel_limits: list[LimitOut]
    # Whose queues the agent serves.
    teams: list[TeamOfAgent]
    # What the agent can do.
    skills: list[TicketsSkillOut]
    # What the agent speaks.
    languages: list[str]
    # Empty serves every area.
    areas: list[str]
    # For weighted_round_robin.
    weight: int
    # Since when without work; null while there is some, or was none yet.
    idle_since_at: str | None
    # Counts changes; the ETag.
    version: int
    # When the agent joined.
    created_at: str
    # When this last changed.
    updated_at: str


class AgentPage(TypedDict):
    """One page of agents."""

    # In the order in which they joined.
    data: list[AgentOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class AgentPatch(TypedDict):
    """A person who takes tickets. What is left out stays, null is the default again."""

    # Unique among agents.
    name: NotRequired[str | None]
    # What people read; the name if left out.
    title: NotRequired[str | None]
    # The agent's id elsewhere, unique.
    external_id: NotRequired[str | None]
    # Names of teams.
    teams: NotRequired[list[str] | None]
    # Each once.
    skills: NotRequired[list[SkillAtLevel] | None]
    # BCP 47, lower case.
    languages: NotRequired[list[str] | None]
    # Empty serves every area.
    areas: NotRequired[list[str] | None]
    # Units held at once.
    capacity: NotRequired[int | None]
    # Each channel once.
    channel_limits: NotRequired[list[ChannelUnits] | None]
    # For weighted_round_robin.
    weight: NotRequired[int | None]


class AgentSearch(TypedDict):
    """Whom to look for; what is given is looked for together: any of it."""

    # Ids elsewhere.
    external_ids: NotRequired[list[str]]
    # Names.
    names: NotRequired[list[str]]


class Alive(TypedDict):
    """The process answers."""

    # Always live: whoever is not does not answer.
    status: Literal["live"]


class AllOf(TypedDict):
    """Every one of these holds."""

    # Conditions that must all hold.
    all: list[AllOf | AnyOf | NotOf | Comparison]


class AnyOf(TypedDict):
    """At least one of these holds."""

    # Conditions of which one must hold.
    any: list[AllOf | AnyOf | NotOf | Comparison]


class AppliedOut(TypedDict):
    """What applying a document changed."""

    # Goes up by one with every accepted change; the ETag.
    version: int
    # When it came into force.
    applied_at: str
    # What is in force.
    document: WholeOut
    # In the order of the document; empty if nothing was to change.
    changes: list[ConfigurationChange]


class AssignIn(TypedDict):
    """Whom to give the ticket."""

    # An agent's id, name, or ext:<external_id>.
    agent_id: str
    # Over the agent's capacity, and away from another owner.
    force: NotRequired[bool]


class AssignItem(TypedDict):
    """By hand, as POST /v1/tickets/{ticket}/assign."""

    # An agent's id, name, or ext:<external_id>.
    agent_id: str
    # Over the agent's capacity, and away from another owner.
    force: NotRequired[bool]
    # The ticket's id, or ext:<external_id>, also of one that an item before this one creates.
    id: str
    # The version you have read, as If-Match; stale is 412.
    version: NotRequired[int | None]
    # What to do.
    operation: Literal["assign"]


class AssignmentOut(TypedDict):
    """An agent owned the ticket from … to …."""

    # Opaque.
    id: str
    # Who.
    agent_id: str
    # From which queue.
    queue_id: str
    # That queue's name.
    queue: str | None
    how: How
    # Above the agent's capacity, by a person.
    forced: bool
    # Why.
    decision_id: str | None
    # From.
    started_at: str
    # To; null while it lasts.
    ended_at: str | None
    # Why it ended; null while it lasts.
    end_reason: EndReason | None


class AssignmentPage(TypedDict):
    """One page of assignments, oldest first."""

    # Oldest first.
    data: list[AssignmentOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class AuditActor(TypedDict):
    """Who it was."""

    # api_key, agent, person or system.
    type: str
    # Their id; cli for the command line.
    id: str


class AuditEntryOut(TypedDict):
    """One change, or attempts at one."""

    # Opaque.
    id: str
    # When, by the real clock; also in a sandbox.
    at: str
    # The operationId, or what the command line was told.
    operation: str
    # denied: the key had not the scope.
    outcome: AuditOutcome
    actor: AuditActor
    # The key that was used.
    key_id: str | None
    # Who signed in, as the identity provider or the command line's machine calls them.
    person: str | None
    subject: AuditSubject
    # By field, what it was before and is after; null where the values are personal.
    changed: dict[str, Any]
    # Where the event log tells of it too: its number there.
    seq: int | None
    # How often, for denied attempts that are told as one.
    times: int
    # Where the request came from; behind your own proxies, what they say.
    ip: str | None
    # What the caller called itself, its first 200 characters.
    user_agent: str | None
    # The request.
    request_id: str | None


class AuditPage(TypedDict):
    """One page of the audit."""

    # The newest first.
    data: list[AuditEntryOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class AuditSubject(TypedDict):
    """What it happened to."""

    # key, agent, configuration, workspace and so on; operation where it was denied.
    type: str
    # Its id; null for what there is once.
    id: str | None


class BulkDryResult(TypedDict):
    """What would be done."""

    # Its place in items, from 0.
    index: int
    # What its own call would have answered: 201 for what is new, 200 for a known external_id or a change, else the
    # problem's.
    status: int
    # Why it was refused; null where it was done.
    problem: ProblemOut | None
    # The ticket as it would be after the whole call; null where refused.
    ticket: TicketDryRun | None


class BulkDryRun(TypedDict):
    """What a call would have answered. Nothing was stored."""

    # In the order of items.
    results: list[BulkDryResult]
    # The status of the real call.
    would_status: int


class BulkIn(TypedDict):
    """Up to 1,000 items, done in order in one transaction."""

    # Each does one thing to one ticket.
    items: list[CreateItem | UpdateItem | AssignItem | TransferItem | ReturnItem | VerbItem]
    # All or nothing: one refused item refuses the call.
    atomic: NotRequired[bool]


class BulkOut(TypedDict):
    """One result per item, in order."""

    # In the order of items.
    results: list[BulkResult]


class BulkResult(TypedDict):
    """What was done."""

    # Its place in items, from 0.
    index: int
    # What its own call would have answered: 201 for what is new, 200 for a known external_id or a change, else the
    # problem's.
    status: int
    # Why it was refused; null where it was done.
    problem: ProblemOut | None
    # The ticket as it is after the whole call; null where the item was refused.
    ticket: TicketOut | None


class CandidateOut(TypedDict):
    """Why this agent, or why not."""

    # Which decision.
    decision_id: str
    # Which agent.
    agent_id: str
    # The agent's name.
    agent: str | None
    # What people call the agent.
    title: str | None
    # The agent's part.
    verdict: Verdict
    # Among the ten best; null elsewhere.
    place: int | None
    # The value of each key, among the ten best.
    values: dict[str, int] | None
    # What kept the agent out.
    reason: ReasonOut | None
    # The same in a sentence.
    explanation: str


class CandidatePage(TypedDict):
    """Who could take the ticket as things are: the ranked in order, then everybody else with the reason."""

    # Which ticket; null where none was made.
    ticket_id: str | None
    # Its number.
    ticket_number: int | None
    # When it was looked at.
    at: str
    # In which queue.
    queue_id: str
    # The queue's name.
    queue: str | None
    # By which configuration.
    configuration_version: int
    # How candidates are ordered.
    strategy: Strategy
    # Whether the agent would be asked first.
    handover: Handover
    # The ticket's priority.
    priority: Priority
    # What the ticket asks for.
    requirement: RequirementOut
    # How many agents there are.
    considered: int
    # How many could take it.
    eligible: int
    # Why the others could not, counted, in the order of the filters.
    rejected: list[RejectedOut]
    # What is compared, one after the other.
    keys: list[str]
    # Why nothing is given out of the queue now; null where it is.
    held: Held | None
    # Who would get it or be asked; null where nobody could.
    agent_id: str | None
    # That agent's name.
    agent: str | None
    # What people call that agent.
    agent_title: str | None
    # The same in sentences, in the language of Accept-Language.
    explanation: str
    # One page of agents.
    data: list[StandingOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class ChannelUnits(TypedDict):
    """How many units of one channel an agent holds at most."""

    # The channel.
    channel: Channel
    # At most.
    units: int


class ClockOut(TypedDict):
    """A sandbox's own time."""

    # The sandbox's time.
    now: str
    # How far it is ahead of the real time.
    offset_seconds: int


class Comparison(TypedDict):
    """One field against a value. Which operations a field knows stands in docs/configuration.md."""

    # kind, channel, priority, category, language, area, customer.tier, attributes.<key>, text, subject, local_time or
    # local_weekday.
    field: str
    # eq, ne, in, not_in, exists, gt, gte, lt, lte, contains, matches, contains_any, matches_any or between.
    op: str
    # What the field is held against; a list for the operations that take several.
    value: str | int | float | bool | list[str | bool]


class ConfigurationChange(TypedDict):
    """One difference."""

    # Section, name and field.
    path: str
    # What becomes of it.
    kind: ChangeKind
    # As it is now; null where there is nothing.
    before: Any
    # As it will be; null where it goes.
    after: Any


class ConfigurationDocument(TypedDict):
    """The whole configuration, or what is to be added to it. References are by name."""

    # An exact IANA name; local-time conditions use it.
    time_zone: NotRequired[str]
    # Where no rule decides; the first queue if left out.
    default_queue: NotRequired[str | None]
    # Units that one ticket takes.
    costs: NotRequired[Costs]
    # Groups of agents.
    teams: NotRequired[list[Team]]
    # What agents can do.
    skills: NotRequired[list[Skill]]
    # How queues choose.
    routing_policies: NotRequired[list[RoutingPolicy]]
    # What is promised.
    sla_policies: NotRequired[list[SlaPolicy]]
    # Where tickets wait.
    queues: list[Queue]
    # Looked at in order.
    rules: NotRequired[list[Rule]]
    # Who takes tickets.
    agents: NotRequired[list[Agent]]


class ConfigurationInForce(TypedDict):
    """One version of the configuration."""

    # Goes up by one with every accepted change; the ETag.
    version: int
    # When it came into force.
    applied_at: str
    # What is in force.
    document: WholeOut


class ConfigurationOutcome(TypedDict):
    """What a rule sets. A field set by an earlier rule stays set; skills and tags add up."""

    # Name of a queue.
    queue: NotRequired[str | None]
    # How much it presses.
    priority: NotRequired[Priority | None]
    # What it is about.
    category: NotRequired[str | None]
    # Without these an agent is not considered.
    require_skills: NotRequired[list[SkillAtLevel]]
    # Preferred, not required.
    wish_skills: NotRequired[list[SkillAtLevel]]
    # The language to be spoken.
    language: NotRequired[str | None]
    # The area to be served.
    area: NotRequired[str | None]
    # Name of the only team that may take it.
    team: NotRequired[str | None]
    # Added to the ticket.
    tags: NotRequired[list[str]]


class ConfigurationSkillOut(TypedDict):
    """A skill in force."""

    # Opaque; the same as long as the name is.
    id: str
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among skills; others refer to it.
    name: str
    # What people read; the name if left out.
    title: str | None


class ContactIn(TypedDict):
    """A way to reach a customer. Kept as it is sent; found again however it is written."""

    # What it is.
    kind: ContactKind
    # An address; a number with its country (E.164, marks between the digits do not matter); a name or id on a network.
    value: str
    # Whether somebody made sure that it is theirs.
    verified: NotRequired[bool]
    # The first choice of its kind: one at most; the first one where none is.
    primary: NotRequired[bool]


class ContactOut(TypedDict):
    """A way to reach a customer."""

    # What it is.
    kind: ContactKind
    # As it was sent.
    value: str
    # Somebody made sure that it is theirs.
    verified: bool
    # The first choice among those of its kind.
    primary: bool


class ContactSought(TypedDict):
    """A contact, however it is written."""

    # An address, a number with its country, a name.
    value: str
    # What it is; any kind when left out.
    kind: NotRequired[ContactKind | None]


class Costs(TypedDict):
    """Units of an agent's capacity that one ticket takes: the larger of its kind's and its channel's."""

    # Units by kind; 1 where nothing is said.
    kinds: NotRequired[dict[str, int]]
    # Units by channel; 1 where nothing is said.
    channels: NotRequired[dict[str, int]]


class Count(TypedDict):
    """How many there are."""

    # Exact up to 10,000.
    count: int
    # There are more than the count says.
    capped: bool


class CreateItem(TypedDict):
    """A new ticket, as POST /v1/tickets takes it."""

    # What to do.
    operation: Literal["create"]
    # The ticket.
    ticket: TicketIn


class CustomerDryResult(TypedDict):
    """What would be done with one item."""

    # Its place in items, from 0.
    index: int
    # What its own call would have answered: 201 for what is new, 200 for a known external_id or a change, else the
    # problem's.
    status: int
    # Why it was refused; null where it was done.
    problem: ProblemOut | None
    # The customer as they would be; null where it would be refused.
    customer: CustomerDryRun | None


class CustomerDryRun(TypedDict):
    """A customer as they would be. Nothing was stored."""

    # The id elsewhere.
    external_id: str | None
    # What people call them.
    name: str | None
    # The primary address among the contacts.
    email: str | None
    # The primary number among the contacts.
    phone: str | None
    # What rules look at, for tickets that come from now on.
    tier: str | None
    # BCP 47; likewise.
    language: str | None
    # How they like to be answered.
    preferred_channel: Channel | None
    # Where they can be reached.
    contacts: list[ContactOut]
    # Facts.
    attributes: dict[str, bool | int | float | str]
    # Texts of yours.
    metadata: dict[str, str]
    # Who stands for this customer, where it was merged; that one may have been merged as well.
    merged_into_id: str | None
    # Counts changes; the ETag.
    version: int
    # First met.
    created_at: str
    # Last changed.
    updated_at: str
    # Null for somebody new.
    id: str | None
    # The status of the real call.
    would_status: int


class CustomerHistory(TypedDict):
    """One page of a customer's history, oldest first."""

    # Lines of the log: what was created, changed, merged and set apart, and by whom. Of all fields but tier and
    # language only the names are told.
    data: list[EventOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class CustomerIn(TypedDict):
    """Who asked. Found again by external_id; what is left out stays as it is known."""

    # The customer's id elsewhere.
    external_id: NotRequired[str | None]
    # What people call them.
    name: NotRequired[str | None]
    # Kept as it is sent.
    email: NotRequired[str | None]
    # Kept as it is sent.
    phone: NotRequired[str | None]
    # Rules and the strategy vip look at it.
    tier: NotRequired[str | None]
    # BCP 47, lower case.
    language: NotRequired[str | None]


class CustomerItem(TypedDict):
    """A customer as a merge patch: whoever has the external id is changed, else somebody new has it."""

    # Who.
    external_id: str
    # What people call them.
    name: NotRequired[str | None]
    # For tickets that come from now on.
    tier: NotRequired[str | None]
    # BCP 47, lower case; likewise.
    language: NotRequired[str | None]
    # How they like to be answered.
    preferred_channel: NotRequired[Channel | None]
    # All of them.
    contacts: NotRequired[list[ContactIn] | None]
    # Merged with those that are there; null takes one away.
    attributes: NotRequired[dict[str, bool | int | float | str | None] | None]
    # Merged likewise.
    metadata: NotRequired[dict[str, str | None] | None]


class CustomerOut(TypedDict):
    """Who asks."""

    # The id elsewhere.
    external_id: str | None
    # What people call them.
    name: str | None
    # The primary address among the contacts.
    email: str | None
    # The primary number among the contacts.
    phone: str | None
    # What rules look at, for tickets that come from now on.
    tier: str | None
    # BCP 47; likewise.
    language: str | None
    # How they like to be answered.
    preferred_channel: Channel | None
    # Where they can be reached.
    contacts: list[ContactOut]
    # Facts.
    attributes: dict[str, bool | int | float | str]
    # Texts of yours.
    metadata: dict[str, str]
    # Who stands for this customer, where it was merged; that one may have been merged as well.
    merged_into_id: str | None
    # Counts changes; the ETag.
    version: int
    # First met.
    created_at: str
    # Last changed.
    updated_at: str
    # Opaque.
    id: str


class CustomerPage(TypedDict):
    """One page of customers."""

    # In the order asked for.
    data: list[CustomerOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class CustomerPatch(TypedDict):
    """A JSON merge patch (RFC 7396): what is left out stays, null clears, a list is replaced whole."""

    # The customer's id elsewhere.
    external_id: NotRequired[str | None]
    # What people call them.
    name: NotRequired[str | None]
    # For tickets that come from now on.
    tier: NotRequired[str | None]
    # BCP 47, lower case; likewise.
    language: NotRequired[str | None]
    # How they like to be answered.
    preferred_channel: NotRequired[Channel | None]
    # All of them.
    contacts: NotRequired[list[ContactIn] | None]
    # Merged with those that are there; null takes one away.
    attributes: NotRequired[dict[str, bool | int | float | str | None] | None]
    # Merged likewise.
    metadata: NotRequired[dict[str, str | None] | None]


class CustomerResult(TypedDict):
    """What was done with one item."""

    # Its place in items, from 0.
    index: int
    # What its own call would have answered: 201 for what is new, 200 for a known external_id or a change, else the
    # problem's.
    status: int
    # Why it was refused; null where it was done.
    problem: ProblemOut | None
    # The customer as they are after the item; null where it was refused.
    customer: CustomerOut | None


class CustomerSearch(TypedDict):
    """Exactly one of external_id, contact and name."""

    # The id elsewhere.
    external_id: NotRequired[str | None]
    # Who can be reached so.
    contact: NotRequired[ContactSought | None]
    # The beginning of a name, whatever its case.
    name: NotRequired[str | None]
    # How many at most.
    limit: NotRequired[int]
    # next_cursor of the page before, of the same search.
    cursor: NotRequired[str | None]


class CustomersDryRun(TypedDict):
    """What a call would have answered. Nothing was stored."""

    # In the order of items.
    results: list[CustomerDryResult]
    # The status of the real call.
    would_status: int


class CustomersIn(TypedDict):
    """Up to 1,000 customers, put in order in one transaction."""

    # Each is one customer, found by external_id.
    items: list[CustomerItem]
    # All or nothing: one refused item refuses the call.
    atomic: NotRequired[bool]


class CustomersOut(TypedDict):
    """One result per item, in order."""

    # In the order of items.
    results: list[CustomerResult]


class DecisionOut(TypedDict):
    """The record of one choice. Names are looked up when it is read; the record itself has none."""

    # Opaque; null in a dry run.
    id: str | None
    # About which ticket.
    ticket_id: str | None
    # Its number.
    ticket_number: int | None
    # In which queue.
    queue_id: str
    # The queue's name.
    queue: str | None
    # Its place in the log.
    seq: int
    # When.
    at: str
    # What made it necessary.
    cause: str
    # What it came to.
    outcome: DecisionsOutcome
    # Who was chosen.
    agent_id: str | None
    # The chosen agent's name.
    agent: str | None
    # What people call the chosen agent.
    agent_title: str | None
    # Which configuration decided.
    configuration_version: int
    # Which engine decided.
    engine_version: str
    # How candidates were ordered.
    strategy: Strategy
    # Whether the agent was asked first.
    handover: Handover
    # The ticket's priority then.
    priority: Priority
    # What the ticket asked for.
    requirement: RequirementOut
    # What kept it from being given out, where somebody could take it.
    held: Held | None
    # How many agents there were.
    considered: int
    # How many could take it.
    eligible: int
    # Why the others could not, in the order of the filters.
    rejected: list[RejectedOut]
    # What was compared, one after the other.
    keys: list[str]
    # The ten best in order.
    ranked: list[RankedOut]
    # The key that set the first apart from the second.
    tie_break: str | None
    # The same in sentences, in the language of Accept-Language.
    explanation: str


class DecisionPage(TypedDict):
    """One page of decisions, oldest first."""

    # Oldest first.
    data: list[DecisionOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class DeletionDryRun(TypedDict):
    """What a deletion would have answered. Nothing was stored."""

    # The status of the real call.
    would_status: int


class DifferenceOut(TypedDict):
    """How many tickets would differ in one field."""

    # Which field.
    field: str
    # How many.
    tickets: int


class DocumentForm(TypedDict):
    """The whole configuration, as PUT /v1/configuration takes it."""

    # An exact IANA name; local-time conditions use it.
    time_zone: str
    # Where no rule decides; the first queue if left out.
    default_queue: str | None
    # Units that one ticket takes.
    costs: Costs
    # Groups of agents.
    teams: list[TeamForm]
    # What agents can do.
    skills: list[SkillForm]
    # How queues choose.
    routing_policies: list[RoutingPolicyForm]
    # What is promised.
    sla_policies: list[SlaPolicyForm]
    # Where tickets wait.
    queues: list[QueueForm]
    # Looked at in order.
    rules: list[RuleForm]
    # Who takes tickets.
    agents: list[AgentForm]


class Escalation(TypedDict):
    """One step after a breach."""

    # Which promise was broken.
    metric: Metric
    # After the breach; rising within a metric.
    after_seconds: int
    # One step up.
    raise_priority: NotRequired[bool]
    # Name of the team that takes over.
    move_to_team: NotRequired[str | None]
    # Name of the agent who takes over; not with move_to_team.
    hand_to: NotRequired[str | None]


class EventOut(TypedDict):
    """One line of the log, the same in feed, stream and webhook."""

    # Opaque; the same however often it is sent.
    id: str
    # Its place: no gaps, in the order of commits.
    seq: int
    # What happened.
    type: str
    # When.
    at: str
    actor: EventsActorOut
    subject: SubjectOut
    # Ids, enums, numbers and times; never a name or a word that somebody wrote.
    data: dict[str, Any]
    # The request that caused it.
    request_id: str | None
    # False in a sandbox.
    live: bool


class EventPage(TypedDict):
    """Events after a position."""

    # In order.
    data: list[EventOut]
    # The last position looked at: send it as `after` for the next page.
    last_seq: int
    # Send it with `after`: it changes when a backup was restored, and old positions are then refused.
    epoch: int


class EventsActorOut(TypedDict):
    """Who caused it."""

    # A key, an agent, another person who signed in, or the service itself.
    type: ActorType
    # Which.
    id: str


class ExpandedTicketOut(TypedDict):
    """A ticket with what `expand` asked for; without it the further fields are not there."""

    # What it is.
    kind: Kind
    # Where it stands.
    status: Status
    # The same in three words.
    status_group: StatusGroup
    # How much it presses.
    priority: Priority
    # How it came.
    channel: Channel
    # What it is about.
    category: str | None
    # The language the agent must speak.
    language: str | None
    # The area the agent must serve.
    area: str | None
    # Its id elsewhere.
    external_id: str | None
    # Who asked.
    customer_id: str | None
    # One line for people.
    subject: str
    # What the customer wrote.
    text: str
    # Words to find it by, also from rules.
    tags: list[str]
    # Facts.
    attributes: dict[str, bool | int | float | str]
    # Texts of yours.
    metadata: dict[str, str]
    # Where it waits or waited.
    queue_id: str
    # The queue's name; null where it is no longer configured.
    queue: str | None
    # The only team that may take it.
    team_id: str | None
    # That team's name.
    team: str | None
    # What an agent must have.
    require_skills: list[TicketsSkillOut]
    # What is preferred.
    wish_skills: list[TicketsSkillOut]
    # The owner, or who was it last when it ended.
    agent_id: str | None
    # Why it is where it is.
    decision_id: str | None
    # The offer that is open.
    offer_id: str | None
    # Units of an agent's capacity.
    cost: int
    # Since when it waits; null unless it does.
    waiting_since_at: str | None
    # When the owner got it.
    assigned_at: str | None
    # When the customer was first answered.
    first_responded_at: str | None
    # For whom or what the owner waits.
    pending_reason: PendingReason | None
    # When a snoozed ticket comes back by itself.
    snoozed_until_at: str | None
    # When it was done.
    resolved_at: str | None
    # When it was over for good.
    closed_at: str | None
    # How often it was opened again.
    reopened_count: int
    # How many escalation steps were taken.
    escalated_count: int
    # How often it was handed on, by people or escalations.
    transferred_count: int
    # Counts changes; the ETag.
    version: int
    # When it came.
    created_at: str
    # When it last changed.
    updated_at: str
    # Opaque, in order of time.
    id: str
    # For people; never used twice.
    number: int
    # With expand=decision.
    decision: NotRequired[DecisionOut | None]
    # With expand=customer.
    customer: NotRequired[CustomerOut | None]


class FieldChange(TypedDict):
    """One field that changed."""

    # The way to it.
    field: str
    # Null where there was nothing.
    before: Any
    # Null where there is nothing.
    after: Any


class FollowerOut(TypedDict):
    """An agent who follows a ticket."""

    # Who.
    agent_id: str
    # That agent's name.
    agent: str
    # Since when.
    since_at: str


class FollowersOut(TypedDict):
    """Who follows a ticket."""

    # By name.
    data: list[FollowerOut]


class HandoverOut(TypedDict):
    """The ticket was handed on, or given back to its queue."""

    # Its event's place in the log.
    seq: int
    # transferred or returned.
    kind: HandoverKind
    # Who owned it; null where it waited.
    from_agent_id: str | None
    # The queue it went to, where it went to one.
    queue_id: str | None
    # That queue's name.
    queue: str | None
    # The team, where it went to one.
    team_id: str | None
    # That team's name.
    team: str | None
    # The agent, where it went to one.
    agent_id: str | None
    # What was said of it.
    reason: str
    # Who did it.
    actor: EventsActorOut
    # When.
    created_at: str


class HandoverPage(TypedDict):
    """One page of handovers, oldest first."""

    # Oldest first.
    data: list[HandoverOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class HeadStart(TypedDict):
    """Seconds of waiting time that a priority is given at the start. Must not fall as the priority rises."""

    # For low.
    low: NotRequired[int]
    # For medium.
    medium: NotRequired[int]
    # For high.
    high: NotRequired[int]
    # For urgent.
    urgent: NotRequired[int]


class HeadStartPatch(TypedDict):
    """Seconds of waiting time that a priority is given at the start. Must not fall as the priority rises. What is left out
    stays, null is the default again.
    """

    # For low.
    low: NotRequired[int | None]
    # For medium.
    medium: NotRequired[int | None]
    # For high.
    high: NotRequired[int | None]
    # For urgent.
    urgent: NotRequired[int | None]


class HistoryEntry(TypedDict):
    """One change of an object."""

    # The version of the configuration that made it.
    configuration_version: int
    # When it came into force.
    at: str
    # Who made it.
    actor: ObjectsActorOut
    # created (also when it came back), changed or removed.
    kind: ChangeKind
    # What it was called then.
    name: str
    # Fields with their values before and after; empty unless it was changed.
    changed: list[FieldChange]


class HistoryPage(TypedDict):
    """One page of changes of an object."""

    # The last first.
    data: list[HistoryEntry]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class KeyDryRun(TypedDict):
    """What a call would have answered. Nothing was stored."""

    # login: a code that gives a session, once; session: of a person who signed in.
    kind: KeyKind
    # What it is for.
    name: str
    # What it may do.
    role: Role
    # What it is narrowed to; null is all that the role has.
    scopes: list[str] | None
    # Whose key it is, for the role agent.
    agent_id: str | None
    # The end of its secret, to tell keys apart.
    last_four: str
    # Its own rate.
    rate_limit: str | None
    # After a rotation: until when the secret before is right too.
    previous_until_at: str | None
    # When it was made.
    created_at: str
    # When it was last changed.
    updated_at: str
    # When it was last used, to within two minutes; null is never.
    last_used_at: str | None
    # When it ends.
    expires_at: str | None
    # Since when it is refused.
    revoked_at: str | None
    # Counts changes; the ETag.
    version: int
    # Null where the call would make a key.
    id: str | None
    # Nothing is made that opens.
    secret: None
    # The status of the real call.
    would_status: int


class KeyIn(TypedDict):
    """A key to be made."""

    # What it is for; people read it in lists.
    name: str
    # What it may do.
    role: Role
    # For the role agent, and only for it: whose key it is, by id, name, or ext:<external_id>.
    agent_id: NotRequired[str | None]
    # Narrows the role to these; null is all that the role has.
    scopes: NotRequired[list[str] | None]
    # When it ends; null is never.
    expires_at: NotRequired[str | None]
    # Its own rate; null is the one that the service is set to.
    rate_limit: NotRequired[str | None]


class KeyOut(TypedDict):
    """A key, without what opens."""

    # login: a code that gives a session, once; session: of a person who signed in.
    kind: KeyKind
    # What it is for.
    name: str
    # What it may do.
    role: Role
    # What it is narrowed to; null is all that the role has.
    scopes: list[str] | None
    # Whose key it is, for the role agent.
    agent_id: str | None
    # The end of its secret, to tell keys apart.
    last_four: str
    # Its own rate.
    rate_limit: str | None
    # After a rotation: until when the secret before is right too.
    previous_until_at: str | None
    # When it was made.
    created_at: str
    # When it was last changed.
    updated_at: str
    # When it was last used, to within two minutes; null is never.
    last_used_at: str | None
    # When it ends.
    expires_at: str | None
    # Since when it is refused.
    revoked_at: str | None
    # Counts changes; the ETag.
    version: int
    # Opaque; part of the key itself.
    id: str


class KeyPage(TypedDict):
    """One page of keys."""

    # In the order in which they were made, revoked ones too.
    data: list[KeyOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class KeyPatch(TypedDict):
    """A JSON merge patch (RFC 7396): what is left out stays, null clears, a list is replaced whole."""

    # What it is for.
    name: NotRequired[str]
    # Narrows the role to these; null is all that the role has.
    scopes: NotRequired[list[str] | None]
    # When it ends; null is never.
    expires_at: NotRequired[str | None]
    # Its own rate; null is the usual one.
    rate_limit: NotRequired[str | None]


class KeyWithSecret(TypedDict):
    """A key with what opens. It is shown this once and stored nowhere."""

    # login: a code that gives a session, once; session: of a person who signed in.
    kind: KeyKind
    # What it is for.
    name: str
    # What it may do.
    role: Role
    # What it is narrowed to; null is all that the role has.
    scopes: list[str] | None
    # Whose key it is, for the role agent.
    agent_id: str | None
    # The end of its secret, to tell keys apart.
    last_four: str
    # Its own rate.
    rate_limit: str | None
    # After a rotation: until when the secret before is right too.
    previous_until_at: str | None
    # When it was made.
    created_at: str
    # When it was last changed.
    updated_at: str
    # When it was last used, to within two minutes; null is never.
    last_used_at: str | None
    # When it ends.
    expires_at: str | None
    # Since when it is refused.
    revoked_at: str | None
    # Counts changes; the ETag.
    version: int
    # Opaque; part of the key itself.
    id: str
    # The whole key, for Authorization: Bearer. Null in the answer to a repeat under the same Idempotency-Key: if the
    # first answer was lost, rotate the key.
    secret: str | None


class LimitOut(TypedDict):
    """A channel's own limit."""

    # Which channel.
    channel: Channel
    # Units at most.
    units: int


class MarkIn(TypedDict):
    """What an agent does with the ticket now."""

    # viewing, replying, or null: neither any more.
    kind: MarkKind | None
    # Whose mark: id, name or ext:<external_id>. An agent's key means its own agent.
    agent_id: NotRequired[str | None]


class MarkOut(TypedDict):
    """A mark that is alive."""

    # What the agent does.
    kind: MarkKind
    # Who.
    agent_id: str
    # That agent's name.
    agent: str
    # Since when, without a gap.
    since_at: str
    # When it ends unless it is renewed before.
    until_at: str


class MarksDryRun(TypedDict):
    """What the marks would be; nothing was stored."""

    # The earliest first.
    data: list[MarkOut]
    # The status that the call would have.
    would_status: int


class MarksOut(TypedDict):
    """All marks of a ticket that are alive: who replies, then who views."""

    # The earliest first.
    data: list[MarkOut]


class MeOut(TypedDict):
    """An agent's own work."""

    # The agent whose key this is.
    agent: AgentOut
    # What is offered, the first to lapse first.
    offers: list[OfferOut]
    # What the agent owns and is not done, oldest first.
    tickets: list[TicketOut]
    # Tickets that the agent follows, at most 1,000, the latest first.
    following: list[str]
    # Send it as `after` with `wait` to hear of the next change.
    last_seq: int


class MemberReport(TypedDict):
    """One agent's turns in one queue."""

    # Opaque.
    agent_id: str
    # The agent's name.
    agent: str
    # What people call the agent.
    title: str
    # For weighted_round_robin.
    weight: int
    # Tickets that came by turn; by hand and by escalation do not count.
    assigned: int
    # For fair_share: tickets' worth not yet received.
    owed_share: float


class MergeIn(TypedDict):
    """Who the customer is as well."""

    # The customer who stays: an id, or ext:<external_id>.
    into: str


class MessageIn(TypedDict):
    """One message. From the customer it wakes a ticket that waited; from the owner it is an answer."""

    # Who wrote it.
    direction: Direction
    # At most 32 KiB.
    text: str


class MessageOut(TypedDict):
    """What was said after the first text."""

    # Opaque.
    id: str
    # inbound is the customer, outbound the owner.
    direction: str
    # Which agent's key sent it.
    agent_id: str | None
    # The words.
    text: str
    # When it came.
    created_at: str


class MessagePage(TypedDict):
    """One page of messages, oldest first."""

    # Oldest first.
    data: list[MessageOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class NeedOut(TypedDict):
    """A skill that is asked for."""

    # Opaque.
    skill_id: str
    # Its name in the configuration that decided.
    skill: str | None
    # At least.
    level: int


class NewCustomer(TypedDict):
    """Somebody new. Everything may be left out, but for one field."""

    # The customer's id elsewhere, unique: a second call with it gets the first customer.
    external_id: NotRequired[str | None]
    # What people call them.
    name: NotRequired[str | None]
    # Rules and the strategy vip look at it.
    tier: NotRequired[str | None]
    # BCP 47, lower case.
    language: NotRequired[str | None]
    # How they like to be answered.
    preferred_channel: NotRequired[Channel | None]
    # Where they can be reached.
    contacts: NotRequired[list[ContactIn]]
    # Facts. With metadata at most 16 KiB.
    attributes: NotRequired[dict[str, bool | int | float | str]]
    # Texts of your own that nothing looks at.
    metadata: NotRequired[dict[str, str]]


class NextStep(TypedDict):
    """What happens at a moment if nobody does anything before."""

    # When.
    at: str
    # What.
    step: Step
    # Of which promise; null for an offer.
    metric: Metric | None
    # Which escalation, from 1; null for the others.
    level: int | None
    # The priority it rises to; null where it stays.
    priority: Priority | None
    # The team it goes to; null where it stays.
    team_id: str | None
    # That team's name.
    team: str | None
    # To whom an escalation hands it, or whose offer ends.
    agent_id: str | None
    # That agent's name.
    agent: str | None
    # What people call that agent.
    agent_title: str | None


NotOf = TypedDict("NotOf", {"not": "AllOf | AnyOf | NotOf | Comparison"})
"""This does not hold."""


class Nothing(TypedDict):
    """A body with nothing in it: {} or none at all."""


class ObjectsActorOut(TypedDict):
    """Who did it."""

    # What kind of caller.
    type: ActorType
    # Which one.
    id: str


class OfferOut(TypedDict):
    """A ticket that the agent may take."""

    # Opaque.
    id: str
    # Which ticket.
    ticket_id: str
    # Always pending here.
    status: str
    # Why this agent.
    decision_id: str | None
    # The ticket's number.
    number: int
    # What it is.
    kind: Kind
    # How it came.
    channel: Channel
    # How much it presses.
    priority: Priority
    # What it is about.
    category: str | None
    # One line.
    subject: str
    # Since when it stands.
    created_at: str
    # Until when it stands.
    expires_at: str


class Outcome(TypedDict):
    """What a rule sets. A field set by an earlier rule stays set; skills and tags add up."""

    # Name of a queue.
    queue: NotRequired[str | None]
    # How much it presses.
    priority: NotRequired[Priority | None]
    # What it is about.
    category: NotRequired[str | None]
    # Without these an agent is not considered.
    require_skills: NotRequired[list[SkillAtLevel]]
    # Preferred, not required.
    wish_skills: NotRequired[list[SkillAtLevel]]
    # The language to be spoken.
    language: NotRequired[str | None]
    # The area to be served.
    area: NotRequired[str | None]
    # Name of the only team that may take it.
    team: NotRequired[str | None]
    # Added to the ticket.
    tags: NotRequired[list[str]]


class OutcomePatch(TypedDict):
    """What a rule sets. A field set by an earlier rule stays set; skills and tags add up. What is left out stays, null is
    the default again.
    """

    # Name of a queue.
    queue: NotRequired[str | None]
    # How much it presses.
    priority: NotRequired[Priority | None]
    # What it is about.
    category: NotRequired[str | None]
    # Without these an agent is not considered.
    require_skills: NotRequired[list[SkillAtLevel] | None]
    # Preferred, not required.
    wish_skills: NotRequired[list[SkillAtLevel] | None]
    # The language to be spoken.
    language: NotRequired[str | None]
    # The area to be served.
    area: NotRequired[str | None]
    # Name of the only team that may take it.
    team: NotRequired[str | None]
    # Added to the ticket.
    tags: NotRequired[list[str] | None]


class OutlookOut(TypedDict):
    """What keeps an open ticket where it is, and what comes next if nobody does anything."""

    # Which ticket.
    ticket_id: str
    # Its number.
    ticket_number: int
    # When it was looked at.
    at: str
    # Where it stands.
    status: Status
    # How much it presses.
    priority: Priority
    # In which queue.
    queue_id: str
    # The queue's name.
    queue: str | None
    # The queue's order.
    order: Order
    # By which configuration.
    configuration_version: int
    # Since when it waits; null unless it does.
    waiting_since_at: str | None
    # Its place in the queue's present order, from 1; null unless it waits.
    position: int | None
    # How many wait in the queue.
    waiting_in_queue: int
    # The owner, or who is asked.
    agent_id: str | None
    # That agent's name.
    agent: str | None
    # What people call that agent.
    agent_title: str | None
    # What it asks of an agent.
    requirement: RequirementOut
    # How many agents there are.
    considered: int
    # How many could take it now.
    eligible: int
    # Why nothing is given out of the queue now; null where it is.
    held: Held | None
    # What keeps the others out, counted, in the order of the filters.
    rejected: list[RejectedOut]
    # How many could take it once they are there and have room.
    could_when_free: int
    # At most ten of those, in the order in which they joined.
    first_of_them: list[WhenFree]
    # Promises whose clock stands still.
    standing_still: list[StandingStill]
    # What falls due, in order of time.
    next_steps: list[NextStep]
    # The same in sentences, in the language of Accept-Language.
    explanation: str


class PauseOut(TypedDict):
    """A time during which a clock stood still."""

    # From.
    from_at: str
    # To; null while it lasts.
    to_at: str | None


class PendIn(TypedDict):
    """For whom the owner waits."""

    # For whom.
    reason: NotRequired[Awaited]


class Place(TypedDict):
    """Where a rule stands among the others: one of these."""

    # Counted from 1; larger than there are is last.
    position: NotRequired[int | None]
    # Name or id of the rule that then comes next.
    before: NotRequired[str | None]
    # Name or id of the rule that then comes before.
    after: NotRequired[str | None]


class PlacedOut(TypedDict):
    """What a ticket would get when it comes in. All null where it would be refused."""

    # Null where it would be taken.
    refused: RefusedOut | None
    # Names of the rules that match, in order.
    rules: list[str]
    # Null for a queue that only the tried configuration has.
    queue_id: str | None
    # Where it would wait.
    queue: str | None
    # How much it would press.
    priority: Priority | None
    # What it would be about.
    category: str | None
    # The language the agent must speak.
    language: str | None
    # The area the agent must serve.
    area: str | None
    # The only team that may take it.
    team: str | None
    # What an agent must have.
    require_skills: list[TicketsSkillOut]
    # What is preferred.
    wish_skills: list[TicketsSkillOut]
    # The ticket's own and those of rules.
    tags: list[str]
    # Units of an agent's capacity.
    cost: int | None
    # What would be promised.
    promises: list[PromisedOut]
    # Whether the agent would be asked first.
    handover: Handover | None
    # How many could take it now.
    eligible: int
    # Who would be chosen now; null where nobody could take it.
    agent_id: str | None
    # That agent's name.
    agent: str | None
    # What people call that agent.
    agent_title: str | None


class PresenceIn(TypedDict):
    """Whether the agent takes work now."""

    # available takes what waits at once.
    presence: Presence


class Problem(TypedDict):
    """A refusal (RFC 9457). Further members say what is so now."""

    # urn:giliran:problem:<code>.
    type: str
    # What it is, in a few words.
    title: str
    # The HTTP status again.
    status: int
    # One sentence a person can act on.
    detail: str
    # Never changes; programs decide by it.
    code: str
    # Tell us this one.
    request_id: str
    # Where the code is explained.
    help: str
    # Each mistake of the body, all of them at once.
    errors: NotRequired[list[dict[str, Any]]]


class ProblemOut(TypedDict):
    """Why an item was refused, as its own call would say it (RFC 9457). Further members say what is so now."""

    # urn:giliran:problem:<code>.
    type: str
    # What it is, in a few words.
    title: str
    # The status of the item again.
    status: int
    # One sentence a person can act on.
    detail: str
    # Never changes; programs decide by it.
    code: str
    # The call's.
    request_id: str
    # Where the code is explained.
    help: str
    # Each mistake, its pointer into the body of the call; absent where there is none.
    errors: NotRequired[list[dict[str, Any]]]


class PromiseOut(TypedDict):
    """A promise, and how its deadline was computed: due = started + target + the time the clock stood still."""

    # What is promised.
    metric: Metric
    # What has become of it.
    state: TimerState
    # The ticket's priority when it started.
    priority: Priority | None
    # The ticket's priority now. A change moves no deadline: what was promised stays promised.
    present_priority: Priority
    # The policy that promised.
    sla_policy: str | None
    # In which configuration.
    configuration_version: int | None
    # The time promised; null where the log is no longer kept.
    target_seconds: int | None
    # How long the clock has stood still.
    paused_seconds: int | None
    # When the clock stood still, as far as the log is kept.
    pauses: list[PauseOut]
    # What is left while it stands still.
    left_seconds: int | None
    # From when.
    started_at: str
    # When the warning is or was due; null without one, and while the clock stands still.
    warn_at: str | None
    # The deadline; null while the clock stands still.
    due_at: str | None
    # When the next step is taken.
    next_at: str | None
    # warning, breach or escalation_<level>.
    next_step: str | None
    # When it was kept, fulfilled too late, or cancelled.
    settled_at: str | None
    # Whether a warning was given.
    warned: bool
    # Failed attempts at the next step.
    attempts: int
    # What happened to it, oldest first.
    steps: list[PromiseStep]
    # The same in sentences, in the language of Accept-Language.
    explanation: str


class PromisePage(TypedDict):
    """All promises of a ticket."""

    # First response before resolution.
    data: list[PromiseOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class PromiseReport(TypedDict):
    """What became of the promises for the tickets of the time."""

    # The ticket's priority when it came.
    priority: Priority
    # What was promised.
    metric: Metric
    # Kept in time.
    met: int
    # Passed, fulfilled since or not.
    broken: int
    # Not yet decided.
    running: int
    # No longer matter.
    cancelled: int
    # Of those decided.
    met_percent: float | None


class PromiseStep(TypedDict):
    """One event of a promise."""

    # Its place in the log.
    seq: int
    # What happened.
    type: str
    # When.
    at: str
    # The deadline from then on, where it was set.
    due_at: str | None
    # The next step's moment from then on, where it was set.
    next_at: str | None
    # Which step that is.
    next_step: str | None


class PromisedOut(TypedDict):
    """A promise that would be made."""

    # What is promised.
    metric: Metric
    # Within which time.
    target_seconds: int
    # Counted from the moment the ticket came.
    due_at: str


class Queue(TypedDict):
    """Where tickets wait."""

    # Unique among queues.
    name: str
    # What people read; the name if left out.
    title: NotRequired[str | None]
    # Name of a routing policy.
    routing_policy: str
    # Name of an SLA policy; null promises nothing.
    sla_policy: NotRequired[str | None]
    # Whose agents may take its tickets.
    teams: list[str]
    # Larger goes first.
    weight: NotRequired[int]


class QueueDryRun(TypedDict):
    """A queue as it would be."""

    # Null for a new one.
    id: str | None
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among queues.
    name: str
    # What people read; the name if left out.
    title: str | None
    # Name of a routing policy.
    routing_policy: str
    # Name of an SLA policy; null promises nothing.
    sla_policy: str | None
    # Whose agents may take its tickets.
    teams: list[str]
    # Larger goes first.
    weight: int
    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class QueueEdit(TypedDict):
    """A queue."""

    # The name of the one to take away, in place of object.
    remove: NotRequired[str | None]
    # Of which section.
    section: Literal["queues"]
    # The queue as it would be.
    object: NotRequired[Queue | None]


class QueueForm(TypedDict):
    """A queue as a document has it."""

    # Unique among queues.
    name: str
    # What people read; the name if left out.
    title: str | None
    # Name of a routing policy.
    routing_policy: str
    # Name of an SLA policy; null promises nothing.
    sla_policy: str | None
    # Whose agents may take its tickets.
    teams: list[str]
    # Larger goes first.
    weight: int


class QueueOut(TypedDict):
    """A queue in force."""

    # Opaque; the same as long as the name is.
    id: str
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among queues.
    name: str
    # What people read; the name if left out.
    title: str | None
    # Name of a routing policy.
    routing_policy: str
    # Name of an SLA policy; null promises nothing.
    sla_policy: str | None
    # Whose agents may take its tickets.
    teams: list[str]
    # Larger goes first.
    weight: int


class QueuePage(TypedDict):
    """One page of queues."""

    # In the order of the document.
    data: list[QueueOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class QueuePatch(TypedDict):
    """Where tickets wait. What is left out stays, null is the default again."""

    # Unique among queues.
    name: NotRequired[str | None]
    # What people read; the name if left out.
    title: NotRequired[str | None]
    # Name of a routing policy.
    routing_policy: NotRequired[str | None]
    # Name of an SLA policy; null promises nothing.
    sla_policy: NotRequired[str | None]
    # Whose agents may take its tickets.
    teams: NotRequired[list[str] | None]
    # Larger goes first.
    weight: NotRequired[int | None]


class QueueReport(TypedDict):
    """What became of the tickets that a queue received in the time."""

    # Opaque.
    queue_id: str
    # Its name.
    queue: str | None
    # How many came.
    received: int
    # How many of them ever had an owner.
    assigned: int
    # How many of them wait now.
    waiting: int
    # How many of them are offered or owned now and not done.
    in_hand: int
    # How many of them were ever escalated.
    escalated: int
    # How many of them are resolved or closed.
    resolved: int
    # How many of them were cancelled.
    cancelled: int
    # Since when the one waiting longest waits.
    longest_waiting_since_at: str | None
    # From arrival to the first owner: half are faster.
    wait_median_seconds: float | None
    # The same: 95 % are faster.
    wait_p95_seconds: float | None
    # From arrival to the first answer.
    first_response_median_seconds: float | None
    # From arrival until it was resolved.
    resolution_median_seconds: float | None


class QueueStateDryRun(TypedDict):
    """How it would be. Nothing was stored."""

    # Which queue.
    queue_id: str
    # Its name.
    queue: str
    # running, paused or draining.
    state: QueueState
    # Since when; null while it runs.
    since_at: str | None
    # The status of the real call.
    would_status: int


class QueueStateOut(TypedDict):
    """Whether a queue takes tickets in and gives them out."""

    # Which queue.
    queue_id: str
    # Its name.
    queue: str
    # running, paused or draining.
    state: QueueState
    # Since when; null while it runs.
    since_at: str | None


class QueuesReport(TypedDict):
    """Queues and promises over a time."""

    # Inclusive.
    from_at: str
    # Exclusive.
    to_at: str
    # In the order of the configuration.
    queues: list[QueueReport]
    # The most pressing first.
    promises: list[PromiseReport]


class RankedOut(TypedDict):
    """One of the best."""

    # 1 is the best.
    place: int
    # Opaque.
    agent_id: str
    # The agent's name.
    agent: str | None
    # What people call the agent.
    title: str | None
    # Units held before this ticket.
    load: int
    # Units the agent can hold.
    capacity: int
    # The value of each key; smaller came first.
    values: dict[str, int]


class Ready(TypedDict):
    """The process may be sent work."""

    # Always ready: whoever is not answers 503.
    status: Literal["ready"]
    # Whether PostgreSQL answers.
    database: Literal["ok", "away", "behind", "not_used"]
    # Whether the tables are those this code was written for.
    migrations: Literal["ok", "away", "behind", "not_used"]
    # Whether Valkey answers. Without it hints are late by up to a second, and nothing else.
    valkey: Literal["ok", "away", "behind", "not_used"]


class ReasonIn(TypedDict):
    """What people should know about it."""

    # For people, kept with the ticket's handovers; never in an event.
    reason: NotRequired[str]


class ReasonOut(TypedDict):
    """Why an agent could not take it: the first filter that failed, and what it was about."""

    # Which filter.
    reason: Rejection
    # For team: those who may take it.
    teams: list[TeamNamed]
    # For skill: which.
    skill_id: str | None
    # For skill: its name.
    skill: str | None
    # For skill: at least.
    level: int | None
    # For language: which.
    language: str | None
    # For area: which.
    area: str | None
    # For channel_capacity: which.
    channel: Channel | None


class RefusedOut(TypedDict):
    """Why the ticket would not be taken at all."""

    # The code of the problem.
    code: str
    # One sentence.
    detail: str


class RejectedOut(TypedDict):
    """A reason and how many it kept out."""

    # Which filter.
    reason: Rejection
    # For team: those who may take it.
    teams: list[TeamNamed]
    # For skill: which.
    skill_id: str | None
    # For skill: its name.
    skill: str | None
    # For skill: at least.
    level: int | None
    # For language: which.
    language: str | None
    # For area: which.
    area: str | None
    # For channel_capacity: which.
    channel: Channel | None
    # How many agents.
    agents: int


class ReleaseIn(TypedDict):
    """Whither all work of the agent goes: at most one of queue, team and agent_id; with none each ticket to its own queue."""

    # For people, kept with the ticket's handovers; never in an event.
    reason: NotRequired[str]
    # A queue's name or id.
    queue: NotRequired[str | None]
    # A team's name or id.
    team: NotRequired[str | None]
    # Another agent's id, name, or ext:<external_id>: up to their capacity.
    agent_id: NotRequired[str | None]
    # offline: the agent goes offline in the same moment, and offers to them are withdrawn.
    presence: NotRequired[Literal["offline"] | None]


class ReleasedDryRun(TypedDict):
    """What would go where. Nothing was stored."""

    # Whose work it was.
    agent_id: str
    # Oldest number first; empty where the agent owned nothing.
    tickets: list[ReleasedTicketOut]
    # The status of the real call.
    would_status: int


class ReleasedOut(TypedDict):
    """What went where."""

    # Whose work it was.
    agent_id: str
    # Oldest number first; empty where the agent owned nothing.
    tickets: list[ReleasedTicketOut]


class ReleasedTicketOut(TypedDict):
    """Where a ticket of the agent is now."""

    # Which ticket.
    ticket_id: str
    # waiting, offered or assigned.
    status: Status
    # Its queue.
    queue_id: str
    # That queue's name.
    queue: str | None
    # Who has it now, or is asked; null where it waits.
    agent_id: str | None


class RequirementOut(TypedDict):
    """What the ticket asked of an agent."""

    # How it came.
    channel: Channel
    # Units it takes.
    cost: int
    # The only team that may take it.
    team_id: str | None
    # That team's name.
    team: str | None
    # Required.
    require_skills: list[NeedOut]
    # Preferred.
    wish_skills: list[NeedOut]
    # To be spoken.
    language: str | None
    # To be served.
    area: str | None
    # The customer's tier.
    tier: str | None


class ReturnItem(TypedDict):
    """Back to its queue, as POST /v1/tickets/{ticket}/return."""

    # For people, kept with the ticket's handovers; never in an event.
    reason: NotRequired[str]
    # The ticket's id, or ext:<external_id>, also of one that an item before this one creates.
    id: str
    # The version you have read, as If-Match; stale is 412.
    version: NotRequired[int | None]
    # What to do.
    operation: Literal["return"]


class ReturnedTicket(TypedDict):
    """A ticket that the agent held, and what became of it."""

    # Which ticket.
    id: str
    # assigned, offered or waiting.
    outcome: str
    # Who has it or is asked now.
    agent_id: str | None


class RotateIn(TypedDict):
    """How long the present secret stays right beside the new one."""

    # 0 ends it at once, as for one that has leaked; at most 30 days.
    overlap_seconds: int


class RoutingPolicy(TypedDict):
    """How a queue chooses a ticket and an agent."""

    # Unique among routing policies.
    name: str
    # How those who may take a ticket are ordered.
    strategy: NotRequired[Strategy]
    # Only for strategy skill, where it is best if left out.
    skill_fit: NotRequired[SkillFit | None]
    # Which ticket comes first.
    order: NotRequired[Order]
    # Only for order priority.
    head_start_seconds: NotRequired[HeadStart | None]
    # Required for strategy vip, refused elsewhere.
    vip: NotRequired[Vip | None]
    # Whether the agent is asked first.
    handover: NotRequired[Handover]
    # How long an offer stands; only for handover offer, where it is 60 if left out.
    offer_seconds: NotRequired[int | None]


class RoutingPolicyDryRun(TypedDict):
    """A routing policy as it would be."""

    # Null for a new one.
    id: str | None
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among routing policies.
    name: str
    # How those who may take a ticket are ordered.
    strategy: Strategy
    # Only for strategy skill, where it is best if left out.
    skill_fit: SkillFit | None
    # Which ticket comes first.
    order: Order
    # Only for order priority.
    head_start_seconds: HeadStart | None
    # Required for strategy vip, refused elsewhere.
    vip: Vip | None
    # Whether the agent is asked first.
    handover: Handover
    # How long an offer stands; only for handover offer, where it is 60 if left out.
    offer_seconds: int | None
    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class RoutingPolicyEdit(TypedDict):
    """A routing policy."""

    # The name of the one to take away, in place of object.
    remove: NotRequired[str | None]
    # Of which section.
    section: Literal["routing_policies"]
    # The policy as it would be.
    object: NotRequired[RoutingPolicy | None]


class RoutingPolicyForm(TypedDict):
    """A routing policy as a document has it."""

    # Unique among routing policies.
    name: str
    # How those who may take a ticket are ordered.
    strategy: Strategy
    # Only for strategy skill, where it is best if left out.
    skill_fit: SkillFit | None
    # Which ticket comes first.
    order: Order
    # Only for order priority.
    head_start_seconds: HeadStart | None
    # Required for strategy vip, refused elsewhere.
    vip: Vip | None
    # Whether the agent is asked first.
    handover: Handover
    # How long an offer stands; only for handover offer, where it is 60 if left out.
    offer_seconds: int | None


class RoutingPolicyOut(TypedDict):
    """A routing policy in force."""

    # Opaque; the same as long as the name is.
    id: str
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among routing policies.
    name: str
    # How those who may take a ticket are ordered.
    strategy: Strategy
    # Only for strategy skill, where it is best if left out.
    skill_fit: SkillFit | None
    # Which ticket comes first.
    order: Order
    # Only for order priority.
    head_start_seconds: HeadStart | None
    # Required for strategy vip, refused elsewhere.
    vip: Vip | None
    # Whether the agent is asked first.
    handover: Handover
    # How long an offer stands; only for handover offer, where it is 60 if left out.
    offer_seconds: int | None


class RoutingPolicyPage(TypedDict):
    """One page of routing policies."""

    # In the order of the document.
    data: list[RoutingPolicyOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class RoutingPolicyPatch(TypedDict):
    """How a queue chooses a ticket and an agent. What is left out stays, null is the default again."""

    # Unique among routing policies.
    name: NotRequired[str | None]
    # How those who may take a ticket are ordered.
    strategy: NotRequired[Strategy | None]
    # Only for strategy skill, where it is best if left out.
    skill_fit: NotRequired[SkillFit | None]
    # Which ticket comes first.
    order: NotRequired[Order | None]
    # Only for order priority.
    head_start_seconds: NotRequired[HeadStartPatch | None]
    # Required for strategy vip, refused elsewhere.
    vip: NotRequired[VipPatch | None]
    # Whether the agent is asked first.
    handover: NotRequired[Handover | None]
    # How long an offer stands; only for handover offer, where it is 60 if left out.
    offer_seconds: NotRequired[int | None]


class Rule(TypedDict):
    """If a condition holds, set fields of the new ticket. Rules are looked at once, in order."""

    # Unique among rules.
    name: str
    # False leaves the rule out.
    enabled: NotRequired[bool]
    # The condition.
    when: AllOf | AnyOf | NotOf | Comparison
    # What is set.
    then: NotRequired[Outcome]
    # True: no later rule is looked at.
    stop: NotRequired[bool]


class RuleDryRun(TypedDict):
    """A rule as it would be."""

    # Null for a new one.
    id: str | None
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among rules.
    name: str
    # False leaves the rule out.
    enabled: bool
    # The condition.
    when: AllOf | AnyOf | NotOf | Comparison
    # What is set.
    then: ConfigurationOutcome
    # True: no later rule is looked at.
    stop: bool
    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class RuleEdit(TypedDict):
    """A rule. A new one is looked at last."""

    # The name of the one to take away, in place of object.
    remove: NotRequired[str | None]
    # Of which section.
    section: Literal["rules"]
    # The rule as it would be.
    object: NotRequired[Rule | None]


class RuleForm(TypedDict):
    """A rule as a document has it."""

    # Unique among rules.
    name: str
    # False leaves the rule out.
    enabled: bool
    # The condition.
    when: AllOf | AnyOf | NotOf | Comparison
    # What is set.
    then: ConfigurationOutcome
    # True: no later rule is looked at.
    stop: bool


class RuleHits(TypedDict):
    """How often a rule matched."""

    # Which rule.
    id: str
    # What it is called.
    name: str
    # Inclusive.
    from_at: str
    # Exclusive.
    to_at: str
    # New tickets in this time.
    tickets: int
    # How many of them it matched.
    hits: int
    # The last time; null for never.
    last_hit_at: str | None


class RuleIn(TypedDict):
    """A new rule, and where it stands; last if nothing is said."""

    # Counted from 1; larger than there are is last.
    position: NotRequired[int | None]
    # Name or id of the rule that then comes next.
    before: NotRequired[str | None]
    # Name or id of the rule that then comes before.
    after: NotRequired[str | None]
    # Unique among rules.
    name: str
    # False leaves the rule out.
    enabled: NotRequired[bool]
    # The condition.
    when: AllOf | AnyOf | NotOf | Comparison
    # What is set.
    then: NotRequired[Outcome]
    # True: no later rule is looked at.
    stop: NotRequired[bool]


class RuleOut(TypedDict):
    """A rule in force."""

    # Opaque; the same as long as the name is.
    id: str
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among rules.
    name: str
    # False leaves the rule out.
    enabled: bool
    # The condition.
    when: AllOf | AnyOf | NotOf | Comparison
    # What is set.
    then: ConfigurationOutcome
    # True: no later rule is looked at.
    stop: bool


class RulePage(TypedDict):
    """One page of rules."""

    # In the order in which they are looked at.
    data: list[RuleOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class RulePatch(TypedDict):
    """If a condition holds, set fields of the new ticket. Rules are looked at once, in order. What is left out stays, null
    is the default again.
    """

    # Unique among rules.
    name: NotRequired[str | None]
    # False leaves the rule out.
    enabled: NotRequired[bool | None]
    # The condition.
    when: NotRequired[dict[str, Any] | None]
    # What is set.
    then: NotRequired[OutcomePatch | None]
    # True: no later rule is looked at.
    stop: NotRequired[bool | None]


class SessionIn(TypedDict):
    """What opens a session."""

    # The code, as the command line printed it.
    code: str


class Skill(TypedDict):
    """Something an agent can do, at a level from 1 to 10."""

    # Unique among skills; others refer to it.
    name: str
    # What people read; the name if left out.
    title: NotRequired[str | None]


class SkillAtLevel(TypedDict):
    """A skill and how well it is known, from 1 to 10."""

    # Name of a skill.
    skill: str
    # 1 is a beginner, 10 the best.
    level: int


class SkillDryRun(TypedDict):
    """A skill as it would be."""

    # Null for a new one.
    id: str | None
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among skills; others refer to it.
    name: str
    # What people read; the name if left out.
    title: str | None
    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class SkillEdit(TypedDict):
    """A skill."""

    # The name of the one to take away, in place of object.
    remove: NotRequired[str | None]
    # Of which section.
    section: Literal["skills"]
    # The skill as it would be.
    object: NotRequired[Skill | None]


class SkillForm(TypedDict):
    """A skill as a document has it."""

    # Unique among skills; others refer to it.
    name: str
    # What people read; the name if left out.
    title: str | None


class SkillPage(TypedDict):
    """One page of skills."""

    # In the order of the document.
    data: list[ConfigurationSkillOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class SkillPatch(TypedDict):
    """Something an agent can do, at a level from 1 to 10. What is left out stays, null is the default again."""

    # Unique among skills; others refer to it.
    name: NotRequired[str | None]
    # What people read; the name if left out.
    title: NotRequired[str | None]


class SlaPolicy(TypedDict):
    """What is promised, and what happens when it is not kept."""

    # Unique among SLA policies.
    name: str
    # What is promised for which priority.
    targets: NotRequired[SlaTargets]
    # Share of the time after which a warning comes; null for none.
    warn_at_percent: NotRequired[int | None]
    # Clocks that stand still while pending.
    pause_on_pending: NotRequired[list[Metric]]
    # At most 10 a metric.
    escalations: NotRequired[list[Escalation]]


class SlaPolicyDryRun(TypedDict):
    """An SLA policy as it would be."""

    # Null for a new one.
    id: str | None
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among SLA policies.
    name: str
    # What is promised for which priority.
    targets: SlaTargets
    # Share of the time after which a warning comes; null for none.
    warn_at_percent: int | None
    # Clocks that stand still while pending.
    pause_on_pending: list[Metric]
    # At most 10 a metric.
    escalations: list[Escalation]
    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class SlaPolicyEdit(TypedDict):
    """An SLA policy."""

    # The name of the one to take away, in place of object.
    remove: NotRequired[str | None]
    # Of which section.
    section: Literal["sla_policies"]
    # The policy as it would be.
    object: NotRequired[SlaPolicy | None]


class SlaPolicyForm(TypedDict):
    """An SLA policy as a document has it."""

    # Unique among SLA policies.
    name: str
    # What is promised for which priority.
    targets: SlaTargets
    # Share of the time after which a warning comes; null for none.
    warn_at_percent: int | None
    # Clocks that stand still while pending.
    pause_on_pending: list[Metric]
    # At most 10 a metric.
    escalations: list[Escalation]


class SlaPolicyOut(TypedDict):
    """An SLA policy in force."""

    # Opaque; the same as long as the name is.
    id: str
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among SLA policies.
    name: str
    # What is promised for which priority.
    targets: SlaTargets
    # Share of the time after which a warning comes; null for none.
    warn_at_percent: int | None
    # Clocks that stand still while pending.
    pause_on_pending: list[Metric]
    # At most 10 a metric.
    escalations: list[Escalation]


class SlaPolicyPage(TypedDict):
    """One page of SLA policies."""

    # In the order of the document.
    data: list[SlaPolicyOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class SlaPolicyPatch(TypedDict):
    """What is promised, and what happens when it is not kept. What is left out stays, null is the default again."""

    # Unique among SLA policies.
    name: NotRequired[str | None]
    # What is promised for which priority.
    targets: NotRequired[SlaTargetsPatch | None]
    # Share of the time after which a warning comes; null for none.
    warn_at_percent: NotRequired[int | None]
    # Clocks that stand still while pending.
    pause_on_pending: NotRequired[list[Metric] | None]
    # At most 10 a metric.
    escalations: NotRequired[list[Escalation] | None]


class SlaTarget(TypedDict):
    """What is promised for one priority; what is left out is not promised."""

    # Until the first answer.
    first_response_seconds: NotRequired[int | None]
    # Until the ticket is resolved.
    resolution_seconds: NotRequired[int | None]


class SlaTargetPatch(TypedDict):
    """What is promised for one priority; what is left out is not promised. What is left out stays, null is the default
    again.
    """

    # Until the first answer.
    first_response_seconds: NotRequired[int | None]
    # Until the ticket is resolved.
    resolution_seconds: NotRequired[int | None]


class SlaTargets(TypedDict):
    """Promises by priority."""

    # For low.
    low: NotRequired[SlaTarget | None]
    # For medium.
    medium: NotRequired[SlaTarget | None]
    # For high.
    high: NotRequired[SlaTarget | None]
    # For urgent.
    urgent: NotRequired[SlaTarget | None]


class SlaTargetsPatch(TypedDict):
    """Promises by priority. What is left out stays, null is the default again."""

    # For low.
    low: NotRequired[SlaTargetPatch | None]
    # For medium.
    medium: NotRequired[SlaTargetPatch | None]
    # For high.
    high: NotRequired[SlaTargetPatch | None]
    # For urgent.
    urgent: NotRequired[SlaTargetPatch | None]


class SnoozeIn(TypedDict):
    """Until when: exactly one of until_at and seconds."""

    # A moment at most 366 days ahead.
    until_at: NotRequired[str | None]
    # From now, at most 366 days.
    seconds: NotRequired[int | None]


class StandingOut(TypedDict):
    """One agent's part: a place among those who could, or the first filter that fails."""

    # Opaque.
    agent_id: str
    # The agent's name.
    agent: str | None
    # What people call the agent.
    title: str | None
    # Whether the agent could take it.
    verdict: Part
    # From 1 among those who could; null for the others.
    place: int | None
    # Units held, without this ticket.
    load: int
    # Units the agent can hold.
    capacity: int
    # The value of each key, smaller comes first; null for those who could not.
    values: dict[str, int] | None
    # What keeps the agent out; null for those who could.
    reason: ReasonOut | None
    # The same in a sentence, in the language of Accept-Language.
    explanation: str


class StandingStill(TypedDict):
    """A promise whose clock stands still while the owner waits."""

    # Which promise.
    metric: Metric
    # What is left once the clock runs again.
    left_seconds: int


class StopSwitchDryRun(TypedDict):
    """How it would be. Nothing was stored."""

    # Tickets are taken in and wait.
    paused: bool
    # Since when; null unless it is paused.
    paused_at: str | None
    # The status of the real call.
    would_status: int


class StopSwitchOut(TypedDict):
    """Whether all routing stands still."""

    # Tickets are taken in and wait.
    paused: bool
    # Since when; null unless it is paused.
    paused_at: str | None


class SubjectOut(TypedDict):
    """What it happened to."""

    # ticket, offer, agent, configuration or workspace.
    type: str
    # Which, if there are several.
    id: str | None


class TakeIn(TypedDict):
    """For whom."""

    # An agent's id, name, or ext:<external_id>; an agent's own key takes for its agent.
    agent_id: NotRequired[str | None]


class TakenDryRun(TypedDict):
    """What would be taken. Nothing was stored."""

    # The ticket, which is the agent's now; null where none waits that they may take.
    ticket: TicketOut | None
    # The status of the real call.
    would_status: int


class TakenOut(TypedDict):
    """What was taken from a queue."""

    # The ticket, which is the agent's now; null where none waits that they may take.
    ticket: TicketOut | None


class Team(TypedDict):
    """A group of agents who may take the same tickets."""

    # Unique among teams; others refer to it.
    name: str
    # What people read; the name if left out.
    title: NotRequired[str | None]


class TeamDryRun(TypedDict):
    """A team as it would be."""

    # Null for a new one.
    id: str | None
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among teams; others refer to it.
    name: str
    # What people read; the name if left out.
    title: str | None
    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class TeamEdit(TypedDict):
    """A team."""

    # The name of the one to take away, in place of object.
    remove: NotRequired[str | None]
    # Of which section.
    section: Literal["teams"]
    # The team as it would be.
    object: NotRequired[Team | None]


class TeamForm(TypedDict):
    """A team as a document has it."""

    # Unique among teams; others refer to it.
    name: str
    # What people read; the name if left out.
    title: str | None


class TeamNamed(TypedDict):
    """A team."""

    # Opaque.
    team_id: str
    # Its name in the configuration that decided.
    team: str | None


class TeamOfAgent(TypedDict):
    """A team the agent belongs to."""

    # Opaque.
    id: str
    # Null where it is no longer configured.
    name: str | None


class TeamOut(TypedDict):
    """A team in force."""

    # Opaque; the same as long as the name is.
    id: str
    # The configuration version that last changed this object.
    version: int
    # When it was first applied.
    created_at: str
    # When it last changed.
    updated_at: str
    # Unique among teams; others refer to it.
    name: str
    # What people read; the name if left out.
    title: str | None


class TeamPage(TypedDict):
    """One page of teams."""

    # In the order of the document.
    data: list[TeamOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class TeamPatch(TypedDict):
    """A group of agents who may take the same tickets. What is left out stays, null is the default again."""

    # Unique among teams; others refer to it.
    name: NotRequired[str | None]
    # What people read; the name if left out.
    title: NotRequired[str | None]


class TicketDryRun(TypedDict):
    """What a call would have answered, and why. Nothing was stored."""

    # What it is.
    kind: Kind
    # Where it stands.
    status: Status
    # The same in three words.
    status_group: StatusGroup
    # How much it presses.
    priority: Priority
    # How it came.
    channel: Channel
    # What it is about.
    category: str | None
    # The language the agent must speak.
    language: str | None
    # The area the agent must serve.
    area: str | None
    # Its id elsewhere.
    external_id: str | None
    # Who asked.
    customer_id: str | None
    # One line for people.
    subject: str
    # What the customer wrote.
    text: str
    # Words to find it by, also from rules.
    tags: list[str]
    # Facts.
    attributes: dict[str, bool | int | float | str]
    # Texts of yours.
    metadata: dict[str, str]
    # Where it waits or waited.
    queue_id: str
    # The queue's name; null where it is no longer configured.
    queue: str | None
    # The only team that may take it.
    team_id: str | None
    # That team's name.
    team: str | None
    # What an agent must have.
    require_skills: list[TicketsSkillOut]
    # What is preferred.
    wish_skills: list[TicketsSkillOut]
    # The owner, or who was it last when it ended.
    agent_id: str | None
    # Why it is where it is.
    decision_id: str | None
    # The offer that is open.
    offer_id: str | None
    # Units of an agent's capacity.
    cost: int
    # Since when it waits; null unless it does.
    waiting_since_at: str | None
    # When the owner got it.
    assigned_at: str | None
    # When the customer was first answered.
    first_responded_at: str | None
    # For whom or what the owner waits.
    pending_reason: PendingReason | None
    # When a snoozed ticket comes back by itself.
    snoozed_until_at: str | None
    # When it was done.
    resolved_at: str | None
    # When it was over for good.
    closed_at: str | None
    # How often it was opened again.
    reopened_count: int
    # How many escalation steps were taken.
    escalated_count: int
    # How often it was handed on, by people or escalations.
    transferred_count: int
    # Counts changes; the ETag.
    version: int
    # When it came.
    created_at: str
    # When it last changed.
    updated_at: str
    # Null where the call would make a ticket.
    id: str | None
    # Null where the call would make a ticket: no number is used.
    number: int | None
    # The status of the real call.
    would_status: int
    # The choice that would be made about this ticket, if any.
    decision: DecisionOut | None


class TicketIn(TypedDict):
    """A piece of work. Everything may be left out; rules fill in queue, priority, skills and more."""

    # What it is.
    kind: NotRequired[Kind]
    # How it came.
    channel: NotRequired[Channel]
    # How much it presses; a rule may say otherwise.
    priority: NotRequired[Priority]
    # One line for people.
    subject: NotRequired[str]
    # What the customer wrote, at most 32 KiB.
    text: NotRequired[str]
    # What it is about, in your words.
    category: NotRequired[str | None]
    # The language the agent must speak.
    language: NotRequired[str | None]
    # The area the agent must serve.
    area: NotRequired[str | None]
    # The ticket's id elsewhere, unique: a second call with it gets the first ticket.
    external_id: NotRequired[str | None]
    # Where to wait, unless a rule says otherwise.
    queue: NotRequired[str | None]
    # The only team that may take it.
    team: NotRequired[str | None]
    # Without these an agent is not considered.
    require_skills: NotRequired[list[SkillAtLevel]]
    # Preferred, not required.
    wish_skills: NotRequired[list[SkillAtLevel]]
    # Words to find it by.
    tags: NotRequired[list[str]]
    # Facts that rules can look at. With metadata at most 16 KiB.
    attributes: NotRequired[dict[str, bool | int | float | str]]
    # Texts of your own that nothing looks at.
    metadata: NotRequired[dict[str, str]]
    # Who asked.
    customer: NotRequired[CustomerIn | None]


class TicketOut(TypedDict):
    """A piece of work as it is now."""

    # What it is.
    kind: Kind
    # Where it stands.
    status: Status
    # The same in three words.
    status_group: StatusGroup
    # How much it presses.
    priority: Priority
    # How it came.
    channel: Channel
    # What it is about.
    category: str | None
    # The language the agent must speak.
    language: str | None
    # The area the agent must serve.
    area: str | None
    # Its id elsewhere.
    external_id: str | None
    # Who asked.
    customer_id: str | None
    # One line for people.
    subject: str
    # What the customer wrote.
    text: str
    # Words to find it by, also from rules.
    tags: list[str]
    # Facts.
    attributes: dict[str, bool | int | float | str]
    # Texts of yours.
    metadata: dict[str, str]
    # Where it waits or waited.
    queue_id: str
    # The queue's name; null where it is no longer configured.
    queue: str | None
    # The only team that may take it.
    team_id: str | None
    # That team's name.
    team: str | None
    # What an agent must have.
    require_skills: list[TicketsSkillOut]
    # What is preferred.
    wish_skills: list[TicketsSkillOut]
    # The owner, or who was it last when it ended.
    agent_id: str | None
    # Why it is where it is.
    decision_id: str | None
    # The offer that is open.
    offer_id: str | None
    # Units of an agent's capacity.
    cost: int
    # Since when it waits; null unless it does.
    waiting_since_at: str | None
    # When the owner got it.
    assigned_at: str | None
    # When the customer was first answered.
    first_responded_at: str | None
    # For whom or what the owner waits.
    pending_reason: PendingReason | None
    # When a snoozed ticket comes back by itself.
    snoozed_until_at: str | None
    # When it was done.
    resolved_at: str | None
    # When it was over for good.
    closed_at: str | None
    # How often it was opened again.
    reopened_count: int
    # How many escalation steps were taken.
    escalated_count: int
    # How often it was handed on, by people or escalations.
    transferred_count: int
    # Counts changes; the ETag.
    version: int
    # When it came.
    created_at: str
    # When it last changed.
    updated_at: str
    # Opaque, in order of time.
    id: str
    # For people; never used twice.
    number: int


class TicketPage(TypedDict):
    """One page of tickets."""

    # In the order asked for.
    data: list[TicketOut]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class TicketPatch(TypedDict):
    """A JSON merge patch (RFC 7396): what is left out stays, null clears, a list is replaced whole."""

    # How much it presses; promises that run keep their deadlines.
    priority: NotRequired[Priority]
    # One line for people.
    subject: NotRequired[str | None]
    # What the customer wrote, at most 32 KiB.
    text: NotRequired[str | None]
    # What it is about, in your words.
    category: NotRequired[str | None]
    # The language the agent must speak.
    language: NotRequired[str | None]
    # The area the agent must serve.
    area: NotRequired[str | None]
    # Without these an agent is not considered.
    require_skills: NotRequired[list[SkillAtLevel] | None]
    # Preferred, not required.
    wish_skills: NotRequired[list[SkillAtLevel] | None]
    # Words to find it by.
    tags: NotRequired[list[str] | None]
    # Merged with those that are there; null takes one away.
    attributes: NotRequired[dict[str, bool | int | float | str | None] | None]
    # Merged likewise.
    metadata: NotRequired[dict[str, str | None] | None]


class TicketsSkillOut(TypedDict):
    """A skill at a level."""

    # Its name; its id where the configuration no longer has it.
    skill: str
    # From 1 to 10.
    level: int


class TicketsTried(TypedDict):
    """On which tickets: the newest ones, certain ones, or both; 200 at most."""

    # So many of the newest, closed ones too; 200 where no ids are given, else none.
    last: NotRequired[int | None]
    # Ids of tickets, or ext:<external_id>.
    ids: NotRequired[list[str]]


class TransferIn(TypedDict):
    """Whither: exactly one of queue, team and agent_id."""

    # For people, kept with the ticket's handovers; never in an event.
    reason: NotRequired[str]
    # A queue's name or id: the ticket is routed there.
    queue: NotRequired[str | None]
    # A team's name or id: only that team may take it.
    team: NotRequired[str | None]
    # An agent's id, name, or ext:<external_id>: the ticket is theirs at once.
    agent_id: NotRequired[str | None]
    # Over the agent's capacity; not for agents.
    force: NotRequired[bool]


class TransferItem(TypedDict):
    """To a queue, a team or an agent, as POST /v1/tickets/{ticket}/transfer."""

    # For people, kept with the ticket's handovers; never in an event.
    reason: NotRequired[str]
    # A queue's name or id: the ticket is routed there.
    queue: NotRequired[str | None]
    # A team's name or id: only that team may take it.
    team: NotRequired[str | None]
    # An agent's id, or ext:<external_id>.
    agent_id: NotRequired[str | None]
    # Over the agent's capacity; not for agents.
    force: NotRequired[bool]
    # The ticket's id, or ext:<external_id>, also of one that an item before this one creates.
    id: str
    # The version you have read, as If-Match; stale is 412.
    version: NotRequired[int | None]
    # What to do.
    operation: Literal["transfer"]


class TrialIn(TypedDict):
    """What is tried: a document as PUT /v1/configuration takes it, changes of single objects, or both, the document first."""

    # Agents in it are checked, but stay as they are today.
    document: NotRequired[ConfigurationDocument | None]
    # What the document does not name is gone.
    prune: NotRequired[bool]
    # In order.
    changes: NotRequired[list[RuleEdit | QueueEdit | RoutingPolicyEdit | SlaPolicyEdit | TeamEdit | SkillEdit]]
    # On which tickets.
    tickets: NotRequired[TicketsTried]


class TrialOut(TypedDict):
    """What another configuration would have made of tickets of the past. Nothing was stored."""

    # The configuration in force, with which it is compared.
    configuration_version: int
    # When; who would be chosen is of this moment.
    at: str
    # What would change in the configuration.
    changes: list[ConfigurationChange]
    # How many were tried.
    tickets: int
    # How many would get something else.
    changed: int
    # By field, the most frequent first.
    summary: list[DifferenceOut]
    # The same in sentences, in the language of Accept-Language.
    explanation: str
    # The tickets, newest first.
    data: list[TriedTicketOut]


class TriedTicketOut(TypedDict):
    """One ticket under both configurations."""

    # Which ticket.
    ticket_id: str
    # Its number.
    ticket_number: int
    # When it came.
    created_at: str
    # Whether it would get something else.
    changed: bool
    # In which fields.
    differs: list[str]
    # Fields whose own value is not known, because a rule set them when it came; they count as not given.
    assumed: list[str]
    # Under the configuration in force.
    in_force: PlacedOut
    # Under the one that is tried.
    tried: PlacedOut


class TurnsOfQueue(TypedDict):
    """How a queue's tickets were shared."""

    # Opaque.
    queue_id: str
    # Its name.
    queue: str | None
    # Tickets given by turn in all.
    assigned: int
    # The most of its teams' agents less the least; null without agents.
    spread: int | None
    # In the order in which they joined.
    agents: list[MemberReport]


class TurnsReport(TypedDict):
    """How tickets were shared, since each agent joined."""

    # In the order of the configuration.
    queues: list[TurnsOfQueue]


class UpdateItem(TypedDict):
    """Changed fields, as PATCH /v1/tickets/{ticket} takes them."""

    # The ticket's id, or ext:<external_id>, also of one that an item before this one creates.
    id: str
    # The version you have read, as If-Match; stale is 412.
    version: NotRequired[int | None]
    # What to do.
    operation: Literal["update"]
    # The merge patch.
    changes: TicketPatch


class VerbItem(TypedDict):
    """A verb that has nothing to say beside its name."""

    # The ticket's id, or ext:<external_id>, also of one that an item before this one creates.
    id: str
    # The version you have read, as If-Match; stale is 412.
    version: NotRequired[int | None]
    # What to do.
    operation: Literal["resolve", "reopen", "close", "cancel"]


class VersionChange(TypedDict):
    """One place that a version changed."""

    # Section, name and field.
    path: str
    # What became of it.
    kind: ChangeKind


class VersionEntry(TypedDict):
    """One version of the configuration."""

    # Goes up by one.
    version: int
    # When it came into force.
    applied_at: str
    # Who applied it.
    actor: ObjectsActorOut
    # What it changed, at most 50 places; changes of agents are events of theirs, not of the document.
    changes: list[VersionChange]
    # How many places it changed.
    changes_count: int


class VersionPage(TypedDict):
    """One page of versions."""

    # The last first.
    data: list[VersionEntry]
    # Send it as `cursor` for the next page; null on the last.
    next_cursor: str | None


class Vip(TypedDict):
    """Who serves whom under the strategy vip."""

    # Each tier once.
    tiers: list[VipTier]


class VipPatch(TypedDict):
    """Who serves whom under the strategy vip. What is left out stays, null is the default again."""

    # Each tier once.
    tiers: NotRequired[list[VipTier] | None]


class VipTier(TypedDict):
    """The team that looks after customers of a tier."""

    # The customer's tier.
    tier: str
    # Name of a team.
    team: str


class WhenFree(TypedDict):
    """Somebody whom only the moment keeps out."""

    # Opaque.
    agent_id: str
    # The agent's name.
    agent: str | None
    # What people call the agent.
    agent_title: str | None
    # Units held.
    load: int
    # Units the agent can hold.
    capacity: int
    # What keeps the agent out now.
    reason: Rejection


class WholeOut(TypedDict):
    """Everything in force, with agents as a document names them. Where they stand is at /v1/agents."""

    # An IANA name.
    time_zone: str
    # Where no rule decides.
    default_queue: str | None
    # Units that one ticket takes.
    costs: Costs
    # Groups of agents.
    teams: list[TeamOut]
    # What agents can do.
    skills: list[ConfigurationSkillOut]
    # How queues choose.
    routing_policies: list[RoutingPolicyOut]
    # What is promised.
    sla_policies: list[SlaPolicyOut]
    # Where tickets wait.
    queues: list[QueueOut]
    # Looked at in order.
    rules: list[RuleOut]
    # Who takes tickets.
    agents: list[Agent]


class WorkspaceOut(TypedDict):
    """The stop switch, and every queue's state."""

    # Tickets are taken in and wait.
    paused: bool
    # Since when; null unless it is paused.
    paused_at: str | None
    # In the order of the configuration.
    queues: list[QueueStateOut]


class Would(TypedDict):
    """What a change would do. Nothing was stored."""

    # Every difference it makes, where others name the object too.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int


class WouldApplyOut(TypedDict):
    """What applying a document would change. Nothing was stored."""

    # The version it would get.
    version: int
    # In the order of the document.
    changes: list[ConfigurationChange]
    # The status of the real call.
    would_status: int
