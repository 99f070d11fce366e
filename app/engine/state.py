"""The live state of one workspace: what deciding needs, and nothing else. Everything in it has a row."""

from dataclasses import dataclass, field

from app.engine.agents import AVAILABLE, CHANNEL_INDEX, Agents
from app.engine.configuration import Configuration, Queue, empty_configuration
from app.engine.fit import Fits
from app.engine.ids import AgentId, QueueId, TicketId, WorkspaceId
from app.engine.journal import Journal
from app.engine.requirements import Requirement, Requirements
from app.engine.tickets import NONE, STATUS_INDEX, TIMER_STATE_INDEX, Tickets
from app.engine.turns import Turns
from app.engine.vocabulary import Held, Metric, Order, QueueState, Status, TimerState
from app.engine.waiting import WaitingSets

LAST = 1 << 52
FRONT = 2 * LAST  # a tier at the front comes before all others, though nothing was promised to it
_WAITING = STATUS_INDEX[Status.WAITING]
_RUNNING = TIMER_STATE_INDEX[TimerState.RUNNING]


@dataclass(slots=True)
class Touched:
    """What a batch changed, so that its rows are written once: slots of tickets and agents, (slot, metric), (queue, slot),
    switched queues, and None for the workspace's own switch.
    """

    tickets: set[int] = field(default_factory=set)
    agents: set[int] = field(default_factory=set)
    timers: set[tuple[int, Metric]] = field(default_factory=set)
    turns: set[tuple[QueueId, int]] = field(default_factory=set)
    queues: set[QueueId] = field(default_factory=set)
    switches: set[QueueId | None] = field(default_factory=set)


