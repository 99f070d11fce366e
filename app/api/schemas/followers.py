"""Agents who follow a ticket."""

from pydantic import Field

from app.api.schemas.answers import Moment, Out


class FollowerOut(Out):
    """An agent who follows a ticket."""

    agent_id: str = Field(description="Who.", examples=["agt_069nnak9kphi75bkq3s0h6dn1k"])
    agent: str = Field(description="That agent's name.", examples=["ani"])
    since_at: Moment = Field(description="Since when.")


class FollowersOut(Out):
    """Who follows a ticket."""

    data: list[FollowerOut] = Field(description="By name.")
