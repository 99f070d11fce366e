"""Agents on the wire."""

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.conditions import Strict
from app.api.schemas.tickets import ReasonIn, Reference
from app.api.schemas.tickets_out import SkillOut, TicketOut
from app.engine.vocabulary import Channel, Kind, Presence, Priority, Status

AGENT = "agt_069nnak9kphi75bkq3s0h6dn1k"


class PresenceIn(Strict):
    """Whether the agent takes work now."""

    presence: Presence = Field(description="available takes what waits at once.", examples=["available"])


class ReleaseIn(ReasonIn):
    """Whither all work of the agent goes: at most one of queue, team and agent_id; with none each ticket to its own queue."""

    queue: Reference | None = Field(default=None, description="A queue's name or id.", examples=[None])
    team: Reference | None = Field(default=None, description="A team's name or id.", examples=["senior"])
    agent_id: Reference | None = Field(
        default=None, description="Another agent's id, name, or ext:<external_id>: up to their capacity.", examples=[None]
    )
    presence: Literal["offline"] | None = Field(
        default=None,
        description="offline: the agent goes offline in the same moment, and offers to them are withdrawn.",
        examples=["offline"],
    )

    @model_validator(mode="after")
    def _one_place(self) -> "ReleaseIn":
        if sum(place is not None for place in (self.queue, self.team, self.agent_id)) > 1:
            raise PydanticCustomError("required", "Say at most one of queue, team and agent_id.")
        return self


class ReleasedTicketOut(Out):
    """Where a ticket of the agent is now."""

    ticket_id: str = Field(description="Which ticket.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])
    status: Status = Field(description="waiting, offered or assigned.", examples=["assigned"])
    queue_id: str = Field(description="Its queue.", examples=["que_069nnak9kphi75bkq3s0h6dn1k"])
    queue: str | None = Field(description="That queue's name.", examples=["general"])
    agent_id: str | None = Field(description="Who has it now, or is asked; null where it waits.", examples=[AGENT])


class ReleasedOut(Out):
    """What went where."""

    agent_id: str = Field(description="Whose work it was.", examples=[AGENT])
    tickets: list[ReleasedTicketOut] = Field(description="Oldest number first; empty where the agent owned nothing.")


class ReleasedDryRun(ReleasedOut):
    """What would go where. Nothing was stored."""

    would_status: int = Field(description="The status of the real call.", examples=[200])


class TeamOfAgent(Out):
    """A team the agent belongs to."""

    id: str = Field(description="Opaque.", examples=["tem_069nnak9kphi75bkq3s0h6dn1k"])
    name: str | None = Field(description="Null where it is no longer configured.", examples=["billing"])


class LimitOut(Out):
    """A channel's own limit."""

    channel: Channel = Field(description="Which channel.", examples=["live_chat"])
    units: int = Field(description="Units at most.", examples=[3])


class AgentOut(Out):
    """A person who takes tickets, as of now."""

    id: str = Field(description="Opaque.", examples=[AGENT])
    number: int = Field(description="Counts agents in the order in which they joined; breaks the last tie.", examples=[3])
    name: str = Field(description="As the configuration names the agent.", examples=["ani"])
    title: str = Field(description="What people call the agent.", examples=["Ani Wijaya"])
    external_id: str | None = Field(description="The id elsewhere.", examples=["hr-4711"])
    presence: Presence = Field(description="Whether work is taken now.", examples=["available"])
    presence_changed_at: Moment = Field(description="Since when.")
    load: int = Field(description="Units held and reserved now.", examples=[2])
    capacity: int = Field(description="Units the agent can hold.", examples=[5])
    free_units: int = Field(description="What is left of it.", examples=[3])
    channel_limits: list[LimitOut] = Field(
        description="Limits of single channels.", examples=[[{"channel": "live_chat", "units": 3}]]
    )
    teams: list[TeamOfAgent] = Field(description="Whose queues the agent serves.")
    skills: list[SkillOut] = Field(description="What the agent can do.", examples=[[{"skill": "refunds", "level": 5}]])
    languages: list[str] = Field(description="What the agent speaks.", examples=[["id", "en"]])
    areas: list[str] = Field(description="Empty serves every area.", examples=[["bandung"]])
    weight: int = Field(description="For weighted_round_robin.", examples=[1])
    idle_since_at: Moment | None = Field(description="Since when without work; null while there is some, or was none yet.")
    version: int = Field(description="Counts changes; the ETag.", examples=[4])
    created_at: Moment = Field(description="When the agent joined.")
    updated_at: Moment = Field(description="When this last changed.")


class AgentPage(Out):
    """One page of agents."""

    data: list[AgentOut] = Field(description="In the order in which they joined.")
    next_cursor: NextCursor


class OfferOut(Out):
    """A ticket that the agent may take."""

    id: str = Field(description="Opaque.", examples=["off_069nnak9kphi75bkq3s0h6dn1k"])
    ticket_id: str = Field(description="Which ticket.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])
    status: str = Field(description="Always pending here.", examples=["pending"])
    decision_id: str | None = Field(description="Why this agent.", examples=["dec_069nnak9kphi75bkq3s0h6dn1k"])
    number: int = Field(description="The ticket's number.", examples=[123])
    kind: Kind = Field(description="What it is.", examples=["ticket"])
    channel: Channel = Field(description="How it came.", examples=["whatsapp"])
    priority: Priority = Field(description="How much it presses.", examples=["high"])
    category: str | None = Field(description="What it is about.", examples=["billing"])
    subject: str = Field(description="One line.", examples=["Refund for order 8841"])
    created_at: Moment = Field(description="Since when it stands.")
    expires_at: Moment = Field(description="Until when it stands.")


class MeOut(Out):
    """An agent's own work."""

    agent: AgentOut = Field(description="The agent whose key this is.")
    offers: list[OfferOut] = Field(description="What is offered, the first to lapse first.")
    tickets: list[TicketOut] = Field(description="What the agent owns and is not done, oldest first.")
    following: list[str] = Field(
        description="Tickets that the agent follows, at most 1,000, the latest first.",
        examples=[["tkt_069nnak9kphi75bkq3s0h6dn1k"]],
    )
    last_seq: int = Field(description="Send it as `after` with `wait` to hear of the next change.", examples=[4711])
