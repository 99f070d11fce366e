"""Write service-desk.yaml from the week before the day: what the configuration knows was known on Sunday evening.

    python -m examples.make_service_desk

It reads handled-2016w09.csv and nothing else, so no skill can come from the day that is played. The rules of thumb:

- team: a group of the trace. An agent belongs to the group where it handled most, and to any where it handled 3 or more.
- queue: a group that handled 16 or more has one of its own; the rest share `specialists`, where a ticket keeps its team.
- skill: level = 1 + 2 log2(count), rounded down, at most 10: one incident is 1, two 3, four 5, eight 7, sixteen 9, 23 are 10.
- capacity: 3 tickets, one more for every 15 handled, at most 6.
- senior: whoever handled 30 or more.
"""

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from examples.topics import topic
from examples.yaml_lines import object_lines

HERE = Path(__file__).parent
HANDLED = HERE / "handled-2016w09.csv"
SERVICE_DESK = HERE / "service-desk.yaml"

SENIOR, SHARED_QUEUE = "senior", "specialists"
MANAGERS = {"manager-desk": "Duty manager, service desk", "manager-field": "Duty manager, specialists"}
OWN_QUEUE_FROM, MEMBER_FROM, SENIOR_FROM = 16, 3, 30
REQUIRED_LEVEL = 3

# Which way of sharing suits a group is a choice, not a figure: here are all of them at work.
POLICIES = {
    "group-25": "balanced",
    "group-39": "balanced",
    "group-20": "balanced",
    "group-65": "balanced",
    "group-24": "craft",
    "group-27": "craft",
    "group-23": "craft",
    "group-66": "idle",
}
TURNS = "turns"

HEADER = """\
# Giliran, configuration of a service desk. Written by `python -m examples.make_service_desk`: edit that, not this.
#
# It rests on one week of a real IT service desk (2016-02-29 to 2016-03-06, see NOTICE.md), so on what was known before the
# Monday that `make demo` plays. Groups, agents and categories are masked in the source; what the categories are called
# here, the promises and the two managers are invented.
"""


