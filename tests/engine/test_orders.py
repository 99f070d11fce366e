"""Who of those who wait comes first, in a queue and between queues."""

from typing import Any

import pytest

from app.engine import commands
from app.engine.ids import TicketId
from app.engine.vocabulary import Metric, Presence, Priority
from app.engine.waiting import SKIP_LIMIT
from tests.engine.worlds import SYSTEM, World, as_agent, document, policy, queue, setting, sla

LOW, MEDIUM, HIGH, URGENT = Priority


def closed(capacity: int = 1, **fields: Any) -> World:
    """A workspace where nobody is there yet, so that all tickets wait."""
    world = World(setting("ani", capacity=capacity), **fields)
    world.presence("ani", Presence.OFFLINE)
    return world


def taken(world: World, count: int) -> list[int]:
    """The numbers of the tickets that one agent with room for one takes, in order."""
    numbers = []
    world.presence("ani", after=1)
    for _ in range(count):
        (slot,) = (slot for slot in world.state.tickets.slot_of.values() if world.state.tickets.agent[slot] >= 0)
        numbers.append(world.state.tickets.number[slot])
        ticket = world.state.tickets.ids[slot]
        assert ticket is not None
        world.do(commands.ResolveTicket(SYSTEM, ticket), after=1)
    return numbers


def test_fifo_is_by_waiting_time_whatever_the_priority() -> None:
    world = closed()
    for priority in (LOW, URGENT, MEDIUM):
        world.submit(after=1, priority=priority)
    assert taken(world, 3) == [1, 2, 3]


def test_same_moment_goes_by_number_across_requirements() -> None:
    world = World(setting("ani", capacity=1, languages=("id",)))
    world.presence("ani", Presence.OFFLINE)
    for language in ("id", None, "id", None):
        world.submit(language=language)
    assert taken(world, 4) == [1, 2, 3, 4]


def test_returned_ticket_keeps_its_place() -> None:
    world = World(setting("ani", capacity=1), setting("budi", capacity=1))
    first = world.submit()
    world.submit()
    world.submit(after=1)
    world.presence("ani", Presence.AWAY)
    world.configure(document(), removed=["budi"])  # its ticket, number 2, waits again, ahead of number 3
    world.do(commands.ResolveTicket(SYSTEM, first))
    assert taken(world, 2) == [2, 3]


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        ([(0, LOW), (1799, MEDIUM)], [2, 1]),  # a head start of half an hour
        ([(0, LOW), (1801, MEDIUM)], [1, 2]),  # and no more
        ([(0, MEDIUM), (10, HIGH), (20, URGENT)], [3, 2, 1]),
        ([(0, HIGH), (28800 - 7200 + 1, URGENT)], [1, 2]),
    ],
)
def test_priority_is_waiting_time_with_a_head_start(waits: list[tuple[int, Priority]], expected: list[int]) -> None:
    world = closed(routing_policies=[policy(order="priority")])
    before = 0
    for at, priority in waits:
        world.submit(after=at - before, priority=priority)
        before = at
    assert taken(world, len(waits)) == expected


def test_deadline_is_by_the_earliest_running_promise_none_last() -> None:
    targets = {
        "low": {"resolution_seconds": 900},
        "medium": {"first_response_seconds": 500, "resolution_seconds": 5000},
        "high": {"first_response_seconds": 100},
    }
    world = closed(
        routing_policies=[policy(order="deadline")], sla_policies=[sla(targets=targets)], queues=[queue(sla_policy="promise")]
    )
    for priority in (URGENT, LOW, MEDIUM, HIGH):
        world.submit(priority=priority)
    assert taken(world, 4) == [4, 3, 2, 1]


def test_breached_promise_no_longer_orders() -> None:
    world = closed(routing_policies=[policy(order="deadline")], queues=[queue(sla_policy="promise")])
    first = world.submit()
    world.submit(after=50)
    world.tick(first, Metric.FIRST_RESPONSE, after=50)
    assert world.types() == ["sla.breached"]
    assert taken(world, 2) == [2, 1]  # the first one's next promise is its resolution, at 1,000 s


def test_tier_of_a_vip_policy_waits_at_the_front() -> None:
    vip = policy(strategy="vip", order="priority", vip={"tiers": [{"tier": "vip", "team": "senior"}]})
    world = closed(routing_policies=[vip])
    for priority, tier in ((URGENT, None), (LOW, "vip"), (HIGH, "gold"), (LOW, "vip")):
        world.submit(after=1, priority=priority, tier=tier)
    assert taken(world, 4) == [2, 4, 1, 3]


