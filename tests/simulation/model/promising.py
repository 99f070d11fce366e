"""Promises, plainly: one clock per ticket and metric."""

from dataclasses import replace
from typing import Any

from app.engine.commands import TimerDue
from app.engine.ids import AgentId, QueueId, TeamId
from app.engine.vocabulary import Metric, Priority
from tests.simulation.model.choosing import hand, route
from tests.simulation.model.desk import OWNED, Clock, Desk, Ticket

PRIORITIES = list(Priority)


def start(desk: Desk, ticket: Ticket, *metrics: Metric) -> None:
    promises = desk.promises(ticket.queue)
    target = (promises.get("targets") or {}).get(ticket.priority, {})
    begun = []
    for metric in metrics:
        allowed = 1000 * (target.get(f"{metric}_seconds") or 0)
        if allowed:
            percent, due = promises["warn_at_percent"], desk.now + allowed
            clock = Clock(due, due, 1) if percent is None else Clock(due, desk.now + allowed * percent // 100, 0)
            ticket.clocks[metric] = clock
            begun.append((metric, clock.due, clock.next, clock.step))
    if begun:
        desk.say("sla.started", ticket.id, tuple(begun))


def fulfil(desk: Desk, ticket: Ticket, metric: Metric) -> None:
    clock = ticket.clocks.get(metric)
    if clock is None or clock.state not in ("running", "paused", "breached"):
        return
    due = clock.due + (desk.now if clock.state == "paused" else 0)
    if clock.state != "breached" and desk.now > due:
        desk.say("sla.breached", ticket.id, metric, due, None, 2, desk.now - due)
        clock.state = "breached"
    desk.say("sla.met", ticket.id, metric, clock.state != "breached")
    clock.state = "missed" if clock.state == "breached" else "met"


def lives(ticket: Ticket, metric: Metric) -> bool:
    clock = ticket.clocks.get(metric)
    return clock is not None and clock.state in ("running", "paused", "breached")


def pause(desk: Desk, ticket: Ticket) -> None:
    for metric, clock in in_order(ticket):
        if metric in (desk.promises(ticket.queue).get("pause_on_pending") or ()) and clock.state == "running":
            clock.due, clock.state = clock.due - desk.now, "paused"
            clock.next = None if clock.next is None else max(clock.next - desk.now, 0)
            clock.version += 1
            desk.say("sla.paused", ticket.id, metric, clock.due, clock.next)


def resume(desk: Desk, ticket: Ticket) -> None:
    for metric, clock in in_order(ticket):
        if clock.state == "paused":
            clock.due, clock.state = clock.due + desk.now, "running"
            clock.next = None if clock.next is None else clock.next + desk.now
            clock.version += 1
            desk.say("sla.resumed", ticket.id, metric, clock.due, clock.next)


def cancel(desk: Desk, ticket: Ticket) -> None:
    for metric, clock in in_order(ticket):
        if clock.state in ("running", "paused", "breached"):
            clock.state = "cancelled"
            desk.say("sla.cancelled", ticket.id, metric)


def in_order(ticket: Ticket) -> list[tuple[Metric, Clock]]:
    return [(metric, ticket.clocks[metric]) for metric in Metric if metric in ticket.clocks]


def due(desk: Desk, command: TimerDue) -> None:
    """Warn, breach, escalate; nothing for a clock that has moved on or whose time has not come."""
    ticket = desk.tickets.get(command.ticket)
    clock = ticket.clocks.get(command.metric) if ticket else None
    if ticket is None or clock is None or clock.version != command.version or clock.state not in ("running", "breached"):
        return
    if clock.next is None or clock.next > desk.now:
        return
    late, clock.version = desk.now - clock.next, clock.version + 1
    steps = [each for each in desk.promises(ticket.queue).get("escalations") or () if each["metric"] == command.metric]
    moments = [clock.due + 1000 * each["after_seconds"] for each in steps]
    level, clock.step = clock.step - 2, clock.step + 1
    if level == -2:
        clock.next = clock.due
        desk.say("sla.warned", ticket.id, command.metric, clock.due, clock.next, 1, late)
        return
    clock.next = moments[level + 1] if level + 1 < len(moments) else None
    if level == -1:
        clock.state = "breached"
        desk.say("sla.breached", ticket.id, command.metric, clock.due, clock.next, 2, late)
        return
    desk.say("sla.stepped", ticket.id, command.metric, clock.next, clock.step, late)
    if level < len(steps):
        ticket.escalated += 1
        desk.say("ticket.escalated", ticket.id, command.metric, level + 1)
        escalate(desk, ticket, steps[level])


def escalate(desk: Desk, ticket: Ticket, step: dict[str, Any]) -> None:
    if step.get("raise_priority") and ticket.priority != Priority.URGENT:
        old, ticket.priority = ticket.priority, PRIORITIES[PRIORITIES.index(ticket.priority) + 1]
        desk.say("ticket.updated", ticket.id, (("priority", (old, ticket.priority)),))
    team = TeamId(desk.id_of("teams", step["move_to_team"])) if step.get("move_to_team") else None
    agent = desk.agent(AgentId(bytes.fromhex(step["hand_to_id"]))) if step.get("hand_to_id") else None
    if team is not None and ticket.asked.team != team:
        free(desk, ticket, "escalated")
        move(desk, ticket, "escalated", team=team)
        route(desk, ticket)
    elif team is None and agent is not None and (ticket.agent != agent.setting.agent or ticket.status == "offered"):
        free(desk, ticket, "escalated")
        hand(desk, ticket, agent, "escalation")


def move(
    desk: Desk,
    ticket: Ticket,
    reason: str,
    *,
    team: TeamId | None = None,
    queue: QueueId | None = None,
    agent: AgentId | None = None,
) -> None:
    """Another team, queue or agent, chosen by name: what was required of whoever takes it is now a wish."""
    from_queue = ticket.queue if queue else None
    if agent is None:
        wishes = tuple(dict.fromkeys((*ticket.asked.skills, *ticket.asked.wishes)))
        ticket.asked = replace(ticket.asked, team=team, skills=(), wishes=wishes)
        ticket.queue = queue or ticket.queue
    ticket.status, ticket.transferred = "", ticket.transferred + 1
    desk.say("ticket.transferred", ticket.id, team, reason, queue, from_queue, agent)


def free(desk: Desk, ticket: Ticket, reason: str) -> None:
    """Whoever has it, or was asked, no longer does."""
    if ticket.status == "offered":
        withdraw(desk, ticket)
    if ticket.status not in OWNED or ticket.agent is None:
        return
    if ticket.status == "pending":
        desk.say("ticket.resumed", ticket.id)
        resume(desk, ticket)
    desk.say("ticket.returned", ticket.id, ticket.agent, reason)
    if reason in ("transferred", "returned", "released"):
        ticket.declined.add(ticket.agent)
    desk.freed.add(ticket.agent)
    desk.release(ticket, idle=True)


def withdraw(desk: Desk, ticket: Ticket) -> None:
    if ticket.status == "offered" and ticket.agent is not None:
        desk.say("offer.withdrawn", ticket.id, ticket.agent)
        desk.freed.add(ticket.agent)
        desk.release(ticket, idle=False)
