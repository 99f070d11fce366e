"""Idempotency keys: looked up under the lock, shared within a batch, stored in the transaction of the change."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.dispatch.inbox import Envelope
from app.dispatch.moments import json_text, moment, uuid_or_none
from app.dispatch.outcome import Outcome, Recall, Rendered
from app.dispatch.record.batch import Batch, Statement, columns
from app.engine.decide import Result
from app.errors import Invalid
from app.queries import gathering, recording

if TYPE_CHECKING:
    from app.dispatch.batch import Verdict


class Answers:
    """The answers known for the keys of one batch."""

    def __init__(self, known: dict[str, Any]) -> None:
        self._known = known
        self._first: dict[str, Verdict] = {}
        self._followers: list[tuple[Verdict, Verdict]] = []
        self._replayed: list[str] = []

    def settle(self, verdict: "Verdict") -> bool:
        """Whether the key answers the envelope without deciding. A refused first try leaves its key free."""
        wanted = verdict.envelope.idempotency
        if wanted is None or verdict.envelope.dry_run:
            return False
        known = self._known.get(wanted.key)
        if known is not None:
            if bytes(known["fingerprint"]) != wanted.fingerprint:
                verdict.error = key_reused()
                return True
            rendered = Rendered(known["status"], bytes(known["body"]), known["headers"])
            verdict.outcome = Outcome(0, 0, Result(), rendered=rendered, replayed=True)
            self._replayed.append(wanted.key)
            return True
        first = self._first.get(wanted.key)
        if first is not None and first.error is None:
            if first.envelope.idempotency is not None and first.envelope.idempotency.fingerprint != wanted.fingerprint:
                verdict.error = key_reused()
            else:
                self._followers.append((first, verdict))
            return True
        if verdict.envelope.render is not None or not isinstance(verdict.envelope.command, Recall):
            self._first[wanted.key] = verdict
        return False

    def settled(self, batch: Batch, verdicts: Sequence["Verdict"]) -> Iterator[Statement]:
        """Render what was accepted; what keeps it under its key in this transaction. A replay writes too: it touches its row."""
        for verdict in verdicts:
            outcome, render = verdict.outcome, verdict.envelope.render
            if render is not None and outcome is not None and outcome.rendered is None:
                outcome.rendered = render(outcome)
        rows = [
            _row(verdict)
            for verdict in verdicts
            if verdict.envelope.idempotency is not None
            and self._first.get(verdict.envelope.idempotency.key) is verdict
            and verdict.outcome is not None
            and verdict.outcome.rendered
        ]
        if rows:
            yield recording.STORE_ANSWERS, batch.workspace, *_stored(rows, moment(batch.at))
        if self._replayed:
            yield recording.TOUCH_ANSWERS, batch.workspace, sorted(set(self._replayed)), moment(batch.at)
            self._replayed.clear()

    def settle_followers(self) -> None:
        """Those who came with a key that another command of the batch had brought get its answer."""
        for first, follower in self._followers:
            if first.outcome is not None:
                follower.outcome = replace(first.outcome, replayed=True)
            follower.error = first.error


async def known_answers(connection: Any, workspace: Any, envelopes: Sequence[Envelope]) -> Answers:
    """What is stored for the keys of these envelopes."""
    keys = sorted({envelope.idempotency.key for envelope in envelopes if envelope.idempotency and not envelope.dry_run})
    rows = await connection.fetch(gathering.ANSWERS, workspace, keys) if keys else []
    return Answers({row["key"]: row for row in rows})


def _row(verdict: "Verdict") -> tuple[Any, ...]:
    envelope, outcome = verdict.envelope, verdict.outcome
    if envelope.idempotency is None or outcome is None or outcome.rendered is None:
        raise RuntimeError("only answers under a key are stored")
    rendered, result = outcome.rendered, outcome.result
    return (
        envelope.idempotency.key,
        envelope.idempotency.fingerprint,
        rendered.status,
        rendered.body,
        json_text(rendered.headers),
        uuid_or_none(result.ticket),
        uuid_or_none(result.customer),
        _several([item.result.ticket for item in outcome.items if isinstance(item, Outcome)]),
        _several([item.result.customer for item in outcome.items if isinstance(item, Outcome)]),
    )


def _stored(rows: list[tuple[Any, ...]], at: Any) -> list[Any]:
    *most, tickets, customers = columns(sorted(rows, key=lambda row: row[0]))
    return [*most, at, tickets, customers]


def _several(ids: list[bytes | None]) -> str | None:
    """All that a bulk's answer shows, as JSON."""
    return json_text([one.hex() for one in sorted({one for one in ids if one is not None})]) if ids else None


def key_reused() -> Invalid:
    return Invalid(
        "idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new key for a new request."
    )
