"""Trials of a configuration: what is tried on which tickets, and what each of them would get."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.schemas.answers import Moment, Out
from app.api.schemas.conditions import Strict
from app.api.schemas.configuration import ConfigurationDocument, Name, Queue, RoutingPolicy, Rule, Skill, SlaPolicy, Team
from app.api.schemas.configuration_out import ConfigurationChange
from app.api.schemas.tickets_out import AGENT, QUEUE, TICKET
from app.api.schemas.tickets_out import SkillOut as SkillAtLevelOut
from app.engine.vocabulary import Handover, Metric, Priority

MOST_TICKETS = 200
RULE = {"name": "vips-first", "when": {"field": "customer.tier", "op": "eq", "value": "vip"}, "then": {"priority": "urgent"}}
_SECTION = "Of which section."
_REMOVE = "The name of the one to take away, in place of object."


class EditOf(Strict):
    """One object is put, under the name that it has, or taken away."""

    remove: Name | None = Field(default=None, description=_REMOVE, examples=["refund-words"])


class RuleEdit(EditOf):
    """A rule. A new one is looked at last."""

    section: Literal["rules"] = Field(description=_SECTION, examples=["rules"])
    object: Rule | None = Field(default=None, description="The rule as it would be.", examples=[RULE])


class QueueEdit(EditOf):
    """A queue."""

    section: Literal["queues"] = Field(description=_SECTION, examples=["queues"])
    object: Queue | None = Field(default=None, description="The queue as it would be.")


class RoutingPolicyEdit(EditOf):
    """A routing policy."""

    section: Literal["routing_policies"] = Field(description=_SECTION, examples=["routing_policies"])
    object: RoutingPolicy | None = Field(default=None, description="The policy as it would be.")


class SlaPolicyEdit(EditOf):
    """An SLA policy."""

    section: Literal["sla_policies"] = Field(description=_SECTION, examples=["sla_policies"])
    object: SlaPolicy | None = Field(default=None, description="The policy as it would be.")


class TeamEdit(EditOf):
    """A team."""

    section: Literal["teams"] = Field(description=_SECTION, examples=["teams"])
    object: Team | None = Field(default=None, description="The team as it would be.")


class SkillEdit(EditOf):
    """A skill."""

    section: Literal["skills"] = Field(description=_SECTION, examples=["skills"])
    object: Skill | None = Field(default=None, description="The skill as it would be.")


Edit = Annotated[RuleEdit | QueueEdit | RoutingPolicyEdit | SlaPolicyEdit | TeamEdit | SkillEdit, Field(discriminator="section")]


class TicketsTried(Strict):
    """On which tickets: the newest ones, certain ones, or both; 200 at most."""

    last: Annotated[int, Field(ge=0, le=MOST_TICKETS)] | None = Field(
        default=None, description="So many of the newest, closed ones too; 200 where no ids are given, else none.", examples=[200]
    )
    ids: list[str] = Field(
        default=[], max_length=MOST_TICKETS, description="Ids of tickets, or ext:<external_id>.", examples=[[TICKET]]
    )


class TrialIn(Strict):
    """What is tried: a document as PUT /v1/configuration takes it, changes of single objects, or both, the document first."""

    document: ConfigurationDocument | None = Field(
        default=None, description="Agents in it are checked, but stay as they are today."
    )
    prune: bool = Field(default=False, description="What the document does not name is gone.", examples=[False])
    changes: list[Edit] = Field(
        default=[], max_length=1000, description="In order.", examples=[[{"section": "rules", "object": RULE}]]
    )
    tickets: TicketsTried = Field(default=TicketsTried(), description="On which tickets.", examples=[{"last": 200}])


class PromisedOut(Out):
    """A promise that would be made."""

    metric: Metric = Field(description="What is promised.", examples=["first_response"])
    target_seconds: int = Field(description="Within which time.", examples=[900])
    due_at: Moment = Field(description="Counted from the moment the ticket came.")


class RefusedOut(Out):
    """Why the ticket would not be taken at all."""

    code: str = Field(description="The code of the problem.", examples=["unknown_reference"])
    detail: str = Field(description="One sentence.", examples=["The configuration has no 'billing' here."])


class PlacedOut(Out):
    """What a ticket would get when it comes in. All null where it would be refused."""

    refused: RefusedOut | None = Field(description="Null where it would be taken.", examples=[None])
    rules: list[str] = Field(description="Names of the rules that match, in order.", examples=[["vips-first"]])
    queue_id: str | None = Field(description="Null for a queue that only the tried configuration has.", examples=[QUEUE])
    queue: str | None = Field(description="Where it would wait.", examples=["billing"])
    priority: Priority | None = Field(description="How much it would press.", examples=["urgent"])
    category: str | None = Field(description="What it would be about.", examples=["billing"])
    language: str | None = Field(description="The language the agent must speak.", examples=["id"])
    area: str | None = Field(description="The area the agent must serve.", examples=[None])
    team: str | None = Field(description="The only team that may take it.", examples=[None])
    require_skills: list[SkillAtLevelOut] = Field(
        description="What an agent must have.", examples=[[{"skill": "refunds", "level": 3}]]
    )
    wish_skills: list[SkillAtLevelOut] = Field(description="What is preferred.", examples=[[]])
    tags: list[str] = Field(description="The ticket's own and those of rules.", examples=[["refund"]])
    cost: int | None = Field(description="Units of an agent's capacity.", examples=[1])
    promises: list[PromisedOut] = Field(description="What would be promised.")
    handover: Handover | None = Field(description="Whether the agent would be asked first.", examples=["direct"])
    eligible: int = Field(description="How many could take it now.", examples=[3])
    agent_id: str | None = Field(description="Who would be chosen now; null where nobody could take it.", examples=[AGENT])
    agent: str | None = Field(description="That agent's name.", examples=["ani"])
    agent_title: str | None = Field(description="What people call that agent.", examples=["Ani Wijaya"])


class TriedTicketOut(Out):
    """One ticket under both configurations."""

    ticket_id: str = Field(description="Which ticket.", examples=[TICKET])
    ticket_number: int = Field(description="Its number.", examples=[123])
    created_at: Moment = Field(description="When it came.")
    changed: bool = Field(description="Whether it would get something else.", examples=[True])
    differs: list[str] = Field(description="In which fields.", examples=[["priority", "promises"]])
    assumed: list[str] = Field(
        description="Fields whose own value is not known, because a rule set them when it came; they count as not given.",
        examples=[[]],
    )
    in_force: PlacedOut = Field(description="Under the configuration in force.")
    tried: PlacedOut = Field(description="Under the one that is tried.")


class DifferenceOut(Out):
    """How many tickets would differ in one field."""

    field: str = Field(description="Which field.", examples=["queue"])
    tickets: int = Field(description="How many.", examples=[17])


class TrialOut(Out):
    """What another configuration would have made of tickets of the past. Nothing was stored."""

    configuration_version: int = Field(description="The configuration in force, with which it is compared.", examples=[7])
    at: Moment = Field(description="When; who would be chosen is of this moment.")
    changes: list[ConfigurationChange] = Field(description="What would change in the configuration.")
    tickets: int = Field(description="How many were tried.", examples=[200])
    changed: int = Field(description="How many would get something else.", examples=[22])
    summary: list[DifferenceOut] = Field(description="By field, the most frequent first.")
    explanation: str = Field(
        description="The same in sentences, in the language of Accept-Language.",
        examples=["22 of 200 tickets would get something else: 17 another queue, 5 another agent."],
    )
    data: list[TriedTicketOut] = Field(description="The tickets, newest first.")
