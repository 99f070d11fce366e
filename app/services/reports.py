"""How the work was shared and whether promises were kept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.engine.vocabulary import Metric, Priority
from app.identifiers import encode
from app.services.views.moments import stamp_or_none
from app.services.views.names import Names

Row = Mapping[str, Any]
View = dict[str, Any]

SHARE = 1 << 32


def queue_views(rows: Iterable[Row], names: Names) -> list[View]:
    """One entry per queue, also for those that received nothing, in the order of the configuration; gone ones last."""
    found = {row["queue_id"].bytes: row for row in rows}
    order = [*names.queues, *(queue for queue in found if queue not in names.queues)]
    return [_queue(queue, found.get(queue), names) for queue in order]


def promise_views(rows: Iterable[Row]) -> list[View]:
    """One entry per priority and metric that was promised, the most pressing first."""
    found = {(row["priority"], row["metric"]): row for row in rows}
    return [
        _promise(priority, metric, found[priority, metric])
        for priority in reversed(Priority)
        for metric in Metric
        if (priority, metric) in found
    ]


def turn_views(turns: Iterable[Row], agents: Sequence[Row], document: Mapping[str, Any] | None, names: Names) -> list[View]:
    """Per queue: how many tickets each agent of its teams got by turn, and how far apart they are."""
    taken = {(row["queue_id"].hex, row["agent_id"]): row for row in turns}
    queues = document["queues"] if document is not None else ()
    teams = {item["name"]: UUID(hex=item["id"]) for item in document["teams"]} if document is not None else {}
    return [_turns(queue, {teams[name] for name in queue["teams"]}, agents, taken, names) for queue in queues]


def _queue(queue: bytes, row: Row | None, names: Names) -> View:
    counts = ("received", "assigned", "waiting", "in_hand", "escalated", "resolved", "cancelled")
    return {
        "queue_id": encode("que", queue),
        "queue": names.queues.get(queue),
        **{name: row[name] if row is not None else 0 for name in counts},
        "longest_waiting_since_at": stamp_or_none(row["longest_waiting_since"]) if row is not None else None,
        "wait_median_seconds": _seconds(row, "wait_median"),
        "wait_p95_seconds": _seconds(row, "wait_p95"),
        "first_response_median_seconds": _seconds(row, "response_median"),
        "resolution_median_seconds": _seconds(row, "resolution_median"),
    }


def _seconds(row: Row | None, name: str) -> float | None:
    return None if row is None or row[name] is None else round(float(row[name]), 3)


def _promise(priority: str, metric: str, row: Row) -> View:
    settled = row["met"] + row["broken"]
    return {
        "priority": priority,
        "metric": metric,
        "met": row["met"],
        "broken": row["broken"],
        "running": row["running"],
        "cancelled": row["cancelled"],
        "met_percent": round(100 * row["met"] / settled, 1) if settled else None,
    }


def _turns(
    queue: Mapping[str, Any], teams: set[UUID], agents: Sequence[Row], taken: Mapping[tuple[str, UUID], Row], names: Names
) -> View:
    raw = bytes.fromhex(queue["id"])
    members = [agent for agent in agents if teams.intersection(agent["teams"])]
    others = [agent for agent in agents if (queue["id"], agent["id"]) in taken and agent not in members]
    views = [_member(agent, taken.get((queue["id"], agent["id"]))) for agent in (*members, *others)]
    counts = [view["assigned"] for view in views[: len(members)]]
    return {
        "queue_id": encode("que", raw),
        "queue": names.queues.get(raw),
        "assigned": sum(view["assigned"] for view in views),
        "spread": max(counts) - min(counts) if counts else None,
        "agents": views,
    }


def _member(agent: Row, turn: Row | None) -> View:
    return {
        "agent_id": encode("agt", agent["id"]),
        "agent": agent["name"],
        "title": agent["title"],
        "weight": agent["weight"],
        "assigned": turn["assigned"] if turn is not None else 0,
        "owed_share": round(turn["credit"] / SHARE, 3) if turn is not None else 0.0,
    }
