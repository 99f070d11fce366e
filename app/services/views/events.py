"""Events as feed, stream and webhooks have them: the same envelope everywhere, ids with their prefix, times as times."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from app.engine.event_data import id_prefixes
from app.engine.events import EVENT_TYPES, ChannelLimit, Event, SkillLevel, StartedTimer
from app.identifiers import encode, encode_optional
from app.services.views.moments import stamp, stamp_of_ms

Row = Mapping[str, Any]
View = dict[str, Any]
Shown = Callable[[Any], Any]

PREFIXES = {
    "TicketId": "tkt",
    "AgentId": "agt",
    "CustomerId": "cus",
    "QueueId": "que",
    "TeamId": "tem",
    "SkillId": "skl",
    "RuleId": "rul",
    "DecisionId": "dec",
    "AssignmentId": "asg",
    "OfferId": "off",
}
SUBJECTS = {"queue": "que", "ticket": "tkt", "offer": "off", "agent": "agt", "customer": "cus"}
STEPS = ("warning", "breach")
_RENAMED = {
    "skills": "require_skills",
    "wishes": "wish_skills",
    "limits": "channel_limits",
    "configuration": "configuration_version",
    "reopened": "reopened_count",
    "escalated": "escalated_count",
    "transferred": "transferred_count",
    "tier": "customer_tier",
    "step": "next_step",
    "milliseconds": "seconds",
}
_OWN = {("skills", "agent"), ("tier", "customer")}  # of the subject itself


def envelope(row: Row, *, workspace: bytes, live: bool) -> View:
    """A row of `events`. What this version does not know of is shown as the log has it."""
    kind: str = row["subject_type"]
    subject = encode("wsp", workspace) if kind == "workspace" else encode_optional(SUBJECTS.get(kind, kind), row["subject_id"])
    return {
        "id": encode("evt", row["id"]),
        "seq": row["seq"],
        "type": row["type"],
        "at": stamp(row["at"]),
        "actor": {"type": row["actor_type"], "id": row["actor_id"]},
        "subject": {"type": kind, "id": subject},
        "data": data_view(row["type"], row["data"]),
        "request_id": row["request_id"],
        "live": live,
    }


def data_view(kind: str, data: Mapping[str, Any]) -> View:
    """The event's own fields, every one of them there."""
    shown = _FIELDS.get(kind)
    if shown is None:
        return dict(data)
    return {name: show(data[field]) if field in data else ([] if many else None) for field, (name, show, many) in shown.items()}


def name_of(kind: str, field: str) -> str:
    """The name that a field of an event has for callers."""
    return _FIELDS[kind][field][0]


def step_view(step: int) -> str:
    """warning, breach, or the escalation level."""
    return STEPS[step] if step < len(STEPS) else f"escalation_{step - len(STEPS) + 1}"


def _as_is(value: Any) -> Any:
    return value


def _skill(pair: list[Any]) -> View:
    return {"skill_id": encode("skl", UUID(hex=pair[0])), "level": pair[1]}


def _limit(pair: list[Any]) -> View:
    return {"channel": pair[0], "units": pair[1]}


def _timer(row: list[Any]) -> View:
    metric, due_at, next_at, step = row
    return {
        "metric": metric,
        "due_at": stamp_of_ms(due_at),
        "next_at": stamp_of_ms(next_at),
        "next_step": step_view(step),
    }


def _changed(changes: Mapping[str, Any]) -> View:
    """[old, new] with ids as callers know them; null where only the name is told."""
    return {
        name: pair and [[_skill(one) for one in side] if isinstance(side, list) else side for side in pair]
        for name, pair in changes.items()
    }


_RECORDS: dict[Any, Shown] = {SkillLevel: _skill, ChannelLimit: _limit, StartedTimer: _timer}


def _each(show: Shown) -> Shown:
    return lambda values: [show(value) for value in values]


def _id(prefix: str) -> Shown:
    return lambda value: encode(prefix, UUID(hex=value))


def _field(cls: type[Event], name: str, hint: Any, prefix: str | None) -> tuple[str, Shown, bool]:
    """The name that a field has for callers, how its value is shown, and whether it is a list."""
    many = get_origin(hint) is tuple
    if prefix is not None:
        return (f"{name.removesuffix('s')}_ids", _each(_id(prefix)), True) if many else (f"{name}_id", _id(prefix), False)
    renamed = name if (name, cls.subject) in _OWN else _RENAMED.get(name, name)
    if many:
        return renamed, _each(_RECORDS.get(get_args(hint)[0], _as_is)), True
    if name == "changed":
        return name, _changed, False
    if name.endswith("_at"):
        return name, stamp_of_ms, False
    if name.endswith("_ms") or name == "milliseconds":
        return renamed.removesuffix("_ms") + ("_seconds" if name.endswith("_ms") else ""), lambda value: value // 1000, False
    return renamed, step_view if name == "step" else _as_is, False


def _shown(cls: type[Event]) -> dict[str, tuple[str, Shown, bool]]:
    hints, ids = get_type_hints(cls), id_prefixes(cls)
    return {
        field.name: _field(cls, field.name, hints[field.name], PREFIXES[ids[field.name]] if field.name in ids else None)
        for field in fields(cls)
    }


_FIELDS = {kind: _shown(cls) for kind, cls in EVENT_TYPES.items()}
