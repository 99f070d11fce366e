"""Agents on the wire."""

from pydantic import Field

from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.conditions import Strict
from app.api.schemas.tickets_out import SkillOut, TicketOut
from app.engine.vocabulary import Channel, Kind, Presence, Priority

AGENT = "agt_069nnak9kphi75bkq3s0h6dn1k"


class PresenceIn(Strict):
    """Whether the agent takes work now."""

    presence: Presence = Field(description="available takes what waits at once.", examples=["available"])


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
    last_seq: int = Field(description="Send it as `after` with `wait` to hear of the next change.", examples=[4711])
