"""Tickets, their words and their timers. A row is written once per batch, as the state has it at the end."""

from collections.abc import Iterator
from typing import Any

from app.dispatch.moments import json_text, moment, moment_or_none, uuid_of, uuid_or_none
from app.dispatch.record.batch import Batch, Statement, columns, sparse
from app.engine import events
from app.engine.commands import SubmitTicket
from app.engine.decide import Details
from app.engine.ids import TicketId
from app.engine.state import State
from app.engine.tickets import KINDS, METRICS, NONE, TIMER_STATES
from app.engine.vocabulary import TimerState
from app.queries import recording

_INSERTED = (
    "id", "number", "kind", "status", "priority", "channel", "category", "language", "area", "external_id", "customer_id",
    "customer_tier", "queue_id", "team_id", "skills", "wishes", "cost", "agent_id", "assignment_id", "offer_id", "decision_id",
    "declined", "tags", "attributes", "metadata", "waiting_since", "assigned_at", "first_responded_at", "pending_reason",
    "resolved_at", "closed_at", "reopened", "escalated", "transferred", "snoozed_until",
)  # fmt: skip
_UPDATED = (
    "id", "status", "priority", "queue_id", "team_id", "skills", "wishes", "agent_id", "assignment_id", "offer_id", "decision_id",
    "declined", "waiting_since", "assigned_at", "first_responded_at", "pending_reason", "resolved_at", "closed_at", "reopened", "escalated",
    "version", "transferred", "snoozed_until",
)  # fmt: skip
_CHANGED = ("id", "category", "language", "area", "tags", "attributes", "metadata")
_JSON = frozenset({"skills", "wishes", "declined", "tags", "attributes", "metadata"})


Patches = dict[TicketId, dict[str, Any]]


def created_rows(state: State, batch: Batch, patches: Patches) -> dict[bytes, dict[str, Any]]:
    """The whole row of every ticket that this batch creates."""
    found: dict[bytes, dict[str, Any]] = {}
    at = moment(batch.at)
    for seq, event, entry in batch.events():
        command = entry.command
        if isinstance(event, events.TicketCreated) and isinstance(command, SubmitTicket):
            slot = state.tickets.slot_of[event.ticket]
            found[event.ticket] = {
                "number": event.number,
                "kind": KINDS[state.tickets.kind[slot]],
                "channel": event.channel,
                "category": event.category,
                "language": event.language,
                "area": event.area,
                "external_id": command.external_id,
                "customer_id": uuid_or_none(event.customer),
                "customer_tier": event.tier,
                "cost": event.cost,
                "tags": list(dict.fromkeys((*command.content.tags, *entry.decided.result.tags))),
                "attributes": command.attributes,
                "metadata": command.content.metadata,
                **present(state, slot, patches.get(event.ticket, {})),
                "created_at": at,
                "updated_at": at,
                "created_seq": seq,
                "subject": command.content.subject,
                "text": command.content.text,
            }
    _amend(found, state, batch)
    return found


def _amend(created: dict[bytes, dict[str, Any]], state: State, batch: Batch) -> None:
    """What was changed already in the batch that made it."""
    for ticket, details in changed_details(batch).items():
        if ticket in created:
            created[ticket] |= detail_columns(state, ticket, details)


def changed_details(batch: Batch) -> dict[TicketId, Details]:
    """What the batch's changes have made of each ticket's details."""
    return {
        result.ticket: result.details
        for entry in batch.accepted
        if (result := entry.decided.result).details is not None and result.ticket is not None
    }


def detail_columns(state: State, ticket: TicketId, details: Details) -> dict[str, Any]:
    """The columns that only a change of fields writes."""
    wanted = state.requirement(state.tickets.slot_of[ticket])
    return {
        "category": details.category,
        "language": wanted.language,
        "area": wanted.area,
        "tags": list(details.tags),
        "attributes": details.attributes,
        "metadata": details.metadata,
        "subject": details.subject,
        "text": details.text,
    }


def present(state: State, slot: int, patch: dict[str, Any]) -> dict[str, Any]:
    """The columns of a ticket that the state knows, with what the batch's events add."""
    tickets = state.tickets
    wanted = state.requirement(slot)
    offer = tickets.offers.get(slot)
    ticket, declined = tickets.ids[slot], tickets.declined.get(slot)
    return {
        "id": uuid_or_none(ticket),
        "status": tickets.status_of(slot),
        "priority": tickets.priority_of(slot),
        "queue_id": uuid_of(wanted.queue),
        "team_id": uuid_or_none(wanted.team),
        "skills": wanted.skills and [[need.skill.hex(), need.level] for need in wanted.skills],
        "wishes": wanted.wishes and [[need.skill.hex(), need.level] for need in wanted.wishes],
        "agent_id": uuid_or_none(state.agent_id(slot)),
        "offer_id": uuid_of(offer.id) if offer else None,
        "declined": declined and [agent.hex() for agent in declined],
        "waiting_since": moment_or_none(tickets.waiting_since[slot]),
        "assigned_at": moment_or_none(tickets.assigned_at[slot]),
        "first_responded_at": moment_or_none(tickets.responded_at[slot]),
        "pending_reason": tickets.pending_reason.get(slot),
        "snoozed_until": moment_or_none(tickets.snoozed_until.get(slot, NONE)),
        "reopened": tickets.reopened[slot],
        "escalated": tickets.escalated[slot],
        "transferred": tickets.transferred[slot] or None,
        "version": tickets.version[slot],
        "assignment_id": patch.get("assignment_id"),
        "decision_id": patch.get("decision_id"),
        "resolved_at": patch.get("resolved_at"),
        "closed_at": patch.get("closed_at"),
    }


