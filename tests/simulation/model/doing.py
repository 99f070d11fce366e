"""What people and clocks do, plainly: one function per kind of command. Only what was accepted is played here."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.engine import commands
from app.engine.ids import AgentId, QueueId, TeamId
from app.engine.vocabulary import Metric, Presence
from tests.engine.plain import PlainAgent
from tests.simulation.model import meeting, promising
from tests.simulation.model.choosing import drain_all, give, hand, place_of, route
from tests.simulation.model.desk import ENDED, OWNED, Desk, Ticket
from tests.simulation.model.submitting import submit
from tests.simulation.model.updating import update


def assign(desk: Desk, command: commands.AssignTicket) -> None:
    ticket, agent = desk.tickets[command.ticket], desk.agent(command.agent)
    assert agent is not None
    if ticket.status in OWNED and ticket.agent == command.agent:
        return
    promising.free(desk, ticket, "reassigned")
    hand(desk, ticket, agent, "by_hand")
    desk.freed.discard(command.agent)


def transfer(desk: Desk, command: commands.TransferTicket) -> None:
    ticket = desk.tickets[command.ticket]
    queue = QueueId(desk.id_of("queues", command.queue)) if command.queue else None
    team = TeamId(desk.id_of("teams", command.team)) if command.team else None
    if command.agent:
        there = ticket.status in OWNED and ticket.agent == command.agent
    else:
        there = ticket.status == "waiting" and ticket.asked.team == team and queue in (None, ticket.queue)
    if not there:
        _hand_on(desk, ticket, "transferred", queue=queue, team=team, agent=command.agent)


def give_back(desk: Desk, command: commands.ReturnTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status != "waiting":
        promising.free(desk, ticket, "returned")
        route(desk, ticket)


def take(desk: Desk, command: commands.TakeTicket) -> None:
    ticket, agent = desk.tickets[command.ticket], desk.agent(command.agent)
    assert agent is not None
    if ticket.status == "waiting":
        hand(desk, ticket, agent, "taken")


def take_next(desk: Desk, command: commands.TakeNext) -> None:
    agent, queue = desk.agent(command.agent), QueueId(desk.id_of("queues", command.queue))
    assert agent is not None
    waiting = [ticket for ticket in desk.tickets.values() if ticket.status == "waiting" and ticket.queue == queue]
    may = [ticket for ticket in waiting if desk.queues[queue].why_not(agent, ticket.asked, ticket.declined) is None]
    if may:
        hand(desk, min(may, key=lambda ticket: (*place_of(desk, ticket), ticket.number)), agent, "taken")


def _hand_on(
    desk: Desk, ticket: Ticket, reason: str, *, queue: QueueId | None, team: TeamId | None, agent: AgentId | None
) -> None:
    promising.free(desk, ticket, reason)
    promising.move(desk, ticket, reason, queue=queue, team=team, agent=agent)
    if queue:
        late = ticket.responded or ticket.reopened
        metrics = (metric for metric in Metric if not (late and metric is Metric.FIRST_RESPONSE))
        promising.start(desk, ticket, *(each for each in metrics if not promising.lives(ticket, each)))
    holder = desk.agent(agent) if agent else None
    if agent is None or holder is None:
        route(desk, ticket)
        return
    hand(desk, ticket, holder, "transferred")
    desk.freed.discard(agent)


def start(desk: Desk, command: commands.StartTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status == "pending":
        _go_on(desk, ticket)
    elif ticket.status == "assigned":
        ticket.status = "in_progress"
        desk.say("ticket.started", ticket.id, ticket.agent)


def respond(desk: Desk, command: commands.RespondTicket | commands.AddMessage) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status == "assigned":
        ticket.status = "in_progress"
        desk.say("ticket.started", ticket.id, ticket.agent)
    desk.say("ticket.responded", ticket.id, not ticket.responded)
    ticket.responded = True
    promising.fulfil(desk, ticket, Metric.FIRST_RESPONSE)


def message(desk: Desk, command: commands.AddMessage) -> None:
    ticket = desk.tickets[command.ticket]
    if not command.inbound:
        respond(desk, command)
        return
    desk.say("ticket.message_received", ticket.id)
    if ticket.status == "resolved":
        _reopen(desk, ticket)
    elif ticket.status == "pending" and ticket.reason in ("customer", "snoozed"):
        _go_on(desk, ticket)


def pend(desk: Desk, command: commands.PendTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status == "pending" and ticket.reason == command.reason:
        return
    ticket.status, ticket.reason, ticket.until = "pending", command.reason, None
    desk.say("ticket.paused", ticket.id, command.reason, None)
    promising.pause(desk, ticket)


def snooze(desk: Desk, command: commands.SnoozeTicket) -> None:
    ticket = desk.tickets[command.ticket]
    until = desk.now + (command.milliseconds or 0) if command.until_at is None else command.until_at
    if ticket.status == "pending" and ticket.until == until:
        return
    ticket.status, ticket.reason, ticket.until = "pending", "snoozed", until
    desk.say("ticket.paused", ticket.id, "snoozed", until)
    promising.pause(desk, ticket)


def wake(desk: Desk, command: commands.WakeTicket) -> None:
    ticket = desk.tickets.get(command.ticket)
    if ticket is not None and ticket.until == command.until_at <= desk.now:
        _go_on(desk, ticket)


def follow(desk: Desk, command: commands.FollowTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if (command.agent in ticket.followers) is not command.follows:
        ticket.followers ^= {command.agent}
        desk.say(f"ticket.follower_{'added' if command.follows else 'removed'}", ticket.id, command.agent)


def resolve(desk: Desk, command: commands.ResolveTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status == "resolved":
        return
    promising.withdraw(desk, ticket)
    for metric in Metric:
        promising.fulfil(desk, ticket, metric)
    desk.say("ticket.resolved", ticket.id, ticket.agent)
    _end(desk, ticket, "resolved")


def reopen(desk: Desk, command: commands.ReopenTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status in ENDED:
        _reopen(desk, ticket)


def close(desk: Desk, command: commands.CloseTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status != "closed":
        desk.say("ticket.closed", ticket.id)
        ticket.status = "closed"


def cancel(desk: Desk, command: commands.CancelTicket) -> None:
    ticket = desk.tickets[command.ticket]
    if ticket.status == "cancelled":
        return
    promising.withdraw(desk, ticket)
    promising.cancel(desk, ticket)
    desk.say("ticket.cancelled", ticket.id)
    _end(desk, ticket, "cancelled")


def answer(desk: Desk, command: commands.AnswerOffer) -> None:
    if desk.answered.get(command.offer) is command.accept:
        return  # said again
    desk.answered[command.offer] = command.accept
    ticket = desk.tickets[command.ticket]
    agent = desk.agent(ticket.agent) if ticket.agent else None
    assert agent is not None
    assert ticket.offer == command.offer
    desk.release(ticket, idle=False)
    if command.accept:
        desk.say("offer.accepted", ticket.id, agent.setting.agent)
        able = desk.queues[ticket.queue].rank(ticket.asked, ticket.declined)
        give(desk, ticket, agent, able if agent in able else [*able, agent], "accepted")
    else:
        _turned_down(desk, ticket, agent, "offer.declined")


def offer_due(desk: Desk, command: commands.OfferDue) -> None:
    ticket = desk.tickets.get(command.ticket)
    if ticket is None or ticket.status != "offered" or ticket.offer != command.offer or desk.now < ticket.expires_at:
        return
    agent = desk.agent(ticket.agent) if ticket.agent else None
    assert agent is not None
    desk.release(ticket, idle=False)
    _turned_down(desk, ticket, agent, "offer.expired")


def park(desk: Desk, command: commands.ParkTimer) -> None:
    ticket = desk.tickets.get(command.ticket)
    clock = ticket.clocks.get(command.metric) if ticket else None
    if ticket and clock and clock.state in ("running", "breached") and clock.next is not None:
        clock.next, clock.version = None, clock.version + 1
        desk.say("timer.parked", ticket.id, command.metric)


def presence(desk: Desk, command: commands.SetPresence) -> None:
    agent = desk.agent(command.agent)
    assert agent is not None
    if agent.presence is command.presence:
        return
    desk.say("agent.presence_changed", command.agent, agent.presence, command.presence)
    agent.presence, agent.presence_at = command.presence, desk.now
    if command.presence is Presence.AVAILABLE:
        desk.join(agent)
        desk.freed.add(command.agent)
        return
    for ticket in desk.held_by(command.agent, "offered"):
        promising.withdraw(desk, ticket)
        route(desk, ticket)


def release(desk: Desk, command: commands.ReleaseAgent) -> None:
    agent = desk.agent(command.agent)
    assert agent is not None
    if command.offline and agent.presence is not Presence.OFFLINE:
        presence(desk, commands.SetPresence(command.actor, command.agent, Presence.OFFLINE))
    queue = QueueId(desk.id_of("queues", command.queue)) if command.queue else None
    team = TeamId(desk.id_of("teams", command.team)) if command.team else None
    other = desk.agent(command.to_agent) if command.to_agent else None
    for ticket in desk.held_by(command.agent, *OWNED):
        room = other is None or other.left(ticket.asked.channel) >= ticket.asked.cost
        if (queue or team or other) and room:
            _hand_on(desk, ticket, "released", queue=queue, team=team, agent=command.to_agent)
        else:
            promising.free(desk, ticket, "released")
            route(desk, ticket)


def switch_queue(desk: Desk, command: commands.SwitchQueue) -> None:
    queue = QueueId(desk.id_of("queues", command.queue))
    before = desk.switched.get(queue, "running")
    if before == command.to:
        return
    desk.say({"paused": "queue.paused", "draining": "queue.drain_started", "running": "queue.resumed"}[command.to], queue)
    desk.switched[queue] = command.to
    if before == "paused":
        drain_all(desk)


def switch_workspace(desk: Desk, command: commands.SwitchWorkspace) -> None:
    if desk.stopped is command.paused:
        return
    desk.stopped = command.paused
    desk.say("workspace.paused" if command.paused else "workspace.resumed")
    if not command.paused:
        drain_all(desk)


def configure(desk: Desk, command: commands.ApplyConfiguration) -> None:
    desk.version += 1
    desk.say("configuration.applied", desk.version)
    desk.configure(command.document)
    for setting in command.agents:
        _put_agent(desk, setting)
    orphans = []
    for gone in command.removed:
        agent = desk.agent(gone)
        if agent is None:
            continue
        for ticket in desk.held_by(gone, "offered", *OWNED):
            promising.free(desk, ticket, "agent_deleted")
            orphans.append(ticket)
        desk.say("agent.deleted", gone)
        desk.staff.remove(agent)
        for queue in desk.queues.values():
            queue.turns.pop(agent.number, None)
    for ticket in orphans:
        route(desk, ticket)
    desk.freed.clear()
    drain_all(desk)


def advance(desk: Desk, command: commands.AdvanceClock) -> None:
    if command.milliseconds:
        desk.say("sandbox.clock_advanced", command.milliseconds)


def _put_agent(desk: Desk, setting: commands.AgentSetting) -> None:
    agent = desk.agent(setting.agent)
    if agent is None:
        desk.agent_number += 1
        desk.say("agent.created", setting.agent, desk.agent_number)
        desk.staff.append(PlainAgent(desk.agent_number, setting, Presence.OFFLINE, presence_at=desk.now))
    elif replace(agent.setting, name="", title="", external_id=None) != replace(setting, name="", title="", external_id=None):
        desk.say("agent.updated", setting.agent)
        agent.setting = setting
        desk.join(agent)


def _go_on(desk: Desk, ticket: Ticket) -> None:
    ticket.status, ticket.reason, ticket.until = "in_progress", None, None
    desk.say("ticket.resumed", ticket.id)
    promising.resume(desk, ticket)


def _end(desk: Desk, ticket: Ticket, status: str) -> None:
    if ticket.agent is not None:
        desk.freed.add(ticket.agent)
    desk.release(ticket, status, idle=True)


def _turned_down(desk: Desk, ticket: Ticket, agent: PlainAgent, kind: str) -> None:
    desk.say(kind, ticket.id, agent.setting.agent)
    ticket.declined.add(agent.setting.agent)
    desk.freed.add(agent.setting.agent)
    route(desk, ticket)


def _reopen(desk: Desk, ticket: Ticket) -> None:
    """Into the default queue, for any of its teams, where its own has gone."""
    if not desk.queue_named(ticket.queue):
        ticket.queue = QueueId(desk.id_of("queues", desk.document["default_queue"]))
        ticket.asked = replace(ticket.asked, team=None)
    ticket.reopened, ticket.since, ticket.status = ticket.reopened + 1, desk.now, ""
    ticket.declined.clear()
    desk.say("ticket.reopened", ticket.id, ticket.queue, ticket.priority, ticket.asked, ticket.reopened, ticket.escalated,
             ticket.transferred)  # fmt: skip
    promising.start(desk, ticket, Metric.RESOLUTION)
    route(desk, ticket)


DOING: dict[type[commands.Command], Callable[[Desk, Any], None]] = {
    commands.SubmitTicket: submit,
    commands.UpdateTicket: update,
    commands.AssignTicket: assign,
    commands.TransferTicket: transfer,
    commands.ReturnTicket: give_back,
    commands.TakeTicket: take,
    commands.TakeNext: take_next,
    commands.StartTicket: start,
    commands.RespondTicket: respond,
    commands.AddMessage: message,
    commands.PendTicket: pend,
    commands.SnoozeTicket: snooze,
    commands.WakeTicket: wake,
    commands.FollowTicket: follow,
    commands.ResolveTicket: resolve,
    commands.ReopenTicket: reopen,
    commands.CloseTicket: close,
    commands.CancelTicket: cancel,
    commands.AnswerOffer: answer,
    commands.OfferDue: offer_due,
    commands.TimerDue: promising.due,
    commands.ParkTimer: park,
    commands.SetPresence: presence,
    commands.ReleaseAgent: release,
    commands.CreateCustomer: meeting.create,
    commands.PutCustomer: meeting.put,
    commands.UpdateCustomer: meeting.update,
    commands.MergeCustomers: meeting.merge,
    commands.UnmergeCustomer: meeting.unmerge,
    commands.DeleteCustomer: meeting.delete,
    commands.SwitchQueue: switch_queue,
    commands.SwitchWorkspace: switch_workspace,
    commands.ApplyConfiguration: configure,
    commands.AdvanceClock: advance,
    commands.Drain: lambda desk, command: drain_all(desk),  # noqa: ARG005  (one shape for all)
}
