"""A checked configuration is put in force, whole or not at all."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from typing import TypeVar

from app.engine.agents import Profile
from app.engine.commands import AgentSetting, ApplyConfiguration
from app.engine.configuration import Configuration
from app.engine.decide.agents import held_by
from app.engine.decide.decider import Decider
from app.engine.decide.drain import drain_all
from app.engine.decide.holding import free
from app.engine.decide.routing import route
from app.engine.events import AgentCreated, AgentDeleted, AgentUpdated, ConfigurationApplied
from app.engine.ids import AgentId
from app.engine.refusals import ConfigurationMoved, QueueInUse, SkillInUse, TeamInUse, VersionMismatch
from app.engine.state import State

Id = TypeVar("Id", bound=bytes)
TURN = 100  # agents that are put in force between two pauses


def apply(decider: Decider, command: ApplyConfiguration) -> Generator[None, None, None]:
    """The document first, then agents in their order, then the work of those who left; whoever can now, takes what waits.

    It pauses after each hundred agents.

    Raises:
        ConfigurationMoved: it was prepared on another version.
        QueueInUse: it would remove a queue that has open tickets.
        TeamInUse: it would remove a team that open tickets are for.
        SkillInUse: it would remove a skill that open tickets require.
        VersionMismatch: the agent whom it is about has changed since the caller read it.

    """
    state = decider.state
    if command.base != state.configuration.version:
        raise ConfigurationMoved(
            f"The configuration is at version {state.configuration.version}, not {command.base}. Read it again.",
            version=state.configuration.version,
        )
    version = command.base + 1
    _check_version(decider, command)
    check_used(state, decider.facts.documents[version])
    decider.emit(ConfigurationApplied(version))
    for number, setting in enumerate(command.agents, 1):
        if number % TURN == 0:
            yield
        _put_agent(decider, setting, retitled=setting.agent in command.retitled)
    yield from _remove_agents(decider, command.removed)
    decider.freed.clear()
    drain_all(decider)


def _check_version(decider: Decider, command: ApplyConfiguration) -> None:
    agents = decider.state.agents
    slot = None if command.agent is None else agents.slot_of.get(command.agent)
    if slot is None or command.expected_version in (None, agents.version[slot]):
        return
    version = int(agents.version[slot])
    raise VersionMismatch(f"The agent is at version {version}, not {command.expected_version}. Read it again.", version=version)


def check_used(state: State, after: Configuration) -> None:
    """What open tickets name stays: else they would wait for nobody. Raises QueueInUse, TeamInUse, SkillInUse."""
    before = state.configuration
    queues = {queue: name for name, queue in before.queue_names.items() if queue not in after.queues}
    teams = _gone(before.team_names, after.team_names)
    skills = _gone(before.skill_names, after.skill_names)
    if not queues and not teams and not skills:
        return
    wanted = [state.requirement(slot) for slot in _open_slots(state)]
    if used := Counter(queues[one.queue] for one in wanted if one.queue in queues):
        raise QueueInUse(
            f"Tickets are open in queues that would go: {_said(used)}. Resolve or move them first.", queues=dict(used)
        )
    if used := Counter(teams[one.team] for one in wanted if one.team in teams):
        raise TeamInUse(f"Open tickets are for teams that would go: {_said(used)}. Resolve or move them first.", teams=dict(used))
    if used := Counter(skills[need.skill] for one in wanted for need in one.skills if need.skill in skills):
        raise SkillInUse(
            f"Open tickets require skills that would go: {_said(used)}. Resolve or change them first.", skills=dict(used)
        )


def _gone(before: Mapping[str, Id], after: Mapping[str, Id]) -> dict[Id, str]:
    """The names of the ids that are no longer there."""
    kept = set(after.values())
    return {one: name for name, one in before.items() if one not in kept}


def _open_slots(state: State) -> Iterator[int]:
    tickets = state.tickets
    return (slot for slot in tickets.slot_of.values() if tickets.is_open(slot))


def _said(used: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count} open)" for name, count in sorted(used.items()))


def _put_agent(decider: Decider, setting: AgentSetting, *, retitled: bool) -> None:
    state = decider.state
    routing = (setting.teams, setting.skills, setting.languages, setting.areas, setting.capacity, setting.limits, setting.weight)
    slot = state.agents.slot_of.get(setting.agent)
    if slot is None:
        decider.emit(AgentCreated(setting.agent, state.agent_number + 1, *routing))
    elif retitled or state.agents.profiles[slot] != Profile(*routing):
        decider.emit(AgentUpdated(setting.agent, *routing))


def _remove_agents(decider: Decider, removed: tuple[AgentId, ...]) -> Generator[None, None, None]:
    state = decider.state
    orphans = []
    for number, agent in enumerate(removed, 1):
        if number % TURN == 0:
            yield
        slot = state.agents.slot_of.get(agent)
        if slot is None:
            continue
        for ticket_slot, ticket in held_by(decider, slot):
            free(decider, ticket_slot, ticket, "agent_deleted")
            orphans.append(ticket_slot)
        decider.emit(AgentDeleted(agent))
    for number, ticket_slot in enumerate(orphans, 1):
        if number % TURN == 0:
            yield
        route(decider, ticket_slot)
