"""Work in hand: handed on to a queue, a team or somebody, and given back."""

from typing import Any

import pytest

from app.engine import commands, refusals
from app.engine.events import SlaStarted, TicketAssigned, TicketTransferred
from app.engine.ids import TicketId
from app.engine.tickets import NONE
from app.engine.vocabulary import Metric, Presence
from tests.engine.worlds import SYSTEM, World, agent_id, as_agent, policy, queue, queue_id, setting, sla, team_id

ANI, BUDI = as_agent("ani"), as_agent("budi")


def desks(**fields: Any) -> World:
    """Two queues: ani works in the first, budi in the second, citra in both but is away."""
    world = World(
        setting("ani", capacity=2),
        setting("budi", ("back",), capacity=2),
        setting("citra", ("front", "back"), capacity=2),
        queues=[queue(), queue("other", ("back",), **fields)],
        routing_policies=[policy(), policy("asking", handover="offer", offer_seconds=60)],
    )
    world.presence("citra", Presence.AWAY)
    return world


def transfer(
    ticket: TicketId, actor: commands.Actor = SYSTEM, version: int | None = None, **place: Any
) -> commands.TransferTicket:
    return commands.TransferTicket(actor, ticket, version, **place)


def test_to_a_queue_it_is_routed_there_and_what_was_required_is_a_wish() -> None:
    world = desks()
    ticket = world.submit(skills=(("law", 9),), team="front")
    world.do(commands.AssignTicket(SYSTEM, ticket, agent=agent_id("ani")))
    world.do(transfer(ticket, ANI, queue="other"))
    assert world.types() == ["ticket.returned", "ticket.transferred", "ticket.assigned"]
    moved = world.first(TicketTransferred)
    assert (moved.queue, moved.from_queue, moved.team, moved.agent) == (queue_id("other"), queue_id("general"), None, None)
    wanted = world.state.requirement(world.slot(ticket))
    assert (world.owner(ticket), wanted.queue, wanted.team, wanted.skills) == ("budi", queue_id("other"), None, ())
    assert [need.level for need in wanted.wishes] == [9]
    assert (world.load("ani"), world.load("budi")) == (0, 1)


def test_to_a_team_it_waits_for_that_team() -> None:
    world = desks()
    ticket = world.submit()
    world.do(transfer(ticket, team="senior"))
    assert world.types() == ["ticket.returned", "ticket.transferred", "ticket.queued"]
    assert world.do(transfer(ticket, team="senior")).events == []
    assert world.state.requirement(world.slot(ticket)).team == team_id("senior")
    world.do(transfer(ticket, queue="general"))
    assert world.types() == ["ticket.transferred", "ticket.queued"]  # ani gave it away; citra is away
    assert world.state.tickets.transferred[world.slot(ticket)] == 2


def test_to_an_agent_it_is_theirs_and_no_turn_moves() -> None:
    world = desks()
    ticket = world.submit()
    turns = world.everything()[0]["turns"]
    world.do(transfer(ticket, agent=agent_id("budi")))
    assert world.types() == ["ticket.returned", "ticket.transferred", "ticket.assigned"]
    given = world.first(TicketAssigned)
    assert (given.how, given.forced, world.owner(ticket)) == ("transferred", False, "budi")
    assert world.everything()[0]["turns"] == turns
    assert world.do(transfer(ticket, ANI, agent=agent_id("budi"))).events == []  # ani had it, and says it again


def test_to_a_full_agent_needs_force() -> None:
    world = desks()
    for _ in range(2):
        world.submit(queue="other")
    ticket = world.submit()
    refused = world.refuse(transfer(ticket, agent=agent_id("budi")), refusals.AgentAtCapacity)
    assert refused.facts == {"load": 2, "capacity": 2}
    world.do(transfer(ticket, agent=agent_id("budi"), force=True))
    assert (world.first(TicketAssigned).forced, world.load("budi")) == (True, 3)


def test_who_gave_it_away_is_not_given_it_again_by_routing_but_by_hand() -> None:
    world = desks()
    first = world.submit()
    world.do(commands.ReturnTicket(ANI, first))
    assert world.types() == ["ticket.returned", "ticket.queued"]
    assert world.body()["rejected"][-1]["reason"] in ("away", "declined")
    assert world.do(commands.Drain(SYSTEM)).events == []
    assert world.do(commands.ReturnTicket(ANI, first)).events == []  # said again
    world.do(commands.AssignTicket(SYSTEM, first, agent=agent_id("ani")))
    assert world.owner(first) == "ani"


