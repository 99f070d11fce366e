"""What becomes of a ticket."""

from dataclasses import replace

from app.engine import events
from app.engine.requirements import Requirement
from app.engine.state import State
from app.engine.tickets import KINDS, NONE, PRIORITIES, STATUS_INDEX
from app.engine.vocabulary import Priority, Status

_KIND = {kind: index for index, kind in enumerate(KINDS)}
_PRIORITY = {priority: index for index, priority in enumerate(PRIORITIES)}
_WAITING = STATUS_INDEX[Status.WAITING]
_GIVEN_AWAY = ("transferred", "returned", "released")
_FACETS = {"language": "language", "area": "area", "require_skills": "skills", "wish_skills": "wishes"}


def created(state: State, event: events.TicketCreated, at: int) -> None:
    """A place in the state; the next event says whether it waits, is offered or assigned."""
    tickets = state.tickets
    slot = tickets.create(event.ticket, event.number)
    if event.number > state.number:
        state.journal.put_attribute(state, "number", event.number)
    tickets.kind[slot] = _KIND[event.kind]
    tickets.priority[slot] = _PRIORITY[event.priority]
    tickets.created_at[slot] = at
    tickets.waiting_since[slot] = at
    state.put_requirement(slot, requirement_of(event))
    state.bump(slot)


def queued(state: State, event: events.TicketQueued, at: int) -> None:
    """It waits, since the moment it first did."""
    slot = state.tickets.slot_of[event.ticket]
    state.enter(slot, state.tickets.waiting_since[slot] if state.tickets.waiting_since[slot] != NONE else at)


def assigned(state: State, event: events.TicketAssigned, at: int) -> None:
    """It has an owner, whose load grows; a routed one moves the owner's turn."""
    tickets, put = state.tickets, state.journal.put
    slot = tickets.slot_of[event.ticket]
    agent = state.agents.slot_of[event.agent]
    state.leave(slot)
    put(tickets.agent, slot, agent)
    put(tickets.assigned_at, slot, at)
    state.put_status(slot, Status.ASSIGNED)
    state.take(slot, agent)
    if event.how in ("routed", "accepted"):
        queue = state.requirement(slot).queue
        shared = [state.agents.by_number[number] for number in event.shared]
        state.turns_of(queue).pick(agent, seq=state.seq, weight=int(state.agents.weight[agent]), shared=shared)
        if shared:
            state.agents.moves.note_all()
        state.journal.add_all(state.touched.turns, ((queue, other) for other in (agent, *shared)))
        state.journal.add(state.touched.queues, queue)


def started(state: State, event: events.TicketStarted, at: int) -> None:  # noqa: ARG001  # one shape for all
    """The owner works on it."""
    state.put_status(state.tickets.slot_of[event.ticket], Status.IN_PROGRESS)


def responded(state: State, event: events.TicketResponded, at: int) -> None:
    """The first answer is remembered."""
    slot = state.tickets.slot_of[event.ticket]
    if event.first:
        state.journal.put(state.tickets.responded_at, slot, at)
    state.bump(slot)


def message_received(state: State, event: events.TicketMessageReceived, at: int) -> None:  # noqa: ARG001  # one shape for all
    """A version more; what it changes is said by the events beside it."""
    slot = state.tickets.slot_of.get(event.ticket)
    if slot is not None:
        state.bump(slot)


def paused(state: State, event: events.TicketPaused, at: int) -> None:  # noqa: ARG001  # one shape for all
    """The owner keeps it while waiting."""
    slot = state.tickets.slot_of[event.ticket]
    state.journal.put_key(state.tickets.pending_reason, slot, event.reason)
    if event.until_at is None:
        state.journal.drop_key(state.tickets.snoozed_until, slot)
    else:
        state.journal.put_key(state.tickets.snoozed_until, slot, event.until_at)
    state.put_status(slot, Status.PENDING)


def resumed(state: State, event: events.TicketResumed, at: int) -> None:  # noqa: ARG001  # one shape for all
    """The owner goes on."""
    slot = state.tickets.slot_of[event.ticket]
    _wait_no_longer(state, slot)
    state.put_status(slot, Status.IN_PROGRESS)


def returned(state: State, event: events.TicketReturned, at: int) -> None:
    """The owner is free of it; the next event says where it goes. Whoever gave it away is not given it again."""
    slot = state.tickets.slot_of[event.ticket]
    _let_go(state, slot, at)
    declined = state.tickets.declined.get(slot, ())
    if event.reason in _GIVEN_AWAY and event.agent not in declined:
        state.journal.put_key(state.tickets.declined, slot, (*declined, event.agent))