def test_tier_of_a_vip_policy_waits_at_the_front_though_nothing_was_promised_to_it() -> None:
    vip = policy(strategy="vip", order="deadline", vip={"tiers": [{"tier": "vip", "team": "senior"}]})
    targets = {"medium": {"resolution_seconds": 900}}
    world = closed(routing_policies=[vip], sla_policies=[sla(targets=targets)], queues=[queue(sla_policy="promise")])
    for priority, tier in ((MEDIUM, None), (LOW, None), (LOW, "vip"), (MEDIUM, "vip")):
        world.submit(after=1, priority=priority, tier=tier)
    assert taken(world, 4) == [4, 3, 1, 2]


def test_raised_priority_moves_a_waiting_ticket_forward() -> None:
    escalations = [{"metric": "first_response", "after_seconds": 0, "raise_priority": True}]
    world = closed(
        routing_policies=[policy(order="priority")],
        sla_policies=[sla(escalations=escalations)],
        queues=[queue(sla_policy="promise")],
    )
    world.submit(priority=MEDIUM)
    second = world.submit(after=1, priority=MEDIUM)
    world.tick(second, Metric.FIRST_RESPONSE, after=100)
    world.tick(second, Metric.FIRST_RESPONSE)
    assert world.state.tickets.priority_of(world.slot(second)) is HIGH
    assert taken(world, 2) == [2, 1]


def test_new_order_of_a_queue_applies_to_those_who_wait() -> None:
    world = closed()
    world.submit(priority=LOW)
    world.submit(after=1, priority=URGENT)
    world.configure(document(routing_policies=[policy(order="priority")]))
    assert taken(world, 2) == [2, 1]


def test_heavier_queue_first_then_the_longest_wait() -> None:
    queues = [queue("general", weight=0), queue("quiet", weight=-5), queue("loud", weight=7), queue("other")]
    world = closed(queues=queues)
    for name in ("quiet", "other", "general", "loud"):
        world.submit(after=1, queue=name)
    assert taken(world, 4) == [4, 2, 3, 1]


def test_ticket_that_nobody_can_take_blocks_no_one() -> None:
    world = closed()
    world.submit(language="xx")
    world.submit(after=1)
    assert taken(world, 1) == [2]


def test_agent_gets_the_first_ticket_they_have_not_declined() -> None:
    world = World(setting("ani", capacity=1), routing_policies=[policy(handover="offer")])
    first = world.submit()
    world.submit(after=1)
    answer(world, first, accept=False)
    assert world.status(first) == "waiting"
    (asked,) = world.state.tickets.offers
    assert world.state.tickets.number[asked] == 2


def test_sweep_looks_behind_tickets_that_all_have_declined() -> None:
    world = World(setting("ani", capacity=1), routing_policies=[policy(handover="offer")])
    first = world.submit()
    answer(world, first, accept=False)
    world.presence("ani", Presence.OFFLINE)
    second = world.submit(after=1)
    world.configure(document(routing_policies=[policy(handover="offer")]), setting("budi", capacity=0))
    world.presence("ani")
    assert world.status(second) == "offered"
    assert world.do(commands.Drain(SYSTEM)).events == []


def test_sweep_looks_behind_any_number_of_tickets_that_all_have_declined() -> None:
    world = World(setting("ani", capacity=1), routing_policies=[policy(handover="offer")])
    for _ in range(SKIP_LIMIT + 6):
        answer(world, world.submit(), accept=False)
    world.presence("ani", Presence.OFFLINE)
    behind = world.submit(after=1)
    world.presence("ani")
    assert world.status(behind) == "waiting"
    world.do(commands.Drain(SYSTEM))
    assert world.status(behind) == "offered"


def answer(world: World, ticket: TicketId, *, accept: bool) -> None:
    offer = world.state.tickets.offers[world.slot(ticket)]
    world.do(commands.AnswerOffer(as_agent(world.owner(ticket) or ""), offer.id, ticket, accept))


def test_freed_agent_takes_as_many_as_there_is_room_for() -> None:
    world = closed(capacity=3)
    for _ in range(5):
        world.submit(after=1)
    world.presence("ani")
    assert world.types().count("ticket.assigned") == 3
    assert [decision.cause for decision in world.decided.decisions] == ["agent_freed"] * 3
    assert sum(world.state.waiting.count.values()) == 2


def test_lowered_capacity_takes_nothing_away_and_a_raised_one_takes_what_waits() -> None:
    world = World(setting("ani", capacity=2))
    for _ in range(3):
        world.submit()
    world.configure(document(), setting("ani", capacity=1))
    assert (world.load("ani"), world.agent("ani")["free"]) == (2, -1)
    world.configure(document(), setting("ani", capacity=3))
    assert world.load("ani") == 3
    assert world.decided.decisions[0].cause == "configuration_applied"
