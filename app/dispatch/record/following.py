"""Who follows what, from the events of the batch."""

from collections.abc import Iterator

from app.dispatch.moments import moment, uuid_of
from app.dispatch.record.batch import Batch, Statement, columns
from app.engine.events import TicketFollowerAdded, TicketFollowerRemoved
from app.engine.ids import AgentId, TicketId
from app.queries import recording


def statements(batch: Batch) -> Iterator[Statement]:
    """What each pair came to at the end."""
    follows: dict[tuple[TicketId, AgentId], bool] = {}
    for _, event, _ in batch.events():
        if isinstance(event, TicketFollowerAdded | TicketFollowerRemoved):
            follows[event.ticket, event.agent] = isinstance(event, TicketFollowerAdded)
    added, removed = (
        [(uuid_of(ticket), uuid_of(agent)) for (ticket, agent), does in sorted(follows.items()) if does is wanted]
        for wanted in (True, False)
    )
    if removed:
        yield recording.REMOVE_FOLLOWERS, batch.workspace, *columns(removed)
    if added:
        yield recording.PUT_FOLLOWERS, batch.workspace, *columns(added), moment(batch.at)
