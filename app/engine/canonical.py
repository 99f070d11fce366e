"""The state as plain data, free of slots and heaps: equal for equal states, whichever way they came about."""

from typing import Any

from app.engine.agents import AVAILABLE, PRESENCES
from app.engine.state import State
from app.engine.tickets import KINDS, METRICS, NONE, TIMER_STATES
from app.engine.vocabulary import TimerState

LIVE_TIMERS = (TimerState.RUNNING, TimerState.PAUSED, TimerState.BREACHED)


def canonical(state: State) -> dict[str, Any]:
    """Everything a state knows; what ended within the present batch is left out."""
    return {
        "seq": state.seq,
        "number": state.number,
        "agent_number": state.agent_number,
        "configuration": state.configuration.version,
        "agents": {agent.hex(): _agent(state, slot) for agent, slot in sorted(state.agents.slot_of.items())},
        "tickets": {
            ticket.hex(): _ticket(state, slot)
            for ticket, slot in sorted(state.tickets.slot_of.items())
            if state.tickets.is_open(slot)
        },
        "turns": {queue.hex(): _turns(state, queue) for queue in sorted(state.turns) if _turns(state, queue)},
        "passed": {queue.hex(): turns.passed for queue, turns in sorted(state.turns.items()) if turns.passed},
        "waiting": _waiting(state),
        "switches": {queue.hex(): list(switched) for queue, switched in sorted(state.switches.items())},
        "paused_at": state.paused_at,
    }


def _agent(state: State, slot: int) -> dict[str, Any]:
    agents = state.agents
    return {
        "number": int(agents.number[slot]),
        "presence": PRESENCES[agents.presence[slot]],
        "presence_at": int(agents.presence_at[slot]),
        "load": int(agents.load[slot]),
        "free": int(agents.free[slot]),
        "channel_load": [int(column[slot]) for column in agents.channel_load],
        "channel_free": [int(column[slot]) for column in agents.channel_free],
        "idle_since": int(agents.idle_since[slot]),
        "version": int(agents.version[slot]),
        "profile": agents.profiles[slot],
        "available": bool(agents.presence[slot] == AVAILABLE),
    }


def _ticket(state: State, slot: int) -> dict[str, Any]:
    tickets = state.tickets
    offer = tickets.offers.get(slot)
    agent = state.agent_id(slot)
    return {
        "number": tickets.number[slot],
        "kind": KINDS[tickets.kind[slot]],
        "status": tickets.status_of(slot),
        "priority": tickets.priority_of(slot),
        "requirement": state.requirement(slot),
        "agent": agent.hex() if agent else None,
        "created_at": tickets.created_at[slot],
        "waiting_since": tickets.waiting_since[slot],
        "assigned_at": tickets.assigned_at[slot],
        "responded_at": tickets.responded_at[slot],
        "reopened": tickets.reopened[slot],
        "escalated": tickets.escalated[slot],
        "transferred": tickets.transferred[slot],
        "version": tickets.version[slot],
        "pending_reason": tickets.pending_reason.get(slot),
        "snoozed_until": tickets.snoozed_until.get(slot),
        "declined": tickets.declined.get(slot, ()),
        "offer": (offer.id.hex(), offer.expires_at) if offer else None,
        "timers": {metric: timer for metric in METRICS if (timer := _timer(state, slot, metric)) is not None},
    }


def _timer(state: State, slot: int, metric: Any) -> tuple[int, ...] | None:
    timers = state.tickets.timers[metric]
    if timers.state[slot] == NONE or TIMER_STATES[timers.state[slot]] not in LIVE_TIMERS:
        return None
    return tuple(column[slot] for column in timers.columns())


def _turns(state: State, queue: Any) -> dict[str, list[int]]:
    turns = state.turns_of(queue)
    found = {}
    for agent, slot in sorted(state.agents.slot_of.items()):
        values = [int(column[slot]) for column in (turns.last_seq, turns.stride, turns.credit, turns.assigned)]
        if any(values):
            found[agent.hex()] = values
    return found


def _waiting(state: State) -> dict[str, list[int]]:
    """Per requirement the ticket numbers in the order in which they would be taken."""
    return {
        repr(state.requirements[number]): [state.tickets.number[slot] for slot in state.waiting.in_order(number)]
        for number in state.waiting.count
    }
