"""What keeps an open ticket where it is, and what comes next if nobody does anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.engine.agents import Agents
from app.engine.asking.candidates import Standing, counted, open_ticket
from app.engine.asking.pool import Pool, load_of, pool
from app.engine.configuration import Escalation, Queue
from app.engine.decide.facts import Facts
from app.engine.decide.promises import BREACH, FIRST_LEVEL, WARNING
from app.engine.decide.routing import requirement_data
from app.engine.ids import AgentId, TeamId, TicketId
from app.engine.ranking import TOP
from app.engine.state import State
from app.engine.tickets import METRICS, NONE, PRIORITIES, STATUS_INDEX, TIMER_STATES
from app.engine.vocabulary import Held, Metric, Order, Priority, Rejection, Status, TimerState

PASSING = frozenset({Rejection.OFFLINE, Rejection.AWAY, Rejection.BUSY, Rejection.CAPACITY, Rejection.CHANNEL_CAPACITY})
_WAITING = STATUS_INDEX[Status.WAITING]


@dataclass(frozen=True, slots=True)
class Coming:
    """One step: `kind` is warning, breach, escalation or offer_expiry; `level` counts escalations from 1. `at` is in ms.

    `priority`, `team` and `agent` (with its number) are what an escalation would make of the ticket; None leaves it.
    """

    at: int
    kind: str
    metric: Metric | None = None
    level: int | None = None
    priority: Priority | None = None
    team: TeamId | None = None
    agent: AgentId | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """`position` counts from 1 among the `waiting` of its queue, in the order in which they would be taken; None unless it waits.

    `passing` counts those who could take it as soon as they are there and have room, `some` are the first of them.
    `holder` has or is asked about the ticket. `still` are the promises whose clock stands still, with what is left in ms.
    """

    status: Status
    queue: bytes
    configuration: int
    priority: Priority
    order: Order
    since: int | None
    position: int | None
    waiting: int
    holder: tuple[AgentId, int] | None
    requirement: dict[str, Any]
    considered: int
    eligible: int
    held: Held | None
    rejected: list[dict[str, Any]]
    passing: int
    some: list[Standing]
    coming: list[Coming]
    still: list[tuple[Metric, int]]


@dataclass(frozen=True, slots=True)
class WhatNext:
    """Raises TicketNotFound and WrongState for a ticket that is not open."""

    ticket: TicketId

    def __call__(self, state: State, facts: Facts, now: int) -> Outlook:  # noqa: ARG002  # one shape for all questions
        slot, wanted, queue = open_ticket(state, self.ticket)
        tickets, agents = state.tickets, state.agents
        found = pool(state, wanted, queue, tickets.declined.get(slot, ()))
        waits = tickets.status[slot] == _WAITING
        holder = tickets.agent[slot]
        passing = _passing(found)
        return Outlook(
            status=tickets.status_of(slot),
            queue=queue.id,
            configuration=state.configuration.version,
            priority=tickets.priority_of(slot),
            order=queue.policy.order,
            since=tickets.waiting_since[slot] if waits else None,
            position=_position(state, slot, queue) if waits else None,
            waiting=sum(state.waiting.count[number] for number in _sets(state, queue)),
            holder=None if holder == NONE else (agents.ids[holder], int(agents.number[holder])),
            requirement=requirement_data(wanted),
            considered=found.considered,
            eligible=len(found.ranked),
            held=state.held(queue.id),
            rejected=counted(found),
            passing=len(passing),
            some=[_one(agents, found, index) for index in passing[:TOP]],
            coming=list(_coming(state, slot, queue)),
            still=[(metric, tickets.timers[metric].due[slot]) for metric in METRICS if _state(state, slot, metric) is _PAUSED],
        )


_PAUSED = TimerState.PAUSED
_TICKING = (TimerState.RUNNING, TimerState.BREACHED)


def _state(state: State, slot: int, metric: Metric) -> TimerState | None:
    index = state.tickets.timers[metric].state[slot]
    return None if index < 0 else TIMER_STATES[index]


def _sets(state: State, queue: Queue) -> list[int]:
    return [number for number in state.waiting.count if state.requirements[number].queue == queue.id]


def _position(state: State, slot: int, queue: Queue) -> int:
    """The columns are looked at as a whole: a million may wait."""
    tickets = state.tickets
    key, number = tickets.order_key[slot], tickets.number[slot]
    keys, numbers = np.frombuffer(tickets.order_key, np.int64), np.frombuffer(tickets.number, np.int64)
    waits = np.frombuffer(tickets.status, np.int8) == _WAITING
    here = np.isin(np.frombuffer(tickets.requirement, np.int32), np.array(_sets(state, queue), np.int32))
    before = (keys < key) | ((keys == key) & (numbers < number))
    return int(np.count_nonzero(waits & here & before)) + 1


def _passing(found: Pool) -> list[int]:
    """Places among the rejected of those whom only the moment keeps out."""
    codes = [code for code, reason in enumerate(found.reasons, 1) if reason.rejection in PASSING]
    places: list[int] = np.flatnonzero(np.isin(found.codes, codes)).tolist()
    return places


def _one(agents: Agents, found: Pool, index: int) -> Standing:
    slot = int(found.rejected[index])
    return Standing(agents.ids[slot], int(agents.number[slot]), *load_of(agents, slot), None, None, int(found.codes[index]))


def _coming(state: State, slot: int, queue: Queue) -> Iterator[Coming]:
    """In the order of their times; each escalation on what the ones before it left."""
    offer = state.tickets.offers.get(slot)
    steps = [step for metric in METRICS for step in _steps(state, slot, metric, queue)]
    if offer is not None:
        agent = state.agents.ids[offer.agent]
        steps.append(
            (
                offer.expires_at,
                Coming(offer.expires_at, "offer_expiry", agent=agent, number=int(state.agents.number[offer.agent])),
                None,
            )
        )
    pressure, team = int(state.tickets.priority[slot]), state.requirement(slot).team
    for _, step, does in sorted(steps, key=lambda one: one[0]):
        if does is None:
            yield step
            continue
        raised = does.raise_priority and pressure + 1 < len(PRIORITIES)
        pressure += raised
        moved = does.team if does.team is not None and does.team != team else None
        team = moved or team
        agent_slot = None if moved or does.agent is None else state.agents.slot_of.get(does.agent)
        yield Coming(
            at=step.at,
            kind=step.kind,
            metric=step.metric,
            level=step.level,
            priority=PRIORITIES[pressure] if raised else None,
            team=moved,
            agent=None if agent_slot is None else does.agent,
            number=None if agent_slot is None else int(state.agents.number[agent_slot]),
        )


def _steps(state: State, slot: int, metric: Metric, queue: Queue) -> Iterator[tuple[int, Coming, Escalation | None]]:
    timers = state.tickets.timers[metric]
    if _state(state, slot, metric) not in _TICKING or timers.next[slot] == NONE:
        return
    step, at, due = timers.step[slot], timers.next[slot], timers.due[slot]
    levels = queue.sla.escalations[metric] if queue.sla else ()
    if step == WARNING:
        yield at, Coming(at, "warning", metric), None
    if step <= BREACH:
        yield due, Coming(due, "breach", metric), None
    for level, does in enumerate(levels):
        if level >= step - FIRST_LEVEL:
            moment = at if level == step - FIRST_LEVEL else due + does.after_ms
            yield moment, Coming(moment, "escalation", metric, level + 1), does