def statements(state: State, batch: Batch, created: dict[bytes, dict[str, Any]], patches: Patches) -> Iterator[Statement]:
    """New rows with their words, then the changed ones."""
    final_seq = batch.last_seq
    if created:
        yield from _insert(batch, list(created.values()), final_seq)
    yield from _change(state, batch, created)
    yield from _update(state, batch, created, patches, final_seq)


def _insert(batch: Batch, rows: list[dict[str, Any]], final_seq: int) -> Iterator[Statement]:
    rows.sort(key=lambda row: row["id"])
    arrays = [_array(rows, name) for name in _INSERTED]
    at = moment(batch.at)
    versions, seqs = [row["version"] for row in rows], [row["created_seq"] for row in rows]
    yield recording.INSERT_TICKETS, batch.workspace, *arrays, at, final_seq, versions, seqs
    texts = [(row["id"], row["subject"], row["text"]) for row in rows if row["subject"] or row["text"]]
    if texts:
        yield recording.INSERT_TEXTS, batch.workspace, *columns(texts)


def _change(state: State, batch: Batch, created: dict[bytes, dict[str, Any]]) -> Iterator[Statement]:
    changed = {ticket: details for ticket, details in changed_details(batch).items() if ticket not in created}
    if not changed:
        return
    rows = [{"id": uuid_of(ticket), **detail_columns(state, ticket, changed[ticket])} for ticket in sorted(changed)]
    yield recording.UPDATE_DETAILS, batch.workspace, *(_array(rows, name) for name in _CHANGED)
    yield recording.PUT_TEXTS, batch.workspace, *columns([(row["id"], row["subject"], row["text"]) for row in rows])


def _update(
    state: State, batch: Batch, created: dict[bytes, dict[str, Any]], patches: Patches, final_seq: int
) -> Iterator[Statement]:
    rows = []
    for slot in state.touched.tickets:
        ticket = state.tickets.ids[slot]
        if ticket is not None and ticket not in created and state.tickets.status[slot] != NONE:
            rows.append((present(state, slot, patches.get(ticket, {})), not state.tickets.is_open(slot)))
    if not rows:
        return
    rows.sort(key=lambda row: row[0]["id"])
    arrays = [_array([row for row, _ in rows], name) for name in _UPDATED]
    yield recording.UPDATE_TICKETS, batch.workspace, *arrays, moment(batch.at), final_seq, [ended for _, ended in rows]


def _array(rows: list[dict[str, Any]], name: str) -> list[Any] | None:
    """One column of rows; JSON that is empty, as most is, is left to the statement."""
    if name in _JSON:
        return sparse([json_text(value) if (value := row[name]) else None for row in rows])
    return sparse([row[name] for row in rows])


def patches_of(batch: Batch) -> Patches:
    """What only the events say of a ticket's row."""
    found: Patches = {}
    at = moment(batch.at)
    for _, event, _ in batch.events():
        if isinstance(event, events.TicketAssigned):
            patch = found.setdefault(event.ticket, {})
            patch["assignment_id"] = uuid_of(event.assignment)
            if event.decision is not None:
                patch["decision_id"] = uuid_of(event.decision)
        elif isinstance(event, events.TicketQueued | events.OfferCreated):
            if event.decision is not None:
                found.setdefault(event.ticket, {})["decision_id"] = uuid_of(event.decision)
        elif isinstance(event, events.TicketResolved):
            found.setdefault(event.ticket, {})["resolved_at"] = at
        elif isinstance(event, events.TicketClosed):
            found.setdefault(event.ticket, {})["closed_at"] = at
    return found


def timers(state: State, batch: Batch) -> Iterator[Statement]:
    """Every promise that the batch touched."""
    rows = []
    for slot, metric in state.touched.timers:
        ticket, clock = state.tickets.ids[slot], state.tickets.timers[metric]
        if ticket is None or clock.state[slot] == NONE:
            continue
        paused = TIMER_STATES[clock.state[slot]] is TimerState.PAUSED
        due, following = clock.due[slot], clock.next[slot]
        rows.append(
            (
                uuid_of(ticket),
                metric,
                moment(clock.started[slot]),
                moment(batch.at + due if paused else due),
                None if paused else moment_or_none(following),
                clock.step[slot],
                TIMER_STATES[clock.state[slot]],
                clock.version[slot],
                due if paused else None,
                following if paused else None,
            )
        )
    if rows:
        rows.sort(key=lambda row: (row[0], METRICS.index(row[1])))
        yield recording.PUT_TIMERS, batch.workspace, *columns(rows)
