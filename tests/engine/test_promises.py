"""An SLA from its start to its end: warned, breached, escalated, kept, standing still; each step once."""

from typing import Any

import pytest

from app.engine import commands
from app.engine.canonical import canonical
from app.engine.events import (
    SlaBreached,
    SlaMet,
    SlaPaused,
    SlaResumed,
    SlaStarted,
    SlaStepped,
    SlaWarned,
    TicketAssigned,
    TicketEscalated,
    TicketTransferred,
)
from app.engine.ids import TicketId
from app.engine.vocabulary import Metric, Priority, TimerState
from tests.engine.worlds import START, SYSTEM, World, agent_id, document, policy, queue, setting, sla, team_id

FIRST, LAST = Metric.FIRST_RESPONSE, Metric.RESOLUTION


def promised(*agents: commands.AgentSetting, **fields: Any) -> World:
    """Answer within 100 s, end within 1,000 s."""
    return World(*(agents or (setting("ani"),)), sla_policies=[sla(**fields)], queues=[queue(sla_policy="promise")])


def timer(world: World, ticket: TicketId, metric: Metric) -> tuple[int, ...] | None:
    """due, next, state, step, version, started: as far as it is live."""
    found: tuple[int, ...] | None = canonical(world.state)["tickets"][ticket.hex()]["timers"].get(metric)
    return found


def state_of(world: World, ticket: TicketId, metric: Metric) -> TimerState:
    return tuple(TimerState)[world.state.tickets.timers[metric].state[world.slot(ticket)]]


def test_promises_start_with_the_ticket() -> None:
    world = promised(warn_at_percent=75)
    world.submit()
    started = world.first(SlaStarted).timers
    assert [(timer.metric, timer.due_at - START, timer.next_at - START, timer.step) for timer in started] == [
        (FIRST, 100_000, 75_000, 0),
        (LAST, 1_000_000, 750_000, 0),
    ]


def test_priority_without_a_target_and_queue_without_a_policy_promise_nothing() -> None:
    world = promised(targets={"high": {"resolution_seconds": 5}})
    world.submit()
    assert "sla.started" not in world.types()
    world.submit(priority=Priority.HIGH)
    assert [each.metric for each in world.first(SlaStarted).timers] == [LAST]
    world = World(setting("ani"))
    world.submit()
    assert "sla.started" not in world.types()


def test_warned_then_breached_then_nothing() -> None:
    world = promised(warn_at_percent=80)
    ticket = world.submit()
    warned = world.tick(ticket, FIRST, after=81).events
    assert warned == [SlaWarned(ticket, FIRST, START + 100_000, START + 100_000, 1, 1000)]
    breached = world.tick(ticket, FIRST, after=19.5).events
    assert breached == [SlaBreached(ticket, FIRST, START + 100_000, None, 2, 500)]
    assert world.tick(ticket, FIRST, after=9999).events == []
    assert state_of(world, ticket, FIRST) is TimerState.BREACHED


def test_step_takes_effect_once_and_not_before_its_time() -> None:
    world = promised(warn_at_percent=80)
    ticket = world.submit()
    assert world.tick(ticket, FIRST, after=79.999).events == []
    due = commands.TimerDue(SYSTEM, ticket, FIRST, 1)
    assert len(world.do(due, after=0.001).events) == 1
    assert world.do(due, after=1000).events == []
    assert world.do(commands.TimerDue(SYSTEM, TicketId(b"?" * 16), FIRST, 1)).events == []


LEVELS = [
    {"metric": "first_response", "after_seconds": 0, "raise_priority": True},
    {"metric": "first_response", "after_seconds": 60, "move_to_team": "senior", "raise_priority": True},
    {"metric": "first_response", "after_seconds": 120, "hand_to_id": agent_id("manager").hex()},
]


