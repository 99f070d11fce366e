"""What was paused, drained or goes on: one row for each, which stays."""

from collections.abc import Iterator

from app.dispatch.moments import moment, uuid_of
from app.dispatch.record.batch import Batch, Statement, columns
from app.engine.state import State
from app.engine.tickets import NONE
from app.engine.vocabulary import QueueState
from app.queries import recording


def statements(state: State, batch: Batch) -> Iterator[Statement]:
    """The switches that the batch touched."""
    if not state.touched.switches:
        return
    rows = []
    for queue in state.touched.switches:
        if queue is None:
            paused = state.paused_at != NONE
            rows.append(
                (
                    batch.workspace,
                    QueueState.PAUSED if paused else QueueState.RUNNING,
                    moment(state.paused_at if paused else batch.at),
                )
            )
        else:
            switched, since = state.switches.get(queue, (QueueState.RUNNING, batch.at))
            rows.append((uuid_of(queue), switched, moment(since)))
    yield recording.PUT_SWITCHES, batch.workspace, *columns(sorted(rows))