def test_a_returned_ticket_keeps_its_place() -> None:
    world = desks()
    first = world.submit()
    world.submit(after=1)
    third = world.submit(after=1)
    assert world.status(third) == "waiting"
    world.do(commands.ReturnTicket(ANI, first), after=10)
    assert world.owner(third) == "ani"  # the room that ani has now
    fourth = world.submit(after=1)
    world.presence("citra")
    assert world.owner(first) == world.owner(fourth) == "citra"
    slots = {ticket: world.slot(ticket) for ticket in (first, fourth)}
    assert world.types()[1:] == ["ticket.assigned", "ticket.assigned"]
    assert world.first(TicketAssigned).ticket == first
    assert world.state.tickets.waiting_since[slots[first]] < world.state.tickets.waiting_since[slots[fourth]]


def test_an_agent_hands_on_only_their_own() -> None:
    world = desks()
    ticket, waiting = world.submit(), world.submit(team="senior")
    for command in (
        transfer(ticket, BUDI, queue="other"),
        transfer(waiting, BUDI, team="senior"),  # it waits there already, which is none of budi's business
        commands.ReturnTicket(BUDI, ticket),
        commands.ReturnTicket(BUDI, waiting),
    ):
        world.refuse(command, refusals.NotYours)


def test_what_is_over_unknown_or_stale_is_refused() -> None:
    world = desks()
    ticket = world.submit()
    world.refuse(transfer(ticket, queue="nowhere"), refusals.UnknownReference)
    world.refuse(transfer(ticket, team="nobody"), refusals.UnknownReference)
    world.refuse(transfer(ticket, agent=agent_id("zed")), refusals.AgentNotFound)
    world.refuse(transfer(ticket, version=1, queue="other"), refusals.VersionMismatch)
    world.refuse(commands.ReturnTicket(SYSTEM, ticket, 1), refusals.VersionMismatch)
    world.do(commands.ResolveTicket(SYSTEM, ticket))
    world.refuse(transfer(ticket, queue="other"), refusals.WrongState)
    world.refuse(commands.ReturnTicket(SYSTEM, ticket), refusals.WrongState)


def test_what_was_offered_is_withdrawn_and_what_was_pending_runs_again() -> None:
    world = desks(routing_policy="asking")
    asked = world.submit(queue="other")
    assert world.status(asked) == "offered"
    world.do(transfer(asked, queue="general"))
    assert world.types() == ["offer.withdrawn", "ticket.transferred", "ticket.assigned"]
    world.do(commands.PendTicket(SYSTEM, asked))
    world.do(transfer(asked, team="senior"))
    assert world.types() == ["ticket.resumed", "ticket.returned", "ticket.transferred", "ticket.queued"]


@pytest.mark.parametrize("responded", [False, True])
def test_running_promises_keep_their_deadlines_and_missing_ones_start(responded: bool) -> None:
    slow = sla("slow", targets={"medium": {"first_response_seconds": 900, "resolution_seconds": 9000}})
    short = sla("short", targets={"medium": {"resolution_seconds": 50}})
    world = World(
        setting("ani"),
        queues=[queue(), queue("other", sla_policy="short"), queue("third", sla_policy="slow")],
        sla_policies=[slow, short],
    )
    ticket = world.submit()
    if responded:
        world.do(commands.RespondTicket(SYSTEM, ticket))
    timers = world.state.tickets.timers
    slot = world.slot(ticket)
    world.do(transfer(ticket, queue="other"), after=10)
    began = world.now
    assert [timer.metric for timer in world.first(SlaStarted).timers] == [Metric.RESOLUTION]
    assert timers[Metric.RESOLUTION].due[slot] == began + 50_000
    world.do(transfer(ticket, queue="third"), after=10)
    assert timers[Metric.RESOLUTION].due[slot] == began + 50_000
    first = timers[Metric.FIRST_RESPONSE].due[slot]
    assert first == (NONE if responded else world.now + 900_000)


def test_a_breach_in_the_new_queue_escalates_by_its_policy() -> None:
    old = sla("old", escalations=[{"metric": "resolution", "after_seconds": 0, "raise_priority": True}])
    new = sla("new", escalations=[{"metric": "resolution", "after_seconds": 7, "move_to_team": "senior"}])
    world = World(setting("ani"), queues=[queue(sla_policy="old"), queue("other", sla_policy="new")], sla_policies=[old, new])
    ticket = world.submit()
    world.do(transfer(ticket, queue="other"))
    world.tick(ticket, Metric.RESOLUTION, after=1000)
    assert world.types() == ["sla.breached"]
    world.tick(ticket, Metric.RESOLUTION, after=7)
    assert world.types()[:2] == ["sla.stepped", "ticket.escalated"]
    assert world.state.requirement(world.slot(ticket)).team == team_id("senior")
