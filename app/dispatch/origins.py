"""Where a change comes from, and what the audit keeps of it: one entry per request that changed something besides tickets.

The API sets ORIGIN for operations that are audited; the command submitted for that request carries it into its transaction.
"""

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from app.dispatch.moments import json_text, uuid_of, uuid_or_none
from app.dispatch.record.batch import Accepted, Batch, Statement
from app.engine.commands import Actor
from app.engine.event_data import to_data
from app.engine.frozen import frozen
from app.identifiers import encode
from app.queries import audit

if TYPE_CHECKING:
    from app.dispatch.batch import Verdict

PREFIXES = {"agent": "agt", "customer": "cus", "queue": "que", "team": "tem", "skill": "skl", "rule": "rul",
            "routing_policy": "rpo", "sla_policy": "slp"}  # fmt: skip
CONSEQUENCES = frozenset({"ticket", "offer"})  # what became of tickets is in the log


@frozen
class Origin:
    """Who asks for what, and from where. `id` is the entry's, so that the parts of one request make one entry."""

    id: bytes
    operation: str
    actor: Actor
    key: bytes | None
    person: str | None
    ip: str | None
    user_agent: str | None
    request_id: str | None


ORIGIN: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin_of(request_id: str | None) -> Origin | None:
    """The origin of this request; None for one that nobody audits. What an earlier request left behind is another's."""
    origin = ORIGIN.get()
    return origin if origin is not None and origin.request_id == request_id else None


def entries(batch: Batch, verdicts: Sequence["Verdict"]) -> Iterator[Statement]:
    """An entry for each of these that was audited and changed something."""
    for verdict in verdicts:
        origin = verdict.envelope.origin
        if origin is None:
            continue
        taken = [leaf.accepted for leaf in (verdict.items or (verdict,)) if leaf.accepted is not None]
        if verdict.error is None and (told := _told(taken)) is not None:
            yield audit.APPEND, uuid_of(batch.workspace.bytes), uuid_of(origin.id), *told, *_whence(origin)


def _told(taken: Sequence[Accepted]) -> tuple[Any, ...] | None:
    """Subject, its id, and the event that tells of it with its number; None where nothing happened. Events hold nothing personal."""
    events = [(entry.first_seq + n, event) for entry in taken for n, event in enumerate(entry.decided.events)]
    if not events:
        return None
    seq, first = next(((seq, event) for seq, event in events if event.subject not in CONSEQUENCES), events[0])
    for seq_of, event in events:
        if event.subject == "configuration":
            seq, first = seq_of, event  # agents join and leave with it: the whole is one change of the configuration
    raw = getattr(first, first.subject, None)
    prefix = PREFIXES.get(first.subject)
    subject_id = encode(prefix, raw) if prefix is not None and isinstance(raw, bytes) else None
    return first.subject, subject_id, first.type, json_text(to_data(first)), seq


def _whence(origin: Origin) -> tuple[Any, ...]:
    return (
        origin.operation,
        origin.actor.type,
        origin.actor.id,
        uuid_or_none(origin.key),
        origin.person,
        origin.ip,
        origin.user_agent,
        origin.request_id,
    )
