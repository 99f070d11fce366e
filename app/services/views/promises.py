"""Promises of a ticket with the way each deadline was computed: read from the log, so it is what happened, not a guess."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.engine.vocabulary import Metric, TimerState
from app.services.explanations import explain_promise
from app.services.views.events import step_view
from app.services.views.moments import stamp, stamp_of_ms, stamp_or_none

Row = Mapping[str, Any]
View = dict[str, Any]


@dataclass(slots=True)
class History:
    """What the log says of one promise since it last started; `seq` is of that start, times in ms."""

    seq: int | None = None
    priority: str | None = None
    due_at: int | None = None
    warned: bool = False
    warn_at: int | None = None
    pauses: list[View] = field(default_factory=list)
    settled_at: str | None = None
    steps: list[View] = field(default_factory=list)


def histories(events: Iterable[Row]) -> dict[str, History]:
    """Per metric, from all events of the ticket in order."""
    found: dict[str, History] = {}
    priority: str | None = None
    for row in events:
        kind, data = row["type"], row["data"]
        if kind in ("ticket.created", "ticket.reopened"):
            priority = data["priority"]
        elif kind == "ticket.updated":
            priority = data["changed"].get("priority", [priority, priority])[1]
        elif kind == "sla.started":
            for metric, due_at, next_at, step in data["timers"]:
                found[metric] = History(row["seq"], priority, due_at, steps=[_step(row, due_at, next_at, step)])
                found[metric].warn_at = next_at if step_view(step) == "warning" else None
        elif (known := found.get(data.get("metric", ""))) is not None:
            _tell(known, kind, row)
            known.steps.append(_step(row, data.get("due_at"), data.get("next_at"), data.get("step")))
    return found


def _tell(known: History, kind: str, row: Row) -> None:
    """What an event says beside its step: pauses, the warning's moment, the end."""
    at, data = stamp(row["at"]), row["data"]
    match kind:
        case "sla.warned":
            known.warned = True
        case "sla.paused":
            known.pauses.append({"from_at": at, "to_at": None})
            known.warn_at = known.warn_at if known.warned else None
        case "sla.resumed" if known.pauses:
            known.pauses[-1]["to_at"] = at
            known.warn_at = known.warn_at if known.warned or known.steps[0]["next_step"] != "warning" else data.get("next_at")
        case "sla.met" | "sla.cancelled":
            known.settled_at = at


def promise_view(
    row: Row, history: History, *, policy: str | None, version: int | None, present_priority: str, language: str
) -> View:
    """A row of `timers`; `policy` is what the queue's SLA policy was called in configuration `version` when it started."""
    started, due = row["started_at"], row["due_at"]
    target = None
    if history.due_at is not None:
        target = history.due_at // 1000 - round(started.timestamp() * 1000) // 1000
    paused = None if target is None else max(0, int((due - started - timedelta(seconds=target)).total_seconds()))
    left = row["left_ms"]
    promise: View = {
        "metric": row["metric"],
        "state": row["state"],
        "priority": history.priority,
        "present_priority": present_priority,
        "sla_policy": policy,
        "configuration_version": version,
        "target_seconds": target,
        "paused_seconds": paused,
        "pauses": history.pauses,
        "left_seconds": None if left is None else left // 1000,
        "started_at": stamp(started),
        "warn_at": None if history.warn_at is None else stamp_of_ms(history.warn_at),
        "due_at": None if row["state"] == TimerState.PAUSED else stamp(due),
        "next_at": stamp_or_none(row["next_at"]),
        "next_step": None if row["next_at"] is None else step_view(row["step"]),
        "settled_at": history.settled_at,
        "warned": history.warned,
        "attempts": row["attempts"],
        "steps": history.steps,
    }
    promise["explanation"] = explain_promise(promise, language)
    return promise


def in_order(rows: Sequence[Row]) -> Iterator[Row]:
    """First response before resolution."""
    by_metric = {row["metric"]: row for row in rows}
    return (by_metric[metric] for metric in Metric if metric in by_metric)


def _step(row: Row, due_at: int | None, next_at: int | None, step: int | None) -> View:
    return {
        "seq": row["seq"],
        "type": row["type"],
        "at": stamp(row["at"]),
        "due_at": None if due_at is None else stamp_of_ms(due_at),
        "next_at": None if next_at is None else stamp_of_ms(next_at),
        "next_step": None if step is None or next_at is None else step_view(step),
    }
