"""Build a state from rows, in one snapshot and without the lock; whatever came since is caught up from the log."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from app.dispatch.moments import milliseconds, milliseconds_or_none, uuid_of
from app.engine.agents import CHANNEL_INDEX, PRESENCE_INDEX, Profile
from app.engine.configuration import Configuration, compile_configuration, empty_configuration
from app.engine.decide import EndedTicket
from app.engine.events import ChannelLimit, SkillLevel
from app.engine.ids import AgentId, OfferId, QueueId, SkillId, TeamId, TicketId, WorkspaceId
from app.engine.requirements import Requirement
from app.engine.state import State
from app.engine.tickets import KINDS, PRIORITIES, STATUS_INDEX, TIMER_STATE_INDEX, OpenOffer
from app.engine.vocabulary import Channel, Kind, Metric, Presence, Priority, QueueState, Status, TimerState
from app.queries import gathering, heads, loading

SLICE = 5000
TURN = 500  # rows between two turns of the event loop


async def load(connection: Any, workspace: WorkspaceId) -> State:
    """The state as the rows have it. `connection` is asyncpg's, in a REPEATABLE READ transaction that sees the workspace."""
    state = State(workspace)
    key = uuid_of(workspace)
    head = await connection.fetchrow(heads.READ, key)
    if head is None:
        raise LookupError("no such workspace")
    version = head["configuration_version"]
    documents = await configurations(connection, key, [version]) if version else {}
    state.configuration = documents.get(version, empty_configuration())
    async for row in _in_turns(await connection.fetch(loading.AGENTS, key)):
        _agent(state, row)
    await _tickets(state, connection, key)
    for row in await connection.fetch(loading.PENDING_OFFERS, key):
        _offer(state, row)
    await _turns(state, connection, key)
    for row in await connection.fetch(loading.SWITCHES, key):
        if row["subject_id"] == key:
            state.paused_at = milliseconds(row["since"])
        else:
            state.switches[QueueId(row["subject_id"].bytes)] = QueueState(row["state"]), milliseconds(row["since"])
    state.seq, state.number, state.agent_number = head["last_seq"], head["last_number"], head["last_agent_number"]
    state.at = milliseconds(head["last_at"])
    state.settle()
    return state


async def configurations(connection: Any, key: Any, versions: Iterable[int]) -> dict[int, Configuration]:
    """Compiled configurations by version."""
    rows = await connection.fetch(gathering.DOCUMENTS, key, sorted(set(versions)))
    return {row["version"]: compile_configuration(row["version"], row["document"]) for row in rows}


def requirement_of(row: Any) -> Requirement:
    """What a ticket's row asks of an agent."""
    return Requirement(
        QueueId(row["queue_id"].bytes),
        Channel(row["channel"]),
        row["cost"],
        TeamId(row["team_id"].bytes) if row["team_id"] else None,
        levels(row["skills"]),
        levels(row["wishes"]),
        row["language"],
        row["area"],
        row["customer_tier"],
    )


def levels(pairs: list[list[Any]]) -> tuple[SkillLevel, ...]:
    """[[skill as hex, level]] as the engine has them."""
    return tuple(SkillLevel(SkillId(bytes.fromhex(skill)), level) for skill, level in pairs)


def ended_ticket(row: Any) -> EndedTicket:
    """A ticket's row as the facts of one that the state has forgotten."""
    return EndedTicket(
        number=row["number"],
        kind=Kind(row["kind"]),
        priority=Priority(row["priority"]),
        status=Status(row["status"]),
        requirement=requirement_of(row),
        created_at=milliseconds(row["created_at"]),
        waiting_since=None if row["waiting_since"] is None else milliseconds(row["waiting_since"]),
        responded_at=None if row["first_responded_at"] is None else milliseconds(row["first_responded_at"]),
        reopened=row["reopened"],
        escalated=row["escalated"],
        version=row["version"],
        agent=AgentId(row["agent_id"].bytes) if row["agent_id"] else None,
        transferred=row["transferred"],
    )


def _agent(state: State, row: Any) -> None:
    profile = Profile(
        tuple(TeamId(team.bytes) for team in row["teams"]),
        levels(row["skills"]),
        tuple(row["languages"]),
        tuple(row["areas"]),
        row["capacity"],
        tuple(ChannelLimit(Channel(channel), units) for channel, units in row["limits"]),
        row["weight"],
    )
    presence_at = milliseconds(row["presence_changed_at"])
    slot = state.agents.create(AgentId(row["id"].bytes), row["number"], profile, presence_at)
    state.agents.presence[slot] = PRESENCE_INDEX[Presence(row["presence"])]
    state.agents.idle_since[slot] = milliseconds_or_none(row["idle_since"])
    state.agents.version[slot] = row["version"]


