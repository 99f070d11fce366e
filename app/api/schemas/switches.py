"""What is paused or drained, on the wire."""

from pydantic import Field

from app.api.schemas.answers import Moment, Out
from app.engine.vocabulary import QueueState


class QueueStateOut(Out):
    """Whether a queue takes tickets in and gives them out."""

    queue_id: str = Field(description="Which queue.", examples=["que_069nnak9kphi75bkq3s0h6dn1k"])
    queue: str = Field(description="Its name.", examples=["general"])
    state: QueueState = Field(description="running, paused or draining.", examples=["paused"])
    since_at: Moment | None = Field(description="Since when; null while it runs.")


class QueueStateDryRun(QueueStateOut):
    """How it would be. Nothing was stored."""

    would_status: int = Field(description="The status of the real call.", examples=[200])


class StopSwitchOut(Out):
    """Whether all routing stands still."""

    paused: bool = Field(description="Tickets are taken in and wait.", examples=[True])
    paused_at: Moment | None = Field(description="Since when; null unless it is paused.")


class StopSwitchDryRun(StopSwitchOut):
    """How it would be. Nothing was stored."""

    would_status: int = Field(description="The status of the real call.", examples=[200])


class WorkspaceOut(StopSwitchOut):
    """The stop switch, and every queue's state."""

    queues: list[QueueStateOut] = Field(description="In the order of the configuration.")