class State:
    """Agents, open tickets, waiting sets and turns of one workspace, after event `seq`.

    `number` is the last ticket number, `agent_number` the last agent's. Times are milliseconds.
    """

    def __init__(self, workspace: WorkspaceId) -> None:
        self.workspace = workspace
        self.journal = Journal()
        self.seq = 0
        self.at = 0
        self.number = 0
        self.agent_number = 0
        self.configuration: Configuration = empty_configuration()
        self.agents = Agents(self.journal)
        self.tickets = Tickets(self.journal)
        self.requirements = Requirements()
        self.waiting = WaitingSets(self.journal, self.tickets)
        self.turns: dict[QueueId, Turns] = {}
        self.switches: dict[QueueId, tuple[QueueState, int]] = {}
        self.paused_at = NONE
        self.fits = Fits()
        self.touched = Touched()
        self.ended: set[int] = set()
        self._requirements_kept = 256

    # -- reading ---------------------------------------------------------------------------------------------------

    def requirement(self, slot: int) -> Requirement:
        """What the ticket at `slot` asks of an agent."""
        return self.requirements[self.tickets.requirement[slot]]

    def queue_of(self, slot: int) -> Queue | None:
        """The queue of the ticket at `slot`, or None where the configuration no longer has it."""
        return self.configuration.queues.get(self.requirement(slot).queue)

    def turns_of(self, queue: QueueId) -> Turns:
        """The turns of a queue, with place for every agent."""
        found = self.turns.get(queue)
        if found is None:
            found = self.turns[queue] = Turns(self.journal, self.agents.room)
        found.fit(self.agents.room)
        return found

    def held(self, queue: QueueId) -> Held | None:
        """Why routing gives nothing out of a queue now; None where it does."""
        if self.paused_at != NONE:
            return Held.WORKSPACE_PAUSED
        if not self.switches:
            return None
        return Held.QUEUE_PAUSED if self.queue_state(queue) is QueueState.PAUSED else None

    def queue_state(self, queue: QueueId) -> QueueState:
        """How a queue is switched."""
        return self.switches[queue][0] if queue in self.switches else QueueState.RUNNING

    def agent_id(self, slot: int) -> AgentId | None:
        """The owner of (or the one asked for) the ticket at `slot`."""
        agent = self.tickets.agent[slot]
        return None if agent == NONE else self.agents.ids[agent]

    # -- changing, for evolve and for loading from rows ------------------------------------------------------------

    def switch(self, queue: QueueId, to: QueueState, at: int) -> None:
        """Switch a queue; one that runs is not remembered."""
        if to is QueueState.RUNNING:
            self.journal.drop_key(self.switches, queue)
        else:
            self.journal.put_key(self.switches, queue, (to, at))
        self.journal.add(self.touched.switches, queue)

    def pause(self, at: int) -> None:
        """Stop all routing at `at`, or with NONE let it go on."""
        self.journal.put_attribute(self, "paused_at", at)
        self.journal.add(self.touched.switches, None)

    def put_status(self, slot: int, status: Status) -> None:
        """Change a ticket's status and count a version."""
        tickets, put = self.tickets, self.journal.put
        put(tickets.status, slot, STATUS_INDEX[status])
        self.bump(slot)

    def bump(self, slot: int) -> None:
        """The ticket has changed."""
        self.journal.put(self.tickets.version, slot, self.tickets.version[slot] + 1)
        self.journal.add(self.touched.tickets, slot)

    def put_requirement(self, slot: int, requirement: Requirement) -> None:
        """What the ticket asks for; not while it waits in a set."""
        self.journal.put(self.tickets.requirement, slot, self.requirements.number(requirement))
        self.journal.add(self.touched.tickets, slot)

    def enter(self, slot: int, since: int) -> None:
        """The ticket begins to wait; a returned one keeps the moment since which it has waited."""
        tickets = self.tickets
        self.journal.put(tickets.waiting_since, slot, since)
        self.put_status(slot, Status.WAITING)
        self.journal.put(tickets.order_key, slot, self.order_key(slot))
        self.waiting.push(slot)

    def leave(self, slot: int) -> None:
        """If the ticket waits, it no longer does."""
        if self.tickets.status[slot] == _WAITING:
            self.waiting.leave(slot)

    def reorder(self, slot: int) -> None:
        """Priority or deadline changed: put a waiting ticket where it now belongs."""
        if self.tickets.status[slot] != _WAITING:
            return
        key = self.order_key(slot)
        if key != self.tickets.order_key[slot]:
            self.journal.put(self.tickets.order_key, slot, key)
            self.waiting.reorder(slot)

    def order_key(self, slot: int) -> int:
        """Smaller comes first. Constant while nothing about the ticket changes, so that heaps stay true as time goes by."""
        tickets = self.tickets
        queue = self.queue_of(slot)
        since = tickets.waiting_since[slot]
        if queue is None:
            return since
        policy = queue.policy
        key = since
        if policy.order is Order.PRIORITY:
            key = since - policy.head_start[tickets.priority[slot]]
        elif policy.order is Order.DEADLINE:
            key = min((timers.due[slot] for timers in tickets.timers.values() if timers.state[slot] == _RUNNING), default=LAST)
        if policy.vip and self.requirement(slot).tier in policy.vip:
            key -= FRONT
        return key

    def take(self, slot: int, agent: int, *, back: bool = False) -> None:
        """Count the ticket's units to (or, `back`, from) an agent's load."""
        wanted = self.requirement(slot)
        self.agents.take(agent, CHANNEL_INDEX[wanted.channel], -wanted.cost if back else wanted.cost)
        self.journal.add(self.touched.agents, agent)

    def free_agent(self, slot: int, at: int) -> None:
        """Whoever holds the ticket gives back its units; an agent left without work is idle from now."""
        agent = self.tickets.agent[slot]
        if agent == NONE:
            return
        self.take(slot, agent, back=True)
        self.journal.put(self.tickets.agent, slot, NONE)
        self.journal.put(self.agents.idle_since, agent, at)

    def end(self, slot: int, status: Status) -> None:
        """The ticket leaves the state when the batch is over."""
        self.put_status(slot, status)
        self.journal.add(self.ended, slot)

    def join_turns(self, agent: int) -> None:
        """An agent who comes (back) starts at the present pass of every queue of the agent's teams."""
        if self.agents.presence[agent] != AVAILABLE:
            return
        for queue in self.configuration.queues.values():
            if queue.id in self.turns and self.agents.is_in(agent, queue.teams):
                self.join_queue(queue.id, agent)

    def join_queue(self, queue: QueueId, agent: int) -> None:
        """The same for one queue that has turns."""
        if self.turns_of(queue).join(agent):
            self.journal.add(self.touched.turns, (queue, agent))

    def settle(self) -> Touched:
        """The batch stands: forget the journal and the ended tickets, and hand over what was touched."""
        self.journal.forget()
        for slot in self.ended:
            if self.tickets.ids[slot] is not None and not self.tickets.is_open(slot):
                self.tickets.forget(slot)
        self.ended.clear()
        touched, self.touched = self.touched, Touched()
        self.waiting.tidy()
        if len(self.requirements) > self._requirements_kept:
            self._forget_requirements()
        return touched

    def _forget_requirements(self) -> None:
        """Looks at every ticket, so not again before there are twice as many requirements as are in use now."""
        used = {self.tickets.requirement[slot] for slot in self.tickets.slot_of.values()}
        self.requirements.keep(used)
        self.fits.clear()
        self._requirements_kept = 256 + 2 * len(used)


def ticket_slot(state: State, ticket: TicketId) -> int | None:
    """The slot of a ticket the state holds."""
    return state.tickets.slot_of.get(ticket)
