"""A ticket is put aside for a time and comes back by itself, or earlier."""

from collections.abc import Callable

import pytest

from app.engine import commands, refusals
from app.engine.events import TicketPaused
from app.engine.ids import TicketId
from app.engine.vocabulary import Metric
from tests.engine.worlds import SYSTEM, World, as_agent, document, queue, setting

ANI = as_agent("ani")


def desk() -> tuple[World, TicketId]:
    """Ani owns a ticket whose resolution was promised within 1,000 s; the policy stops that clock while pending."""
    world = World(setting("ani"), setting("budi"), queues=[queue(sla_policy="promise")])
    ticket = world.submit()
    assert world.owner(ticket) == "ani"
    return world, ticket


def snooze(ticket: TicketId, seconds: int = 60, actor: commands.Actor = ANI) -> commands.SnoozeTicket:
    return commands.SnoozeTicket(actor, ticket, milliseconds=seconds * 1000)


def test_it_comes_back_to_its_owner_and_the_clock_stood_still() -> None:
    world, ticket = desk()
    due_at = world.state.tickets.timers[Metric.RESOLUTION].due[world.slot(ticket)]
    world.do(snooze(ticket))
    assert world.types() == ["ticket.paused", "sla.paused"]
    until = world.first(TicketPaused).until_at
    assert (world.status(ticket), until, world.load("ani")) == ("pending", world.now + 60_000, 1)
    wake = commands.WakeTicket(SYSTEM, ticket, until)
    assert world.do(wake, after=59.999).events == []
    world.do(wake, after=0.001)
    assert world.types() == ["ticket.resumed", "sla.resumed"]
    assert (world.status(ticket), world.owner(ticket)) == ("in_progress", "ani")
    assert world.state.tickets.timers[Metric.RESOLUTION].due[world.slot(ticket)] == due_at + 60_000
    assert world.do(wake).events == []


@pytest.mark.parametrize(
    ("command", "first"),
    [
        (lambda ticket: commands.AddMessage(SYSTEM, ticket, inbound=True), "ticket.message_received"),
        (lambda ticket: commands.StartTicket(ANI, ticket), "ticket.resumed"),
        (lambda ticket: commands.ReturnTicket(ANI, ticket), "ticket.resumed"),
        (lambda ticket: commands.PendTicket(ANI, ticket), "ticket.paused"),
        (lambda ticket: commands.ResolveTicket(ANI, ticket), "sla.met"),
    ],
)
def test_what_ends_it_early_leaves_nothing_to_wake(command: Callable[[TicketId], commands.Command], first: str) -> None:
    world, ticket = desk()
    world.do(snooze(ticket))
    until = world.first(TicketPaused).until_at
    world.do(command(ticket))
    assert world.types()[0] == first
    assert world.do(commands.WakeTicket(SYSTEM, ticket, until), after=60).events == []


def test_when_its_owner_is_removed_it_goes_to_others() -> None:
    world, ticket = desk()
    world.do(snooze(ticket))
    world.configure(document(queues=[queue(sla_policy="promise")]), removed=["ani"])
    assert "ticket.resumed" in world.types()
    assert (world.status(ticket), world.owner(ticket)) == ("assigned", "budi")


def test_again_moves_the_moment_and_the_same_moment_is_nothing_new() -> None:
    world, ticket = desk()
    until = world.now + 60_000
    world.do(commands.SnoozeTicket(ANI, ticket, until_at=until))
    assert world.do(commands.SnoozeTicket(ANI, ticket, until_at=until), after=1).events == []
    world.do(snooze(ticket, 90))
    assert world.types() == ["ticket.paused"]
    assert world.do(commands.WakeTicket(SYSTEM, ticket, until), after=60).events == []


def test_what_cannot_be_put_aside() -> None:
    world, ticket = desk()
    for until in (0, world.now, world.now + 367 * 86_400_000):
        refused = world.refuse(commands.SnoozeTicket(ANI, ticket, until_at=until), refusals.WrongMoment)
        assert refused.facts == {"pointer": "/until_at"}
    world.refuse(snooze(ticket, actor=as_agent("budi")), refusals.NotYours)
    waiting = world.submit(team="senior")
    world.refuse(snooze(waiting, actor=SYSTEM), refusals.WrongState)
