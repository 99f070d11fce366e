"""Queues and the whole workspace are paused, drained, and go on."""

import pytest

from app.engine import commands, refusals
from app.engine.commands import Command
from app.engine.events import OfferCreated, TicketAssigned, TicketCreated
from app.engine.vocabulary import Presence, Priority, QueueState, Status
from tests.engine.worlds import SYSTEM, World, agent_id, as_agent, document, policy, queue, queue_id, setting

PAUSE, DRAIN, RUN = QueueState.PAUSED, QueueState.DRAINING, QueueState.RUNNING


def desk(order: str = "fifo") -> World:
    """Both agents may take from both queues."""
    return World(
        setting("ani", capacity=3),
        setting("budi", capacity=3),
        queues=[queue(), queue("other")],
        routing_policies=[policy(order=order)],
    )


def switch(to: QueueState, name: str = "other") -> Command:
    return commands.SwitchQueue(SYSTEM, name, to)


def stop(*, paused: bool = True) -> Command:
    return commands.SwitchWorkspace(SYSTEM, paused)


@pytest.mark.parametrize(
    ("pause", "go_on", "held"),
    [(switch(PAUSE), switch(RUN), "queue_paused"), (stop(), stop(paused=False), "workspace_paused")],
)
def test_what_comes_waits_and_goes_out_when_it_goes_on(pause: Command, go_on: Command, held: str) -> None:
    world = desk()
    world.do(pause)
    assert world.do(pause).events == []
    ticket = world.submit(queue="other")
    assert (world.status(ticket), world.body()["held"], world.body()["eligible"]) == ("waiting", held, 2)
    assert world.do(commands.Drain(SYSTEM)).events == []
    world.presence("ani", Presence.AWAY)
    world.presence("ani")
    assert world.status(ticket) == "waiting"
    beside = world.submit()
    assert world.status(beside) == ("assigned" if held == "queue_paused" else "waiting")
    world.do(go_on)
    assert (world.status(ticket), world.status(beside)) == ("assigned", "assigned")
    assert world.decided.decisions[0].cause == "resumed"
    assert "held" not in world.body()
    assert world.do(go_on).events == []


def test_a_paused_queue_stays_paused_when_the_workspace_goes_on() -> None:
    world = desk()
    world.do(switch(PAUSE))
    world.do(stop())
    ticket = world.submit(queue="other")
    world.do(stop(paused=False))
    assert world.types() == ["workspace.resumed"]
    assert world.status(ticket) == "waiting"


def test_by_hand_by_transfer_and_by_taking_it_goes_as_before() -> None:
    world = desk(order="priority")
    world.do(switch(PAUSE))
    low, urgent, third, fourth = (
        world.submit(queue="other", priority=priority, after=1)
        for priority in (Priority.LOW, Priority.URGENT, Priority.MEDIUM, Priority.HIGH)
    )
    world.do(commands.TakeNext(as_agent("ani"), "other", agent_id("ani")))
    assert (world.owner(urgent), world.first(TicketAssigned).how) == ("ani", "taken")
    assert world.decided.decisions[0].cause == "taken"
    world.do(commands.TakeTicket(as_agent("ani"), low, agent=agent_id("ani")))
    world.do(commands.AssignTicket(SYSTEM, third, agent=agent_id("budi")))
    assert (world.owner(low), world.owner(third)) == ("ani", "budi")
    world.do(commands.TransferTicket(SYSTEM, fourth, queue="general"))
    assert world.status(fourth) == "assigned"
    world.do(commands.ReturnTicket(as_agent("ani"), low))
    assert world.types() == ["ticket.returned", "ticket.queued"]
    assert world.do(commands.TakeNext(SYSTEM, "other", agent_id("ani"))).events == []  # she gave it back
    world.do(commands.TakeNext(SYSTEM, "other", agent_id("budi")))
    assert world.owner(low) == "budi"


def test_an_open_offer_stands_and_what_is_declined_waits() -> None:
    world = World(setting("ani"), setting("budi"), routing_policies=[policy(handover="offer", offer_seconds=60)])
    first, second = world.submit(), world.submit()
    world.do(switch(PAUSE, "general"))
    for ticket, accept in ((first, True), (second, False)):
        slot = world.slot(ticket)
        offer = world.state.tickets.offers[slot]
        world.do(commands.AnswerOffer(SYSTEM, offer.id, ticket, accept))
    assert (world.status(first), world.status(second)) == ("assigned", "waiting")


def test_a_draining_queue_gives_out_and_takes_nothing_in() -> None:
    world = desk()
    world.do(stop())
    before = world.submit(queue="other")
    world.do(switch(DRAIN))
    redirected = world.submit(queue="other")
    assert world.first(TicketCreated).queue == queue_id("general")
    world.refuse(commands.TransferTicket(SYSTEM, redirected, queue="other"), refusals.QueueDraining)
    world.do(stop(paused=False))
    assert world.status(before) == world.status(redirected) == "assigned"
    world.do(commands.ResolveTicket(SYSTEM, before))
    world.do(commands.ReopenTicket(SYSTEM, before))
    assert world.state.requirement(world.slot(before)).queue == queue_id("other")
    world.do(switch(RUN))
    again = world.submit(queue="other")
    assert world.state.requirement(world.slot(again)).queue == queue_id("other")


def test_from_paused_to_draining_it_gives_out() -> None:
    world = desk()
    world.do(switch(PAUSE))
    ticket = world.submit(queue="other")
    world.do(switch(DRAIN))
    assert (world.types()[0], world.status(ticket)) == ("queue.drain_started", "assigned")


def test_the_default_queue_and_an_unknown_one_cannot_be_drained() -> None:
    world = desk()
    world.refuse(switch(DRAIN, "general"), refusals.QueueCannotDrain)
    world.refuse(switch(DRAIN, "nowhere"), refusals.QueueNotFound)
    world.configure(document(queues=[queue(), queue("other")], default_queue=None))
    world.refuse(switch(DRAIN), refusals.QueueCannotDrain)


def test_a_queue_that_goes_or_becomes_the_default_is_no_longer_switched() -> None:
    world = desk()
    world.do(switch(DRAIN))
    world.configure(document(queues=[queue(), queue("other")], default_queue="other"))
    assert world.state.queue_state(queue_id("other")) is RUN
    world.do(switch(PAUSE, "general"))
    world.configure(document(queues=[queue("other")], default_queue="other"))
    assert world.state.switches == {}


def test_those_who_were_offered_before_hide_nobody_behind_them() -> None:
    """Each time that they wait again they are put into their set anew: whoever drains looks at all who wait, not at all entries."""
    world = World(setting("ani", capacity=1), routing_policies=[policy(handover="offer", offer_seconds=60)])
    world.presence("ani", Presence.AWAY)
    before = [world.submit() for _ in range(2)]
    world.presence("ani")
    for ticket in before:
        world.do(commands.OfferDue(SYSTEM, world.first(OfferCreated).offer, ticket), after=60)
    world.do(switch(PAUSE, "general"))
    ticket = world.submit()
    world.do(switch(RUN, "general"))
    assert [world.status(each) for each in before] == [Status.WAITING] * 2
    assert world.owner(ticket) == "ani"