def transferred(state: State, event: events.TicketTransferred, at: int) -> None:  # noqa: ARG001  # one shape for all
    """For that team alone, or for any of that queue's teams; skills that were required become wishes, for it was chosen by name."""
    slot = state.tickets.slot_of[event.ticket]
    old = state.requirement(slot)
    state.leave(slot)
    state.journal.put(state.tickets.status, slot, NONE)
    state.journal.put(state.tickets.transferred, slot, state.tickets.transferred[slot] + 1)
    if event.agent is None:
        wishes = tuple(dict.fromkeys((*old.skills, *old.wishes)))
        queue = old.queue if event.queue is None else event.queue
        state.put_requirement(slot, replace(old, queue=queue, team=event.team, skills=(), wishes=wishes))
    state.bump(slot)


def updated(state: State, event: events.TicketUpdated, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Facts as they are now; where a waiting ticket asks for somebody else, the next event says where it goes."""
    slot = state.tickets.slot_of.get(event.ticket)
    if slot is None:  # resolved: its row alone knows
        return
    new = {field: change[1] for field, change in event.changed.items() if change is not None}
    if "priority" in new:
        state.journal.put(state.tickets.priority, slot, _PRIORITY[Priority(new["priority"])])
    asked = {facet: new[field] for field, facet in _FACETS.items() if field in new}
    if asked:
        if state.tickets.status[slot] == _WAITING:
            state.leave(slot)
            state.journal.put(state.tickets.status, slot, NONE)
        state.put_requirement(slot, replace(state.requirement(slot), **asked))
    state.bump(slot)
    state.reorder(slot)


def escalated(state: State, event: events.TicketEscalated, at: int) -> None:  # noqa: ARG001  # one shape for all
    """Counted."""
    slot = state.tickets.slot_of[event.ticket]
    state.journal.put(state.tickets.escalated, slot, state.tickets.escalated[slot] + 1)
    state.bump(slot)


def told(state: State, event: events.Event, at: int) -> None:
    """Only rows know of it: no decision looks at who follows a ticket."""


def resolved(state: State, event: events.TicketResolved, at: int) -> None:
    """Done; the state forgets it when the batch is over."""
    _end(state, state.tickets.slot_of[event.ticket], Status.RESOLVED, at)


def cancelled(state: State, event: events.TicketCancelled, at: int) -> None:
    """Not to be done; forgotten likewise."""
    _end(state, state.tickets.slot_of[event.ticket], Status.CANCELLED, at)


def closed(state: State, event: events.TicketClosed, at: int) -> None:
    """A resolved ticket is seldom in the state any more."""
    slot = state.tickets.slot_of.get(event.ticket)
    if slot is not None:
        _end(state, slot, Status.CLOSED, at)


def reopened(state: State, event: events.TicketReopened, at: int) -> None:
    """Back from the rows, waiting anew."""
    tickets = state.tickets
    slot = tickets.slot_of.get(event.ticket)
    if slot is None:
        slot = tickets.create(event.ticket, event.number)
    put = state.journal.put
    for column, value in (
        (tickets.kind, _KIND[event.kind]),
        (tickets.priority, _PRIORITY[event.priority]),
        (tickets.created_at, event.created_at),
        (tickets.waiting_since, at),
        (tickets.assigned_at, NONE),
        (tickets.responded_at, NONE if event.first_responded_at is None else event.first_responded_at),
        (tickets.reopened, event.reopened),
        (tickets.escalated, event.escalated),
        (tickets.transferred, event.transferred),
        (tickets.status, NONE),
        (tickets.version, event.version),
    ):
        put(column, slot, value)
    state.journal.drop_key(tickets.declined, slot)
    state.put_requirement(slot, requirement_of(event))


def requirement_of(event: events.TicketCreated | events.TicketReopened) -> Requirement:
    return Requirement(
        event.queue, event.channel, event.cost, event.team, event.skills, event.wishes, event.language, event.area, event.tier
    )


def _wait_no_longer(state: State, slot: int) -> None:
    state.journal.drop_key(state.tickets.pending_reason, slot)
    state.journal.drop_key(state.tickets.snoozed_until, slot)


def _let_go(state: State, slot: int, at: int) -> None:
    state.free_agent(slot, at)
    _wait_no_longer(state, slot)
    state.journal.put(state.tickets.assigned_at, slot, NONE)
    state.journal.put(state.tickets.status, slot, NONE)
    state.bump(slot)


def _end(state: State, slot: int, status: Status, at: int) -> None:
    state.leave(slot)
    state.free_agent(slot, at)
    _wait_no_longer(state, slot)
    state.end(slot, status)
