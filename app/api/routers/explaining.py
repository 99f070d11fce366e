"""Decisions with the names they had when they were made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import __version__
from app.api.routers.reading import DOCUMENTS, Reading
from app.dispatch.moments import moment, uuid_of, uuid_or_none
from app.dispatch.outcome import Outcome
from app.queries import agents, decisions
from app.queries.decisions import Row
from app.services.views.decisions import agents_of, decision_view

View = dict[str, Any]


async def explained(at: Reading, rows: Sequence[Row], *, language: str) -> list[View]:
    """Rows of `decisions` as answers have them."""
    known = await DOCUMENTS.several(at.connection, at.workspace, (row["configuration_version"] for row in rows))
    people = await agents.numbered(at.connection, at.workspace, agents_of(rows))
    return [decision_view(row, known[row["configuration_version"]].names, people, language) for row in rows]


async def decision_of(at: Reading, decision: UUID | None, *, language: str) -> View | None:
    """One decision by its id; None where there is none."""
    row = await decisions.one(at.connection, at.workspace, decision) if decision is not None else None
    return None if row is None else (await explained(at, [row], language=language))[0]


async def imagined_decision(at: Reading, outcome: Outcome, *, language: str) -> View | None:
    """The last decision that a dry run made about its ticket, without ids of things that are not there."""
    made = [decision for decision in outcome.decisions if decision.ticket == outcome.result.ticket]
    if not made:
        return None
    decision = made[-1]
    born = outcome.ticket is not None and outcome.ticket["id"] is not None
    row: Row = {
        "id": None,
        "ticket_id": uuid_of(decision.ticket) if born else None,
        "ticket_number": outcome.ticket["number"] if outcome.ticket is not None else None,
        "queue_id": uuid_of(decision.queue),
        "seq": decision.seq,
        "at": moment(outcome.at),
        "cause": decision.cause,
        "outcome": decision.outcome,
        "agent_id": uuid_or_none(decision.agent),
        "configuration_version": decision.configuration,
        "engine_version": __version__,
        "body": decision.body,
    }
    return (await explained(at, [row], language=language))[0]
