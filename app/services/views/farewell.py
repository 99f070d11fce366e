"""What becomes of the work of an agent who leaves."""

from collections.abc import Iterable
from typing import Any

from app.engine.events import Event, OfferWithdrawn, TicketReturned
from app.identifiers import encode, encode_optional


def farewell(agent: bytes, name: str, events: Iterable[Event], decisions: Iterable[Any]) -> dict[str, Any]:
    """Who left, and each ticket that they held or were asked about with what was decided about it at once."""
    returned = [event.ticket for event in events if isinstance(event, TicketReturned | OfferWithdrawn) and event.agent == agent]
    last = {decision.ticket: decision for decision in decisions}
    return {
        "id": encode("agt", agent),
        "name": name,
        "returned": [
            {
                "id": encode("tkt", ticket),
                "outcome": last[ticket].outcome if ticket in last else "waiting",
                "agent_id": encode_optional("agt", last[ticket].agent) if ticket in last else None,
            }
            for ticket in dict.fromkeys(returned)
        ],
    }
