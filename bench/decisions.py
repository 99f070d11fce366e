"""What one decision costs from 10 to 100,000 agents, in one process, in turns."""

import time
from collections.abc import Iterator
from statistics import median

from app.engine.commands import Actor, AgentSetting, ApplyConfiguration, SetPresence, SubmitTicket, TicketContent
from app.engine.configuration import compile_configuration
from app.engine.decide import Facts, decide
from app.engine.ids import AgentId, TeamId, TicketId, WorkspaceId
from app.engine.state import State
from app.engine.vocabulary import ActorType, Channel, Kind, Presence, Priority

SIZES = (10, 100, 1_000, 10_000, 100_000)
ACTOR = Actor(ActorType.SYSTEM, "bench")
NOW = 1_700_000_000_000


def _id(number: int) -> bytes:
    return number.to_bytes(16, "big")


DOCUMENT = {
    "time_zone": "Asia/Jakarta",
    "default_queue": "general",
    "teams": [{"name": "team", "id": _id(1).hex()}],
    "skills": [],
    "routing_policies": [{"name": "policy", "id": _id(2).hex(), "strategy": "least_load"}],
    "sla_policies": [],
    "queues": [{"name": "general", "id": _id(3).hex(), "routing_policy": "policy", "teams": ["team"]}],
    "rules": [],
}


def desk(size: int) -> tuple[State, Facts]:
    """A workspace of `size` available agents with capacity to spare."""
    state = State(WorkspaceId(_id(9)))
    facts = Facts(documents={1: compile_configuration(1, DOCUMENT)})
    agents = tuple(
        AgentSetting(AgentId(_id(10_000 + n)), f"a{n}", f"A{n}", None, (TeamId(_id(1)),), (), (), (), 1000, (), 1)
        for n in range(size)
    )
    decide(state, ApplyConfiguration(ACTOR, 0, DOCUMENT, agents), facts, now=NOW)
    for agent in agents:
        decide(state, SetPresence(ACTOR, agent.agent, Presence.AVAILABLE), facts, now=NOW)
    state.settle()
    return state, facts


def rounds(state: State, facts: Facts, *, start: int, count: int = 320) -> float:
    """Seconds per submitted ticket: rules, promises, decision, events and all, in batches of 32."""
    content = TicketContent("subject", "text")
    commands = [
        SubmitTicket(ACTOR, TicketId(_id(start + n)), Kind.TICKET, Channel.WHATSAPP, Priority.MEDIUM, content, 1)
        for n in range(count)
    ]
    began = time.perf_counter()
    for index, command in enumerate(commands):
        decide(state, command, facts, now=NOW + start + index)
        if index % 32 == 31:
            state.settle()
    return (time.perf_counter() - began) / count


def measure(times: int = 7) -> Iterator[tuple[int, float]]:
    """Medians by number of agents, the sizes taken in turns."""
    desks = {size: desk(size) for size in SIZES}
    found: dict[int, list[float]] = {size: [] for size in SIZES}
    for turn in range(times):
        for size, (state, facts) in desks.items():
            found[size].append(rounds(state, facts, start=100_000 + turn * 1_000))
    for size in SIZES:
        yield size, median(found[size])