@dataclass(slots=True)
class Worker:
    """An agent as its week shows it: how many incidents by group and by category."""

    name: str
    groups: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)

    @property
    def handled(self) -> int:
        return self.groups.total()

    def teams(self) -> list[str]:
        main = min(self.groups, key=lambda group: (-self.groups[group], _order(group)))
        member = {main} | {group for group, count in self.groups.items() if count >= MEMBER_FROM}
        return sorted(member, key=_order) + ([SENIOR] if self.handled >= SENIOR_FROM else [])

    def skills(self) -> list[dict[str, Any]]:
        known = sorted((category for category in self.categories if category), key=_order)
        return [{"skill": category, "level": level_of(self.categories[category])} for category in known]

    def capacity(self) -> int:
        return min(6, 3 + self.handled // 15)


def level_of(count: int) -> int:
    """Each doubling of what was handled is worth two levels."""
    return min(10, 1 + math.floor(2 * math.log2(count)))


def read_week(path: Path = HANDLED) -> list[Worker]:
    workers: dict[str, Worker] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            worker = workers.setdefault(row["agent"], Worker(row["agent"]))
            worker.groups[row["group"]] += int(row["count"])
            worker.categories[row["category"]] += int(row["count"])
    return sorted(workers.values(), key=lambda worker: _order(worker.name))


def document(workers: list[Worker]) -> dict[str, Any]:
    """The configuration as plain data, in the order in which it is written."""
    handled: Counter[str] = Counter()
    for worker in workers:
        handled.update(worker.groups)
    groups = sorted(handled, key=_order)
    desk = max(groups, key=lambda group: handled[group])
    own = sorted(
        (group for group in groups if handled[group] >= OWN_QUEUE_FROM), key=lambda group: (-handled[group], _order(group))
    )
    small = [group for group in groups if group not in own]
    return {
        "time_zone": "Asia/Jakarta",
        "default_queue": desk,
        "teams": [*({"name": group, "title": _title(group, desk)} for group in groups), {"name": SENIOR, "title": "Senior team"}],
        "skills": [{"name": name, "title": topic(name).title} for name in _categories(workers)],
        "routing_policies": _routing_policies(),
        "sla_policies": _sla_policies(),
        "queues": [
            *(_queue(group, _title(group, desk), desk=group == desk) for group in own),
            {
                "name": SHARED_QUEUE,
                "title": "Specialists",
                "routing_policy": TURNS,
                "sla_policy": "specialists",
                "teams": small,
            },
        ],
        "rules": [*_priority_rules(), *_queue_rules(own, small), *_skill_rules(workers)],
        "agents": [*map(_agent, workers), *({"name": name, "title": title, "capacity": 10} for name, title in MANAGERS.items())],
    }


def _routing_policies() -> list[dict[str, Any]]:
    vip = {"tiers": [{"tier": "vip", "team": SENIOR}]}
    return [
        {"name": "desk", "strategy": "vip", "order": "priority", "vip": vip},
        {"name": "balanced", "strategy": "least_load", "order": "priority"},
        {"name": "craft", "strategy": "skill", "skill_fit": "least_sufficient", "order": "priority"},
        {"name": "idle", "strategy": "longest_idle", "order": "deadline"},
        {"name": TURNS, "strategy": "round_robin", "order": "priority"},
    ]


def _sla_policies() -> list[dict[str, Any]]:
    hour = 3600
    return [
        {
            "name": "desk",
            "targets": {
                "urgent": {"first_response_seconds": 900, "resolution_seconds": hour},
                "high": {"first_response_seconds": 1800, "resolution_seconds": 2 * hour},
                "medium": {"first_response_seconds": 2700, "resolution_seconds": 8 * hour},
                "low": {"first_response_seconds": hour, "resolution_seconds": 24 * hour},
            },
            "warn_at_percent": 75,
            "escalations": _escalations("manager-desk", senior_after=1800, manager_after=3 * hour),
        },
        {
            "name": "specialists",
            "targets": {
                "urgent": {"first_response_seconds": 900, "resolution_seconds": hour},
                "high": {"first_response_seconds": 1800, "resolution_seconds": 2 * hour},
                "medium": {"first_response_seconds": hour, "resolution_seconds": 12 * hour},
                "low": {"first_response_seconds": hour, "resolution_seconds": 24 * hour},
            },
            "warn_at_percent": 80,
            "escalations": _escalations("manager-field", senior_after=hour, manager_after=5 * hour),
        },
    ]


def _escalations(manager: str, *, senior_after: int, manager_after: int) -> list[dict[str, Any]]:
    return [
        {"metric": "first_response", "after_seconds": 0, "raise_priority": True},
        {"metric": "first_response", "after_seconds": senior_after, "move_to_team": SENIOR},
        {"metric": "first_response", "after_seconds": manager_after, "hand_to": manager},
        {"metric": "resolution", "after_seconds": 0, "raise_priority": True},
        {"metric": "resolution", "after_seconds": 4 * 3600, "hand_to": manager},
    ]


def _queue(group: str, title: str, *, desk: bool) -> dict[str, Any]:
    return {
        "name": group,
        "title": title,
        "routing_policy": "desk" if desk else POLICIES.get(group, TURNS),
        "sla_policy": "desk" if desk else "specialists",
        "teams": [group],
    }


def _priority_rules() -> Iterator[dict[str, Any]]:
    for number, word in (1, "urgent"), (2, "high"), (3, "medium"), (4, "low"):
        yield {
            "name": f"priority-{number}",
            "when": {"field": "attributes.priority", "op": "eq", "value": number},
            "then": {"priority": word},
        }
    yield {
        "name": "words-of-an-outage",
        "when": {"field": "text", "op": "contains_any", "value": ["nobody can work", "semua tidak bisa kerja"]},
        "then": {"priority": "urgent", "tags": ["outage"]},
    }


def _queue_rules(own: Iterable[str], small: Iterable[str]) -> Iterator[dict[str, Any]]:
    for group in own:
        yield {"name": f"to-{group}", "when": _group(group), "then": {"queue": group}}
    for group in small:
        yield {"name": f"to-{group}", "when": _group(group), "then": {"queue": SHARED_QUEUE, "team": group}}


def _skill_rules(workers: list[Worker]) -> Iterator[dict[str, Any]]:
    """Where the queue goes by skill: what two or more of its team know well is required, the rest is wished for."""
    for group in (group for group, policy in POLICIES.items() if policy == "craft"):
        team = [worker for worker in workers if group in worker.teams()]
        knowing: Mapping[str, int] = Counter(
            skill["skill"] for worker in team for skill in worker.skills() if skill["level"] >= REQUIRED_LEVEL
        )
        for category in sorted((name for name, count in knowing.items() if count >= 2), key=_order):
            yield {
                "name": f"{group}-needs-{category}",
                "when": {"all": [_group(group), {"field": "category", "op": "eq", "value": category}]},
                "then": {"require_skills": [{"skill": category, "level": REQUIRED_LEVEL}]},
            }
    for category in _categories(workers):
        yield {
            "name": f"wish-{category}",
            "when": {"field": "category", "op": "eq", "value": category},
            "then": {"wish_skills": [{"skill": category, "level": 1}]},
        }


def _group(group: str) -> dict[str, Any]:
    return {"field": "attributes.group", "op": "eq", "value": group}


def _agent(worker: Worker) -> dict[str, Any]:
    number = worker.name.partition("-")[2]
    return {
        "name": worker.name,
        "title": f"Agent {number}",
        "teams": worker.teams(),
        "skills": worker.skills(),
        "capacity": worker.capacity(),
    }


def _categories(workers: Iterable[Worker]) -> list[str]:
    return sorted({category for worker in workers for category in worker.categories if category}, key=_order)


def _title(group: str, desk: str) -> str:
    return f"Group {group.partition('-')[2]}" + (", the service desk" if group == desk else "")


def _order(name: str) -> tuple[str, int]:
    word, _, number = name.rpartition("-")
    return word, int(number)


COMMENTS = {
    "time_zone": "Local times in conditions are meant here.",
    "default_queue": "Where a ticket goes that no rule places: its group did not occur in the week before, or it has none.",
    "teams": "Teams are the groups of the trace, and the senior team: all who handled 30 or more in the week.",
    "skills": "Skills are the categories of the trace.",
    "routing_policies": (
        "How a queue chooses. desk: key customers go to seniors first, then the least loaded. balanced: least loaded.\n"
        "# craft: whoever is just good enough, so that experts stay free. idle: longest without work. turns: round robin."
    ),
    "sla_policies": (
        "What is promised, in seconds. A broken first response raises the priority at once, later moves the ticket to the\n"
        "# senior team, later hands it to a manager; a broken resolution raises it and is handed to the manager after 4 hours."
    ),
    "queues": "A group that handled 16 or more in the week has a queue of its own, the busiest first; all others share one.",
    "rules": (
        "In order; what an earlier rule has set stays. Priority as the caller's desk gave it (1 is the highest), then the\n"
        "# queue by group, then skills, which count where a queue shares by craft: what two or more of the team know at level 3\n"
        "# is required, all else is wished for."
    ),
    "agents": (
        "All who handled something in the week. Level = 1 + 2 log2(count), rounded down, at most 10; capacity = 3, and one more\n"
        "# for every 15 handled, at most 6. The two managers are in no team: they get what is handed to them."
    ),
}


def to_yaml(document: Mapping[str, Any]) -> str:
    parts = [HEADER]
    for section, value in document.items():
        parts.append(f"\n# {COMMENTS[section]}\n")
        if isinstance(value, list):
            parts.append(f"{section}:\n" + "".join(f"  - {object_lines(item, indent=4)}\n" for item in value))
        else:
            parts.append(f"{section}: {value}\n")
    return "".join(parts)


def main() -> None:
    SERVICE_DESK.write_text(to_yaml(document(read_week())), encoding="utf-8")


if __name__ == "__main__":
    main()
