"""The configuration as answers show it: the same objects with ids, versions and times, and what a change would do."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.configuration import Costs, Queue, RoutingPolicy, Rule, Skill, SlaPolicy, Team
from app.services.configuration.diff import ChangeKind


class Out(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Stored(BaseModel):
    """What the service adds to each object."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    id: str = Field(description="Opaque; the same as long as the name is.", examples=["que_01jd2f9k7m3q8r5t6v7w8x9y0z"])
    version: int = Field(description="The configuration version that last changed this object.", examples=[7])
    created_at: datetime = Field(description="When it was first applied.", examples=["2026-01-31T08:00:00.000Z"])
    updated_at: datetime = Field(description="When it last changed.", examples=["2026-02-01T08:00:00.000Z"])


class TeamOut(Team, Stored):
    """A team in force."""


class SkillOut(Skill, Stored):
    """A skill in force."""


class RoutingPolicyOut(RoutingPolicy, Stored):
    """A routing policy in force."""


class SlaPolicyOut(SlaPolicy, Stored):
    """An SLA policy in force."""


class QueueOut(Queue, Stored):
    """A queue in force."""


class RuleOut(Rule, Stored):
    """A rule in force."""


class DocumentOut(Out):
    """Everything in force except the agents, which are a resource of their own."""

    time_zone: str = Field(description="An IANA name.", examples=["Asia/Jakarta"])
    default_queue: str | None = Field(description="Where no rule decides.", examples=["general"])
    costs: Costs = Field(description="Units that one ticket takes.", examples=[{"kinds": {"call": 2}, "channels": {"phone": 2}}])
    teams: list[TeamOut] = Field(description="Groups of agents.", examples=[[]])
    skills: list[SkillOut] = Field(description="What agents can do.", examples=[[]])
    routing_policies: list[RoutingPolicyOut] = Field(description="How queues choose.", examples=[[]])
    sla_policies: list[SlaPolicyOut] = Field(description="What is promised.", examples=[[]])
    queues: list[QueueOut] = Field(description="Where tickets wait.", examples=[[]])
    rules: list[RuleOut] = Field(description="Looked at in order.", examples=[[]])


class ConfigurationOut(Out):
    """One version of the configuration."""

    version: int = Field(description="Goes up by one with every change that is accepted.", examples=[7])
    document: DocumentOut = Field(description="What is in force.", examples=[{"time_zone": "Asia/Jakarta"}])
    applied_at: datetime = Field(description="When it came into force.", examples=["2026-02-01T08:00:00.000Z"])


class ConfigurationChange(Out):
    """One difference."""

    path: str = Field(description="Section, name and field.", examples=["queues/billing/routing_policy"])
    kind: ChangeKind = Field(description="What becomes of it.", examples=["changed"])
    before: Any = Field(description="As it is now; null where there is nothing.", examples=["standard"])
    after: Any = Field(description="As it will be; null where it goes.", examples=["vip"])


class ConfigurationDiff(Out):
    """What applying a document changes, or would change."""

    version: int = Field(description="The version that the document was compared with; 0 before the first.", examples=[7])
    changes: list[ConfigurationChange] = Field(description="In the order of the document.", examples=[[]])
