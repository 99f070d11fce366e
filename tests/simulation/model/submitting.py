"""New work and its rules, plainly: a condition of a rule is one comparison here, which is all that a simulated day writes."""

from collections.abc import Iterable
from typing import Any

from app.engine.commands import SubmitTicket
from app.engine.events import SkillLevel
from app.engine.ids import QueueId, SkillId, TeamId
from app.engine.vocabulary import Metric, Priority
from tests.engine.plain import Asked
from tests.simulation.model import promising
from tests.simulation.model.choosing import route
from tests.simulation.model.desk import Desk, Ticket
from tests.simulation.model.meeting import meet

SET = ("queue", "team", "priority", "category", "language", "area")


def submit(desk: Desk, command: SubmitTicket) -> None:
    if command.external_id is not None and command.external_id in desk.external:
        return
    if command.external_id is not None:
        desk.external[command.external_id] = command.ticket
    person = meet(desk, command.customer) if command.customer is not None else None
    tier, language = (person.plain["tier"], person.plain["language"]) if person is not None else (None, None)
    ruled, required, wished, tags = _rules(desk, command, tier, language)
    queue = QueueId(desk.id_of("queues", ruled.get("queue") or command.queue or desk.document["default_queue"]))
    if desk.switched.get(queue) == "draining":
        queue = QueueId(desk.id_of("queues", desk.document["default_queue"]))
    team = ruled.get("team") or command.team
    costs = desk.document["costs"]
    asked = Asked(
        command.channel,
        max(costs.get("kinds", {}).get(command.kind, 1), costs.get("channels", {}).get(command.channel, 1)),
        TeamId(desk.id_of("teams", team)) if team else None,
        levels(desk, [*command.skills, *required]),
        levels(desk, [*command.wishes, *wished]),
        ruled.get("language") or command.language,
        ruled.get("area") or command.area,
        tier,
    )
    desk.number += 1
    priority = Priority(ruled.get("priority") or command.priority)
    category = ruled.get("category") or command.category
    words = {
        "subject": command.content.subject,
        "text": command.content.text,
        "tags": tuple(dict.fromkeys((*command.content.tags, *tags))),
        "attributes": command.attributes,
        "metadata": command.content.metadata,
    }
    ticket = Ticket(command.ticket, desk.number, command.kind, priority, queue, asked, desk.now, category, words)
    ticket.customer = person.id if person is not None else None
    desk.tickets[ticket.id] = ticket
    desk.say("ticket.created", ticket.id, ticket.number, queue, priority, asked)
    promising.start(desk, ticket, *Metric)
    route(desk, ticket)


def _rules(
    desk: Desk, command: SubmitTicket, tier: str | None, language: str | None
) -> tuple[dict[str, Any], list[Any], list[Any], list[str]]:
    """What the rules set, each thing once; the skills they require and those they wish for; the tags they add."""
    seen = {
        "kind": command.kind,
        "category": command.category,
        "channel": command.channel,
        "priority": command.priority,
        "area": command.area,
        "language": command.language or language,
        "customer.tier": tier,
        "text": 0 in command.patterns,
    }
    ruled: dict[str, Any] = {}
    tags: list[str] = []
    required, wished = [], []
    for rule in desk.document["rules"]:
        when, then = rule["when"], rule["then"]
        if seen[when["field"]] != (True if when["field"] == "text" else when["value"]):
            continue
        for name in SET:
            if then.get(name) and name not in ruled:
                ruled[name] = seen[name] = then[name]
        required += [(need["skill"], need["level"]) for need in then.get("require_skills") or ()]
        wished += [(need["skill"], need["level"]) for need in then.get("wish_skills") or ()]
        tags += then.get("tags") or ()
        if rule.get("stop"):
            break
    return ruled, required, wished, tags


def levels(desk: Desk, needs: Iterable[tuple[str, int]]) -> tuple[SkillLevel, ...]:
    highest: dict[bytes, int] = {}
    for name, level in needs:
        skill = desk.id_of("skills", name)
        highest[skill] = max(level, highest.get(skill, 0))
    return tuple(SkillLevel(SkillId(skill), highest[skill]) for skill in sorted(highest))
