"""Who could take a ticket, as answers have it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.engine.asking import Standing, WhoCan
from app.identifiers import encode, encode_optional
from app.services.explanations import explain_considered, explain_standing
from app.services.views.decisions import rejection_view, requirement_view
from app.services.views.moments import stamp_of_ms
from app.services.views.names import Names

View = dict[str, Any]
People = Mapping[int, tuple[UUID, str, str]]
"""Id, name and title by the agent's number."""


def numbers_of(found: WhoCan) -> set[int]:
    """Those whose names are needed."""
    return {one.number for one in (*found.best, *found.page)}


def considered_view(
    found: WhoCan, ticket: Mapping[str, Any] | None, *, at: int, names: Names, people: People, language: str
) -> tuple[View, list[View]]:
    """What stands before the page, and the page. `ticket` has id and number; None where there is no ticket. `at` is in ms."""
    record: View = {
        "ticket_id": None if ticket is None else encode("tkt", ticket["id"]),
        "ticket_number": None if ticket is None else ticket["number"],
        "at": stamp_of_ms(at),
        "queue_id": encode("que", found.queue),
        "queue": names.queues.get(found.queue),
        "configuration_version": found.configuration,
        "strategy": found.strategy,
        "handover": found.handover,
        "priority": found.priority,
        "requirement": requirement_view(found.requirement, names),
        "considered": found.considered,
        "eligible": found.eligible,
        "rejected": [rejection_view(entry, names) for entry in found.rejected],
        "keys": list(found.keys),
        "held": found.held,
    }
    best = [_candidate(one, found, record["rejected"], people) for one in found.best]
    first = best[0] if best else None
    record["agent_id"] = encode_optional("agt", found.best[0].agent) if found.best else None
    record["agent"] = None if first is None else first["agent"]
    record["agent_title"] = None if first is None else first["title"]
    record["explanation"] = explain_considered(record, list(best), language)
    page = [_candidate(one, found, record["rejected"], people) for one in found.page]
    for view in page:
        view["explanation"] = explain_standing(view, list(best), language)
    return record, page


def _candidate(one: Standing, found: WhoCan, rejected: list[View], people: People) -> View:
    _, name, title = people.get(one.number, (None, None, None))
    reason = None if one.reason is None else rejected[one.reason - 1]
    return {
        "agent_id": encode("agt", one.agent),
        "agent": name,
        "title": title,
        "verdict": "eligible" if reason is None else "rejected",
        "place": one.place,
        "load": one.load,
        "capacity": one.capacity,
        "values": None if one.values is None else dict(zip(found.keys, one.values, strict=True)),
        "reason": None if reason is None else {key: value for key, value in reason.items() if key != "agents"},
    }
