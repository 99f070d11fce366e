"""Single objects of the configuration on the wire: what a dry run of a change answers, and where a rule is put."""

from typing import Any

from pydantic import Field

from app.api.schemas.agents import AGENT, AgentOut
from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.conditions import Strict
from app.api.schemas.configuration import Name, Rule
from app.api.schemas.configuration_out import (
    ConfigurationChange,
    QueueOut,
    RoutingPolicyOut,
    RuleOut,
    SkillOut,
    SlaPolicyOut,
    TeamOut,
)
from app.engine.vocabulary import ActorType
from app.services.configuration.diff import ChangeKind

TICKET = "tkt_069nnak9kphi75bkq3s0h6dn1k"


class Would(Out):
    """What a change would do. Nothing was stored."""

    changes: list[ConfigurationChange] = Field(description="Every difference it makes, where others name the object too.")
    would_status: int = Field(description="The status of the real call.", examples=[200])


class WouldBe(Would):
    """The object as it would be."""

    id: str | None = Field(description="Null for a new one.", examples=["que_01jd2f9k7m3q8r5t6v7w8x9y0z"])


class TeamDryRun(WouldBe, TeamOut):  # type: ignore[misc]  # what is new has no id yet
    """A team as it would be."""


class SkillDryRun(WouldBe, SkillOut):  # type: ignore[misc]  # what is new has no id yet
    """A skill as it would be."""


class QueueDryRun(WouldBe, QueueOut):  # type: ignore[misc]  # what is new has no id yet
    """A queue as it would be."""


class RoutingPolicyDryRun(WouldBe, RoutingPolicyOut):  # type: ignore[misc]  # what is new has no id yet
    """A routing policy as it would be."""


class RuleDryRun(WouldBe, RuleOut):  # type: ignore[misc]  # what is new has no id yet
    """A rule as it would be."""


class SlaPolicyDryRun(WouldBe, SlaPolicyOut):  # type: ignore[misc]  # what is new has no id yet
    """An SLA policy as it would be."""


class AgentDryRun(WouldBe, AgentOut):
    """An agent as it would be."""

    id: str | None = Field(description="Null for a new one.", examples=[AGENT])  # type: ignore[assignment]
    number: int | None = Field(description="Null for a new one.", examples=[3])  # type: ignore[assignment]


class Place(Strict):
    """Where a rule stands among the others: one of these."""

    position: int | None = Field(
        default=None, ge=1, le=1000, description="Counted from 1; larger than there are is last.", examples=[1]
    )
    before: Name | None = Field(default=None, description="Name or id of the rule that then comes next.", examples=["rest"])
    after: Name | None = Field(
        default=None, description="Name or id of the rule that then comes before.", examples=["calls-first"]
    )


class RuleIn(Rule, Place):
    """A new rule, and where it stands; last if nothing is said."""


class ReturnedTicket(Out):
    """A ticket that the agent held, and what became of it."""

    id: str = Field(description="Which ticket.", examples=[TICKET])
    outcome: str = Field(description="assigned, offered or waiting.", examples=["waiting"])
    agent_id: str | None = Field(description="Who has it or is asked now.", examples=[AGENT])


class AgentDeleted(Out):
    """An agent who left, and what became of their open work: it went back to its queues and was decided about at once."""

    id: str = Field(description="Who left.", examples=[AGENT])
    name: str = Field(description="The name, free again now.", examples=["ani"])
    returned: list[ReturnedTicket] = Field(description="What the agent held or was asked about.")


class AgentDeletedDryRun(AgentDeleted, Would):
    """What would become of an agent's work."""


class AgentSearch(Strict):
    """Whom to look for; what is given is looked for together: any of it."""

    external_ids: list[str] = Field(default=[], max_length=200, description="Ids elsewhere.", examples=[["hr-4711"]])
    names: list[str] = Field(default=[], max_length=200, description="Names.", examples=[["ani"]])


class ActorOut(Out):
    """Who did it."""

    type: ActorType = Field(description="What kind of caller.", examples=["api_key"])
    id: str = Field(description="Which one.", examples=["key_069nnak9kphi75bkq3s0h6dn1k"])


class FieldChange(Out):
    """One field that changed."""

    field: str = Field(description="The way to it.", examples=["then/queue"])
    before: Any = Field(description="Null where there was nothing.", examples=["general"])
    after: Any = Field(description="Null where there is nothing.", examples=["billing"])


class HistoryEntry(Out):
    """One change of an object."""

    configuration_version: int = Field(description="The version of the configuration that made it.", examples=[7])
    at: Moment = Field(description="When it came into force.")
    actor: ActorOut = Field(description="Who made it.")
    kind: ChangeKind = Field(description="created (also when it came back), changed or removed.", examples=["changed"])
    name: str = Field(description="What it was called then.", examples=["refund-words"])
    changed: list[FieldChange] = Field(description="Fields with their values before and after; empty unless it was changed.")


class HistoryPage(Out):
    """One page of changes of an object."""

    data: list[HistoryEntry] = Field(description="The last first.")
    next_cursor: NextCursor


class RuleHits(Out):
    """How often a rule matched."""

    id: str = Field(description="Which rule.", examples=["rul_069nnak9kphi75bkq3s0h6dn1k"])
    name: str = Field(description="What it is called.", examples=["refund-words"])
    from_at: Moment = Field(description="Inclusive.")
    to_at: Moment = Field(description="Exclusive.")
    tickets: int = Field(description="New tickets in this time.", examples=[1200])
    hits: int = Field(description="How many of them it matched.", examples=[37])
    last_hit_at: Moment | None = Field(description="The last time; null for never.")


class VersionChange(Out):
    """One place that a version changed."""

    path: str = Field(description="Section, name and field.", examples=["queues/billing/routing_policy"])
    kind: ChangeKind = Field(description="What became of it.", examples=["changed"])


class VersionEntry(Out):
    """One version of the configuration."""

    version: int = Field(description="Goes up by one.", examples=[7])
    applied_at: Moment = Field(description="When it came into force.")
    actor: ActorOut = Field(description="Who applied it.")
    changes: list[VersionChange] = Field(
        description="What it changed, at most 50 places; changes of agents are events of theirs, not of the document."
    )
    changes_count: int = Field(description="How many places it changed.", examples=[2])


class VersionPage(Out):
    """One page of versions."""

    data: list[VersionEntry] = Field(description="The last first.")
    next_cursor: NextCursor
