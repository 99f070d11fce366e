"""One made-up day, always the same: its log is kept, so that a change of any decision shows as a change of a file.

`python -m tests.engine.golden --write` writes the log anew.
"""

import json
import random
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.engine import commands
from app.engine.canonical import canonical
from app.engine.commands import Command
from app.engine.event_data import to_data
from app.engine.ids import CustomerId, TicketId
from app.engine.refusals import Refusal
from app.engine.state import State
from app.engine.tickets import TIMER_STATE_INDEX
from app.engine.vocabulary import Channel, Handover, Order, Presence, Priority, Strategy, TimerState
from tests.engine.worlds import SYSTEM, World, agent_id, document, ident, named, policy, queue, setting, sla

LOG = Path(__file__).parent / "golden" / "day.jsonl"
SEED = 20260130
HOURS = 10
TICKING = (TIMER_STATE_INDEX[TimerState.RUNNING], TIMER_STATE_INDEX[TimerState.BREACHED])
TIERS = {"tiers": [{"tier": "vip", "team": "senior"}]}
AGENTS = [
    setting("ani", capacity=3, skills={"refunds": 5}, languages=("id", "en")),
    setting("budi", capacity=2, weight=2, languages=("id",), areas=("bogor",)),
    setting("citra", ("front", "back"), capacity=4, limits={Channel.PHONE: 2}),
    setting("dewi", ("back",), capacity=3, skills={"routers": 4, "refunds": 2}),
    setting("eko", ("senior",), capacity=1, skills={"law": 8}, languages=("en",)),
]


def configuration(strategy: Strategy, order: Order, handover: Handover) -> commands.Command:
    """Three queues, one of them under the policy that changes through the day."""
    vip = TIERS if strategy is Strategy.VIP else None
    then = {"queue": "network", "require_skills": [{"skill": "routers", "level": 2}], "tags": ["network"]}
    whole = document(
        costs={"channels": {"phone": 2}},
        routing_policies=[
            policy("standard", strategy, order, handover=handover, vip=vip),
            policy("shares", Strategy.FAIR_SHARE, Order.PRIORITY),
        ],
        sla_policies=[
            sla(
                warn_at_percent=75,
                targets={
                    "medium": {"first_response_seconds": 900, "resolution_seconds": 7200},
                    "urgent": {"first_response_seconds": 120, "resolution_seconds": 1800},
                },
                escalations=[
                    {"metric": "first_response", "after_seconds": 0, "raise_priority": True},
                    {"metric": "first_response", "after_seconds": 300, "move_to_team": "senior"},
                    {"metric": "resolution", "after_seconds": 0, "hand_to_id": agent_id("eko").hex()},
                ],
            )
        ],
        queues=[
            queue(teams=("front", "back"), sla_policy="promise"),
            queue("network", ("back",), weight=5, routing_policy="shares"),
            queue("legal", ("senior",), sla_policy="promise"),
        ],
        rules=[{**named("networks"), "when": {"field": "category", "op": "eq", "value": "network"}, "then": then}],
    )
    return commands.ApplyConfiguration(SYSTEM, 0, whole, ())


DEEDS: list[list[type[commands.TicketCommand]]] = [
    [commands.StartTicket],
    [commands.RespondTicket],
    [commands.PendTicket],
    [commands.PendTicket, commands.StartTicket],
    [commands.RespondTicket, commands.ResolveTicket],
    [commands.ResolveTicket],
    [commands.ResolveTicket, commands.CloseTicket],
    [commands.ResolveTicket, commands.ReopenTicket],
    [commands.CancelTicket],
]


UPDATES: list[dict[str, Any]] = [
    {"priority": Priority.URGENT},
    {"priority": Priority.LOW, "subject": "Halo"},
    {"language": "en", "skills": ()},
    {"area": "bogor", "skills": (("refunds", 3),)},
    {"category": "network", "tags": ("network",), "attributes": {"a": 1}, "metadata": {"m": "1"}},
]


