"""A new configuration is in force."""

from app.engine.agents import AVAILABLE
from app.engine.configuration import Configuration, Queue
from app.engine.state import State
from app.engine.tickets import STATUS_INDEX
from app.engine.vocabulary import QueueState, Status

_WAITING = STATUS_INDEX[Status.WAITING]


def configuration_applied(state: State, configuration: Configuration) -> None:
    """Waiting tickets keep their queue and priority; where a queue's order has changed they are put in the new one."""
    before = state.configuration
    state.journal.put_attribute(state, "configuration", configuration)
    state.fits.clear()
    state.journal.on_undo(state.fits.clear)
    _join_turns(state, before)
    _forget_switches(state)
    reordered = {
        queue.id for queue in configuration.queues.values() if _ordering(queue) != _ordering(before.queues.get(queue.id))
    }
    if not reordered:
        return
    for slot in state.tickets.slot_of.values():
        if state.tickets.status[slot] == _WAITING and state.requirement(slot).queue in reordered:
            state.reorder(slot)


def _forget_switches(state: State) -> None:
    """Of queues that have gone; and one that is the default now takes in what no other does."""
    configuration = state.configuration
    for queue, (switched, at) in list(state.switches.items()):
        if queue not in configuration.queues or (switched is QueueState.DRAINING and queue == configuration.default_queue):
            state.switch(queue, QueueState.RUNNING, at)


def _join_turns(state: State, before: Configuration) -> None:
    """Agents of teams that are new to a queue come as newcomers, at its present pass."""
    agents = state.agents
    for queue in state.configuration.queues.values():
        old = before.queues[queue.id].teams if queue.id in before.queues else ()
        added = set(queue.teams).difference(old)
        if not added or queue.id not in state.turns:
            continue
        for slot in agents.slot_of.values():
            if agents.presence[slot] == AVAILABLE and agents.is_in(slot, added) and not agents.is_in(slot, old):
                state.join_queue(queue.id, slot)


def _ordering(queue: Queue | None) -> object:
    return queue and (queue.policy.order, queue.policy.head_start, set(queue.policy.vip))
