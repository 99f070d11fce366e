"""Events and decisions."""

import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from app import __version__
from app.dispatch.moments import json_text, moment, uuid_of, uuid_or_none
from app.dispatch.record.batch import Batch, Statement, chunks, columns
from app.engine.decide import Decision
from app.engine.event_data import to_data
from app.engine.ids import WorkspaceId, derived_id
from app.queries import log, recording


def statements(batch: Batch) -> Iterator[Statement]:
    """The decisions, then the log that names them."""
    at = moment(batch.at)
    for decisions in chunks([decision for entry in batch.accepted for decision in entry.decided.decisions]):
        *most, codes = columns([_decision(decision) for decision in decisions])
        yield recording.INSERT_DECISIONS, batch.workspace, *most, __version__, at, codes
    for events in chunks(batch.events()):
        rows = [_row(batch, seq, event, entry) for seq, event, entry in events]
        seqs, ids, types, kinds, subjects, data, actor_types, actor_ids, requests = columns(rows)
        yield (
            log.APPEND,
            batch.workspace,
            seqs,
            ids,
            types,
            kinds,
            subjects,
            data,
            at,
            actor_types,
            actor_ids,
            requests,
            batch.batch_id,
        )


@lru_cache(maxsize=256)
def _packed(codes: bytes) -> bytes:
    """Compressed; the same agents are out for the same reasons in one decision after the other."""
    return zlib.compress(codes, 1)


def _decision(decision: Decision) -> tuple[Any, ...]:
    return (
        uuid_of(decision.id),
        uuid_of(decision.ticket),
        uuid_of(decision.queue),
        decision.seq,
        decision.cause,
        decision.outcome,
        uuid_or_none(decision.agent),
        decision.configuration,
        json_text(decision.body),
        None if decision.codes is None else _packed(decision.codes),
    )


def _row(batch: Batch, seq: int, event: Any, entry: Any) -> tuple[Any, ...]:
    subject = getattr(event, event.subject, None)
    actor = entry.command.actor
    return (
        seq,
        uuid_of(derived_id(WorkspaceId(batch.workspace.bytes), seq, 0, batch.at)),
        event.type,
        event.subject,
        uuid_or_none(subject),
        json_text(to_data(event)),
        actor.type,
        actor.id,
        entry.request_id,
    )
