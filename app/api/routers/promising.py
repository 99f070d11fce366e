"""The promises of a ticket with the way they came about."""

from collections.abc import Mapping
from typing import Any

from app.api.routers.reading import Reading
from app.queries import decisions, events, timers
from app.services.documents import Known
from app.services.views.promises import History, histories, in_order, promise_view

Row = Mapping[str, Any]
DECISIONS_LOOKED_AT = 200


async def promises_of(at: Reading, ticket: Row, *, language: str) -> list[dict[str, Any]]:
    """`ticket` is its row. Which configuration promised is told by the decision that came next in the log."""
    rows = await timers.of_ticket(at.connection, at.workspace, ticket["id"])
    if not rows:
        return []
    known = histories(await events.of_subject(at.connection, at.workspace, ticket["id"], prefix=""))
    made = await decisions.of_ticket(at.connection, at.workspace, ticket["id"], after=None, limit=DECISIONS_LOOKED_AT)
    views = []
    for row in in_order(rows):
        history = known.get(row["metric"], History())
        version = _version(history, made)
        policy = None if version is None else _policy(await at.configuration(version), ticket["queue_id"].hex)
        views.append(
            promise_view(row, history, policy=policy, version=version, present_priority=ticket["priority"], language=language)
        )
    return views


def _version(history: History, made: list[dict[str, Any]]) -> int | None:
    if history.seq is None:
        return None
    return next((row["configuration_version"] for row in made if row["seq"] > history.seq), None)


def _policy(known: Known, queue: str) -> str | None:
    queues = known.document["queues"] if known.document is not None else ()
    return next((item["sla_policy"] for item in queues if item["id"] == queue), None)
