"""Who gets what: one look at every waiting ticket and every agent, as often as it takes."""

from app.engine.ids import AgentId
from tests.engine.plain import PlainAgent
from tests.simulation.model.desk import Desk, Ticket

NEVER = 10**18


def route(desk: Desk, ticket: Ticket) -> bool:
    """To the best who may take it, or into the queue."""
    ranked = desk.queues[ticket.queue].rank(ticket.asked, ticket.declined)
    if not ranked or desk.is_held(ticket.queue):
        if ticket.status != "waiting":
            desk.say("ticket.queued", ticket.id, ticket.queue)
            ticket.status = "waiting"
        return False
    winner, policy = ranked[0], desk.policy(ticket.queue)
    if policy.get("handover") == "offer":
        ticket.expires_at = desk.now + 1000 * (policy.get("offer_seconds") or 60)
        desk.say("offer.created", ticket.id, winner.setting.agent, ticket.expires_at)
        desk.hold(ticket, winner.setting.agent, "offered")
    else:
        give(desk, ticket, winner, ranked, "routed")
    return True


def give(desk: Desk, ticket: Ticket, winner: PlainAgent, able: list[PlainAgent], how: str) -> None:
    """By a choice, which moves a turn."""
    queue = desk.queues[ticket.queue]
    shared = tuple(sorted(agent.number for agent in able)) if queue.strategy == "fair_share" else ()
    desk.say("ticket.assigned", ticket.id, winner.setting.agent, how, False, shared)
    queue.give(winner, able, seq=desk.seq)
    desk.hold(ticket, winner.setting.agent, "assigned")


def hand(desk: Desk, ticket: Ticket, agent: PlainAgent, how: str) -> None:
    """By a person or an escalation, which moves none."""
    forced = agent.left(ticket.asked.channel) < ticket.asked.cost
    desk.say("ticket.assigned", ticket.id, agent.setting.agent, how, forced, ())
    desk.hold(ticket, agent.setting.agent, "assigned")


def drain_freed(desk: Desk) -> None:
    """Whoever was freed takes what waits, the earliest agent first."""
    while desk.freed:
        order = {each.setting.agent: each.number for each in desk.staff}
        agent = min(desk.freed, key=lambda each: order.get(each, 0))
        desk.freed.discard(agent)
        while (ticket := _next(desk, agent)) is not None and route(desk, ticket):
            pass


def drain_all(desk: Desk) -> None:
    while (ticket := _next(desk, None)) is not None and route(desk, ticket):
        pass


def _next(desk: Desk, agent: AgentId | None) -> Ticket | None:
    """The first ticket that this agent (or anybody) may take: within a queue by its order, then by weight and wait."""
    takers = desk.staff if agent is None else [each for each in desk.staff if each.setting.agent == agent]
    heads: dict[bytes, tuple[tuple[bool, int, int], Ticket]] = {}
    for ticket in desk.tickets.values():
        if ticket.status != "waiting" or desk.is_held(ticket.queue):
            continue
        queue = desk.queues[ticket.queue]
        if all(queue.why_not(taker, ticket.asked, ticket.declined) for taker in takers):
            continue
        place = (*place_of(desk, ticket), ticket.number)
        if ticket.queue not in heads or place < heads[ticket.queue][0]:
            heads[ticket.queue] = (place, ticket)
    first = [ticket for _, ticket in heads.values()]
    weight = {ticket.queue: desk.queue_named(ticket.queue).get("weight") or 0 for ticket in first}
    return min(first, key=lambda ticket: (-weight[ticket.queue], ticket.since, ticket.number), default=None)


def place_of(desk: Desk, ticket: Ticket) -> tuple[bool, int]:
    """Behind the tiers that go first; then by the queue's order."""
    policy = desk.policy(ticket.queue)
    key: int = ticket.since
    if policy.get("order") == "priority":
        key -= 1000 * (policy.get("head_start_seconds") or {}).get(ticket.priority, 0)
    elif policy.get("order") == "deadline":
        key = min((clock.due for clock in ticket.clocks.values() if clock.state == "running"), default=NEVER)
    return ticket.asked.tier not in desk.queues[ticket.queue].tiers, key
