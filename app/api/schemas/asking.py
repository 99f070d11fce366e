"""Answers to "who could take this?" and "what becomes of it?"."""

from enum import StrEnum

from pydantic import Field

from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.decisions import AGENT, ReasonOut, RejectedOut, RequirementOut
from app.engine.vocabulary import Handover, Held, Metric, Order, Priority, Rejection, Status, Strategy

TICKET = "tkt_069nnak9kphi75bkq3s0h6dn1k"
SENTENCE = (
    "As things are now it would go to Ani Wijaya (load 2 of 5). 3 of 12 agents could take it; 7 are offline, "
    "2 lack skill refunds ≥ 3. Ani Wijaya was ahead of Budi because of the smaller share of capacity in use (40 % against 60 %)."
)


class Part(StrEnum):
    """One agent's part."""

    ELIGIBLE = "eligible"
    REJECTED = "rejected"


class StandingOut(Out):
    """One agent's part: a place among those who could, or the first filter that fails."""

    agent_id: str = Field(description="Opaque.", examples=[AGENT])
    agent: str | None = Field(description="The agent's name.", examples=["ani"])
    title: str | None = Field(description="What people call the agent.", examples=["Ani Wijaya"])
    verdict: Part = Field(description="Whether the agent could take it.", examples=["eligible"])
    place: int | None = Field(description="From 1 among those who could; null for the others.", examples=[1])
    load: int = Field(description="Units held, without this ticket.", examples=[2])
    capacity: int = Field(description="Units the agent can hold.", examples=[5])
    values: dict[str, int] | None = Field(
        description="The value of each key, smaller comes first; null for those who could not.",
        examples=[{"least_loaded": 1717986918}],
    )
    reason: ReasonOut | None = Field(description="What keeps the agent out; null for those who could.", examples=[None])
    explanation: str = Field(
        description="The same in a sentence, in the language of Accept-Language.",
        examples=["Ani Wijaya comes first (load 2 of 5)."],
    )


class CandidatePage(Out):
    """Who could take the ticket as things are: the ranked in order, then everybody else with the reason."""

    ticket_id: str | None = Field(description="Which ticket; null where none was made.", examples=[TICKET])
    ticket_number: int | None = Field(description="Its number.", examples=[123])
    at: Moment = Field(description="When it was looked at.")
    queue_id: str = Field(description="In which queue.", examples=["que_069nnak9kphi75bkq3s0h6dn1k"])
    queue: str | None = Field(description="The queue's name.", examples=["billing"])
    configuration_version: int = Field(description="By which configuration.", examples=[7])
    strategy: Strategy = Field(description="How candidates are ordered.", examples=["least_load"])
    handover: Handover = Field(description="Whether the agent would be asked first.", examples=["direct"])
    priority: Priority = Field(description="The ticket's priority.", examples=["high"])
    requirement: RequirementOut = Field(description="What the ticket asks for.")
    considered: int = Field(description="How many agents there are.", examples=[12])
    eligible: int = Field(description="How many could take it.", examples=[3])
    rejected: list[RejectedOut] = Field(description="Why the others could not, counted, in the order of the filters.")
    keys: list[str] = Field(description="What is compared, one after the other.", examples=[["least_loaded", "created_first"]])
    held: Held | None = Field(description="Why nothing is given out of the queue now; null where it is.", examples=[None])
    agent_id: str | None = Field(description="Who would get it or be asked; null where nobody could.", examples=[AGENT])
    agent: str | None = Field(description="That agent's name.", examples=["ani"])
    agent_title: str | None = Field(description="What people call that agent.", examples=["Ani Wijaya"])
    explanation: str = Field(description="The same in sentences, in the language of Accept-Language.", examples=[SENTENCE])
    data: list[StandingOut] = Field(description="One page of agents.")
    next_cursor: NextCursor


class Step(StrEnum):
    """What falls due."""

    WARNING = "warning"  # a deadline is near
    BREACH = "breach"  # a deadline has passed
    ESCALATION = "escalation"  # a level of the SLA policy is taken
    OFFER_EXPIRY = "offer_expiry"  # whoever was asked has not answered


