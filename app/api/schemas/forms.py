"""Objects and the whole as a document has them, with every default written out: what format=document answers."""

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.configuration import (
    Agent,
    ConfigurationDocument,
    Queue,
    RoutingPolicy,
    Rule,
    Skill,
    SlaPolicy,
    Team,
)


class Form(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class TeamForm(Team, Form):
    """A team as a document has it."""


class SkillForm(Skill, Form):
    """A skill as a document has it."""


class QueueForm(Queue, Form):
    """A queue as a document has it."""


class RoutingPolicyForm(RoutingPolicy, Form):
    """A routing policy as a document has it."""


class RuleForm(Rule, Form):
    """A rule as a document has it."""


class SlaPolicyForm(SlaPolicy, Form):
    """An SLA policy as a document has it."""


class AgentForm(Agent, Form):
    """An agent as a document has it."""


class DocumentForm(ConfigurationDocument, Form):
    """The whole configuration, as PUT /v1/configuration takes it."""

    teams: list[TeamForm] = Field(description="Groups of agents.", examples=[[]])  # type: ignore[assignment]
    skills: list[SkillForm] = Field(description="What agents can do.", examples=[[]])  # type: ignore[assignment]
    routing_policies: list[RoutingPolicyForm] = Field(description="How queues choose.", examples=[[]])  # type: ignore[assignment]
    sla_policies: list[SlaPolicyForm] = Field(description="What is promised.", examples=[[]])  # type: ignore[assignment]
    queues: list[QueueForm] = Field(description="Where tickets wait.", examples=[[]])  # type: ignore[assignment]
    rules: list[RuleForm] = Field(description="Looked at in order.", examples=[[]])  # type: ignore[assignment]
    agents: list[AgentForm] = Field(description="Who takes tickets.", examples=[[]])  # type: ignore[assignment]
