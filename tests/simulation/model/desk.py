"""What the plain model remembers of a workspace: dicts of agents, tickets, queues and clocks, and what it has said so far."""

from dataclasses import dataclass, field
from typing import Any

from app.engine.ids import AgentId, CustomerId, OfferId, QueueId, TeamId, TicketId
from app.engine.vocabulary import Kind, Metric, Priority
from tests.engine.plain import Asked, PlainAgent, PlainQueue

Said = tuple[Any, ...]
Document = dict[str, Any]
OWNED = ("assigned", "in_progress", "pending")
ENDED = ("resolved", "closed", "cancelled")


@dataclass
class Clock:
    """One promise. While paused `due` and `next` are what is left."""

    due: int
    next: int | None
    step: int
    version: int = 1
    state: str = "running"


@dataclass
class Ticket:
    id: TicketId
    number: int
    kind: Kind
    priority: Priority
    queue: QueueId
    asked: Asked
    since: int
    category: str | None = None
    words: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    agent: AgentId | None = None
    offer: OfferId | None = None
    expires_at: int = 0
    declined: set[AgentId] = field(default_factory=set)
    followers: set[AgentId] = field(default_factory=set)
    reason: str | None = None
    until: int | None = None
    responded: bool = False
    reopened: int = 0
    escalated: int = 0
    transferred: int = 0
    clocks: dict[Metric, Clock] = field(default_factory=dict)
    customer: CustomerId | None = None


class Desk:
    """`said` are the events that the model expects of the command at hand, in order, as `essence` puts them."""

    def __init__(self) -> None:
        self.document: Document = {"queues": [], "default_queue": None}
        self.version = 0
        self.staff: list[PlainAgent] = []
        self.queues: dict[QueueId, PlainQueue] = {}
        self.tickets: dict[TicketId, Ticket] = {}
        self.external: dict[str, TicketId] = {}
        self.people: dict[CustomerId, Any] = {}
        self.switched: dict[QueueId, str] = {}
        self.stopped = False
        self.answered: dict[OfferId, bool] = {}
        self.freed: set[AgentId] = set()
        self.said: list[Said] = []
        self.seq = self.number = self.agent_number = self.now = 0

    def say(self, kind: str, *facts: Any) -> None:
        self.seq += 1
        self.said.append((kind, *facts))

    # -- people ----------------------------------------------------------------------------------------------------

    def agent(self, agent: AgentId) -> PlainAgent | None:
        return next((each for each in self.staff if each.setting.agent == agent), None)

    def held_by(self, agent: AgentId, *statuses: str) -> list[Ticket]:
        """Open tickets of an agent, oldest number first."""
        held = [ticket for ticket in self.tickets.values() if ticket.agent == agent and ticket.status in statuses]
        return sorted(held, key=lambda ticket: ticket.number)

    def hold(self, ticket: Ticket, agent: AgentId, status: str) -> None:
        """The ticket is an agent's, or is shown to one: its units count."""
        ticket.agent, ticket.status = agent, status
        holder = self.agent(agent)
        assert holder is not None
        holder.take(ticket.asked)

    def release(self, ticket: Ticket, status: str = "", *, idle: bool) -> None:
        """Whoever holds the ticket gives its units back; with `idle` from now the agent counts as having finished something."""
        holder = self.agent(ticket.agent) if ticket.agent else None
        if holder is not None:
            holder.give_back(ticket.asked)
            if idle:
                holder.idle_since = self.now
        ticket.agent, ticket.offer, ticket.reason, ticket.until, ticket.status = None, None, None, None, status

    # -- configuration ---------------------------------------------------------------------------------------------

    def section(self, name: str, item: str | None) -> Document:
        """The named object of one section of the document, {} where there is none."""
        return next((each for each in self.document[name] if each["name"] == item), {})

    def queue_named(self, queue: QueueId) -> Document:
        return next((each for each in self.document["queues"] if each["id"] == queue.hex()), {})

    def policy(self, queue: QueueId) -> Document:
        return self.section("routing_policies", self.queue_named(queue).get("routing_policy"))

    def promises(self, queue: QueueId) -> Document:
        return self.section("sla_policies", self.queue_named(queue).get("sla_policy"))

    def id_of(self, section: str, name: str) -> bytes:
        return bytes.fromhex(self.section(section, name)["id"])

    def is_held(self, queue: QueueId) -> bool:
        """Whether nothing is given out of a queue."""
        return self.stopped or self.switched.get(queue) == "paused"

    def configure(self, document: Document) -> None:
        """Put a document in force; agents of teams that are new to a queue come as newcomers."""
        before = {queue: set(plain.teams) for queue, plain in self.queues.items() if self.queue_named(queue)}
        self.document = document
        ids = {item["name"]: QueueId(bytes.fromhex(item["id"])) for item in document["queues"]}
        for queue, state in list(self.switched.items()):
            if queue not in ids.values() or (state == "draining" and queue == ids.get(document["default_queue"])):
                del self.switched[queue]
        for item in document["queues"]:
            queue, policy = QueueId(bytes.fromhex(item["id"])), self.section("routing_policies", item["routing_policy"])
            plain = self.queues.setdefault(queue, PlainQueue("", self.staff))
            plain.strategy = f"skill {policy.get('skill_fit') or 'best'}" if policy["strategy"] == "skill" else policy["strategy"]
            plain.teams = tuple(TeamId(self.id_of("teams", name)) for name in item["teams"])
            plain.tiers = {
                entry["tier"]: TeamId(self.id_of("teams", entry["team"]))
                for entry in (policy.get("vip") or {"tiers": []})["tiers"]
            }
            old = before.get(queue, set())
            added = set(plain.teams) - old
            for agent in self.staff:
                if agent.presence == "available" and agent.is_in(added) and not agent.is_in(old):
                    plain.join(agent)

    def join(self, agent: PlainAgent) -> None:
        """An agent who is there starts no earlier than the present pass of each queue of the agent's teams."""
        for item in self.document["queues"]:
            queue = self.queues[QueueId(bytes.fromhex(item["id"]))]
            if agent.presence == "available" and agent.is_in(queue.teams):
                queue.join(agent)