class NextStep(Out):
    """What happens at a moment if nobody does anything before."""

    at: Moment = Field(description="When.")
    step: Step = Field(description="What.", examples=["escalation"])
    metric: Metric | None = Field(description="Of which promise; null for an offer.", examples=["first_response"])
    level: int | None = Field(description="Which escalation, from 1; null for the others.", examples=[1])
    priority: Priority | None = Field(description="The priority it rises to; null where it stays.", examples=["urgent"])
    team_id: str | None = Field(description="The team it goes to; null where it stays.", examples=[None])
    team: str | None = Field(description="That team's name.", examples=[None])
    agent_id: str | None = Field(description="To whom an escalation hands it, or whose offer ends.", examples=[AGENT])
    agent: str | None = Field(description="That agent's name.", examples=["sri"])
    agent_title: str | None = Field(description="What people call that agent.", examples=["Sri"])


class StandingStill(Out):
    """A promise whose clock stands still while the owner waits."""

    metric: Metric = Field(description="Which promise.", examples=["resolution"])
    left_seconds: int = Field(description="What is left once the clock runs again.", examples=[5400])


class WhenFree(Out):
    """Somebody whom only the moment keeps out."""

    agent_id: str = Field(description="Opaque.", examples=[AGENT])
    agent: str | None = Field(description="The agent's name.", examples=["ani"])
    agent_title: str | None = Field(description="What people call the agent.", examples=["Ani Wijaya"])
    load: int = Field(description="Units held.", examples=[5])
    capacity: int = Field(description="Units the agent can hold.", examples=[5])
    reason: Rejection = Field(description="What keeps the agent out now.", examples=["capacity"])


class OutlookOut(Out):
    """What keeps an open ticket where it is, and what comes next if nobody does anything."""

    ticket_id: str = Field(description="Which ticket.", examples=[TICKET])
    ticket_number: int = Field(description="Its number.", examples=[123])
    at: Moment = Field(description="When it was looked at.")
    status: Status = Field(description="Where it stands.", examples=["waiting"])
    priority: Priority = Field(description="How much it presses.", examples=["high"])
    queue_id: str = Field(description="In which queue.", examples=["que_069nnak9kphi75bkq3s0h6dn1k"])
    queue: str | None = Field(description="The queue's name.", examples=["billing"])
    order: Order = Field(description="The queue's order.", examples=["priority"])
    configuration_version: int = Field(description="By which configuration.", examples=[7])
    waiting_since_at: Moment | None = Field(description="Since when it waits; null unless it does.")
    position: int | None = Field(
        description="Its place in the queue's present order, from 1; null unless it waits.", examples=[3]
    )
    waiting_in_queue: int = Field(description="How many wait in the queue.", examples=[7])
    agent_id: str | None = Field(description="The owner, or who is asked.", examples=[None])
    agent: str | None = Field(description="That agent's name.", examples=[None])
    agent_title: str | None = Field(description="What people call that agent.", examples=[None])
    requirement: RequirementOut = Field(description="What it asks of an agent.")
    considered: int = Field(description="How many agents there are.", examples=[12])
    eligible: int = Field(description="How many could take it now.", examples=[0])
    held: Held | None = Field(description="Why nothing is given out of the queue now; null where it is.", examples=[None])
    rejected: list[RejectedOut] = Field(description="What keeps the others out, counted, in the order of the filters.")
    could_when_free: int = Field(description="How many could take it once they are there and have room.", examples=[4])
    first_of_them: list[WhenFree] = Field(description="At most ten of those, in the order in which they joined.")
    standing_still: list[StandingStill] = Field(description="Promises whose clock stands still.")
    next_steps: list[NextStep] = Field(description="What falls due, in order of time.")
    explanation: str = Field(
        description="The same in sentences, in the language of Accept-Language.",
        examples=["Ticket #123 has waited in the queue billing since 2026-01-05 08:00:00 UTC, as number 3 of 7."],
    )
