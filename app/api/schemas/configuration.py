"""The configuration document on the wire: its shape, types and bounds. What needs the whole is app.services.configuration.check."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.api.schemas.conditions import Strict, When
from app.engine.vocabulary import Channel, Handover, Kind, Metric, Order, Priority, SkillFit, Strategy

MONTH = 30 * 86_400
LEAP_YEAR = 366 * 86_400

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Line = StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$", min_length=1)
Title = Annotated[str, Line, StringConstraints(max_length=200)]
Word = Annotated[str, Line, StringConstraints(max_length=100)]
ExternalId = Annotated[str, Line, StringConstraints(max_length=255)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,8}(-[a-z0-9]{1,8}){0,4}$")]
Cost = Annotated[int, Field(ge=1, le=1000)]
HeadStartSeconds = Annotated[int, Field(ge=0, le=MONTH)]
TargetSeconds = Annotated[int, Field(ge=1, le=LEAP_YEAR)]
# A strict enum refuses its own value as text, because the body has been read to Python before it comes here.
LaxKind = Annotated[Kind, Field(strict=False)]
LaxChannel = Annotated[Channel, Field(strict=False)]
LaxPriority = Annotated[Priority, Field(strict=False)]
LaxMetric = Annotated[Metric, Field(strict=False)]


class Costs(Strict):
    """Units of an agent's capacity that one ticket takes: the larger of its kind's and its channel's."""

    kinds: dict[LaxKind, Cost] = Field(default={}, description="Units by kind; 1 where nothing is said.", examples=[{"call": 2}])
    channels: dict[LaxChannel, Cost] = Field(
        default={}, description="Units by channel; 1 where nothing is said.", examples=[{"phone": 2}]
    )


class Team(Strict):
    """A group of agents who may take the same tickets."""

    name: Name = Field(description="Unique among teams; others refer to it.", examples=["billing"])
    title: Title | None = Field(default=None, description="What people read; the name if left out.", examples=["Billing"])


class Skill(Strict):
    """Something an agent can do, at a level from 1 to 10."""

    name: Name = Field(description="Unique among skills; others refer to it.", examples=["refunds"])
    title: Title | None = Field(default=None, description="What people read; the name if left out.", examples=["Refunds"])


class HeadStart(Strict):
    """Seconds of waiting time that a priority is given at the start. Must not fall as the priority rises."""

    low: HeadStartSeconds = Field(default=0, description="For low.", examples=[0])
    medium: HeadStartSeconds = Field(default=1800, description="For medium.", examples=[1800])
    high: HeadStartSeconds = Field(default=7200, description="For high.", examples=[7200])
    urgent: HeadStartSeconds = Field(default=28800, description="For urgent.", examples=[28800])


class VipTier(Strict):
    """The team that looks after customers of a tier."""

    tier: Word = Field(description="The customer's tier.", examples=["vip"])
    team: Name = Field(description="Name of a team.", examples=["senior"])


class Vip(Strict):
    """Who serves whom under the strategy vip."""

    tiers: list[VipTier] = Field(
        min_length=1, max_length=50, description="Each tier once.", examples=[[{"tier": "vip", "team": "senior"}]]
    )


class RoutingPolicy(Strict):
    """How a queue chooses a ticket and an agent."""

    name: Name = Field(description="Unique among routing policies.", examples=["standard"])
    strategy: Annotated[Strategy, Field(strict=False)] = Field(
        default=Strategy.ROUND_ROBIN, description="How those who may take a ticket are ordered.", examples=["least_load"]
    )
    skill_fit: Annotated[SkillFit, Field(strict=False)] | None = Field(
        default=None, description="Only for strategy skill, where it is best if left out.", examples=["least_sufficient"]
    )
    order: Annotated[Order, Field(strict=False)] = Field(
        default=Order.FIFO, description="Which ticket comes first.", examples=["priority"]
    )
    head_start_seconds: HeadStart | None = Field(
        default=None, description="Only for order priority.", examples=[{"low": 0, "medium": 1800, "high": 7200, "urgent": 28800}]
    )
    vip: Vip | None = Field(
        default=None,
        description="Required for strategy vip, refused elsewhere.",
        examples=[{"tiers": [{"tier": "vip", "team": "senior"}]}],
    )
    handover: Annotated[Handover, Field(strict=False)] = Field(
        default=Handover.DIRECT, description="Whether the agent is asked first.", examples=["offer"]
    )
    offer_seconds: Annotated[int, Field(ge=5, le=3600)] | None = Field(
        default=None, description="How long an offer stands; only for handover offer, where it is 60 if left out.", examples=[60]
    )


