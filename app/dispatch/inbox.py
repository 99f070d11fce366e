"""Commands that wait for their workspace, in order of arrival."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from app.dispatch.origins import Origin
from app.dispatch.outcome import Bulk, IdempotencyKey, Outcome, Render, Wish
from app.engine.commands import AdvanceClock, ApplyConfiguration
from app.errors import Unavailable

LIMIT = 2000
LIMIT_ITEMS = 20_000
BATCH_COMMANDS = 500
BATCH_ITEMS = 1000


class Connection(Protocol):
    """Where an answer goes to, as long as somebody is there."""

    disconnected: bool


CALLER: ContextVar[Connection | None] = ContextVar("caller", default=None)


@dataclass(slots=True)
class Envelope:
    """A command, or a bulk of them, on its way. `deadline` is a time of the event loop; `dry_run` is decided and undone.

    `caller` may leave.
    """

    command: Wish
    request_id: str | None
    deadline: float
    answer: "asyncio.Future[Outcome]"
    idempotency: IdempotencyKey | None = None
    render: Render | None = None
    dry_run: bool = False
    caller: Connection | None = field(default_factory=CALLER.get)
    origin: Origin | None = None  # of what is audited

    @property
    def size(self) -> int:
        """How many items it has; a bulk is never torn apart."""
        return len(self.command.items) if isinstance(self.command, Bulk) else 1

    def refuse(self, error: BaseException) -> None:
        """Tell the caller, who may be gone."""
        if not self.answer.done():
            self.answer.set_exception(error)

    def accept(self, outcome: Outcome) -> None:
        """Tell the caller, who may be gone."""
        if not self.answer.done():
            self.answer.set_result(outcome)


@dataclass(slots=True)
class Inbox:
    """The queue of one workspace; a full one refuses at once instead of growing."""

    _waiting: deque[Envelope] = field(default_factory=deque)
    _items: int = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, envelope: Envelope) -> None:
        """Add at the end.

        Raises:
            Unavailable: too many wait already.

        """
        size = envelope.size
        if len(self._waiting) >= LIMIT or (self._items and self._items + size > LIMIT_ITEMS):
            raise overloaded("The workspace has more work waiting than it can take. Try again shortly.")
        self._waiting.append(envelope)
        self._items += size

    async def gathered(self, now: Callable[[], float]) -> list[Envelope]:
        """The next batch, once those who arrive at this moment are in."""
        here = 0
        while here < len(self._waiting) < BATCH_COMMANDS:
            here = len(self._waiting)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return self.take(now())

    def take(self, now: float) -> list[Envelope]:
        """The next batch: what arrived while the last one committed, without those who have left or whose time is up.

        A new configuration and a moved clock are the last of their batch, because what follows rests on them.
        """
        taken: list[Envelope] = []
        self.join(taken, now)
        return taken

    def join(self, taken: list[Envelope], now: float) -> None:
        """Add to a batch who has come since it was taken, as far as there is room."""
        items = sum(envelope.size for envelope in taken)
        while self._waiting and len(taken) < BATCH_COMMANDS and not (taken and _ends_a_batch(taken[-1])):
            size = self._waiting[0].size
            if items and items + size > BATCH_ITEMS:
                break
            envelope = self._waiting.popleft()
            self._items -= size
            if envelope.answer.done():
                continue
            if envelope.caller is not None and envelope.caller.disconnected:
                envelope.refuse(overloaded("Whoever asked has left before it was begun; nothing was changed."))
                continue
            if envelope.deadline <= now:
                envelope.refuse(overloaded("The command waited past its deadline and was dropped; nothing was changed."))
                continue
            taken.append(envelope)
            items += size

    def put_back(self, envelopes: list[Envelope]) -> None:
        """Those the batch had no time for go first next time."""
        self._waiting.extendleft(reversed(envelopes))
        self._items += sum(envelope.size for envelope in envelopes)

    def refuse_all(self, error: BaseException) -> None:
        """Nobody will take these any more."""
        while self._waiting:
            self._waiting.popleft().refuse(error)
        self._items = 0


def _ends_a_batch(envelope: Envelope) -> bool:
    return isinstance(envelope.command, ApplyConfiguration | AdvanceClock)


def overloaded(detail: str, *, seconds: int = 1) -> Unavailable:
    """503 with a time to come back."""
    return Unavailable("overloaded", detail, retry_after=seconds)
