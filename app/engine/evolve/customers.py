"""What becomes of a customer: the state knows nobody, only tickets that change hands."""

from app.engine import events
from app.engine.state import State


def nobody(state: State, event: events.Event, at: int) -> None:
    """The rows alone know them."""


def moved(state: State, event: events.CustomerMerged | events.CustomerUnmerged, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Each ticket that is open is one version on; of those that have ended the rows tell."""
    for ticket in event.tickets:
        slot = state.tickets.slot_of.get(ticket)
        if slot is not None:
            state.bump(slot)