class SlaTarget(Strict):
    """What is promised for one priority; what is left out is not promised."""

    first_response_seconds: TargetSeconds | None = Field(default=None, description="Until the first answer.", examples=[900])
    resolution_seconds: TargetSeconds | None = Field(default=None, description="Until the ticket is resolved.", examples=[7200])


class SlaTargets(Strict):
    """Promises by priority."""

    low: SlaTarget | None = Field(default=None, description="For low.", examples=[{"resolution_seconds": 86400}])
    medium: SlaTarget | None = Field(default=None, description="For medium.", examples=[{"resolution_seconds": 28800}])
    high: SlaTarget | None = Field(default=None, description="For high.", examples=[{"first_response_seconds": 1800}])
    urgent: SlaTarget | None = Field(default=None, description="For urgent.", examples=[{"first_response_seconds": 900}])


class Escalation(Strict):
    """One step after a breach."""

    metric: LaxMetric = Field(description="Which promise was broken.", examples=["first_response"])
    after_seconds: Annotated[int, Field(ge=0, le=MONTH)] = Field(
        description="After the breach; rising within a metric.", examples=[0]
    )
    raise_priority: bool = Field(default=False, description="One step up.", examples=[True])
    move_to_team: Name | None = Field(default=None, description="Name of the team that takes over.", examples=["senior"])
    hand_to: Name | None = Field(
        default=None, description="Name of the agent who takes over; not with move_to_team.", examples=["sri"]
    )


class SlaPolicy(Strict):
    """What is promised, and what happens when it is not kept."""

    name: Name = Field(description="Unique among SLA policies.", examples=["standard"])
    targets: SlaTargets = Field(
        default=SlaTargets(),
        description="What is promised for which priority.",
        examples=[{"low": {"resolution_seconds": 86400}}],
    )
    warn_at_percent: Annotated[int, Field(ge=1, le=99)] | None = Field(
        default=80, description="Share of the time after which a warning comes; null for none.", examples=[75]
    )
    pause_on_pending: list[LaxMetric] = Field(
        default=[Metric.RESOLUTION], max_length=2, description="Clocks that stand still while pending.", examples=[["resolution"]]
    )
    escalations: list[Escalation] = Field(
        default=[], max_length=20, description="At most 10 a metric.", examples=[[{"metric": "resolution", "after_seconds": 0}]]
    )


class Queue(Strict):
    """Where tickets wait."""

    name: Name = Field(description="Unique among queues.", examples=["billing"])
    title: Title | None = Field(default=None, description="What people read; the name if left out.", examples=["Billing"])
    routing_policy: Name = Field(description="Name of a routing policy.", examples=["standard"])
    sla_policy: Name | None = Field(
        default=None, description="Name of an SLA policy; null promises nothing.", examples=["standard"]
    )
    teams: list[Name] = Field(
        min_length=1, max_length=1000, description="Whose agents may take its tickets.", examples=[["billing"]]
    )
    weight: Annotated[int, Field(ge=-100, le=100)] = Field(default=0, description="Larger goes first.", examples=[0])


class SkillAtLevel(Strict):
    """A skill and how well it is known, from 1 to 10."""

    skill: Name = Field(description="Name of a skill.", examples=["refunds"])
    level: Annotated[int, Field(ge=1, le=10)] = Field(description="1 is a beginner, 10 the best.", examples=[3])


class Outcome(Strict):
    """What a rule sets. A field set by an earlier rule stays set; skills and tags add up."""

    queue: Name | None = Field(default=None, description="Name of a queue.", examples=["billing"])
    priority: LaxPriority | None = Field(default=None, description="How much it presses.", examples=["high"])
    category: Word | None = Field(default=None, description="What it is about.", examples=["billing"])
    require_skills: list[SkillAtLevel] = Field(
        default=[],
        max_length=50,
        description="Without these an agent is not considered.",
        examples=[[{"skill": "refunds", "level": 3}]],
    )
    wish_skills: list[SkillAtLevel] = Field(
        default=[], max_length=50, description="Preferred, not required.", examples=[[{"skill": "refunds", "level": 3}]]
    )
    language: Language | None = Field(default=None, description="The language to be spoken.", examples=["id"])
    area: Name | None = Field(default=None, description="The area to be served.", examples=["bandung"])
    team: Name | None = Field(default=None, description="Name of the only team that may take it.", examples=["senior"])
    tags: list[Word] = Field(default=[], max_length=50, description="Added to the ticket.", examples=[["refund"]])


