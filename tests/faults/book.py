"""The rows of one workspace as a checker wants them: plain values, in one snapshot, read past all proxies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import from_json

HELD = ("assigned", "in_progress", "pending")


@dataclass(frozen=True, slots=True)
class TicketRow:
    id: bytes
    number: int
    status: str
    subject: str
    token: str
    external_id: str | None
    queue: bytes
    team: bytes | None
    agent: bytes | None
    cost: int
    version: int
    declined: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """Times in ms; `ended` is None while it is open."""

    id: bytes
    ticket: bytes
    agent: bytes
    forced: bool
    started: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class OfferRow:
    id: bytes
    ticket: bytes
    agent: bytes
    status: str
    expires: int


@dataclass(frozen=True, slots=True)
class AgentRow:
    id: bytes
    presence: str
    capacity: int
    load: int
    teams: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    seq: int
    id: bytes
    type: str
    at: int
    batch: bytes
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimerRow:
    ticket: bytes
    metric: str
    next: int | None
    state: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    key: str
    status: int
    ticket: bytes | None
    body: bytes


@dataclass(slots=True)
class Book:
    """`now` is the workspace's time in ms, `teams` who may take the tickets of a queue."""

    now: int
    last_seq: int
    last_number: int
    next_due: int | None
    tickets: Sequence[TicketRow] = ()
    assignments: Sequence[AssignmentRow] = ()
    offers: Sequence[OfferRow] = ()
    agents: Sequence[AgentRow] = ()
    events: Sequence[EventRow] = ()
    timers: Sequence[TimerRow] = ()
    keys: Sequence[KeyRow] = ()
    teams: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)


async def read_book(connection: "asyncpg.Connection[Any]", workspace: bytes) -> Book:
    """Everything of the workspace; `connection` is a superuser's."""
    key = UUID(bytes=workspace)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        (head,) = await connection.fetch(_HEAD, key)
        book = Book(head["now_ms"], head["last_seq"], head["last_number"], head["next_due_ms"])
        book.tickets = [_ticket(row) for row in await connection.fetch(_TICKETS, key)]
        book.assignments = [
            AssignmentRow(
                row["id"].bytes, row["ticket_id"].bytes, row["agent_id"].bytes, row["forced"], row["started"], row["ended"]
            )
            for row in await connection.fetch(_ASSIGNMENTS, key)
        ]
        book.offers = [
            OfferRow(row["id"].bytes, row["ticket_id"].bytes, row["agent_id"].bytes, row["status"], row["expires"])
            for row in await connection.fetch(_OFFERS, key)
        ]
        book.agents = [
            AgentRow(row["id"].bytes, row["presence"], row["capacity"], row["load"], _ids(row["teams"]))
            for row in await connection.fetch(_AGENTS, key)
        ]
        book.events = [
            EventRow(row["seq"], row["id"].bytes, row["type"], row["at"], row["batch_id"].bytes, from_json(row["data"]))
            for row in await connection.fetch(_EVENTS, key)
        ]
        book.timers = [
            TimerRow(row["ticket_id"].bytes, row["metric"], row["next"], row["state"])
            for row in await connection.fetch(_TIMERS, key)
        ]
        book.keys = [
            KeyRow(row["key"], row["status"], row["ticket_id"] and row["ticket_id"].bytes, bytes(row["body"]))
            for row in await connection.fetch(_KEYS, key)
        ]
        document = await connection.fetchval(_DOCUMENT, key)
    if document is not None:
        book.teams = _teams(from_json(document))
    return book


def _ticket(row: Any) -> TicketRow:
    return TicketRow(
        row["id"].bytes,
        row["number"],
        row["status"],
        row["subject"],
        row["token"] or "",
        row["external_id"],
        row["queue_id"].bytes,
        row["team_id"] and row["team_id"].bytes,
        row["agent_id"] and row["agent_id"].bytes,
        row["cost"],
        row["version"],
        _ids(row["declined"]),
    )


def _ids(values: Sequence[UUID]) -> tuple[bytes, ...]:
    return tuple(value.bytes for value in values)


def _teams(document: dict[str, Any]) -> dict[bytes, tuple[bytes, ...]]:
    ids = {team["name"]: bytes.fromhex(team["id"]) for team in document["teams"]}
    return {bytes.fromhex(queue["id"]): tuple(ids[name] for name in queue["teams"]) for queue in document["queues"]}


def _ms(column: str) -> str:
    return f"round(1000 * extract(epoch FROM {column}))::bigint"


_HEAD = f"""
SELECT last_seq, last_number, {_ms("now()")} + clock_offset_ms AS now_ms, {_ms("next_due_at")} AS next_due_ms
FROM workspace_heads WHERE workspace_id = $1
"""
_TICKETS = """
SELECT t.id, t.number, t.status, t.external_id, t.queue_id, t.team_id, t.agent_id, t.cost, t.version, t.declined,
       t.metadata ->> 'token' AS token, x.subject
FROM tickets t JOIN ticket_texts x ON x.workspace_id = t.workspace_id AND x.ticket_id = t.id
WHERE t.workspace_id = $1 ORDER BY t.number
"""
_ASSIGNMENTS = f"""
SELECT id, ticket_id, agent_id, forced, {_ms("started_at")} AS started, {_ms("ended_at")} AS ended
FROM assignments WHERE workspace_id = $1 ORDER BY ticket_id, started_at, ended_at NULLS LAST, id
"""
_OFFERS = f"SELECT id, ticket_id, agent_id, status, {_ms('expires_at')} AS expires FROM offers WHERE workspace_id = $1"
_AGENTS = "SELECT id, presence, capacity, load, teams FROM agents WHERE workspace_id = $1 AND deleted_at IS NULL"
_EVENTS = f"SELECT seq, id, type, {_ms('at')} AS at, batch_id, data FROM events WHERE workspace_id = $1 ORDER BY seq"
_TIMERS = f"SELECT ticket_id, metric, {_ms('next_at')} AS next, state FROM timers WHERE workspace_id = $1"
_KEYS = "SELECT key, status, ticket_id, body FROM idempotency_keys WHERE workspace_id = $1"
_DOCUMENT = "SELECT document FROM configurations WHERE workspace_id = $1 ORDER BY version DESC LIMIT 1"
