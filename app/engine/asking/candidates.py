"""Who could take a ticket, as things are now: everybody, page by page, or one who is asked about."""

from dataclasses import dataclass
from typing import Any

from app.engine.agents import Agents
from app.engine.asking.pool import Pool, beyond, load_of, pool
from app.engine.commands import SubmitTicket
from app.engine.configuration import Queue
from app.engine.decide.decider import Decider
from app.engine.decide.facts import Facts
from app.engine.decide.routing import requirement_data
from app.engine.decide.submit import foresee
from app.engine.evolve.tickets import requirement_of
from app.engine.ids import AgentId, TicketId
from app.engine.refusals import TicketNotFound, WrongState
from app.engine.requirements import Requirement
from app.engine.state import State
from app.engine.tickets import NONE
from app.engine.vocabulary import Handover, Held, Priority

Place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`after` is where the last page ended: the keys' values of a ranked agent, or (with `rejected`) a rejected one's number."""

    limit: int
    after: Place | None = None
    rejected: bool = False
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One agent's part. `place` counts the ranked from 1; `values` are of the keys; `reason` counts the reasons from 1."""

    agent: AgentId
    number: int
    load: int
    capacity: int
    place: int | None
    values: Place | None
    reason: int | None

    @property
    def where(self) -> tuple[bool, Place]:
        """What a page that ends here is followed by."""
        return (True, (self.number,)) if self.values is None else (False, self.values)


@dataclass(frozen=True, slots=True)
class WhoCan:
    """The answer. `requirement` and `rejected` are as in the record of a decision, `best` are the first two of all.

    `held` is why nothing is given out of the queue, though somebody may be able to take it.
    """

    queue: bytes
    configuration: int
    strategy: str
    handover: Handover
    priority: Priority
    requirement: dict[str, Any]
    considered: int
    eligible: int
    rejected: list[dict[str, Any]]
    keys: tuple[str, ...]
    held: Held | None
    best: tuple[Standing, ...]
    page: list[Standing]
    more: bool


@dataclass(frozen=True, slots=True)
class WhoCould:
    """Of an open ticket. One that somebody has is looked at as if it were back in the queue.

    Raises:
        TicketNotFound: the state does not hold it, so it is no open ticket.

    """

    ticket: TicketId
    page: Page

    def __call__(self, state: State, facts: Facts, now: int) -> WhoCan:  # noqa: ARG002  # one shape for all questions
        slot, wanted, queue = open_ticket(state, self.ticket)
        if state.tickets.agent[slot] != NONE:
            state.take(slot, state.tickets.agent[slot], back=True)
        found = pool(state, wanted, queue, state.tickets.declined.get(slot, ()))
        return _answer(state, wanted, queue, found, self.page, priority=state.tickets.priority_of(slot))


@dataclass(frozen=True, slots=True)
class WhoCouldTake:
    """Of a ticket that there is not. Raises what submitting it would, but for a known external id."""

    command: SubmitTicket
    page: Page

    def __call__(self, state: State, facts: Facts, now: int) -> WhoCan:
        decider = Decider(state, facts, actor=self.command.actor, now=now, cause="asked")
        _, created = foresee(decider, self.command)
        wanted, queue = requirement_of(created), decider.queue(created.queue)
        return _answer(state, wanted, queue, pool(state, wanted, queue), self.page, priority=created.priority)


def open_ticket(state: State, ticket: TicketId) -> tuple[int, Requirement, Queue]:
    """Slot, requirement and queue. Raises TicketNotFound, and WrongState for one that ended in this batch."""
    slot = state.tickets.slot_of.get(ticket)
    if slot is None:
        raise TicketNotFound("There is no such open ticket.")
    if not state.tickets.is_open(slot):
        status = state.tickets.status_of(slot)
        raise WrongState(f"The ticket is {status}: nobody is looked for.", ticket_status=str(status))
    wanted = state.requirement(slot)
    return slot, wanted, state.configuration.queues[wanted.queue]


def counted(found: Pool) -> list[dict[str, Any]]:
    """Reasons with the number of agents, as a decision's record has them."""
    return [
        {"reason": reason.rejection, **reason.about, "agents": count}
        for reason, count in zip(found.reasons, found.counts, strict=True)
    ]


def ranked_one(agents: Agents, found: Pool, index: int) -> Standing:
    """The `index`-th of the ranked, from 0."""
    slot = int(found.ranked[index])
    values = tuple(int(column[index]) for column in found.values)
    return Standing(agents.ids[slot], int(agents.number[slot]), *load_of(agents, slot), index + 1, values, None)


def _rejected_one(agents: Agents, found: Pool, index: int) -> Standing:
    slot = int(found.rejected[index])
    return Standing(agents.ids[slot], int(agents.number[slot]), *load_of(agents, slot), None, None, int(found.codes[index]))


def _answer(state: State, wanted: Requirement, queue: Queue, found: Pool, page: Page, *, priority: Priority) -> WhoCan:
    shown, more = _shown(state.agents, found, page)
    return WhoCan(
        queue=queue.id,
        configuration=state.configuration.version,
        strategy=queue.policy.strategy,
        handover=queue.policy.handover,
        priority=priority,
        requirement=requirement_data(wanted),
        considered=found.considered,
        eligible=len(found.ranked),
        rejected=counted(found),
        keys=found.keys,
        held=state.held(queue.id),
        best=tuple(ranked_one(state.agents, found, index) for index in range(min(2, len(found.ranked)))),
        page=shown,
        more=more,
    )


def _shown(agents: Agents, found: Pool, page: Page) -> tuple[list[Standing], bool]:
    """The page, and whether there is another."""
    if page.agent is not None:
        slot = agents.slot_of.get(page.agent)
        return [] if slot is None else [_one(agents, found, slot)], False
    start = 0
    if page.after is not None and page.rejected:
        start = len(found.ranked) + beyond((agents.number[found.rejected],), page.after)
    elif page.after is not None:
        start = beyond(found.values, page.after) if len(page.after) == len(found.values) else 0
    everybody = len(found.ranked) + len(found.rejected)
    end = min(everybody, start + page.limit)
    first_rejected = len(found.ranked)
    shown = [
        ranked_one(agents, found, index) if index < first_rejected else _rejected_one(agents, found, index - first_rejected)
        for index in range(start, end)
    ]
    return shown, end < everybody


def _one(agents: Agents, found: Pool, slot: int) -> Standing:
    for index in (found.ranked == slot).nonzero()[0]:
        return ranked_one(agents, found, int(index))
    return _rejected_one(agents, found, int((found.rejected == slot).nonzero()[0][0]))