class Rule(Strict):
    """If a condition holds, set fields of the new ticket. Rules are looked at once, in order."""

    name: Name = Field(description="Unique among rules.", examples=["refund-words"])
    enabled: bool = Field(default=True, description="False leaves the rule out.", examples=[True])
    when: When = Field(
        description="The condition.",
        examples=[{"field": "text", "op": "contains", "value": "refund"}],
    )
    then: Outcome = Field(default=Outcome(), description="What is set.", examples=[{"queue": "billing", "priority": "high"}])
    stop: bool = Field(default=False, description="True: no later rule is looked at.", examples=[False])


class ChannelUnits(Strict):
    """How many units of one channel an agent holds at most."""

    channel: LaxChannel = Field(description="The channel.", examples=["live_chat"])
    units: Annotated[int, Field(ge=0, le=1000)] = Field(description="At most.", examples=[3])


class Agent(Strict):
    """A person who takes tickets."""

    name: Name = Field(description="Unique among agents.", examples=["ani"])
    title: Title | None = Field(default=None, description="What people read; the name if left out.", examples=["Ani Wijaya"])
    external_id: ExternalId | None = Field(default=None, description="The agent's id elsewhere, unique.", examples=["hr-4711"])
    teams: list[Name] = Field(default=[], max_length=1000, description="Names of teams.", examples=[["billing"]])
    skills: list[SkillAtLevel] = Field(
        default=[], max_length=1000, description="Each once.", examples=[[{"skill": "refunds", "level": 5}]]
    )
    languages: list[Language] = Field(default=[], max_length=100, description="BCP 47, lower case.", examples=[["id", "en"]])
    areas: list[Name] = Field(default=[], max_length=1000, description="Empty serves every area.", examples=[["bandung"]])
    capacity: Annotated[int, Field(ge=0, le=1000)] = Field(default=5, description="Units held at once.", examples=[5])
    channel_limits: list[ChannelUnits] = Field(
        default=[], max_length=len(Channel), description="Each channel once.", examples=[[{"channel": "live_chat", "units": 3}]]
    )
    weight: Annotated[int, Field(ge=1, le=1000)] = Field(default=1, description="For weighted_round_robin.", examples=[1])


class ConfigurationDocument(Strict):
    """The whole configuration, or what is to be added to it. References are by name."""

    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        default="UTC", description="An exact IANA name; local-time conditions use it.", examples=["Asia/Jakarta"]
    )
    default_queue: Name | None = Field(
        default=None, description="Where no rule decides; the first queue if left out.", examples=["general"]
    )
    costs: Costs = Field(default=Costs(), description="Units that one ticket takes.", examples=[{"kinds": {"call": 2}}])
    teams: list[Team] = Field(default=[], max_length=1000, description="Groups of agents.", examples=[[{"name": "billing"}]])
    skills: list[Skill] = Field(default=[], max_length=1000, description="What agents can do.", examples=[[{"name": "refunds"}]])
    routing_policies: list[RoutingPolicy] = Field(
        default=[], max_length=1000, description="How queues choose.", examples=[[{"name": "standard", "strategy": "least_load"}]]
    )
    sla_policies: list[SlaPolicy] = Field(
        default=[], max_length=1000, description="What is promised.", examples=[[{"name": "standard"}]]
    )
    queues: list[Queue] = Field(
        min_length=1, max_length=1000, description="Where tickets wait.",
        examples=[[{"name": "billing", "routing_policy": "standard", "teams": ["billing"]}]],
    )  # fmt: skip
    rules: list[Rule] = Field(
        default=[], max_length=1000, description="Looked at in order.",
        examples=[[{"name": "calls-first", "when": {"field": "kind", "op": "eq", "value": "call"}, "then": {"priority": "high"}}]],
    )  # fmt: skip
    agents: list[Agent] = Field(default=[], max_length=20_000, description="Who takes tickets.", examples=[[{"name": "ani"}]])

    def wanted(self) -> dict[str, Any]:
        """Only what was said, as plain data: what was left out is a default for new objects and otherwise stays as it is."""
        return self.model_dump(mode="json", exclude_unset=True)
