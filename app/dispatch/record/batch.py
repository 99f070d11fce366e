"""What is to be recorded: the accepted commands of a batch, in order, each event with its place in the log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from app.engine.commands import Command
from app.engine.decide import Decided
from app.engine.events import Event
from app.engine.frozen import frozen

Statement = tuple[Any, ...]
Item = TypeVar("Item")
_CHUNK = 500  # rows of one statement: parameters are collected and encoded in one piece


@frozen
class Accepted:
    """A command that was decided; its events have the numbers from `first_seq` on."""

    command: Command
    decided: Decided
    first_seq: int
    request_id: str | None


@dataclass(slots=True)
class Batch:
    """One transaction's worth. `at` is ms; `documents` holds the JSON of configurations applied, by version."""

    workspace: UUID
    batch_id: UUID
    at: int
    accepted: list[Accepted] = field(default_factory=list)
    _events: list[tuple[int, Event, Accepted]] | None = None

    def events(self) -> list[tuple[int, Event, Accepted]]:
        """Every event with its number; asked for once everything is accepted."""
        if self._events is None:
            self._events = [
                (entry.first_seq + index, event, entry)
                for entry in self.accepted
                for index, event in enumerate(entry.decided.events)
            ]
        return self._events

    @property
    def last_seq(self) -> int:
        """The number of its last event, 0 where it has none."""
        last = self.accepted[-1] if self.accepted else None
        return last.first_seq + len(last.decided.events) - 1 if last else 0


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Parts of what one statement cannot write without keeping the event loop; mostly one."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any] | None]:
    """Rows as arrays for unnest, one a column. A column of nothing but NULL costs nothing: unnest fills it up."""
    return [sparse(list(column)) for column in zip(*rows, strict=True)]


def sparse(column: list[Any]) -> list[Any] | None:
    """None for a column that holds nothing."""
    return column if (column and column[0] is not None) or column.count(None) != len(column) else None
