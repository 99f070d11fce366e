"""Tickets and what hangs on them, as answers have them."""

from collections.abc import Mapping
from typing import Any

from app.engine.vocabulary import STATUS_GROUPS, Status
from app.identifiers import encode, encode_optional
from app.services.views.moments import stamp, stamp_or_none
from app.services.views.names import Names

Row = Mapping[str, Any]
View = dict[str, Any]

_GROUP_OF: dict[str, str] = {str(status): str(group) for group, statuses in STATUS_GROUPS.items() for status in statuses}


def ticket_view(row: Row, names: Names) -> View:
    """A row of `tickets` with its texts; a dry run's has no id and no number. It is on the hottest path: no model stands between the row and the JSON."""
    status, queue, team = row["status"], row["queue_id"], row["team_id"]
    return {
        "id": encode_optional("tkt", row["id"]),
        "number": row["number"],
        "kind": row["kind"],
        "status": status,
        "status_group": _GROUP_OF[status],
        "priority": row["priority"],
        "channel": row["channel"],
        "category": row["category"],
        "language": row["language"],
        "area": row["area"],
        "external_id": row["external_id"],
        "customer_id": encode_optional("cus", row["customer_id"]),
        "subject": row["subject"] or "",
        "text": row["text"] or "",
        "tags": row["tags"],
        "attributes": row["attributes"],
        "metadata": row["metadata"],
        "queue_id": encode("que", queue),
        "queue": names.queues.get(queue.bytes),
        "team_id": encode_optional("tem", team),
        "team": None if team is None else names.teams.get(team.bytes),
        "require_skills": skill_levels(row["skills"], names) if row["skills"] else [],
        "wish_skills": skill_levels(row["wishes"], names) if row["wishes"] else [],
        "agent_id": encode_optional("agt", row["agent_id"]),
        "decision_id": encode_optional("dec", row["decision_id"]),
        "offer_id": encode_optional("off", row["offer_id"]),
        "cost": row["cost"],
        "waiting_since_at": stamp_or_none(row["waiting_since"]) if status == Status.WAITING else None,
        "assigned_at": stamp_or_none(row["assigned_at"]),
        "first_responded_at": stamp_or_none(row["first_responded_at"]),
        "pending_reason": row["pending_reason"],
        "snoozed_until_at": stamp_or_none(row["snoozed_until"]),
        "resolved_at": stamp_or_none(row["resolved_at"]),
        "closed_at": stamp_or_none(row["closed_at"]),
        "reopened_count": row["reopened"],
        "escalated_count": row["escalated"],
        "transferred_count": row["transferred"] or 0,
        "version": row["version"],
        "created_at": stamp(row["created_at"]),
        "updated_at": stamp(row["updated_at"]),
    }


def skill_levels(pairs: list[list[Any]], names: Names) -> list[View]:
    """[[skill as hex, level]] with names; a skill that the configuration no longer has is named by its id."""
    levels = ((bytes.fromhex(skill), level) for skill, level in pairs)
    return [{"skill": names.skills.get(skill) or encode("skl", skill), "level": level} for skill, level in levels]


def message_view(row: Row) -> View:
    return {
        "id": encode("msg", row["id"]),
        "direction": "inbound" if row["inbound"] else "outbound",
        "agent_id": encode_optional("agt", row["agent_id"]),
        "text": row["text"],
        "created_at": stamp(row["created_at"]),
    }


def assignment_view(row: Row, names: Names) -> View:
    return {
        "id": encode("asg", row["id"]),
        "agent_id": encode("agt", row["agent_id"]),
        "queue_id": encode("que", row["queue_id"]),
        "queue": names.queues.get(row["queue_id"].bytes),
        "how": row["how"],
        "forced": row["forced"],
        "decision_id": encode_optional("dec", row["decision_id"]),
        "started_at": stamp(row["started_at"]),
        "ended_at": stamp_or_none(row["ended_at"]),
        "end_reason": row["end_reason"],
    }


def handover_view(row: Row, names: Names) -> View:
    queue, team = row["queue_id"], row["team_id"]
    return {
        "seq": row["seq"],
        "kind": row["kind"],
        "from_agent_id": encode_optional("agt", row["from_agent_id"]),
        "queue_id": encode_optional("que", queue),
        "queue": None if queue is None else names.queues.get(queue.bytes),
        "team_id": encode_optional("tem", team),
        "team": None if team is None else names.teams.get(team.bytes),
        "agent_id": encode_optional("agt", row["agent_id"]),
        "reason": row["reason"],
        "actor": {"type": row["actor_type"], "id": row["actor_id"]},
        "created_at": stamp(row["created_at"]),
    }


def offer_view(row: Row) -> View:
    return {
        "id": encode("off", row["id"]),
        "ticket_id": encode("tkt", row["ticket_id"]),
        "status": row["status"],
        "decision_id": encode_optional("dec", row["decision_id"]),
        "number": row["number"],
        "kind": row["kind"],
        "channel": row["channel"],
        "priority": row["priority"],
        "category": row["category"],
        "subject": row["subject"] or "",
        "created_at": stamp(row["created_at"]),
        "expires_at": stamp(row["expires_at"]),
    }
