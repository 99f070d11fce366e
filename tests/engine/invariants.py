"""What must be so after every command, computed the slow way from the tickets alone."""

from collections import Counter

from app.engine.agents import CHANNEL_INDEX, UNLIMITED
from app.engine.decide.customers import survivor
from app.engine.decide.routing import who_may
from app.engine.events import OfferCreated, TicketAssigned
from app.engine.state import State
from app.engine.tickets import NONE
from app.engine.vocabulary import OWNED, Status
from tests.engine.worlds import World


def check(world: World) -> None:
    """All of them."""
    one_holder(world.state)
    loads(world.state)
    nobody_is_overloaded_unless_forced(world)
    waiting_sets(world.state)
    nobody_waits_for_nothing(world.state)
    customers(world)


def open_slots(state: State) -> list[int]:
    return [slot for slot in state.tickets.slot_of.values() if state.tickets.is_open(slot)]


def one_holder(state: State) -> None:
    """An agent has what is owned or offered, nobody what waits."""
    tickets = state.tickets
    for slot in open_slots(state):
        status, offer = tickets.status_of(slot), tickets.offers.get(slot)
        assert tickets.status[slot] != NONE
        assert (tickets.agent[slot] != NONE) is (status in OWNED or status is Status.OFFERED)
        assert (offer is not None) is (status is Status.OFFERED)
        assert offer is None or offer.agent == tickets.agent[slot]
        assert (slot in tickets.pending_reason) is (status is Status.PENDING)
        assert (slot in tickets.snoozed_until) is (tickets.pending_reason.get(slot) == "snoozed")
        assert status is Status.WAITING or state.agents.alive[tickets.agent[slot]]


def loads(state: State) -> None:
    """Load is open work and offers, in all and per channel; free is what is left of the capacity."""
    agents, tickets = state.agents, state.tickets
    held: Counter[int] = Counter()
    on_channel: Counter[tuple[int, int]] = Counter()
    for slot in open_slots(state):
        wanted, agent = state.requirement(slot), tickets.agent[slot]
        if agent != NONE:
            held[agent] += wanted.cost
            on_channel[agent, CHANNEL_INDEX[wanted.channel]] += wanted.cost
    for slot in agents.slot_of.values():
        profile = agents.profiles[slot]
        assert profile is not None
        assert agents.load[slot] == held[slot]
        assert agents.free[slot] == profile.capacity - held[slot]
        limits = {CHANNEL_INDEX[limit.channel]: limit.units for limit in profile.limits}
        for channel in CHANNEL_INDEX.values():
            assert agents.channel_load[channel][slot] == on_channel[slot, channel]
            assert agents.channel_free[channel][slot] == limits.get(channel, UNLIMITED) - on_channel[slot, channel]


def nobody_is_overloaded_unless_forced(world: World) -> None:
    """Whoever was given work by the last command has room for it, unless it was forced or had been reserved by an offer."""
    agents = world.state.agents
    given = [event for event in world.decided.events if isinstance(event, TicketAssigned | OfferCreated)]
    excused = {event.agent for event in given if isinstance(event, TicketAssigned) and (event.forced or event.how == "accepted")}
    for agent in {event.agent for event in given} - excused:
        slot = agents.slot_of[agent]
        assert agents.free[slot] >= 0
        assert all(agents.channel_free[channel][slot] >= 0 for channel in CHANNEL_INDEX.values())


def waiting_sets(state: State) -> None:
    """Each set counts and holds just those who wait for it, in order."""
    tickets = state.tickets
    waiting: dict[int, list[int]] = {}
    for slot in open_slots(state):
        if tickets.status_of(slot) is Status.WAITING:
            waiting.setdefault(tickets.requirement[slot], []).append(slot)
    assert state.waiting.count == {number: len(slots) for number, slots in waiting.items()}
    for number, slots in waiting.items():
        slots.sort(key=lambda slot: (state.order_key(slot), tickets.number[slot]))
        assert state.waiting.in_order(number) == slots
        head = state.waiting.head(number)
        assert head is not None
        assert head[1] == slots[0]


def nobody_waits_for_nothing(state: State) -> None:
    """No ticket waits that somebody may take, but in a queue that is paused."""
    for slot in open_slots(state):
        if state.tickets.status_of(slot) is Status.WAITING:
            queue = state.queue_of(slot)
            assert queue is not None
            assert state.held(queue.id) is not None or not len(who_may(state, slot, queue).slots)


def customers(world: World) -> None:
    """Each ticket is one customer's; nobody who was merged has any, or is the end of the way to the survivor; names are true."""
    facts = world.facts
    held = [ticket for tickets in facts.tickets_of.values() for ticket in tickets]
    assert len(held) == len(set(held))
    assert facts.named == {one.external_id: one.id for one in facts.customers.values() if one.external_id is not None}
    for one in facts.customers.values():
        assert len({contact.key for contact in one.contacts}) == len(one.contacts)
        kinds = [contact.kind for contact in one.contacts if contact.primary]
        assert sorted(kinds) == sorted({contact.kind for contact in one.contacts})
        assert (one.merged_into is None) is (one.id not in facts.moved)
        if one.merged_into is not None:
            assert not facts.tickets_of[one.id]
            assert one.id in facts.merged[one.merged_into]
            assert survivor(facts, one).merged_into is None
