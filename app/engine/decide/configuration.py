"""A checked configuration is put in force, whole or not at all."""

from app.engine.agents import Profile
from app.engine.commands import AgentSetting, ApplyConfiguration
from app.engine.decide.agents import held_by
from app.engine.decide.decider import Decider
from app.engine.decide.drain import drain_all
from app.engine.decide.holding import free
from app.engine.decide.routing import route
from app.engine.events import AgentCreated, AgentDeleted, AgentUpdated, ConfigurationApplied
from app.engine.ids import AgentId
from app.engine.refusals import ConfigurationMoved, QueueInUse


def apply(decider: Decider, command: ApplyConfiguration) -> None:
    """The document first, then agents in their order, then the work of those who left; whoever can now, takes what waits.

    Raises:
        ConfigurationMoved: it was prepared on another version.
        QueueInUse: it would remove a queue that has open tickets.

    """
    state = decider.state
    if command.base != state.configuration.version:
        raise ConfigurationMoved(
            f"The configuration is at version {state.configuration.version}, not {command.base}. Read it again.",
            version=state.configuration.version,
        )
    version = command.base + 1
    _check_queues(decider, version)
    decider.emit(ConfigurationApplied(version))
    for setting in command.agents:
        _put_agent(decider, setting)
    _remove_agents(decider, command.removed)
    decider.freed.clear()
    drain_all(decider)


def _check_queues(decider: Decider, version: int) -> None:
    state = decider.state
    kept = decider.facts.documents[version].queues
    removed = {queue.id: queue.name for queue in state.configuration.queues.values() if queue.id not in kept}
    if not removed:
        return
    used: dict[str, int] = {}
    for slot in state.tickets.slot_of.values():
        name = removed.get(state.requirement(slot).queue)
        if name is not None and state.tickets.is_open(slot):
            used[name] = used.get(name, 0) + 1
    if used:
        said = ", ".join(f"{name} ({count} open)" for name, count in sorted(used.items()))
        raise QueueInUse(f"Tickets are open in queues that would go: {said}. Resolve or move them first.", queues=used)


def _put_agent(decider: Decider, setting: AgentSetting) -> None:
    state = decider.state
    routing = (setting.teams, setting.skills, setting.languages, setting.areas, setting.capacity, setting.limits, setting.weight)
    slot = state.agents.slot_of.get(setting.agent)
    if slot is None:
        decider.emit(AgentCreated(setting.agent, state.agent_number + 1, *routing))
    elif state.agents.profiles[slot] != Profile(*routing):
        decider.emit(AgentUpdated(setting.agent, *routing))


def _remove_agents(decider: Decider, removed: tuple[AgentId, ...]) -> None:
    state = decider.state
    orphans = []
    for agent in removed:
        slot = state.agents.slot_of.get(agent)
        if slot is None:
            continue
        for ticket_slot, ticket in held_by(decider, slot):
            free(decider, ticket_slot, ticket, "agent_deleted")
            orphans.append(ticket_slot)
        decider.emit(AgentDeleted(agent))
    for ticket_slot in orphans:
        route(decider, ticket_slot)
