"""What a caller gets back once the transaction is committed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.engine.asking import Question
from app.engine.commands import Command
from app.engine.decide import Decision, Result
from app.engine.events import Event
from app.engine.frozen import frozen
from app.engine.ids import WorkspaceId


@frozen
class Rendered:
    """An answer as it is sent and, under an idempotency key, stored."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bulk:
    """Commands of one call, decided one after the other in one transaction. `atomic`: all of them or none."""

    items: tuple[Command, ...]
    atomic: bool = False


@dataclass(frozen=True, slots=True)
class Recall:
    """No wish at all: what was answered under the key? With a way to render, that is the answer where there is none yet."""


@dataclass(frozen=True, slots=True)
class Ask:
    """No wish but a question to the state. `needs` are commands whose facts it looks at."""

    question: Question
    needs: tuple[Command, ...] = ()


Wish = Command | Bulk | Recall | Ask


class ItemRefused(Exception):  # noqa: N818  # named as the situation
    """One item of an atomic bulk cannot be done, so nothing was. `cause` is its Refusal or Problem."""

    def __init__(self, index: int, cause: BaseException) -> None:
        super().__init__(index, cause)
        self.index = index
        self.cause = cause


@dataclass(slots=True)
class Outcome:
    """An accepted command: its events, decisions, the log position after it, and the row of what it was about.

    `ticket` has the columns of `tickets` plus `subject` and `text`, `agent` those of `agents` where the command is about one,
    `customer` those of `customers` where it is about customers; ids are UUIDs, times aware datetimes. `at` is ms.
    `items` are those of a bulk, in order: each an outcome, or why it was refused. `answer` is what a question found.
    `replayed` is set instead of all else when an idempotency key had been used before.
    """

    seq: int
    at: int
    result: Result
    events: list[Event] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    ticket: dict[str, Any] | None = None
    agent: dict[str, Any] | None = None
    customer: dict[str, Any] | None = None
    rendered: Rendered | None = None
    replayed: bool = False
    items: "Sequence[Outcome | BaseException]" = ()
    answer: Any = None


@frozen
class IdempotencyKey:
    """The caller's key with the SHA-256 fingerprint of method, path, query and body."""

    key: str
    fingerprint: bytes


Render = Callable[[Outcome], Rendered]

Wake = Callable[[WorkspaceId, int, int | None], None]
"""(workspace, last seq, next due time in ms of PostgreSQL's clock): told after each commit; must neither block nor raise."""
