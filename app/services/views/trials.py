"""What a trial found, as answers have it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.engine.asking import Placed, Refused
from app.identifiers import encode
from app.services.explanations import explain_trial
from app.services.explanations.trials import COMPARED
from app.services.trials.pasts import Asked
from app.services.views.moments import stamp, stamp_of_ms
from app.services.views.names import Names

View = dict[str, Any]
People = Mapping[int, tuple[UUID, str, str]]
"""Id, name and title by the agent's number."""
Found = Sequence[Placed | Refused]

_NOTHING: View = {
    "refused": None,
    "rules": [],
    "queue_id": None,
    "queue": None,
    "priority": None,
    "category": None,
    "language": None,
    "area": None,
    "team": None,
    "require_skills": [],
    "wish_skills": [],
    "tags": [],
    "cost": None,
    "promises": [],
    "handover": None,
    "eligible": 0,
    "agent_id": None,
    "agent": None,
    "agent_title": None,
}


class Naming:
    """What the ids of one configuration are called; `stored` are those of the one in force, which alone are shown as ids."""

    def __init__(self, document: Mapping[str, Any], names: Names, stored: Names) -> None:
        self.names = names
        self.stored = stored
        self.rules = {bytes.fromhex(rule["id"]): rule["name"] for rule in document.get("rules", ())}


def chosen_numbers(*found: Found) -> set[int]:
    """The numbers of those whose names are needed."""
    return {one.chosen[1] for each in found for one in each if isinstance(one, Placed) and one.chosen is not None}


def trial_view(
    every: Sequence[Asked],
    in_force: tuple[Found, Naming],
    tried: tuple[Found, Naming],
    *,
    people: People,
    language: str,
    **said: Any,
) -> View:
    """`said` is what stands before: version, time and the changes of the configuration."""
    tickets = [
        _ticket(asked, _placed(before, asked, in_force[1], people), _placed(after, asked, tried[1], people))
        for asked, before, after in zip(every, in_force[0], tried[0], strict=True)
    ]
    counts = Counter(field for ticket in tickets for field in ticket["differs"])
    view: View = {
        **said,
        "tickets": len(tickets),
        "changed": sum(ticket["changed"] for ticket in tickets),
        "summary": [{"field": field, "tickets": count} for field, count in counts.most_common()],
    }
    view["explanation"] = explain_trial(view, language)
    view["data"] = tickets
    return view


def _ticket(asked: Asked, before: View, after: View) -> View:
    differs = [field for field in COMPARED if before[field] != after[field]]
    if before["refused"] or after["refused"]:
        differs = ["refused"] if bool(before["refused"]) != bool(after["refused"]) else []
    return {
        "ticket_id": encode("tkt", asked.row["id"]),
        "ticket_number": asked.row["number"],
        "created_at": stamp(asked.row["created_at"]),
        "changed": bool(differs),
        "differs": differs,
        "assumed": list(asked.assumed),
        "in_force": before,
        "tried": after,
    }


def _placed(found: Placed | Refused, asked: Asked, naming: Naming, people: People) -> View:
    if isinstance(found, Refused):
        return {**_NOTHING, "refused": {"code": found.code, "detail": found.detail}}
    names, created = naming.names, round(asked.row["created_at"].timestamp() * 1000)
    agent = people.get(found.chosen[1]) if found.chosen is not None else None
    return {
        "refused": None,
        "rules": [naming.rules[rule] for rule in found.rules],
        "queue_id": encode("que", found.queue) if found.queue in naming.stored.queues else None,
        "queue": names.queues.get(found.queue),
        "priority": found.priority,
        "category": found.category,
        "language": found.language,
        "area": found.area,
        "team": None if found.team is None else names.teams.get(found.team),
        "require_skills": _levels(found.skills, names),
        "wish_skills": _levels(found.wishes, names),
        "tags": list(dict.fromkeys((*asked.tags, *found.tags))),
        "cost": found.cost,
        "promises": [
            {"metric": metric, "target_seconds": allowed // 1000, "due_at": stamp_of_ms(created + allowed)}
            for metric, allowed in found.promises
        ],
        "handover": found.handover,
        "eligible": found.eligible,
        "agent_id": encode("agt", found.chosen[0]) if found.chosen is not None else None,
        "agent": None if agent is None else agent[1],
        "agent_title": None if agent is None else agent[2],
    }


def _levels(levels: Sequence[tuple[bytes, int]], names: Names) -> list[View]:
    return sorted(
        ({"skill": names.skills.get(skill, skill.hex()), "level": level} for skill, level in levels), key=lambda one: one["skill"]
    )
