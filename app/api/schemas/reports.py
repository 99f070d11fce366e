"""Reports on the wire."""

from pydantic import Field

from app.api.schemas.answers import Moment, Out
from app.engine.vocabulary import Metric, Priority


class QueueReport(Out):
    """What became of the tickets that a queue received in the time."""

    queue_id: str = Field(description="Opaque.", examples=["que_069nnak9kphi75bkq3s0h6dn1k"])
    queue: str | None = Field(description="Its name.", examples=["billing"])
    received: int = Field(description="How many came.", examples=[120])
    assigned: int = Field(description="How many of them ever had an owner.", examples=[118])
    waiting: int = Field(description="How many of them wait now.", examples=[2])
    in_hand: int = Field(description="How many of them are offered or owned now and not done.", examples=[14])
    escalated: int = Field(description="How many of them were ever escalated.", examples=[3])
    resolved: int = Field(description="How many of them are resolved or closed.", examples=[104])
    cancelled: int = Field(description="How many of them were cancelled.", examples=[0])
    longest_waiting_since_at: Moment | None = Field(description="Since when the one waiting longest waits.")
    wait_median_seconds: float | None = Field(description="From arrival to the first owner: half are faster.", examples=[1.25])
    wait_p95_seconds: float | None = Field(description="The same: 95 % are faster.", examples=[88.0])
    first_response_median_seconds: float | None = Field(description="From arrival to the first answer.", examples=[310.5])
    resolution_median_seconds: float | None = Field(description="From arrival until it was resolved.", examples=[5400.0])


class PromiseReport(Out):
    """What became of the promises for the tickets of the time."""

    priority: Priority = Field(description="The ticket's priority when it came.", examples=["urgent"])
    metric: Metric = Field(description="What was promised.", examples=["first_response"])
    met: int = Field(description="Kept in time.", examples=[31])
    broken: int = Field(description="Passed, fulfilled since or not.", examples=[2])
    running: int = Field(description="Not yet decided.", examples=[1])
    cancelled: int = Field(description="No longer matter.", examples=[0])
    met_percent: float | None = Field(description="Of those decided.", examples=[93.9])


class QueuesReport(Out):
    """Queues and promises over a time."""

    from_at: Moment = Field(description="Inclusive.")
    to_at: Moment = Field(description="Exclusive.")
    queues: list[QueueReport] = Field(description="In the order of the configuration.")
    promises: list[PromiseReport] = Field(description="The most pressing first.")


class MemberReport(Out):
    """One agent's turns in one queue."""

    agent_id: str = Field(description="Opaque.", examples=["agt_069nnak9kphi75bkq3s0h6dn1k"])
    agent: str = Field(description="The agent's name.", examples=["ani"])
    title: str = Field(description="What people call the agent.", examples=["Ani Wijaya"])
    weight: int = Field(description="For weighted_round_robin.", examples=[1])
    assigned: int = Field(description="Tickets that came by turn; by hand and by escalation do not count.", examples=[41])
    owed_share: float = Field(description="For fair_share: tickets' worth not yet received.", examples=[0.333])


class TurnsOfQueue(Out):
    """How a queue's tickets were shared."""

    queue_id: str = Field(description="Opaque.", examples=["que_069nnak9kphi75bkq3s0h6dn1k"])
    queue: str | None = Field(description="Its name.", examples=["billing"])
    assigned: int = Field(description="Tickets given by turn in all.", examples=[123])
    spread: int | None = Field(description="The most of its teams' agents less the least; null without agents.", examples=[1])
    agents: list[MemberReport] = Field(description="In the order in which they joined.")


class TurnsReport(Out):
    """How tickets were shared, since each agent joined."""

    queues: list[TurnsOfQueue] = Field(description="In the order of the configuration.")
