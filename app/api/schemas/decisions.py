"""Decisions on the wire."""

from enum import StrEnum

from pydantic import Field

from app.api.schemas.answers import Moment, NextCursor, Out
from app.engine.vocabulary import Channel, Handover, Held, Priority, Rejection, Strategy
from app.models.decisions import Outcome

DECISION = "dec_069nnak9kphi75bkq3s0h6dn1k"
AGENT = "agt_069nnak9kphi75bkq3s0h6dn1k"
SENTENCE = (
    "Ticket #123 went to Ani Wijaya (load 2 of 5). 3 of 12 agents could take it; 7 are offline, 2 lack skill refunds ≥ 3. "
    "Ani Wijaya was ahead of Budi because of the smaller share of capacity in use (60 % against 80 %)."
)


class NeedOut(Out):
    """A skill that is asked for."""

    skill_id: str = Field(description="Opaque.", examples=["skl_069nnak9kphi75bkq3s0h6dn1k"])
    skill: str | None = Field(description="Its name in the configuration that decided.", examples=["refunds"])
    level: int = Field(description="At least.", examples=[3])


class RequirementOut(Out):
    """What the ticket asked of an agent."""

    channel: Channel = Field(description="How it came.", examples=["whatsapp"])
    cost: int = Field(description="Units it takes.", examples=[1])
    team_id: str | None = Field(description="The only team that may take it.", examples=[None])
    team: str | None = Field(description="That team's name.", examples=[None])
    require_skills: list[NeedOut] = Field(description="Required.")
    wish_skills: list[NeedOut] = Field(description="Preferred.")
    language: str | None = Field(description="To be spoken.", examples=["id"])
    area: str | None = Field(description="To be served.", examples=[None])
    tier: str | None = Field(description="The customer's tier.", examples=["vip"])


class TeamNamed(Out):
    """A team."""

    team_id: str = Field(description="Opaque.", examples=["tem_069nnak9kphi75bkq3s0h6dn1k"])
    team: str | None = Field(description="Its name in the configuration that decided.", examples=["billing"])


class ReasonOut(Out):
    """Why an agent could not take it: the first filter that failed, and what it was about."""

    reason: Rejection = Field(description="Which filter.", examples=["skill"])
    teams: list[TeamNamed] = Field(description="For team: those who may take it.")
    skill_id: str | None = Field(description="For skill: which.", examples=["skl_069nnak9kphi75bkq3s0h6dn1k"])
    skill: str | None = Field(description="For skill: its name.", examples=["refunds"])
    level: int | None = Field(description="For skill: at least.", examples=[3])
    language: str | None = Field(description="For language: which.", examples=[None])
    area: str | None = Field(description="For area: which.", examples=[None])
    channel: Channel | None = Field(description="For channel_capacity: which.", examples=[None])


class RejectedOut(ReasonOut):
    """A reason and how many it kept out."""

    agents: int = Field(description="How many agents.", examples=[2])


class RankedOut(Out):
    """One of the best."""

    place: int = Field(description="1 is the best.", examples=[1])
    agent_id: str = Field(description="Opaque.", examples=[AGENT])
    agent: str | None = Field(description="The agent's name.", examples=["ani"])
    title: str | None = Field(description="What people call the agent.", examples=["Ani Wijaya"])
    load: int = Field(description="Units held before this ticket.", examples=[2])
    capacity: int = Field(description="Units the agent can hold.", examples=[5])
    values: dict[str, int] = Field(
        description="The value of each key; smaller came first.", examples=[{"least_loaded": 2576980377}]
    )


class DecisionOut(Out):
    """The record of one choice. Names are looked up when it is read; the record itself has none."""

    id: str | None = Field(description="Opaque; null in a dry run.", examples=[DECISION])
    ticket_id: str | None = Field(description="About which ticket.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])
    ticket_number: int | None = Field(description="Its number.", examples=[123])
    queue_id: str = Field(description="In which queue.", examples=["que_069nnak9kphi75bkq3s0h6dn1k"])
    queue: str | None = Field(description="The queue's name.", examples=["billing"])
    seq: int = Field(description="Its place in the log.", examples=[4711])
    at: Moment = Field(description="When.")
    cause: str = Field(description="What made it necessary.", examples=["submitted"])
    outcome: Outcome = Field(description="What it came to.", examples=["assigned"])
    agent_id: str | None = Field(description="Who was chosen.", examples=[AGENT])
    agent: str | None = Field(description="The chosen agent's name.", examples=["ani"])
    agent_title: str | None = Field(description="What people call the chosen agent.", examples=["Ani Wijaya"])
    configuration_version: int = Field(description="Which configuration decided.", examples=[7])
    engine_version: str = Field(description="Which engine decided.", examples=["0.1.0"])
    strategy: Strategy = Field(description="How candidates were ordered.", examples=["least_load"])
    handover: Handover = Field(description="Whether the agent was asked first.", examples=["direct"])
    priority: Priority = Field(description="The ticket's priority then.", examples=["high"])
    requirement: RequirementOut = Field(description="What the ticket asked for.")
    held: Held | None = Field(description="What kept it from being given out, where somebody could take it.", examples=[None])
    considered: int = Field(description="How many agents there were.", examples=[12])
    eligible: int = Field(description="How many could take it.", examples=[3])
    rejected: list[RejectedOut] = Field(description="Why the others could not, in the order of the filters.")
    keys: list[str] = Field(description="What was compared, one after the other.", examples=[["least_loaded", "created_first"]])
    ranked: list[RankedOut] = Field(description="The ten best in order.")
    tie_break: str | None = Field(description="The key that set the first apart from the second.", examples=["least_loaded"])
    explanation: str = Field(description="The same in sentences, in the language of Accept-Language.", examples=[SENTENCE])


class DecisionPage(Out):
    """One page of decisions, oldest first."""

    data: list[DecisionOut] = Field(description="Oldest first.")
    next_cursor: NextCursor


class Verdict(StrEnum):
    """One agent's part in a decision."""

    CHOSEN = "chosen"
    ELIGIBLE = "eligible"  # could have taken it
    REJECTED = "rejected"  # could not
    NOT_CONSIDERED = "not_considered"  # was not an agent then
    UNKNOWN = "unknown"  # so many agents that only counts were kept


class CandidateOut(Out):
    """Why this agent, or why not."""

    decision_id: str = Field(description="Which decision.", examples=[DECISION])
    agent_id: str = Field(description="Which agent.", examples=[AGENT])
    agent: str | None = Field(description="The agent's name.", examples=["citra"])
    title: str | None = Field(description="What people call the agent.", examples=["Citra"])
    verdict: Verdict = Field(description="The agent's part.", examples=["rejected"])
    place: int | None = Field(description="Among the ten best; null elsewhere.", examples=[None])
    values: dict[str, int] | None = Field(description="The value of each key, among the ten best.", examples=[None])
    reason: ReasonOut | None = Field(description="What kept the agent out.")
    explanation: str = Field(description="The same in a sentence.", examples=["Citra was offline."])
