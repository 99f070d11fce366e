"""What people do with a ticket: assign it by hand, work on it, wait, finish, and think again."""

from dataclasses import replace

from app.engine.commands import (
    AddMessage,
    AssignTicket,
    CancelTicket,
    CloseTicket,
    PendTicket,
    ReopenTicket,
    ResolveTicket,
    RespondTicket,
    SnoozeTicket,
    StartTicket,
    TicketCommand,
    WakeTicket,
)
from app.engine.decide import promises
from app.engine.decide.decider import Decider
from app.engine.decide.facts import EndedTicket
from app.engine.decide.holding import check_room, free, withdraw
from app.engine.decide.routing import route
from app.engine.events import (
    TicketAssigned,
    TicketCancelled,
    TicketClosed,
    TicketMessageReceived,
    TicketPaused,
    TicketReopened,
    TicketResolved,
    TicketResponded,
    TicketResumed,
    TicketStarted,
)
from app.engine.ids import AssignmentId, TicketId
from app.engine.refusals import AgentNotFound, NoQueue, TicketAlreadyAssigned, TicketNotFound, WrongMoment, WrongState
from app.engine.requirements import Requirement
from app.engine.tickets import KINDS, NONE, PRIORITIES, STATUS_INDEX
from app.engine.vocabulary import ENDED, OWNED, Metric, Status

_ASSIGNMENT = 2
_WOKEN_BY_CUSTOMER = ("customer", "snoozed")
LONGEST_SNOOZE_MS = 366 * 86_400_000


def find(decider: Decider, command: TicketCommand) -> tuple[int, Status]:
    """The slot and status of the command's ticket; one that had ended is brought back into the state for this batch.

    Raises:
        TicketNotFound: no such ticket.
        VersionMismatch: it has changed since the caller read it.

    """
    state = decider.state
    slot = state.tickets.slot_of.get(command.ticket)
    if slot is None:
        ended = decider.facts.ended.get(command.ticket)
        if ended is None:
            raise TicketNotFound("There is no such ticket.")
        slot = _bring_back(decider, command.ticket, ended)
    decider.decided.result.ticket = command.ticket
    return slot, state.tickets.status_of(slot)


def assign(decider: Decider, command: AssignTicket) -> None:
    """By hand: capacity counts, unless forced; skills and presence are the giver's business."""
    slot, status = find(decider, command)
    state = decider.state
    agent = state.agents.slot_of.get(command.agent)
    if agent is None:
        raise AgentNotFound("There is no such agent.")
    if status in OWNED and state.tickets.agent[slot] == agent:
        return
    decider.check_version(slot, command.expected_version)
    if status in ENDED:
        raise wrong_state(status, "assigned")
    if status in OWNED and not command.force:
        owner = state.agents.ids[state.tickets.agent[slot]]
        raise TicketAlreadyAssigned("Somebody else owns the ticket. Use force to take it over.", agent_id=owner)
    forced = check_room(decider, slot, agent, force=command.force)
    free(decider, slot, command.ticket, "reassigned")
    assignment = AssignmentId(decider.new_id(_ASSIGNMENT))
    decider.emit(TicketAssigned(command.ticket, command.agent, assignment, "by_hand", forced=forced))
    decider.freed.discard(agent)


def start(decider: Decider, command: StartTicket) -> None:
    """The owner begins, or goes on after a wait."""
    slot, status = find(decider, command)
    decider.check_owner(slot)
    if status is Status.IN_PROGRESS:
        return
    decider.check_version(slot, command.expected_version)
    if status is Status.PENDING:
        _go_on(decider, slot, command.ticket)
    elif status is Status.ASSIGNED:
        _begin(decider, slot, command.ticket)
    else:
        raise wrong_state(status, "started")


def respond(decider: Decider, command: RespondTicket) -> None:
    """The customer was answered by the owner."""
    slot, status = find(decider, command)
    decider.check_owner(slot)
    decider.check_version(slot, command.expected_version)
    _answer(decider, slot, command.ticket, status)


