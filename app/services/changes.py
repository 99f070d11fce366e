"""A change of what no ticket rests on: one transaction with its entry in the audit and its answer under an Idempotency-Key.

Tickets, agents and configuration go through the writer; keys and who may sign in do not, because no decision looks at them.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import workspace_transaction
from app.dispatch.answers import key_reused
from app.dispatch.origins import Origin
from app.dispatch.outcome import IdempotencyKey, Rendered
from app.errors import Unavailable
from app.models.audit_entries import AuditOutcome
from app.queries import answers, audit, events

_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Done:
    """What a change comes to. `kept` is the answer for a repeat, where `reply` holds a secret; `subject` is type and id.

    `changed` is {field: [before, after]}, or {field: None} where a value is personal; an empty one is no change.
    """

    reply: Rendered
    subject: tuple[str, str]
    changed: Mapping[str, Any] = field(default_factory=dict)
    kept: Rendered | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer, and the last event of the workspace that it includes."""

    rendered: Rendered
    seq: int
    replayed: bool = False


Work = Callable[[AsyncConnection], Awaitable[Done]]


class _Undone(Exception):  # noqa: N818  (named as the situation)
    """Nothing is to stay of this transaction."""

    def __init__(self, changed: Changed) -> None:
        super().__init__()
        self.changed = changed


async def change(
    engine: AsyncEngine, workspace: bytes, work: Work, *, origin: Origin | None, key: IdempotencyKey | None, dry_run: bool = False
) -> Changed:
    """Do `work` once for a key: who comes with one that was used gets what is kept of the first answer.

    Raises Invalid when the key was used for something else, Unavailable when the workspace is held for too long, and whatever
    `work` raises; then nothing has changed.
    """
    try:
        async with workspace_transaction(engine, workspace) as connection:
            if dry_run:
                await _imagined(connection, UUID(bytes=workspace), work)
            return await _changed(connection, UUID(bytes=workspace), work, origin, key)
    except _Undone as undone:
        return undone.changed
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise Unavailable("overloaded", "The workspace is busy; nothing was changed. Try again shortly.") from None


async def _imagined(connection: AsyncConnection, workspace: UUID, work: Work) -> None:
    """Raises _Undone."""
    done = await work(connection)
    raise _Undone(Changed(done.reply, await events.last_seq(connection, workspace)))


async def _changed(
    connection: AsyncConnection, workspace: UUID, work: Work, origin: Origin | None, key: IdempotencyKey | None
) -> Changed:
    if key is not None:
        await answers.lock(connection, workspace)  # the writer's answers under the same key wait for this, and this for theirs
        known = await answers.known(connection, workspace, key.key)
        if known is not None:
            if known.fingerprint != key.fingerprint:
                raise key_reused()
            await answers.touch(connection, workspace, key.key)
            return Changed(Rendered(known.status, known.body, known.headers), 0, replayed=True)
    done = await work(connection)
    if origin is not None and done.changed:
        await audit.append(connection, entry(origin, workspace, *done.subject, changed=done.changed))
    if key is not None:
        kept = done.kept or done.reply
        await answers.keep(connection, workspace, key.key, answers.Kept(key.fingerprint, kept.status, kept.body, kept.headers))
    return Changed(done.reply, await events.last_seq(connection, workspace))


def entry(
    origin: Origin,
    workspace: UUID,
    subject_type: str,
    subject_id: str | None,
    *,
    changed: Mapping[str, Any],
    outcome: AuditOutcome = AuditOutcome.DONE,
    times: int = 1,
) -> dict[str, Any]:
    """A row of the audit."""
    return {
        "workspace_id": workspace,
        "id": UUID(bytes=origin.id),
        "at": datetime.now(UTC),
        "operation": origin.operation,
        "outcome": outcome,
        "actor_type": origin.actor.type,
        "actor_id": origin.actor.id,
        "key_id": None if origin.key is None else UUID(bytes=origin.key),
        "person": origin.person,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "changed": dict(changed),
        "times": times,
        "ip": origin.ip,
        "user_agent": origin.user_agent,
        "request_id": origin.request_id,
    }


def rendered(view: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Rendered:
    """An object that was changed, with its ETag."""
    return Rendered(status, to_json(view), {"ETag": f'"{view["version"]}"', **(headers or {})})
