"""Open tickets as compact columns: about two hundred bytes each, so that a million may wait in one process."""

from array import array
from dataclasses import dataclass

from app.engine.ids import AgentId, OfferId, TicketId
from app.engine.journal import Journal
from app.engine.vocabulary import ENDED, Kind, Metric, Priority, Status, TimerState

KINDS = tuple(Kind)
STATUSES = tuple(Status)
PRIORITIES = tuple(Priority)
TIMER_STATES = tuple(TimerState)
METRICS = tuple(Metric)
STATUS_INDEX = {status: index for index, status in enumerate(STATUSES)}
TIMER_STATE_INDEX = {state: index for index, state in enumerate(TIMER_STATES)}
ENDED_INDEXES = frozenset(STATUS_INDEX[status] for status in ENDED)
NONE = -1


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """The one offer that is pending for a ticket."""

    id: OfferId
    agent: int
    expires_at: int


class Timers:
    """One clock per ticket for one metric. `state` NONE: nothing was promised. While paused `due` and `next` hold what is left."""

    def __init__(self) -> None:
        self.due = array("q")
        self.next = array("q")
        self.state = array("b")
        self.step = array("b")
        self.version = array("i")
        self.started = array("q")

    def columns(self) -> "tuple[array[int], ...]":
        """Every column."""
        return self.due, self.next, self.state, self.step, self.version, self.started


class Tickets:
    """All open tickets, and those that ended within the present batch."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.slot_of: dict[TicketId, int] = {}
        self.ids: list[TicketId | None] = []
        self.free_slots: list[int] = []
        self.number = array("q")
        self.kind = array("b")
        self.status = array("b")
        self.priority = array("b")
        self.requirement = array("i")
        self.agent = array("i")
        self.order_key = array("q")
        self.created_at = array("q")
        self.waiting_since = array("q")
        self.assigned_at = array("q")
        self.responded_at = array("q")
        self.reopened = array("i")
        self.escalated = array("i")
        self.transferred = array("i")
        self.version = array("i")
        self.timers = {metric: Timers() for metric in METRICS}
        self.pending_reason: dict[int, str] = {}
        self.snoozed_until: dict[int, int] = {}
        self.offers: dict[int, OpenOffer] = {}
        self.declined: dict[int, tuple[AgentId, ...]] = {}
        self._columns = [value for value in vars(self).values() if isinstance(value, array)] + [
            column for timers in self.timers.values() for column in timers.columns()
        ]

    def create(self, ticket: TicketId, number: int) -> int:
        """A slot for a ticket, with every column NONE but its number and version 0."""
        journal = self._journal
        if self.free_slots:
            slot = self.free_slots.pop()
            for column in self._columns:
                column[slot] = NONE
        else:
            slot = len(self.ids)
            self.ids.append(None)
            for column in self._columns:
                column.append(NONE)
        journal.on_undo(lambda: self._release(slot))
        self.ids[slot] = ticket
        self.number[slot] = number
        self.version[slot] = 0
        self.reopened[slot] = 0
        self.escalated[slot] = 0
        self.transferred[slot] = 0
        journal.put_key(self.slot_of, ticket, slot)
        return slot

    def forget(self, slot: int) -> None:
        """Drop an ended ticket for good. Only between batches: this is not undone."""
        ticket = self.ids[slot]
        if ticket is not None:
            del self.slot_of[ticket]
        self._release(slot)

    def _release(self, slot: int) -> None:
        self.ids[slot] = None
        self.pending_reason.pop(slot, None)
        self.snoozed_until.pop(slot, None)
        self.offers.pop(slot, None)
        self.declined.pop(slot, None)
        self.free_slots.append(slot)

    def is_open(self, slot: int) -> bool:
        """Whether the ticket is neither resolved, closed nor cancelled."""
        return self.status[slot] not in ENDED_INDEXES

    def status_of(self, slot: int) -> Status:
        """The status as a word."""
        return STATUSES[self.status[slot]]

    def priority_of(self, slot: int) -> Priority:
        """The priority as a word."""
        return PRIORITIES[self.priority[slot]]