def test_levels_of_escalation_are_taken_one_after_the_other() -> None:
    world = promised(setting("ani"), setting("sri", ("senior",)), setting("manager", ("back",), capacity=0), escalations=LEVELS)
    ticket = world.submit(skills=())
    assert world.owner(ticket) == "ani"
    world.tick(ticket, FIRST, after=100)
    assert world.types() == ["sla.breached"]
    world.tick(ticket, FIRST)
    assert world.types() == ["sla.stepped", "ticket.escalated", "ticket.updated"]
    assert world.first(SlaStepped).next_at == START + 160_000
    assert world.state.tickets.priority_of(world.slot(ticket)) is Priority.HIGH
    world.tick(ticket, FIRST, after=60)
    assert world.types() == [
        "sla.stepped", "ticket.escalated", "ticket.updated", "ticket.returned", "ticket.transferred", "ticket.assigned",
    ]  # fmt: skip
    assert world.first(TicketTransferred).team == team_id("senior")
    assert (world.owner(ticket), world.load("ani")) == ("sri", 0)
    world.tick(ticket, FIRST, after=60)
    assert world.first(TicketEscalated).level == 3
    assert world.first(TicketAssigned) == TicketAssigned(
        ticket, agent_id("manager"), world.first(TicketAssigned).assignment, "escalation", forced=True
    )
    assert (world.owner(ticket), world.load("manager"), world.agent("manager")["free"]) == ("manager", 1, -1)
    assert world.state.tickets.escalated[world.slot(ticket)] == 3
    assert world.tick(ticket, FIRST, after=9999).events == []


def test_required_skills_become_wishes_when_a_team_is_chosen_by_name() -> None:
    world = promised(setting("ani"), setting("sri", ("senior",)), escalations=LEVELS[1:2])
    ticket = world.submit(skills=(("law", 3),))
    assert world.owner(ticket) is None
    for _ in range(2):
        world.tick(ticket, FIRST, after=160)
    wanted = world.state.requirement(world.slot(ticket))
    assert (world.owner(ticket), wanted.skills, len(wanted.wishes)) == ("sri", (), 1)


def test_urgent_stays_urgent_and_a_manager_who_has_left_gets_nothing() -> None:
    world = promised(escalations=[LEVELS[0], LEVELS[2]])
    ticket = world.submit(priority=Priority.URGENT)
    world.tick(ticket, FIRST, after=100)
    world.tick(ticket, FIRST)
    assert world.types() == ["sla.stepped", "ticket.escalated"]
    world.tick(ticket, FIRST, after=200)
    assert world.types() == ["sla.stepped", "ticket.escalated"]
    assert world.owner(ticket) == "ani"


def test_manager_who_is_asked_about_the_ticket_gets_it() -> None:
    escalations = [{"metric": "first_response", "after_seconds": 0, "hand_to_id": agent_id("ani").hex()}]
    world = World(
        setting("ani"),
        routing_policies=[policy(handover="offer", offer_seconds=3600)],
        sla_policies=[sla(escalations=escalations)],
        queues=[queue(sla_policy="promise")],
    )
    ticket = world.submit()
    world.tick(ticket, FIRST, after=100)
    world.tick(ticket, FIRST)
    assert world.types() == ["sla.stepped", "ticket.escalated", "offer.withdrawn", "ticket.assigned"]
    assert not world.first(TicketAssigned).forced
    assert world.load("ani") == 1


@pytest.mark.parametrize(("after", "in_time"), [(99, True), (100, True), (100.001, False)])
def test_answer_keeps_the_promise_in_time_or_late(after: float, in_time: bool) -> None:
    world = promised()
    ticket = world.submit()
    world.do(commands.RespondTicket(SYSTEM, ticket), after=after)
    assert ("sla.breached" in world.types(), world.first(SlaMet).in_time) == (not in_time, in_time)
    assert state_of(world, ticket, FIRST) is (TimerState.MET if in_time else TimerState.MISSED)
    world.do(commands.RespondTicket(SYSTEM, ticket), after=9999)
    assert world.types() == ["ticket.responded"]


def test_resolving_without_a_word_fulfils_both_promises() -> None:
    world = promised()
    ticket = world.submit()
    world.do(commands.ResolveTicket(SYSTEM, ticket), after=500)
    met = [(event.metric, event.in_time) for event in world.decided.events if isinstance(event, SlaMet)]
    assert met == [(FIRST, False), (LAST, True)]


