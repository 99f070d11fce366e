"""The log on the wire."""

from typing import Any

from pydantic import Field

from app.api.schemas.answers import Moment, Out
from app.engine.vocabulary import ActorType


class ActorOut(Out):
    """Who caused it."""

    type: ActorType = Field(
        description="A key, an agent, another person who signed in, or the service itself.", examples=["api_key"]
    )
    id: str = Field(description="Which.", examples=["key_069nnak9kphi75bkq3s0h6dn1k"])


class SubjectOut(Out):
    """What it happened to."""

    type: str = Field(description="ticket, offer, agent, configuration or workspace.", examples=["ticket"])
    id: str | None = Field(description="Which, if there are several.", examples=["tkt_069nnak9kphi75bkq3s0h6dn1k"])


class EventOut(Out):
    """One line of the log, the same in feed, stream and webhook."""

    id: str = Field(description="Opaque; the same however often it is sent.", examples=["evt_069nnak9kphi75bkq3s0h6dn1k"])
    seq: int = Field(description="Its place: no gaps, in the order of commits.", examples=[4711])
    type: str = Field(description="What happened.", examples=["ticket.assigned"])
    at: Moment = Field(description="When.")
    actor: ActorOut = Field(description="Who caused it.")
    subject: SubjectOut = Field(description="What it happened to.")
    data: dict[str, Any] = Field(
        description="Ids, enums, numbers and times; never a name or a word that somebody wrote.",
        examples=[{"ticket_id": "tkt_069nnak9kphi75bkq3s0h6dn1k", "agent_id": "agt_069nnak9kphi75bkq3s0h6dn1k", "how": "routed"}],
    )
    request_id: str | None = Field(description="The request that caused it.", examples=["req_069nnak9kphi75bkq3s0h6dn1k"])
    live: bool = Field(description="False in a sandbox.", examples=[True])


class EventPage(Out):
    """Events after a position."""

    data: list[EventOut] = Field(description="In order.")
    last_seq: int = Field(description="The last position looked at: send it as `after` for the next page.", examples=[4711])
    epoch: int = Field(
        description="Send it with `after`: it changes when a backup was restored, and old positions are then refused.",
        examples=[1],
    )