def add_message(decider: Decider, command: AddMessage) -> None:
    """A customer's message wakes a ticket that waited for it and reopens a resolved one; the owner's is an answer."""
    slot, status = find(decider, command)
    if not command.inbound:
        decider.check_owner(slot)
    decider.check_version(slot, command.expected_version)
    if not command.inbound:
        _answer(decider, slot, command.ticket, status)
        return
    if status in (Status.CLOSED, Status.CANCELLED):
        raise wrong_state(status, "written to")
    decider.emit(TicketMessageReceived(command.ticket))
    if status is Status.RESOLVED:
        _reopen(decider, slot, command.ticket)
    elif status is Status.PENDING and decider.state.tickets.pending_reason.get(slot) in _WOKEN_BY_CUSTOMER:
        _go_on(decider, slot, command.ticket)


def pend(decider: Decider, command: PendTicket) -> None:
    """The owner waits for somebody else."""
    slot, status = find(decider, command)
    decider.check_owner(slot)
    if status is Status.PENDING and decider.state.tickets.pending_reason.get(slot) == command.reason:
        return
    decider.check_version(slot, command.expected_version)
    if status not in OWNED:
        raise wrong_state(status, "set pending")
    decider.emit(TicketPaused(command.ticket, command.reason))
    promises.pause(decider, slot, command.ticket)


def snooze(decider: Decider, command: SnoozeTicket) -> None:
    """The owner puts it aside; it comes back by itself, or earlier when the customer writes or the owner goes on.

    Raises:
        WrongMoment: it has passed, or is more than 366 days away.
        WrongState: nobody owns it.

    """
    slot, status = find(decider, command)
    decider.check_owner(slot)
    until_at = decider.now + (command.milliseconds or 0) if command.until_at is None else command.until_at
    if status is Status.PENDING and decider.state.tickets.snoozed_until.get(slot) == until_at:
        return
    decider.check_version(slot, command.expected_version)
    if status not in OWNED:
        raise wrong_state(status, "snoozed")
    if not decider.now < until_at <= decider.now + LONGEST_SNOOZE_MS:
        raise WrongMoment("The moment lies ahead, by at most 366 days.", pointer="/until_at")
    decider.emit(TicketPaused(command.ticket, "snoozed", until_at))
    promises.pause(decider, slot, command.ticket)


def wake(decider: Decider, command: WakeTicket) -> None:
    """Its time has come: the owner goes on. A waking that comes too early, too late or twice has no effect."""
    tickets = decider.state.tickets
    slot = tickets.slot_of.get(command.ticket)
    if slot is None or tickets.snoozed_until.get(slot) != command.until_at or decider.now < command.until_at:
        return
    decider.decided.result.ticket = command.ticket
    _go_on(decider, slot, command.ticket)


def resolve(decider: Decider, command: ResolveTicket) -> None:
    """Done. Whoever resolves without a word has answered, too."""
    slot, status = find(decider, command)
    if status is Status.RESOLVED:
        return
    decider.check_owner(slot)
    decider.check_version(slot, command.expected_version)
    if status in ENDED:
        raise wrong_state(status, "resolved")
    withdraw(decider, slot, command.ticket)
    for metric in Metric:
        promises.fulfil(decider, slot, command.ticket, metric)
    agent = decider.state.tickets.agent[slot]
    decider.emit(TicketResolved(command.ticket, decider.state.agent_id(slot)))
    if agent != NONE:
        decider.freed.add(agent)


def reopen(decider: Decider, command: ReopenTicket) -> None:
    """Not done after all: it is routed anew, with a new promise of resolution."""
    slot, status = find(decider, command)
    if status not in ENDED:
        return
    decider.check_version(slot, command.expected_version)
    if status is not Status.RESOLVED:
        raise wrong_state(status, "reopened")
    _reopen(decider, slot, command.ticket)


def close(decider: Decider, command: CloseTicket) -> None:
    """Over for good; only what is resolved can be closed."""
    slot, status = find(decider, command)
    if status is Status.CLOSED:
        return
    decider.check_version(slot, command.expected_version)
    if status is not Status.RESOLVED:
        raise wrong_state(status, "closed")
    decider.emit(TicketClosed(command.ticket, status))


