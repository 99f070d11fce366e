"""Who looks at a ticket and who is answering it."""

from pydantic import Field

from app.api.schemas.answers import Moment, Out
from app.api.schemas.conditions import Strict
from app.models.marks import MarkKind


class MarkIn(Strict):
    """What an agent does with the ticket now."""

    kind: MarkKind | None = Field(description="viewing, replying, or null: neither any more.", examples=["replying"])
    agent_id: str | None = Field(
        default=None,
        description="Whose mark: id, name or ext:<external_id>. An agent's key means its own agent.",
        examples=[None],
    )


class MarkOut(Out):
    """A mark that is alive."""

    kind: MarkKind = Field(description="What the agent does.", examples=["replying"])
    agent_id: str = Field(description="Who.", examples=["agt_069nnak9kphi75bkq3s0h6dn1k"])
    agent: str = Field(description="That agent's name.", examples=["ani"])
    since_at: Moment = Field(description="Since when, without a gap.")
    until_at: Moment = Field(description="When it ends unless it is renewed before.")


class MarksOut(Out):
    """All marks of a ticket that are alive: who replies, then who views."""

    data: list[MarkOut] = Field(description="The earliest first.")


class MarksDryRun(MarksOut):
    """What the marks would be; nothing was stored."""

    would_status: int = Field(description="The status that the call would have.", examples=[200])