async def _tickets(state: State, connection: Any, key: Any) -> None:
    after = uuid_of(bytes(16))
    while rows := await connection.fetch(loading.OPEN_TICKETS, key, after, SLICE):
        slots = {row["id"]: _ticket(state, row) async for row in _in_turns(rows)}
        for timer in await connection.fetch(loading.LIVE_TIMERS, key, after, rows[-1]["id"]):
            if timer["ticket_id"] in slots:
                _timer(state, slots[timer["ticket_id"]], timer)
        async for row in _in_turns(rows):
            _place(state, slots[row["id"]], Status(row["status"]), row)
        after = rows[-1]["id"]
        state.journal.forget()


async def _in_turns(rows: Sequence[Any]) -> AsyncIterator[Any]:
    """Each row; the event loop turns in between, for nobody else knows this state yet."""
    for index, row in enumerate(rows):
        if index and index % TURN == 0:
            await asyncio.sleep(0)
        yield row


def _ticket(state: State, row: Any) -> int:
    tickets = state.tickets
    slot = tickets.create(TicketId(row["id"].bytes), row["number"])
    tickets.kind[slot] = KINDS.index(Kind(row["kind"]))
    tickets.priority[slot] = PRIORITIES.index(Priority(row["priority"]))
    tickets.created_at[slot] = milliseconds(row["created_at"])
    tickets.waiting_since[slot] = milliseconds_or_none(row["waiting_since"])
    tickets.assigned_at[slot] = milliseconds_or_none(row["assigned_at"])
    tickets.responded_at[slot] = milliseconds_or_none(row["first_responded_at"])
    tickets.reopened[slot] = row["reopened"]
    tickets.escalated[slot] = row["escalated"]
    tickets.transferred[slot] = row["transferred"]
    state.put_requirement(slot, requirement_of(row))
    if row["pending_reason"] is not None:
        tickets.pending_reason[slot] = row["pending_reason"]
    if row["snoozed_until"] is not None:
        tickets.snoozed_until[slot] = milliseconds(row["snoozed_until"])
    if row["declined"]:
        tickets.declined[slot] = tuple(AgentId(agent.bytes) for agent in row["declined"])
    return slot


def _timer(state: State, slot: int, row: Any) -> None:
    timers = state.tickets.timers[Metric(row["metric"])]
    now = TimerState(row["state"])
    paused = now is TimerState.PAUSED
    timers.state[slot] = TIMER_STATE_INDEX[now]
    timers.due[slot] = row["left_ms"] if paused else milliseconds(row["due_at"])
    timers.next[slot] = row["next_left_ms"] if paused else milliseconds_or_none(row["next_at"])
    timers.step[slot] = row["step"]
    timers.version[slot] = row["version"]
    timers.started[slot] = milliseconds(row["started_at"])


def _place(state: State, slot: int, status: Status, row: Any) -> None:
    """Waiting in its set, or held by its agent; the version is the row's, whatever placing counted."""
    if status is Status.WAITING:
        state.enter(slot, state.tickets.waiting_since[slot])
    else:
        agent = state.agents.slot_of[AgentId(row["agent_id"].bytes)]
        state.tickets.agent[slot] = agent
        state.tickets.status[slot] = STATUS_INDEX[status]
        state.agents.take(agent, CHANNEL_INDEX[state.requirement(slot).channel], row["cost"])
    state.tickets.version[slot] = row["version"]


def _offer(state: State, row: Any) -> None:
    slot = state.tickets.slot_of[TicketId(row["ticket_id"].bytes)]
    agent = state.agents.slot_of[AgentId(row["agent_id"].bytes)]
    state.tickets.agent[slot] = agent
    state.tickets.offers[slot] = OpenOffer(OfferId(row["id"].bytes), agent, milliseconds(row["expires_at"]))


async def _turns(state: State, connection: Any, key: Any) -> None:
    for row in await connection.fetch(loading.TURNS, key):
        slot = state.agents.slot_of.get(AgentId(row["agent_id"].bytes))
        if slot is not None:
            turns = state.turns_of(QueueId(row["queue_id"].bytes))
            turns.last_seq[slot], turns.stride[slot] = row["last_seq"], row["pass"]
            turns.credit[slot], turns.assigned[slot] = row["credit"], row["assigned"]
    for row in await connection.fetch(loading.QUEUE_TURNS, key):
        state.turns_of(QueueId(row["queue_id"].bytes)).passed = row["pass"]
