"""What is durable in a simulated world: per workspace a head, a log of committed events and the committed rows.

One transaction at a time holds a workspace's head, as in PostgreSQL; what it writes lies over the committed rows until it commits,
and is gone when it does not. A snapshot sees what was committed when it began. This is a model of the world around the dispatcher,
for simulated days only: what PostgreSQL itself does is tested on PostgreSQL.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from app.dispatch.moments import moment

Row = dict[str, Any]
Table = dict[Any, Row]
GONE: Row = {}
TABLES = (
    "agents", "tickets", "texts", "timers", "offers", "turns", "queue_turns", "switches", "customers", "contacts", "merges", "configurations", "answered", "answers", "owners", "external", "followers",
)  # fmt: skip


class Broken(AssertionError):  # noqa: N818  (named as the situation)
    """The world is not as it must be. `rule` names what is broken, `about` the ids that a trace should follow."""

    def __init__(self, rule: str, said: str, *about: str) -> None:
        super().__init__(f"{rule}: {said}")
        self.rule = rule
        self.about = about


def unforeseen(where: str, error: BaseException | None) -> Broken:
    """An error that nobody expected is a broken rule of its own."""
    broken = Broken("nothing_unforeseen", f"{where}: {error!r}")
    broken.__cause__ = error
    return broken


class Rows:
    """A workspace's committed rows and log; `head` is its head row."""

    def __init__(self, key: bytes, mode: str, at: datetime) -> None:
        self.key = key
        self.tables: dict[str, Table] = {name: {} for name in TABLES}
        self.log: list[Row] = []
        self.head: Row = {
            "mode": mode, "last_seq": 0, "last_number": 0, "last_agent_number": 0, "last_at": at, "clock_offset_ms": 0,
            "next_due_at": None, "configuration_version": 0, "format": 1, "epoch": 1,
        }  # fmt: skip
        self.holder: Transaction | None = None
        self.waiting: deque[Callable[[], None]] = deque()

    def let_go(self, holder: "Transaction") -> None:
        """The head is free; whoever waits longest is told."""
        if self.holder is holder:
            self.holder = None
            if self.waiting:
                self.waiting.popleft()()


class Transaction:
    """What one connection has written and not committed, over what was committed when it last looked."""

    def __init__(self, rows: Rows, *, snapshot: bool) -> None:
        self.rows = rows
        self.written: dict[str, Table] = defaultdict(dict)
        self.appended: list[Row] = []
        self.head: Row | None = None
        self.tables, self.seen = rows.tables, len(rows.log)
        if snapshot:
            self.tables = {name: dict(table) for name, table in rows.tables.items()}
            self.head = dict(rows.head)
        self.snapshot = snapshot
        self.over = False
        self._beside: dict[tuple[str, Any], int] = {}
        self._part = 0

    def get(self, table: str, key: Any) -> Row | None:
        found = self.written[table].get(key)
        if found is None:
            return self.tables[table].get(key)
        return found or None

    def begin_part(self, number: int) -> None:
        """What follows is written by part `number` of one statement, counted from 0: its parts run in no order."""
        if number == 0:
            self._beside.clear()
        self._part = number

    def put(self, table: str, key: Any, row: Row) -> None:
        self._may_write()
        if self._beside.setdefault((table, key), self._part) != self._part:
            raise Broken("each_row_once", f"two parts of one statement write {key!r} of {table}: one of them is lost")
        self.written[table][key] = row

    def drop(self, table: str, key: Any) -> None:
        self.put(table, key, GONE)

    def all(self, table: str) -> Iterator[tuple[Any, Row]]:
        """Every row with its key, in the order in which they came."""
        written = self.written[table]
        for key, row in self.tables[table].items():
            if key not in written:
                yield key, row
        yield from ((key, row) for key, row in written.items() if row)

    def read_head(self) -> Row:
        return self.head or self.rows.head

    def move_head(self, **columns: Any) -> None:
        self._may_write()
        self.head = {**self.read_head(), **columns}

    def append(self, row: Row) -> None:
        self._may_write()
        self.appended.append(row)

    def log_after(self, seq: int, limit: int) -> list[Row]:
        return self.rows.log[seq : min(seq + limit, self.seen if self.snapshot else len(self.rows.log))]

    def commit(self) -> None:
        """Everything at once, and the head is free."""
        if self.over:
            raise RuntimeError("a transaction ends once")
        self.over = True
        for name, written in self.written.items():
            table = self.rows.tables[name]
            for key, row in written.items():
                if row:
                    table[key] = row
                else:
                    table.pop(key, None)
        self.rows.log.extend(self.appended)
        if self.head is not None and not self.snapshot:
            self.rows.head = self.head

    def end(self) -> None:
        """Nothing of it remains but what was committed."""
        self.over = True
        self.rows.let_go(self)

    def _may_write(self) -> None:
        if self.rows.holder is not self:
            raise Broken("one_writer", "somebody writes who does not hold the head of the workspace")


class Clock:
    """PostgreSQL's, in ms: the only one that decides anything. A failover may set it back."""

    def __init__(self, start: int, time: Callable[[], float]) -> None:
        self.start = start
        self.time = time

    def now(self) -> int:
        return self.start + int(self.time() * 1000)

    def moment(self) -> datetime:
        return moment(self.now())
