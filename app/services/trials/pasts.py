"""A ticket as its caller asked for it: what rules set is taken off again, as far as the log knows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.asking import Past
from app.engine.commands import Actor, CustomerDraft, SubmitTicket, TicketContent
from app.engine.configuration import Configuration
from app.engine.ids import CustomerId, TicketId
from app.engine.vocabulary import Channel, Kind, Priority
from app.services.views.names import names_in

Row = Mapping[str, Any]
Levels = tuple[tuple[str, int], ...]
FIELDS = ("queue", "team", "priority", "category", "language", "area")
NOBODY = CustomerId(bytes(16))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller gave. `assumed` are fields whose own value a rule covered up, or that are as the ticket is now."""

    row: Row
    values: Mapping[str, str | None]
    skills: Levels
    wishes: Levels
    tags: tuple[str, ...]
    tier: str | None
    assumed: tuple[str, ...]


def asked(row: Row, document: Mapping[str, Any] | None) -> Asked:
    """`document` is the configuration that took the ticket in, None where it is not known."""
    created = row["created"]
    if created is None or document is None:
        return _as_it_is(row, document)
    by_id = {rule["id"]: rule["then"] for rule in document["rules"]}
    acts = [by_id[rule] for rule in created.get("rules", ()) if rule in by_id]
    covered = {name for name in FIELDS if any(then.get(name) for then in acts)}
    values = {name: None if name in covered else created.get(name) for name in FIELDS}
    names = names_in(document)
    values["queue"] = _name(values["queue"], names.queues)
    values["team"] = _name(values["team"], names.teams)
    if values["queue"] == document.get("default_queue"):
        values["queue"] = None
    return Asked(
        row=row,
        values=values,
        skills=_own(created.get("skills", ()), names.skills, acts, "require_skills"),
        wishes=_own(created.get("wishes", ()), names.skills, acts, "wish_skills"),
        tags=_own_tags(row["tags"], acts),
        tier=created.get("tier"),
        assumed=tuple(name for name in FIELDS if name in covered),
    )


def past(asked: Asked, actor: Actor, configuration: Configuration, patterns: frozenset[int]) -> Past:
    """The command that would bring it in again under a configuration; `patterns` are that one's."""
    row, values = asked.row, asked.values
    customer = None
    if asked.tier is not None or row["customer_language"] is not None:
        customer = CustomerDraft(NOBODY, tier=asked.tier, language=row["customer_language"])
    command = SubmitTicket(
        actor=actor,
        ticket=TicketId(row["id"].bytes),
        kind=Kind(row["kind"]),
        channel=Channel(row["channel"]),
        priority=Priority(values["priority"] or Priority.MEDIUM),
        content=TicketContent(row["subject"], row["text"], asked.tags),
        configuration=configuration.version,
        patterns=patterns,
        category=values["category"],
        language=values["language"],
        area=values["area"],
        customer=customer,
        attributes=row["attributes"],
        queue=values["queue"],
        team=values["team"],
        skills=asked.skills,
        wishes=asked.wishes,
    )
    return Past(round(row["created_at"].timestamp() * 1000), command)


def pasts(every: Iterable[Asked], actor: Actor, configuration: Configuration) -> list[Past]:
    """All of them, their words read under the configuration's text patterns."""
    read = configuration.patterns.read if len(configuration.patterns) else _nothing
    return [past(one, actor, configuration, read(one.row["subject"], one.row["text"])) for one in every]


def _nothing(subject: str, text: str) -> frozenset[int]:  # noqa: ARG001  # in place of PatternTable.read
    return frozenset()


def _as_it_is(row: Row, document: Mapping[str, Any] | None) -> Asked:
    names = names_in(document)
    values = {name: row[name] for name in ("priority", "category", "language", "area")}
    values["queue"] = names.queues.get(row["queue_id"].bytes)
    values["team"] = names.teams.get(row["team_id"].bytes) if row["team_id"] else None
    return Asked(
        row=row,
        values=values,
        skills=_own(row["skills"], names.skills, [], ""),
        wishes=_own(row["wishes"], names.skills, [], ""),
        tags=tuple(row["tags"]),
        tier=row["customer_tier"],
        assumed=FIELDS,
    )


def _name(found: str | None, names: Mapping[bytes, str]) -> str | None:
    return None if found is None else names.get(bytes.fromhex(found))


def _own(levels: Iterable[Any], names: Mapping[bytes, str], acts: Iterable[Mapping[str, Any]], field: str) -> Levels:
    """The caller's: above what a rule asked for, or of a skill that no rule asked for."""
    ruled: dict[str, int] = {}
    for then in acts:
        for need in then.get(field) or ():
            ruled[need["skill"]] = max(need["level"], ruled.get(need["skill"], 0))
    own = ((names.get(bytes.fromhex(skill)), level) for skill, level in levels)
    return tuple((name, level) for name, level in own if name is not None and level > ruled.get(name, 0))


def _own_tags(tags: Iterable[str], acts: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    ruled = {tag for then in acts for tag in then.get("tags") or ()}
    return tuple(tag for tag in tags if tag not in ruled)
