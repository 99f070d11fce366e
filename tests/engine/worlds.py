"""Small workspaces to try the engine on: configuration documents, agents, and a driver that stands in for the dispatcher."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import pytest

from app.engine import commands
from app.engine.canonical import canonical
from app.engine.commands import (
    Actor,
    AgentSetting,
    ApplyConfiguration,
    Changes,
    Command,
    SetPresence,
    SubmitTicket,
    TicketContent,
    UpdateTicket,
)
from app.engine.configuration import compile_configuration
from app.engine.contacts import Contact, match_of
from app.engine.decide import Decided, EndedTicket, Facts, decide
from app.engine.events import ChannelLimit, Event, SkillLevel
from app.engine.ids import AgentId, CustomerId, QueueId, SkillId, TeamId, TicketId, WorkspaceId
from app.engine.refusals import Refusal
from app.engine.state import State
from app.engine.tickets import KINDS, NONE
from app.engine.vocabulary import ActorType, Channel, ContactKind, Kind, Metric, Presence, Priority, Status

START = 1_760_000_000_000
SYSTEM = Actor(ActorType.SYSTEM, "tests")
TEAMS = ("front", "back", "senior")
SKILLS = ("refunds", "routers", "law")
HEAD_START = {"low": 0, "medium": 1800, "high": 7200, "urgent": 28800}
Document = dict[str, Any]


def ident(name: str) -> bytes:
    """Sixteen bytes that stand for a name."""
    return blake2b(name.encode(), digest_size=16).digest()


def agent_id(name: str) -> AgentId:
    return AgentId(ident(name))


def team_id(name: str) -> TeamId:
    return TeamId(ident(name))


def queue_id(name: str) -> QueueId:
    return QueueId(ident(name))


def skill_id(name: str) -> SkillId:
    return SkillId(ident(name))


def as_agent(name: str) -> Actor:
    return Actor(ActorType.AGENT, name, agent_id(name))


def contact(value: str, kind: ContactKind = ContactKind.EMAIL, **fields: Any) -> Contact:
    """A contact that is what its kind says."""
    match = match_of(kind, value)
    assert match is not None
    return Contact(kind, value, match, **fields)


def named(name: str, **fields: Any) -> Document:
    """An object of a configuration document."""
    return {"name": name, "id": ident(name).hex(), **fields}


def policy(name: str = "standard", strategy: str = "round_robin", order: str = "fifo", **fields: Any) -> Document:
    return named(name, strategy=strategy, order=order, **{"head_start_seconds": HEAD_START, **fields})


def sla(name: str = "promise", **fields: Any) -> Document:
    """An SLA policy: by default an answer within 100 s and the end within 1,000 s, whatever the priority, no warning."""
    targets = {str(priority): {"first_response_seconds": 100, "resolution_seconds": 1000} for priority in Priority}
    return named(name, **{"targets": targets, "warn_at_percent": None, "pause_on_pending": ["resolution"], **fields})


def queue(name: str = "general", teams: Iterable[str] = ("front",), **fields: Any) -> Document:
    return named(name, **{"routing_policy": "standard", "sla_policy": None, "teams": list(teams), **fields})


def document(**fields: Any) -> Document:
    """A configuration document with ids: one queue, three teams, three skills, unless told otherwise."""
    return {
        "time_zone": "Asia/Jakarta",
        "default_queue": "general",
        "costs": {},
        "teams": [named(name) for name in TEAMS],
        "skills": [named(name) for name in SKILLS],
        "routing_policies": [policy()],
        "sla_policies": [sla()],
        "queues": [queue()],
        "rules": [],
        **fields,
    }


def setting(
    name: str,
    teams: Iterable[str] = ("front",),
    *,
    skills: Mapping[str, int] | None = None,
    languages: Iterable[str] = (),
    areas: Iterable[str] = (),
    capacity: int = 5,
    limits: Mapping[Channel, int] | None = None,
    weight: int = 1,
) -> AgentSetting:
    return AgentSetting(
        agent=agent_id(name),
        name=name,
        title=name,
        external_id=None,
        teams=tuple(team_id(team) for team in teams),
        skills=tuple(SkillLevel(skill_id(skill), level) for skill, level in (skills or {}).items()),
        languages=tuple(languages),
        areas=tuple(areas),
        capacity=capacity,
        limits=tuple(ChannelLimit(channel, units) for channel, units in (limits or {}).items()),
        weight=weight,
    )


class Everything:
    """The tickets of which details are kept here: all, as if each had its row."""

    def __contains__(self, _: object) -> bool:
        return True


class World:
    """One workspace. Each command is a batch of its own, unless `settle` is put off; the log is kept."""

    def __init__(self, *agents: AgentSetting, at: int = START, sandbox: bool = False, **fields: Any) -> None:
        self.state = State(WorkspaceId(ident("workspace")))
        self.facts = Facts(sandbox=sandbox, updated=Everything())
        self.now = at
        self.log: list[tuple[Event, int]] = []
        self.decided = Decided()
        self.submitted = 0
        self.names: dict[AgentId, str] = {}
        self.configure(document(**fields), *agents)
        for each in agents:
            self.presence(each.name)

    # -- driving ---------------------------------------------------------------------------------------------------

    def do(self, command: Command, *, after: float = 0, settle: bool = True) -> Decided:
        """Decide a command `after` so many seconds."""
        self.now += int(after * 1000)
        self.decided = decide(self.state, command, self.facts, now=self.now)
        self.log += [(event, self.now) for event in self.decided.events]
        if settle:
            self.settle()
        return self.decided

    def settle(self) -> None:
        """End the batch; what has ended goes to the rows."""
        tickets = self.state.tickets
        for slot in self.state.ended:
            ticket = tickets.ids[slot]
            if ticket is not None and not tickets.is_open(slot):
                self.facts.ended[ticket] = self._row(slot)
        self.state.settle()

    def refuse(self, command: Command, refusal: type[Refusal], *, after: float = 0) -> Refusal:
        """The command is refused and leaves no trace in state, facts or what is to be written."""
        self.now += int(after * 1000)
        before = self.everything()
        with pytest.raises(refusal) as caught:
            decide(self.state, command, self.facts, now=self.now)
        assert self.everything() == before
        self.settle()
        return caught.value

    def everything(self) -> tuple[Any, ...]:
        """All that a refused or undone command must leave alone."""
        touched = self.state.touched
        marked = (
            touched.tickets,
            touched.agents,
            touched.timers,
            touched.turns,
            touched.queues,
            touched.switches,
            self.state.ended,
        )
        held = self.facts
        facts = (dict(held.existing), dict(held.details), dict(held.ended), dict(held.named), dict(held.customers))
        people = (dict(held.tickets_of), dict(held.merged), dict(held.moved), dict(held.followers))
        return canonical(self.state), *facts, *people, *(frozenset(members) for members in marked)

    def configure(self, whole: Document, *agents: AgentSetting, removed: Iterable[str] = ()) -> Decided:
        base = self.state.configuration.version
        self.facts.documents[base + 1] = compile_configuration(base + 1, whole)
        self.names.update({each.agent: each.name for each in agents})
        return self.do(ApplyConfiguration(SYSTEM, base, whole, agents, tuple(agent_id(name) for name in removed)))

    def presence(self, name: str, presence: Presence = Presence.AVAILABLE, *, after: float = 0) -> Decided:
        return self.do(SetPresence(SYSTEM, agent_id(name), presence), after=after)

    def submit(self, *, after: float = 0, settle: bool = True, **fields: Any) -> TicketId:
        """A new ticket; what the command is given can be set by name."""
        command = self.draft(**fields)
        self.do(command, after=after, settle=settle)
        return command.ticket

    def draft(self, *, tier: str | None = None, **fields: Any) -> SubmitTicket:
        self.submitted += 1
        name = f"ticket {self.submitted}"
        if tier is not None:
            fields["customer"] = commands.CustomerDraft(CustomerId(ident(f"customer of {name}")), tier=tier)
        standard = SubmitTicket(
            SYSTEM,
            TicketId(ident(name)),
            Kind.TICKET,
            Channel.EMAIL,
            Priority.MEDIUM,
            TicketContent(),
            self.state.configuration.version,
        )
        return replace(standard, **fields)

    def update(self, ticket: TicketId, *, after: float = 0, expected_version: int | None = None, **fields: Any) -> Decided:
        """Change the fields given by name."""
        return self.do(self.change(ticket, expected_version=expected_version, **fields), after=after)

    @staticmethod
    def change(ticket: TicketId, *, expected_version: int | None = None, **fields: Any) -> UpdateTicket:
        renamed = {"skills": "require_skills", "wishes": "wish_skills"}
        named = frozenset(renamed.get(name, name) for name in fields)
        return UpdateTicket(SYSTEM, ticket, expected_version, Changes(named, **fields))

    def tick(self, ticket: TicketId, metric: Metric, *, after: float = 0) -> Decided:
        """Fire a ticket's timer as the sweep would."""
        version = self.state.tickets.timers[metric].version[self.slot(ticket)]
        return self.do(commands.TimerDue(SYSTEM, ticket, metric, version), after=after)

    # -- looking ---------------------------------------------------------------------------------------------------

    def slot(self, ticket: TicketId) -> int:
        return self.state.tickets.slot_of[ticket]

    def status(self, ticket: TicketId) -> Status:
        slot = self.state.tickets.slot_of.get(ticket)
        return self.facts.ended[ticket].status if slot is None else self.state.tickets.status_of(slot)

    def owner(self, ticket: TicketId) -> str | None:
        """The name of who has the ticket or is asked about it."""
        agent = self.state.agent_id(self.slot(ticket))
        return None if agent is None else self.names[agent]

    def agent(self, name: str) -> Document:
        found: Document = canonical(self.state)["agents"][agent_id(name).hex()]
        return found

    def load(self, name: str) -> int:
        return int(self.agent(name)["load"])

    def types(self) -> list[str]:
        """The types of the last command's events."""
        return [event.type for event in self.decided.events]

    def first(self, kind: type[Event]) -> Any:
        """The last command's first event of a class."""
        return next(event for event in self.decided.events if isinstance(event, kind))

    def body(self) -> Document:
        """The record of the last command's last decision."""
        return self.decided.decisions[-1].body

    def agent_of(self, place: list[int]) -> AgentId:
        """Whom an entry of `ranked` is about: its last value is the agent's number."""
        return self.state.agents.ids[self.state.agents.by_number[place[-1]]]

    def _row(self, slot: int) -> EndedTicket:
        tickets = self.state.tickets
        since, responded = tickets.waiting_since[slot], tickets.responded_at[slot]
        return EndedTicket(
            number=tickets.number[slot],
            kind=KINDS[tickets.kind[slot]],
            priority=tickets.priority_of(slot),
            status=tickets.status_of(slot),
            requirement=self.state.requirement(slot),
            created_at=tickets.created_at[slot],
            waiting_since=None if since == NONE else since,
            responded_at=None if responded == NONE else responded,
            reopened=tickets.reopened[slot],
            escalated=tickets.escalated[slot],
            version=tickets.version[slot],
            agent=None,
        )
