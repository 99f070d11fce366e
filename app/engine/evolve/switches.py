"""What is paused, drained, and goes on."""

from app.engine import events
from app.engine.state import State
from app.engine.tickets import NONE
from app.engine.vocabulary import QueueState


def queue_paused(state: State, event: events.QueuePaused, at: int) -> None:
    """It gives nothing out."""
    state.switch(event.queue, QueueState.PAUSED, at)


def queue_drain_started(state: State, event: events.QueueDrainStarted, at: int) -> None:
    """It takes nothing in."""
    state.switch(event.queue, QueueState.DRAINING, at)


def queue_resumed(state: State, event: events.QueueResumed, at: int) -> None:
    """Both again."""
    state.switch(event.queue, QueueState.RUNNING, at)


def workspace_paused(state: State, event: events.WorkspacePaused, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Nothing is given out."""
    state.pause(at)


def workspace_resumed(state: State, event: events.WorkspaceResumed, at: int) -> None:  # noqa: ARG001  # one shape for all
    """It goes on."""
    state.pause(NONE)
