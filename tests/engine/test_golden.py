"""The kept log of a day: decided again it is the same, and replayed it gives the same state."""

import json

from app.engine.event_data import from_data
from app.engine.events import EVENT_TYPES
from app.engine.evolve import evolve
from app.engine.ids import WorkspaceId
from app.engine.state import State
from tests.engine.golden import LOG, Day, digest, lines
from tests.engine.worlds import ident

MEANT = "The day goes differently now. If that is meant: python -m tests.engine.golden --write"
NEVER_IN_A_DAY = {
    "agent.deleted", "agent.updated", "queue.drain_started", "queue.paused", "queue.resumed", "sandbox.clock_advanced",
    "ticket.follower_added", "ticket.follower_removed", "ticket.message_received", "timer.parked", "workspace.paused", "workspace.resumed",
}  # fmt: skip


def test_day_is_decided_as_it_was() -> None:
    assert lines(Day().run()) == LOG.read_text().splitlines(), MEANT


def test_kept_log_replayed_gives_the_same_state() -> None:
    *events, last = map(json.loads, LOG.read_text().splitlines())
    documents = Day().run().facts.documents
    state = State(WorkspaceId(ident("workspace")))
    for line in events:
        assert line["seq"] == state.seq + 1
        evolve(state, from_data(line["type"], line["data"]), at=line["at"], documents=documents)
        state.settle()
    assert digest(state) == last["state"]


def test_day_sees_every_kind_of_event() -> None:
    seen = {json.loads(line).get("type") for line in LOG.read_text().splitlines()[:-1]}
    assert seen == set(EVENT_TYPES) - NEVER_IN_A_DAY
