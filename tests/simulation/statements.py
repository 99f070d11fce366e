"""The writer's named statements as a simulated world understands them: what each does to rows, in a line or a few.

The names of what is written are read from the statements themselves (`unnest(…) AS u (…)`), so that a column moved there is moved here.
A statement that is not known raises: whoever adds one to the writer says here what it does.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import from_json

from app.dispatch.moments import uuid_of
from app.queries import gathering, heads, loading, log, recording
from tests.simulation.tables import Broken, Row, Transaction

Reads = Callable[..., list[Row]]
Writes = Callable[..., None]
_PARAMETER = re.compile(r"\$(\d+)")
_UNNEST = re.compile(r"unnest\(([^()]*)\)\s+AS u \(([^)]*)\)")
_PART = re.compile(r"(?:^WITH |,\n)p\d+ AS \(")
_OPEN = ("waiting", "offered", "assigned", "in_progress", "pending")
_LIVE = ("running", "paused", "breached")
_READS: dict[str, Reads] = {}
_WRITES: dict[str, Writes] = {}


def reads(text: str) -> Callable[[Reads], Reads]:
    """The function answers this statement: (transaction, parameters after the workspace) → rows."""
    return lambda function: _READS.setdefault(_bare(text), function)


def writes(text: str) -> Callable[[Writes], Writes]:
    """The function does this statement: (transaction, rows by column, parameters by number)."""
    return lambda function: _WRITES.setdefault(_bare(text), function)


def _bare(text: str) -> str:
    return _PARAMETER.sub("$", text.strip())


@dataclass(frozen=True)
class Part:
    """One statement of a round trip, its parameters counted from `offset`; `columns` names the arrays that it unnests."""

    bare: str
    offset: int
    columns: tuple[tuple[str, int], ...]

    def rows(self, parameters: tuple[Any, ...]) -> list[Row]:
        names = [name for name, _ in self.columns]
        arrays = [parameters[self.offset + number - 1] or [] for _, number in self.columns]
        return [dict(zip(names, values, strict=True)) for values in zip_longest(*arrays)]


@lru_cache(maxsize=1024)
def parts(text: str) -> tuple[Part, ...]:
    """The statements that were sent together, see `app.dispatch.record.together`."""
    pieces = _PART.split(text)[1:] if text.startswith("WITH p0 AS (") else [text]
    return tuple(_part(piece.removesuffix(")\nSELECT 1").removesuffix(")") if len(pieces) > 1 else text) for piece in pieces)


def _part(text: str) -> Part:
    offset = min(int(number) for number in _PARAMETER.findall(text)) - 1
    found = _UNNEST.search(text)
    columns: tuple[tuple[str, int], ...] = ()
    if found:
        numbers = [int(number) - offset for number in _PARAMETER.findall(found[1])]
        columns = tuple(zip((name.strip() for name in found[2].split(",")), numbers, strict=True))
    if _bare(text) not in _WRITES and _bare(text) not in _READS:
        raise LookupError(f"tests/simulation/statements.py does not know this statement: {text}")
    return Part(_bare(text), offset, columns)


def read(transaction: Transaction, text: str, parameters: tuple[Any, ...]) -> list[Row]:
    (part,) = parts(text)
    return _READS[part.bare](transaction, *parameters[1:])


def write(transaction: Transaction, text: str, parameters: tuple[Any, ...]) -> None:
    for number, part in enumerate(parts(text)):
        transaction.begin_part(number)
        own = parameters[part.offset :]
        _WRITES[part.bare](transaction, part.rows(parameters) if part.columns else own[1:], dict(enumerate(own, 1)))


def workspace_of(text: str, parameters: tuple[Any, ...]) -> set[UUID]:
    """The workspaces that a statement's parts name."""
    return {parameters[part.offset] for part in parts(text)}


# -- the head and the log ------------------------------------------------------------------------------------------------


@reads(heads.READ)
@reads(heads.LOCK)
@reads(heads.LOCK_AND_CLOCK)
def _head(transaction: Transaction) -> list[Row]:
    return [transaction.read_head()]


def move(transaction: Transaction, text: str) -> None:
    """`heads.moved`, which has its values in its text because it travels with COMMIT."""
    settings, _, workspace = text.removeprefix("UPDATE workspace_heads SET ").partition(" WHERE workspace_id = ")
    if UUID(workspace.strip("'")).bytes != transaction.rows.key:
        raise Broken("own_rows_only", "the head of another workspace is moved")
    pairs = (each.split(" = ") for each in settings.split(", "))
    transaction.move_head(**{name: _literal(value) for name, value in pairs})


def _literal(value: str) -> Any:
    if value == "NULL":
        return None
    return datetime.fromisoformat(value.strip("'")) if value.startswith("'") else int(value)


