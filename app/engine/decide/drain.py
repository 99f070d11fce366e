"""Give waiting work to those who have been freed, at once: nobody waits for nothing."""

from collections.abc import Iterator

from app.engine.agents import CHANNEL_INDEX
from app.engine.decide.decider import Decider
from app.engine.decide.routing import anybody, route
from app.engine.ids import QueueId

Place = tuple[int, int, int, int]


def drain_freed(decider: Decider) -> None:
    """For each agent whom the command freed: the head of one set after the other, until there is no more room."""
    state = decider.state
    while decider.freed:
        agent = min(decider.freed, key=lambda slot: int(state.agents.number[slot]))
        decider.freed.discard(agent)
        while (slot := _first_for(decider, agent)) is not None:
            if not route(decider, slot):
                break


def drain_all(decider: Decider) -> None:
    """The same for everybody, where agents or configuration changed or the sweep wants proof."""
    barred: set[int] = set()
    while (slot := _best(decider, _heads_for_anybody(decider, barred))) is not None:
        if not route(decider, slot):
            break


def _first_for(decider: Decider, agent: int) -> int | None:
    if not state_has_agent(decider, agent):
        return None
    return _best(decider, _heads_for(decider, agent))


def state_has_agent(decider: Decider, agent: int) -> bool:
    """Whether the slot is still an agent's."""
    return bool(decider.state.agents.alive[agent])


def next_in(decider: Decider, queue: QueueId, agent: int) -> int | None:
    """The slot of the first ticket of a queue, in its order, that this agent may take now."""
    number = decider.state.tickets.number
    places = ((key, number[slot], slot) for _, key, slot in _heads_for(decider, agent, queue))
    return min(places, default=(0, 0, None))[2]


def _heads_for(decider: Decider, agent: int, only: QueueId | None = None) -> Iterator[tuple[QueueId, int, int]]:
    """(queue, order key, slot) of the first ticket of each set that this agent may take now; of one queue also while it gives nothing out."""
    state = decider.state
    for number in list(state.waiting.count):
        wanted = state.requirements[number]
        if only is not None and wanted.queue != only:
            continue
        queue = decider.queue(wanted.queue)
        if only is None and state.held(wanted.queue) is not None:
            continue
        if not state.agents.has_room(agent, CHANNEL_INDEX[wanted.channel], wanted.cost):
            continue
        if not state.fits.of(number, state.agents, wanted, queue).mask[agent]:
            continue
        head = state.waiting.head(number)
        if head is not None and state.agents.ids[agent] in state.tickets.declined.get(head[1], ()):
            head = _behind(decider, number, agent)
        if head is not None:
            yield wanted.queue, *head


def _behind(decider: Decider, number: int, agent: int) -> tuple[int, int] | None:
    """The first ticket of a set that the agent has not declined."""
    state = decider.state
    entries = state.waiting.first(number)
    try:
        declined = state.tickets.declined
        return next((entry for entry in entries if state.agents.ids[agent] not in declined.get(entry[1], ())), None)
    finally:
        entries.close()


def _heads_for_anybody(decider: Decider, barred: set[int]) -> Iterator[tuple[QueueId, int, int]]:
    """However many were declined by all before it. `barred` grows: whom nobody may take when a drain looks, nobody may take after it."""
    state = decider.state
    for number in list(state.waiting.count):
        wanted = state.requirements[number]
        if state.held(wanted.queue) is not None:
            continue
        queue = decider.queue(wanted.queue)
        entries = state.waiting.first(number, most=state.waiting.count[number])
        try:
            for key, slot in entries:
                if slot in barred:
                    continue
                if anybody(state, slot, queue):
                    yield wanted.queue, key, slot
                    break
                if slot not in state.tickets.declined:
                    break
                barred.add(slot)
        finally:
            entries.close()


def _best(decider: Decider, heads: Iterator[tuple[QueueId, int, int]]) -> int | None:
    """Within a queue by its order; between queues by weight, then by the longest wait."""
    tickets = decider.state.tickets
    first: dict[QueueId, tuple[int, int, int]] = {}
    for queue, key, slot in heads:
        place = (key, tickets.number[slot], slot)
        if queue not in first or place < first[queue]:
            first[queue] = place
    places: list[Place] = [
        (-decider.queue(queue).weight, tickets.waiting_since[slot], number, slot) for queue, (_, number, slot) in first.items()
    ]
    return min(places)[3] if places else None