def cancel(decider: Decider, command: CancelTicket) -> None:
    """Not to be done after all."""
    slot, status = find(decider, command)
    if status is Status.CANCELLED:
        return
    decider.check_version(slot, command.expected_version)
    if status in ENDED:
        raise wrong_state(status, "cancelled")
    withdraw(decider, slot, command.ticket)
    promises.cancel(decider, slot, command.ticket)
    agent = decider.state.tickets.agent[slot]
    decider.emit(TicketCancelled(command.ticket))
    if agent != NONE:
        decider.freed.add(agent)


def wrong_state(status: Status, verb: str) -> WrongState:
    """The refusal that names the status."""
    return WrongState(f"The ticket is {status.replace('_', ' ')} and cannot be {verb}.", ticket_status=status)


def _begin(decider: Decider, slot: int, ticket: TicketId) -> None:
    owner = decider.state.agents.ids[decider.state.tickets.agent[slot]]
    decider.emit(TicketStarted(ticket, owner))


def _go_on(decider: Decider, slot: int, ticket: TicketId) -> None:
    decider.emit(TicketResumed(ticket))
    promises.resume(decider, slot, ticket)


def _answer(decider: Decider, slot: int, ticket: TicketId, status: Status) -> None:
    if status not in OWNED:
        raise wrong_state(status, "answered")
    if status is Status.ASSIGNED:
        _begin(decider, slot, ticket)
    decider.emit(TicketResponded(ticket, first=decider.state.tickets.responded_at[slot] == NONE))
    promises.fulfil(decider, slot, ticket, Metric.FIRST_RESPONSE)


def _reopen(decider: Decider, slot: int, ticket: TicketId) -> None:
    tickets = decider.state.tickets
    wanted = _still_possible(decider, decider.state.requirement(slot))
    responded_at = tickets.responded_at[slot]
    decider.emit(
        TicketReopened(
            ticket=ticket,
            number=tickets.number[slot],
            kind=KINDS[tickets.kind[slot]],
            channel=wanted.channel,
            priority=tickets.priority_of(slot),
            queue=wanted.queue,
            cost=wanted.cost,
            created_at=tickets.created_at[slot],
            reopened=tickets.reopened[slot] + 1,
            escalated=tickets.escalated[slot],
            version=tickets.version[slot] + 1,
            language=wanted.language,
            area=wanted.area,
            tier=wanted.tier,
            team=wanted.team,
            skills=wanted.skills,
            wishes=wanted.wishes,
            first_responded_at=None if responded_at == NONE else responded_at,
            transferred=tickets.transferred[slot],
        )
    )
    promises.start(decider, slot, ticket, (Metric.RESOLUTION,))
    route(decider, slot)


def _still_possible(decider: Decider, wanted: Requirement) -> Requirement:
    """A queue may have gone while nothing in it was open: its tickets go on in the default queue, for any of its teams."""
    configuration = decider.state.configuration
    if wanted.queue in configuration.queues:
        return wanted
    if configuration.default_queue is None:
        raise NoQueue("The ticket's queue is gone and the workspace has no default queue.")
    return replace(wanted, queue=configuration.default_queue, team=None)


def _bring_back(decider: Decider, ticket: TicketId, ended: EndedTicket) -> int:
    """A row becomes a slot again, so that every rule below reads one kind of ticket; the batch's end forgets it."""
    state = decider.state
    tickets = state.tickets
    slot = tickets.create(ticket, ended.number)
    tickets.kind[slot] = KINDS.index(ended.kind)
    tickets.priority[slot] = PRIORITIES.index(ended.priority)
    tickets.status[slot] = STATUS_INDEX[ended.status]
    tickets.created_at[slot] = ended.created_at
    tickets.waiting_since[slot] = NONE if ended.waiting_since is None else ended.waiting_since
    tickets.responded_at[slot] = NONE if ended.responded_at is None else ended.responded_at
    tickets.reopened[slot] = ended.reopened
    tickets.escalated[slot] = ended.escalated
    tickets.transferred[slot] = ended.transferred
    tickets.version[slot] = ended.version
    state.journal.put(tickets.requirement, slot, state.requirements.number(ended.requirement))
    state.journal.add(state.ended, slot)
    return slot
