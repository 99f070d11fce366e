"""A first configuration file from a few answers, with comments in the language of whoever will read it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.engine.vocabulary import Channel, Handover, Order, Priority, Strategy
from app.services.configuration.yaml_write import entry, quoted

MINUTE, HOUR, DAY = 60, 3600, 86_400
POLICY = "standard"
PROMISES: dict[Priority, tuple[int | None, int | None]] = {
    Priority.URGENT: (15 * MINUTE, 4 * HOUR),
    Priority.HIGH: (HOUR, 8 * HOUR),
    Priority.MEDIUM: (4 * HOUR, 2 * DAY),
    Priority.LOW: (8 * HOUR, 5 * DAY),
}


@dataclass(frozen=True, slots=True)
class TeamAnswers:
    """A team by its title, the channels that come to it (none: what goes nowhere else), and its people by name."""

    title: str
    channels: tuple[Channel, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked. Promises are seconds until the first response and until it is resolved, None is no promise."""

    company: str
    teams: tuple[TeamAnswers, ...]
    time_zone: str
    capacity: int = 5
    strategy: Strategy = Strategy.ROUND_ROBIN
    order: Order = Order.PRIORITY
    handover: Handover = Handover.DIRECT
    promises: Mapping[Priority, tuple[int | None, int | None]] = field(default_factory=lambda: dict(PROMISES))


@dataclass(frozen=True, slots=True)
class Comments:
    """The sentences above the parts of the file. `head` knows {company}."""

    head: Sequence[str]
    time_zone: str
    default_queue: str
    teams: str
    routing_policies: Sequence[str]
    sla_policies: Sequence[str]
    queues: str
    rules: Sequence[str]
    agents: Sequence[str]


def names_of(titles: Iterable[str], *, otherwise: str) -> list[str]:
    """A name for each title, in the form that names have, each once; `otherwise` and a number where no letter is left."""
    found: list[str] = []
    for title in titles:
        letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        name = base = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:50].strip("-") or otherwise
        number = 2
        while name in found:
            name, number = f"{base}-{number}", number + 1
        found.append(name)
    return found


def document_of(answers: Answers) -> dict[str, Any]:
    """The configuration that they describe."""
    names = names_of((team.title for team in answers.teams), otherwise="team")
    people = list(dict.fromkeys(person for team in answers.teams for person in team.people))
    promised = {str(each): said for each, promise in answers.promises.items() if (said := _target(promise))}
    queue: dict[str, Any] = {"routing_policy": POLICY} | ({"sla_policy": POLICY} if promised else {})
    catch_all = next((name for name, team in zip(names, answers.teams, strict=True) if not team.channels), names[0])
    document: dict[str, Any] = {
        "time_zone": answers.time_zone,
        "default_queue": catch_all,
        "teams": [{"name": name, "title": team.title} for name, team in zip(names, answers.teams, strict=True)],
        "routing_policies": [
            {"name": POLICY, "strategy": str(answers.strategy), "order": str(answers.order), "handover": str(answers.handover)}
        ],
    }
    if promised:
        document["sla_policies"] = [{"name": POLICY, "targets": promised}]
    document["queues"] = [
        {"name": name, "title": team.title, **queue, "teams": [name]} for name, team in zip(names, answers.teams, strict=True)
    ]
    rules = [_by_channel(name, team) for name, team in zip(names, answers.teams, strict=True) if team.channels]
    if rules and len(names) > 1:
        document["rules"] = rules
    document["agents"] = [
        {
            "name": name,
            "title": person,
            "teams": [other for other, team in zip(names, answers.teams, strict=True) if person in team.people],
            "capacity": answers.capacity,
        }
        for name, person in zip(names_of(people, otherwise="agent"), people, strict=True)
    ]
    return {key: value for key, value in document.items() if value != []}


def file_of(answers: Answers, comments: Comments, *, schema: str) -> str:
    """The document as YAML; `schema` is the line by which editors find the schema."""
    parts = [_commented([schema, "", *comments.head], "").replace("{company}", _in_comment(answers.company))]
    for key, value in document_of(answers).items():
        said: str | Sequence[str] = getattr(comments, key)
        parts.append(_commented([said] if isinstance(said, str) else said, entry(key, value, 0)))
    return "\n".join(parts)


def _commented(lines: Iterable[str], text: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + text


def _in_comment(text: str) -> str:
    return text if text.isprintable() else quoted(text)


def _by_channel(name: str, team: TeamAnswers) -> dict[str, Any]:
    channels = [str(channel) for channel in team.channels]
    return {"name": f"to-{name}", "when": {"field": "channel", "op": "in", "value": channels}, "then": {"queue": name}}


def _target(promise: tuple[int | None, int | None]) -> dict[str, int]:
    said = zip(("first_response_seconds", "resolution_seconds"), promise, strict=True)
    return {name: seconds for name, seconds in said if seconds is not None}