class Day:
    """A script of a few hundred commands drawn from one seed."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.meeting = random.Random(SEED)
        self.world = World()
        self.tickets: list[TicketId] = []

    def run(self) -> World:
        """Live it."""
        self.configure(Strategy.ROUND_ROBIN, Order.FIFO, Handover.DIRECT)
        for agent in AGENTS[:4]:
            self.world.presence(agent.name)
        changes = list(zip(Strategy, [*Order, *Order, Order.FIFO], strict=True))
        for hour in range(HOURS):
            strategy, order = changes[hour % len(changes)]
            self.configure(strategy, order, Handover.OFFER if hour % 3 == 2 else Handover.DIRECT)
            for _ in range(20):
                self.try_to(
                    self.chance.choice(
                        [self.submit, self.submit, self.work, self.work, self.update, self.come_or_go, self.answer]
                    )()
                )
                self.world.now += self.chance.randint(1, 120) * 1000
                for command in list(self.due()):
                    self.world.do(command)
            self.meet()
        return self.world

    def meet(self) -> None:
        """Of those whose tickets came, two turn out to be one, or not; somebody who has no ticket comes and goes."""
        known = list(self.world.facts.customers)
        one, other = self.meeting.sample(known[-6:], 2)
        self.try_to(
            commands.UpdateCustomer(SYSTEM, one, None, commands.CustomerChanges(frozenset({"tier", "name"}), name="Dewi"))
        )
        self.try_to(commands.MergeCustomers(SYSTEM, one, None, other))
        if merged := [
            one for one in known if self.world.facts.customers[one].merged_into is not None and self.meeting.random() < 0.3
        ]:
            self.try_to(commands.UnmergeCustomer(SYSTEM, merged[-1]))
        stranger = CustomerId(ident(f"stranger {len(known)}"))
        self.try_to(commands.CreateCustomer(SYSTEM, stranger, commands.CustomerChanges()))
        self.try_to(commands.DeleteCustomer(SYSTEM, stranger))

    def configure(self, strategy: Strategy, order: Order, handover: Handover) -> None:
        command = configuration(strategy, order, handover)
        assert isinstance(command, commands.ApplyConfiguration)
        self.world.configure(command.document, *AGENTS)

    def try_to(self, command: Command | None) -> None:
        try:
            if command is not None:
                self.world.do(command)
        except Refusal:
            pass

    def submit(self) -> Command:
        chance = self.chance
        draft = self.world.draft(
            channel=chance.choice([Channel.EMAIL, Channel.WHATSAPP, Channel.PHONE]),
            priority=chance.choice([Priority.MEDIUM, Priority.MEDIUM, Priority.URGENT, Priority.LOW]),
            category=chance.choice([None, None, "network"]),
            queue=chance.choice([None, None, "legal"]),
            language=chance.choice([None, None, "id"]),
            skills=chance.choice([(), (), (("refunds", 2),)]),
            tier=chance.choice([None, "vip"]),
        )
        self.tickets.append(draft.ticket)
        return draft

    def work(self) -> Command | None:
        """One deed or two upon a recent ticket."""
        if not self.tickets:
            return None
        ticket = self.chance.choice(self.tickets[-8:])
        *before, last = self.chance.choice(DEEDS)
        for deed in before:
            self.try_to(deed(SYSTEM, ticket))
            self.world.now += 30_000
        return last(SYSTEM, ticket)

    def update(self) -> Command | None:
        """Other fields of a recent ticket."""
        fields: dict[str, Any] = self.chance.choice(UPDATES)
        return self.world.change(self.chance.choice(self.tickets[-8:]), **fields) if self.tickets else None

    def come_or_go(self) -> Command:
        presence = self.chance.choice([Presence.AVAILABLE, Presence.AVAILABLE, Presence.AWAY])
        return commands.SetPresence(SYSTEM, self.chance.choice(AGENTS).agent, presence)

    def answer(self) -> Command | None:
        tickets = self.world.state.tickets
        asked = [(offer, ticket) for slot, offer in tickets.offers.items() if (ticket := tickets.ids[slot]) is not None]
        if not asked:
            return None
        offer, ticket = min(asked, key=lambda pair: pair[0].id)
        return commands.AnswerOffer(SYSTEM, offer.id, ticket, accept=self.chance.random() < 0.7)

    def due(self) -> Iterator[Command]:
        tickets, now = self.world.state.tickets, self.world.now
        for ticket, slot in sorted(tickets.slot_of.items(), key=lambda entry: tickets.number[entry[1]]):
            offer = tickets.offers.get(slot)
            if offer is not None and offer.expires_at <= now:
                yield commands.OfferDue(SYSTEM, offer.id, ticket)
            for metric, timers in tickets.timers.items():
                if timers.state[slot] in TICKING and 0 <= timers.next[slot] <= now:
                    yield commands.TimerDue(SYSTEM, ticket, metric, timers.version[slot])


def digest(state: State) -> str:
    """A hash of everything the state knows."""
    return sha256(json.dumps(canonical(state), default=repr, sort_keys=True).encode()).hexdigest()


def lines(world: World) -> list[str]:
    """The log, one event a line, and the hash of what came of it."""
    events = [
        json.dumps({"seq": seq, "at": at, "type": event.type, "data": to_data(event)})
        for seq, (event, at) in enumerate(world.log, 1)
    ]
    return [*events, json.dumps({"state": digest(world.state)})]


if __name__ == "__main__":
    text = "\n".join(lines(Day().run())) + "\n"
    if "--write" in sys.argv:
        LOG.parent.mkdir(exist_ok=True)
        LOG.write_text(text)
    elif text != LOG.read_text():
        sys.exit("The day goes differently now. If that is meant: python -m tests.engine.golden --write")
