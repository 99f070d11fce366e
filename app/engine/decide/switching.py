"""Queues and the whole workspace are paused, drained, and go on."""

from app.engine.commands import SwitchQueue, SwitchWorkspace
from app.engine.decide.decider import Decider
from app.engine.decide.drain import drain_all
from app.engine.events import QueueDrainStarted, QueuePaused, QueueResumed, WorkspacePaused, WorkspaceResumed
from app.engine.refusals import QueueCannotDrain, QueueNotFound
from app.engine.tickets import NONE
from app.engine.vocabulary import QueueState

_EVENTS: dict[QueueState, type[QueuePaused | QueueDrainStarted | QueueResumed]] = {
    QueueState.PAUSED: QueuePaused,
    QueueState.DRAINING: QueueDrainStarted,
    QueueState.RUNNING: QueueResumed,
}


def switch_queue(decider: Decider, command: SwitchQueue) -> None:
    """What waited in a paused queue is given out when it goes on.

    Raises:
        QueueNotFound: there is no such queue.
        QueueCannotDrain: it is the default queue, or there is none.

    """
    state = decider.state
    queue = state.configuration.queue_names.get(command.queue)
    if queue is None:
        raise QueueNotFound("There is no such queue in this workspace.")
    before = state.queue_state(queue)
    if before is not command.to:
        if command.to is QueueState.DRAINING and state.configuration.default_queue in (None, queue):
            raise QueueCannotDrain("New tickets would have nowhere else to go. Make another queue the default first.")
        decider.emit(_EVENTS[command.to](queue))
        if before is QueueState.PAUSED:
            drain_all(decider)
    decider.decided.result.since = state.switches[queue][1] if queue in state.switches else None


def switch_workspace(decider: Decider, command: SwitchWorkspace) -> None:
    """What waited is given out when it goes on."""
    state = decider.state
    if command.paused is (state.paused_at == NONE):
        decider.emit(WorkspacePaused() if command.paused else WorkspaceResumed())
        if not command.paused:
            drain_all(decider)
    decider.decided.result.since = state.paused_at if state.paused_at != NONE else None
