"""What keeps a ticket where it is and what comes next, as answers have it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.engine.asking import Coming, Outlook, Standing
from app.identifiers import encode, encode_optional
from app.services.explanations import explain_outlook
from app.services.views.decisions import rejection_view, requirement_view
from app.services.views.moments import stamp_of_ms
from app.services.views.names import Names

View = dict[str, Any]
People = Mapping[int, tuple[UUID, str, str]]
"""Id, name and title by the agent's number."""


def numbers_in(found: Outlook) -> set[int]:
    """Those whose names are needed."""
    numbers = {one.number for one in found.some} | {step.number for step in found.coming if step.number is not None}
    return numbers if found.holder is None else numbers | {found.holder[1]}


def outlook_view(found: Outlook, ticket: Mapping[str, Any], *, at: int, names: Names, people: People, language: str) -> View:
    """`ticket` has id and number; `at` is in ms."""
    rejected = [rejection_view(entry, names) for entry in found.rejected]
    holder, number = found.holder if found.holder is not None else (None, None)
    view: View = {
        "ticket_id": encode("tkt", ticket["id"]),
        "ticket_number": ticket["number"],
        "at": stamp_of_ms(at),
        "status": found.status,
        "priority": found.priority,
        "queue_id": encode("que", found.queue),
        "queue": names.queues.get(found.queue),
        "order": found.order,
        "configuration_version": found.configuration,
        "waiting_since_at": None if found.since is None else stamp_of_ms(found.since),
        "position": found.position,
        "waiting_in_queue": found.waiting,
        **_named(holder, number, people),
        "requirement": requirement_view(found.requirement, names),
        "considered": found.considered,
        "eligible": found.eligible,
        "held": found.held,
        "rejected": rejected,
        "could_when_free": found.passing,
        "first_of_them": [_standing(one, rejected, people) for one in found.some],
        "standing_still": [{"metric": metric, "left_seconds": max(left, 0) // 1000} for metric, left in found.still],
        "next_steps": [_step(step, names, people) for step in found.coming],
    }
    view["explanation"] = explain_outlook(view, language)
    return view


def _named(agent: bytes | None, number: int | None, people: People) -> View:
    _, name, title = people.get(number or 0, (None, None, None))
    return {"agent_id": encode_optional("agt", agent), "agent": name, "agent_title": title}


def _standing(one: Standing, rejected: list[View], people: People) -> View:
    return {
        **_named(one.agent, one.number, people),
        "load": one.load,
        "capacity": one.capacity,
        "reason": rejected[(one.reason or 1) - 1]["reason"],
    }


def _step(step: Coming, names: Names, people: People) -> View:
    return {
        "at": stamp_of_ms(step.at),
        "step": step.kind,
        "metric": step.metric,
        "level": step.level,
        "priority": step.priority,
        "team_id": encode_optional("tem", step.team),
        "team": None if step.team is None else names.teams.get(step.team),
        **_named(step.agent, step.number, people),
    }
