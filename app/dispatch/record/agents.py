"""Agents, their turns, and the configuration they belong to."""

from collections.abc import Iterator
from typing import Any

from app.dispatch.moments import json_text, moment, moment_or_none, uuid_of
from app.dispatch.record.batch import Batch, Statement, chunks, columns
from app.engine.agents import PRESENCES
from app.engine.commands import AgentSetting, ApplyConfiguration
from app.engine.events import AgentDeleted
from app.engine.state import State
from app.queries import recording


def statements(state: State, batch: Batch) -> Iterator[Statement]:
    """Configuration, agents, turns."""
    at = moment(batch.at)
    written: set[int] = set()
    for entry in batch.accepted:
        if isinstance(entry.command, ApplyConfiguration):
            yield _document(batch, entry.command, at)
            yield from _put(state, batch, entry.command.agents, written)
    removed = [event.agent for _, event, _ in batch.events() if isinstance(event, AgentDeleted)]
    if removed:
        gone = [uuid_of(agent) for agent in removed]
        yield recording.REMOVE_AGENTS, batch.workspace, gone, at
        yield recording.REMOVE_TURNS, batch.workspace, gone
    touched = [slot for slot in state.touched.agents - written if slot < state.agents.size and state.agents.alive[slot]]
    for slots in chunks(sorted(touched, key=lambda slot: state.agents.ids[slot])):
        yield recording.UPDATE_AGENTS, batch.workspace, *columns([_moving(state, slot) for slot in slots]), at
    yield from _turns(state, batch)


def _document(batch: Batch, command: ApplyConfiguration, at: Any) -> Statement:
    actor = command.actor
    document = json_text(command.document)
    return recording.INSERT_CONFIGURATION, batch.workspace, command.base + 1, document, at, actor.type, actor.id


def _put(state: State, batch: Batch, settings: tuple[AgentSetting, ...], written: set[int]) -> Iterator[Statement]:
    slot_of, number = state.agents.slot_of, state.agents.number
    placed = [(slot_of[setting.agent], setting) for setting in settings if setting.agent in slot_of]
    written.update(slot for slot, _ in placed)
    for part in chunks(sorted(placed, key=lambda entry: int(number[entry[0]]))):
        rows = [_whole(state, slot, setting) for slot, setting in part]
        yield recording.PUT_AGENTS, batch.workspace, *columns(rows), moment(batch.at)


def _whole(state: State, slot: int, setting: AgentSetting) -> tuple[Any, ...]:
    ident, *moving = _moving(state, slot)
    presence, presence_at, idle_since, load, version = moving
    return (
        ident,
        int(state.agents.number[slot]),
        setting.name,
        setting.title,
        setting.external_id,
        json_text([team.hex() for team in setting.teams]),
        json_text([[skill.skill.hex(), skill.level] for skill in setting.skills]),
        json_text(setting.languages),
        json_text(setting.areas),
        setting.capacity,
        json_text([[limit.channel, limit.units] for limit in setting.limits]),
        setting.weight,
        presence,
        presence_at,
        idle_since,
        load,
        version,
    )


def _moving(state: State, slot: int) -> tuple[Any, ...]:
    agents = state.agents
    return (
        uuid_of(agents.ids[slot]),
        PRESENCES[agents.presence[slot]],
        moment(int(agents.presence_at[slot])),
        moment_or_none(int(agents.idle_since[slot])),
        int(agents.load[slot]),
        int(agents.version[slot]),
    )


def _turns(state: State, batch: Batch) -> Iterator[Statement]:
    rows = []
    for queue, slot in state.touched.turns:
        if not state.agents.alive[slot]:
            continue
        turns = state.turns_of(queue)
        numbers = (int(column[slot]) for column in (turns.last_seq, turns.stride, turns.credit, turns.assigned))
        rows.append((uuid_of(queue), uuid_of(state.agents.ids[slot]), *numbers))
    if rows:
        yield recording.PUT_TURNS, batch.workspace, *columns(sorted(rows))
    if state.touched.queues:
        passes = [(uuid_of(queue), state.turns_of(queue).passed) for queue in sorted(state.touched.queues)]
        yield recording.PUT_QUEUE_TURNS, batch.workspace, *columns(passes)
