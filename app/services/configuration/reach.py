"""Whom a change reaches: agents who are changed themselves, and those who get other work because a queue is."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.services.configuration.diff import Change, ChangeKind
from app.services.configuration.sections import by_name


@dataclass(frozen=True, slots=True)
class Reach:
    """Names of agents, sorted: `changed` by the document itself, `by_queue` because a queue of one of their teams changes."""

    changed: tuple[str, ...]
    by_queue: tuple[str, ...]


def reach(changes: Iterable[Change], present: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> Reach:
    """`present` is normalised or None, `wanted` is as it was read."""
    touched = [change.path.split("/") for change in changes if change.kind is not ChangeKind.KEPT_UNLISTED]
    objects = {(path[0], path[1]) for path in touched if len(path) > 1 and path[2:3] != ["title"]}
    teams = set()
    for document in (present or {}, wanted):
        for queue in document.get("queues") or ():
            uses = {
                ("queues", queue["name"]),
                ("routing_policies", queue.get("routing_policy")),
                ("sla_policies", queue.get("sla_policy")),
            }
            if uses & objects:
                teams.update(queue["teams"])
    changed = {name for section, name in objects if section == "agents"}
    agents = {**by_name((present or {}).get("agents") or ()), **by_name(wanted.get("agents") or ())}
    by_queue = {name for name, agent in agents.items() if teams & set(agent.get("teams") or ())}
    return Reach(tuple(sorted(changed)), tuple(sorted(by_queue - changed)))


def moved(before: Sequence[str], after: Sequence[str]) -> dict[str, str | None]:
    """The fewest names of `after` that have to move to get there from `before`, and the name each comes before; None is the end."""
    places = {name: place for place, name in enumerate(before)}
    row = [places[name] for name in after if name in places]
    kept = _longest_rising(row)
    followers = [*after[1:], None]
    return {name: follower for name, follower in zip(after, followers, strict=True) if places.get(name) not in kept}


def _longest_rising(row: Sequence[int]) -> set[int]:
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for value in row:
        at = bisect_left(ends, value)
        before[value] = ends[at - 1] if at else None
        ends[at : at + 1] = [value]
    found, value_or_none = set(), ends[-1] if ends else None
    while value_or_none is not None:
        found.add(value_or_none)
        value_or_none = before[value_or_none]
    return found