@writes(heads.SET_DUE)
def _set_due(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    transaction.move_head(next_due_at=given[2])


@reads(heads.EARLIEST_DUE)
def _earliest(transaction: Transaction) -> list[Row]:
    return [{"least": min((at for at, _, _ in planned(transaction)), default=None)}]


def planned(transaction: Transaction) -> Iterator[tuple[Any, tuple[Any, Any] | None, Row]]:
    """(moment, key of a timer or None, row) of every step to come, every offer that is pending and every ticket that is snoozed."""
    for key, row in transaction.all("timers"):
        if row["next_at"] is not None:
            yield row["next_at"], key, row
    for _, row in transaction.all("offers"):
        if row["status"] == "pending":
            yield row["expires_at"], None, row
    for ticket, row in transaction.all("tickets"):
        if row["snoozed_until"] is not None:
            yield row["snoozed_until"], None, {**row, "ticket_id": ticket}


@writes(log.APPEND)
def _append(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.append(
            {
                "seq": row["seq"],
                "type": row["type"],
                "data": from_json(row["data"]),
                "at": given[8],
                "request_id": row["request_id"],
                "batch_id": given[12],
            }
        )


@reads(log.AFTER)
def _after(transaction: Transaction, seq: int, limit: int) -> list[Row]:
    return transaction.log_after(seq, limit)


@reads(log.BATCH_OF)
def _batch_of(transaction: Transaction, seq: int) -> list[Row]:
    return [{"batch_id": row["batch_id"]} for row in transaction.log_after(seq - 1, 1)]


# -- what commands need --------------------------------------------------------------------------------------------------


@reads(gathering.TICKETS_BY_EXTERNAL_ID)
def _by_external_id(transaction: Transaction, wanted: list[str]) -> list[Row]:
    return [row for name in wanted if (row := transaction.get("external", name))]


@reads(gathering.CUSTOMERS_BY_EXTERNAL_ID)
def _customers(transaction: Transaction, wanted: list[str]) -> list[Row]:
    return [row for _, row in transaction.all("customers") if row["external_id"] in wanted]


@reads(gathering.CUSTOMERS)
def _customers_by_id(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [row for key in wanted if (row := transaction.get("customers", key))]


@reads(gathering.MERGED_CUSTOMERS)
def _merged_customers(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return sorted((row for _, row in transaction.all("customers") if row["merged_into_id"] in wanted), key=lambda row: row["id"])


@reads(gathering.TICKETS_OF_CUSTOMER)
def _tickets_of(transaction: Transaction, customer: UUID, limit: int) -> list[Row]:
    found = (row for _, row in transaction.all("tickets") if row["customer_id"] == customer)
    return sorted(found, key=lambda row: int(row["number"]))[:limit]


@reads(gathering.MOVED_TICKETS)
def _moved_tickets(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [row for key in wanted if (row := transaction.get("merges", key))]


@reads(gathering.ENDED_TICKETS)
def _tickets(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [row for key in wanted if (row := transaction.get("tickets", key))]


@reads(gathering.TICKETS)
def _tickets_with_texts(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [
        {**row, **(transaction.get("texts", row["id"]) or {"subject": None, "text": None})}
        for row in _tickets(transaction, wanted)
    ]


@reads(gathering.DETAILS)
def _details(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [
        {**row, **(transaction.get("texts", row["id"]) or {"subject": "", "text": ""})} for row in _tickets(transaction, wanted)
    ]


@reads(gathering.FOLLOWERS)
def _followers(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [row for _, row in transaction.all("followers") if row["ticket_id"] in wanted]


@reads(gathering.ANSWERED_OFFERS)
def _answered_offers(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [row for key in wanted if (row := transaction.get("answered", key))]


@reads(gathering.ANSWERS)
def _answers(transaction: Transaction, wanted: list[str]) -> list[Row]:
    return [row for key in wanted if (row := transaction.get("answers", key))]


@reads(gathering.DOCUMENTS)
def _documents(transaction: Transaction, wanted: list[int]) -> list[Row]:
    return [row for version in wanted if (row := transaction.get("configurations", version))]


@reads(gathering.AGENTS)
def _agents(transaction: Transaction, wanted: list[UUID]) -> list[Row]:
    return [row for key in wanted if (row := transaction.get("agents", key))]


# -- what a state is loaded from -----------------------------------------------------------------------------------------


@reads(loading.AGENTS)
def _load_agents(transaction: Transaction) -> list[Row]:
    return sorted((row for _, row in transaction.all("agents") if not row["deleted"]), key=lambda row: int(row["number"]))


@reads(loading.OPEN_TICKETS)
def _open_tickets(transaction: Transaction, after: UUID, limit: int) -> list[Row]:
    found = (row for key, row in transaction.all("tickets") if row["status"] in _OPEN and key > after)
    return sorted(found, key=lambda row: row["id"])[:limit]


@reads(loading.LIVE_TIMERS)
def _live_timers(transaction: Transaction, after: UUID, last: UUID) -> list[Row]:
    return [row for (ticket, _), row in transaction.all("timers") if row["state"] in _LIVE and after < ticket <= last]


@reads(loading.PENDING_OFFERS)
def _pending_offers(transaction: Transaction) -> list[Row]:
    return [row for _, row in transaction.all("offers") if row["status"] == "pending"]


@reads(loading.TURNS)
def _turns(transaction: Transaction) -> list[Row]:
    return [row for _, row in transaction.all("turns")]


@reads(loading.QUEUE_TURNS)
def _queue_turns(transaction: Transaction) -> list[Row]:
    return [row for _, row in transaction.all("queue_turns")]


@reads(loading.SWITCHES)
def _switches(transaction: Transaction) -> list[Row]:
    return [row for _, row in transaction.all("switches") if row["state"] != "running"]


# -- what a batch writes -------------------------------------------------------------------------------------------------


@writes(recording.INSERT_CONFIGURATION)
def _configuration(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    _new(transaction, "configurations", given[2], {"version": given[2], "document": from_json(given[3])})


@writes(recording.PUT_AGENTS)
def _put_agents(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        lists = {name: from_json(row[name]) for name in ("teams", "skills", "languages", "areas", "limits")}
        lists["teams"] = [uuid_of(bytes.fromhex(team)) for team in lists["teams"]]
        before = transaction.get("agents", row["id"])
        kept = {"number": before["number"], "deleted": before["deleted"]} if before else {"deleted": False}
        transaction.put("agents", row["id"], {**row, **lists, **kept})


@writes(recording.UPDATE_AGENTS)
def _update_agents(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    _update(transaction, "agents", ((row["id"], row) for row in rows))


@writes(recording.REMOVE_AGENTS)
def _remove_agents(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    _update(transaction, "agents", ((agent, {"deleted": True, "presence": "offline", "load": 0}) for agent in given[2]))


@writes(recording.REMOVE_TURNS)
def _remove_turns(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    for key, row in list(transaction.all("turns")):
        if row["agent_id"] in given[2]:
            transaction.drop("turns", key)


@writes(recording.PUT_TURNS)
def _put_turns(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.put("turns", (row["queue_id"], row["agent_id"]), row)


@writes(recording.PUT_QUEUE_TURNS)
def _put_queue_turns(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.put("queue_turns", row["queue_id"], row)


@writes(recording.PUT_SWITCHES)
def _put_switches(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.put("switches", row["subject_id"], row)


@writes(recording.PUT_CUSTOMERS)
def _put_customers(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        free = {
            name: from_json(row[name]) if row[name] else empty
            for name, empty in (("contacts", []), ("attributes", {}), ("metadata", {}))
        }
        transaction.put("customers", row["id"], {**row, **free})


@writes(recording.REMOVE_CUSTOMERS)
def _remove_customers(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    for customer in given[2]:
        transaction.drop("customers", customer)
        for key, _ in list(transaction.all("contacts")):
            if key[0] == customer:
                transaction.drop("contacts", key)


@writes(recording.PUT_CONTACTS)
def _put_contacts(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.put("contacts", tuple(row.values()), row)


@writes(recording.REMOVE_CONTACTS)
def _remove_contacts(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.drop("contacts", tuple(row.values()))


@writes(recording.BEGIN_MERGE)
def _begin_merge(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    moved = [row["id"] for row in _tickets_of(transaction, given[3], 1_000_000)]
    _new(transaction, "merges", given[3], {"customer_id": given[3], "tickets": moved})


@writes(recording.MOVE_TICKETS)
def _move_tickets(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    _hand_over(transaction, [row["id"] for row in _tickets_of(transaction, given[2], 1_000_000)], given[3], given[4], given[5])


@writes(recording.MOVE_BACK_TICKETS)
def _move_back_tickets(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    merge = transaction.get("merges", given[2]) or {"tickets": []}
    _hand_over(transaction, merge["tickets"], given[2], given[3], given[4])


def _hand_over(transaction: Transaction, tickets: list[UUID], to: UUID, held: list[UUID], at: datetime) -> None:
    for ticket in tickets:
        before = transaction.get("tickets", ticket) or {}
        version = before["version"] + (ticket not in held)
        transaction.put("tickets", ticket, {**before, "customer_id": to, "version": version, "updated_at": at})


@writes(recording.END_MERGE)
def _end_merge(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    transaction.drop("merges", given[2])


@writes(recording.INSERT_TICKETS)
def _insert_tickets(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        _new(transaction, "tickets", row["id"], {**_ticket(row), **_free(row), "created_at": given[37], "updated_at": given[37]})
        if row["external_id"] is not None:
            _new(transaction, "external", row["external_id"], {"external_id": row["external_id"], "id": row["id"]})


@writes(recording.UPDATE_TICKETS)
def _update_tickets(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        old, ended = transaction.get("tickets", row["id"]), row.pop("ended")
        if old is None:
            raise LookupError("a ticket is changed that was never made")
        new = _ticket(row)
        kept = {name: row[name] or old[name] for name in ("decision_id", "assignment_id")}
        if ended:
            kept |= {name: row[name] or old[name] for name in ("agent_id", "assigned_at", "resolved_at", "closed_at")}
        else:
            kept |= {"resolved_at": None, "closed_at": None}
            if row["agent_id"] is None:
                kept["assignment_id"] = None
        transaction.put("tickets", row["id"], {**old, **new, **kept, "updated_at": given[25]})


def _ticket(row: Row) -> Row:
    declined = from_json(row["declined"]) if row["declined"] else []
    return {
        **row,
        "skills": from_json(row["skills"]) if row["skills"] else [],
        "wishes": from_json(row["wishes"]) if row["wishes"] else [],
        "declined": [uuid_of(bytes.fromhex(agent)) for agent in declined],
        "transferred": row["transferred"] or 0,
    }


def _free(row: Row) -> Row:
    return {
        name: from_json(row[name]) if row[name] else empty for name, empty in (("tags", []), ("attributes", {}), ("metadata", {}))
    }


@writes(recording.UPDATE_DETAILS)
def _update_details(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    _update(transaction, "tickets", ((row["id"], {**row, **_free(row)}) for row in rows))


@writes(recording.INSERT_TEXTS)
def _texts(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        _new(transaction, "texts", row["ticket_id"], _words_of(row))


@writes(recording.PUT_TEXTS)
def _put_texts(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.put("texts", row["ticket_id"], _words_of(row))


def _words_of(row: Row) -> Row:
    return {"subject": row["subject"], "text": row["text"]}


@writes(recording.INSERT_MESSAGES)
@writes(recording.INSERT_HANDOVERS)
@writes(recording.INSERT_DECISIONS)
def _words(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    """Nothing that is simulated ever reads them."""


@writes(recording.PUT_FOLLOWERS)
def _put_followers(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.put("followers", (row["ticket_id"], row["agent_id"]), row)


@writes(recording.REMOVE_FOLLOWERS)
def _remove_followers(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.drop("followers", (row["ticket_id"], row["agent_id"]))


@writes(recording.END_ASSIGNMENTS)
def _end_assignments(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    for ticket in given[2]:
        transaction.drop("owners", ticket)


@writes(recording.INSERT_ASSIGNMENTS)
def _assignments(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        if row["ended_at"] is None:
            _new(transaction, "owners", row["ticket_id"], row)


@writes(recording.INSERT_OFFERS)
def _offers(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        if row["status"] == "pending":
            _new(transaction, "offers", row["ticket_id"], row)
        else:
            _answered(transaction, row, row["status"])


@writes(recording.END_OFFERS)
def _end_offers(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    ended = {row["id"]: row["status"] for row in rows}
    for key, row in list(transaction.all("offers")):
        if row["id"] in ended:
            transaction.drop("offers", key)
            _answered(transaction, row, ended[row["id"]])


def _answered(transaction: Transaction, offer: Row, status: str) -> None:
    if status in ("accepted", "declined"):
        answer = {"id": offer["id"], "agent_id": offer["agent_id"], "accepted": status == "accepted"}
        transaction.put("answered", offer["id"], answer)


@writes(recording.PUT_TIMERS)
def _put_timers(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        transaction.put("timers", (row["ticket_id"], row["metric"]), row)


@writes(recording.STORE_ANSWERS)
def _store_answers(transaction: Transaction, rows: list[Row], given: dict[int, Any]) -> None:
    for row in rows:
        shown = {
            name: [UUID(one) for one in from_json(row[name])] if row[name] else None for name in ("ticket_ids", "customer_ids")
        }
        _new(transaction, "answers", row["key"], {**row, **shown, "headers": from_json(row["headers"])})


@writes(recording.TOUCH_ANSWERS)
def _touch_answers(transaction: Transaction, rows: Any, given: dict[int, Any]) -> None:
    """When an answer was last asked for decides only how long it is kept."""


def _new(transaction: Transaction, table: str, key: Any, row: Row) -> None:
    if transaction.get(table, key) is not None:
        raise asyncpg.UniqueViolationError(f"{table} has {key!r} already")
    transaction.put(table, key, row)


def _update(transaction: Transaction, table: str, changes: Any) -> None:
    for key, columns in changes:
        before = transaction.get(table, key)
        if before is not None:
            transaction.put(table, key, {**before, **columns})