def test_resolution_stands_still_while_pending_and_runs_on_after() -> None:
    world = promised(warn_at_percent=80)
    ticket = world.submit()
    world.do(commands.PendTicket(SYSTEM, ticket), after=300)
    assert world.first(SlaPaused) == SlaPaused(ticket, LAST, 700_000, 500_000)
    assert state_of(world, ticket, FIRST) is TimerState.RUNNING
    assert world.tick(ticket, LAST, after=9_700).events == []
    world.do(commands.StartTicket(SYSTEM, ticket))
    assert world.first(SlaResumed) == SlaResumed(ticket, LAST, START + 10_700_000, START + 10_500_000)
    assert world.tick(ticket, LAST, after=499).events == []
    assert world.tick(ticket, LAST, after=1).events != []


def test_deadline_passed_unseen_before_the_pause_is_still_missed() -> None:
    world = promised()
    ticket = world.submit()
    world.do(commands.PendTicket(SYSTEM, ticket), after=1005)
    world.do(commands.ResolveTicket(SYSTEM, ticket), after=50)
    late = [event for event in world.decided.events if isinstance(event, SlaBreached) and event.metric is LAST]
    assert [event.late_ms for event in late] == [5000]
    assert [event.in_time for event in world.decided.events if isinstance(event, SlaMet)] == [False, False]


def test_customers_message_wakes_what_waited_for_the_customer_alone() -> None:
    for reason, expected in (("customer", "in_progress"), ("third_party", "pending")):
        world = promised()
        ticket = world.submit()
        world.do(commands.PendTicket(SYSTEM, ticket, reason=reason))
        world.do(commands.AddMessage(SYSTEM, ticket, inbound=True), after=1)
        assert world.status(ticket) == expected


def test_cancelled_ticket_is_promised_nothing() -> None:
    world = promised()
    ticket = world.submit()
    world.do(commands.CancelTicket(SYSTEM, ticket))
    assert world.types() == ["sla.cancelled", "sla.cancelled", "ticket.cancelled"]


@pytest.mark.parametrize("together", [True, False])
def test_reopened_ticket_is_promised_its_end_anew(together: bool) -> None:
    world = promised(warn_at_percent=80)
    ticket = world.submit()
    world.tick(ticket, LAST, after=800)
    world.do(commands.ResolveTicket(SYSTEM, ticket), settle=not together)
    world.do(commands.ReopenTicket(SYSTEM, ticket), after=10)
    assert [each.metric for each in world.first(SlaStarted).timers] == [LAST]
    assert timer(world, ticket, FIRST) is None
    assert timer(world, ticket, LAST) == (START + 1_810_000, START + 1_610_000, 0, 0, 1, START + 810_000)


def test_parked_timer_does_not_fire_even_after_a_pause() -> None:
    world = promised()
    ticket = world.submit()
    world.do(commands.ParkTimer(SYSTEM, ticket, LAST))
    assert world.types() == ["timer.parked"]
    assert world.do(commands.ParkTimer(SYSTEM, ticket, LAST)).events == []
    world.do(commands.PendTicket(SYSTEM, ticket), after=1)
    world.do(commands.StartTicket(SYSTEM, ticket), after=1)
    assert world.first(SlaResumed).next_at is None
    assert world.tick(ticket, LAST, after=99_999).events == []


def test_timer_that_stands_still_is_not_parked() -> None:
    world = promised()
    ticket = world.submit()
    world.do(commands.PendTicket(SYSTEM, ticket))
    assert world.do(commands.ParkTimer(SYSTEM, ticket, LAST)).events == []


def test_levels_that_a_new_configuration_no_longer_has_are_passed_over() -> None:
    world = promised(escalations=LEVELS)
    ticket = world.submit()
    world.tick(ticket, FIRST, after=100)
    world.configure(document(sla_policies=[sla()], queues=[queue(sla_policy="promise")]))
    world.tick(ticket, FIRST)
    assert world.types() == ["sla.stepped"]
    assert world.first(SlaStepped).next_at is None
