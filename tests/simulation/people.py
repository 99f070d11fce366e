"""What people ask for: seeded commands about a workspace, chosen by looking at its rows, sensible more often than not.

The rows may be those of a while ago: then people ask for what is no longer possible, as they do.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from app.dispatch.outcome import Bulk
from app.engine import commands
from app.engine.commands import Actor, AgentSetting, Changes, Command, CustomerDraft, TicketContent
from app.engine.ids import AgentId, CustomerId, OfferId, TicketId
from app.engine.vocabulary import Channel, Handover, Kind, Metric, Order, Presence, Priority, QueueState, Strategy
from tests.engine.worlds import SKILLS, SYSTEM, TEAMS, as_agent, document, ident, named, policy, queue, setting, sla
from tests.simulation.customers import Customers
from tests.simulation.tables import Row, Rows

AREAS, LANGUAGES, TIERS = ("bogor", "depok"), ("id", "en"), ("vip", "gold")
CATEGORIES, WORDS, TAGS = ("billing", "visit"), ("", "Halo", "Apa kabar"), ((), ("sent",), ("sent", "late"))
CHANNELS = (Channel.EMAIL, Channel.EMAIL, Channel.WHATSAPP, Channel.PHONE, Channel.LIVE_CHAT)
NAMED = (
    "priority", "category", "language", "area", "subject", "text", "tags", "require_skills", "wish_skills", "attributes", "metadata",
)  # fmt: skip
OWNED = ("assigned", "in_progress", "pending")
OPEN = ("waiting", "offered", *OWNED)
ATTRIBUTES: tuple[dict[str, str | int | float | bool], ...] = ({}, {}, {"seats": 1}, {"seats": True, "vip": False})
PATCHES: tuple[dict[str, str | int | float | bool | None] | None, ...] = (
    None, {"seats": None}, {"seats": 1}, {"seats": True}, {"vip": "yes"},
)  # fmt: skip
METADATA: tuple[dict[str, str | None] | None, ...] = (None, {"from": "mail"}, {"from": None, "to": "us"})
RULES: tuple[dict[str, Any], ...] = (
    {"when": {"field": "text", "op": "contains", "value": "hukum"}, "then": {"require_skills": [{"skill": "law", "level": 2}]}},
    {"when": {"field": "customer.tier", "op": "eq", "value": "vip"}, "then": {"priority": "high", "queue": "general"}},
    {"when": {"field": "channel", "op": "eq", "value": "phone"}, "then": {"priority": "urgent"}, "stop": True},
    {"when": {"field": "area", "op": "eq", "value": "bogor"}, "then": {"team": "back"}},
    {"when": {"field": "kind", "op": "eq", "value": "meeting"}, "then": {"category": "visit", "tags": ["ruled", "sent"]}},
    {"when": {"field": "priority", "op": "eq", "value": "low"}, "then": {"wish_skills": [{"skill": "refunds", "level": 1}]}},
)


def a_policy(random: Random, name: str) -> dict[str, Any]:
    strategy = random.choice(tuple(Strategy))
    tiers = {"tiers": [{"tier": tier, "team": random.choice(TEAMS)} for tier in TIERS[: random.randint(1, 2)]]}
    return policy(
        name,
        strategy,
        random.choice(tuple(Order)),
        skill_fit=random.choice((None, "best", "least_sufficient")),
        vip=tiers if strategy is Strategy.VIP or random.random() < 0.1 else None,
        handover=random.choice((Handover.DIRECT, Handover.DIRECT, Handover.OFFER)),
        offer_seconds=random.choice((20, 60, 300)),
    )


def a_promise(random: Random, hand_to: AgentId) -> dict[str, Any]:
    targets = {
        str(priority): {
            "first_response_seconds": random.choice((None, 300, 1800)),
            "resolution_seconds": random.choice((900, 7200)),
        }
        for priority in random.sample(tuple(Priority), random.randint(2, 4))
    }
    steps = [
        {"metric": "first_response", "after_seconds": 0, "raise_priority": True},
        {"metric": "first_response", "after_seconds": 600, "move_to_team": random.choice(TEAMS)},
        {"metric": "resolution", "after_seconds": 300, "hand_to_id": hand_to.hex(), "raise_priority": random.random() < 0.5},
        {"metric": "resolution", "after_seconds": 1800, "move_to_team": "senior"},
    ]
    return sla(
        targets=targets,
        warn_at_percent=random.choice((None, 50, 80)),
        pause_on_pending=random.choice((["resolution"], ["resolution", "first_response"], [])),
        escalations=[step for step in steps if random.random() < 0.6],
    )


class People:
    """Of one workspace; `staff` are the agents that a configuration asks for, `hired` counts all there ever were."""

    def __init__(self, random: Random, rows: Rows) -> None:
        self.random = random
        self.rows = rows
        self.hired = 0
        self.staff: list[AgentSetting] = [self._somebody() for _ in range(random.randint(3, 8))]
        self.gone: list[AgentId] = []
        self.customers = Customers(random, rows)
        self._made = 0
        self._usual: list[tuple[float, Callable[[], Command | Bulk]]] = [
            (30, self._submit),
            (8, self._assign),
            (6, lambda: self._of_owner(commands.StartTicket)),
            (6, self._transfer),
            (8, self._take),
            (2, self._release),
            (4, self._switch),
            (5, lambda: self._of_owner(commands.SnoozeTicket, milliseconds=random.choice((1_000, 60_000, 3_600_000)))),
            (5, lambda: self._of_owner(commands.ReturnTicket)),
            (8, lambda: self._of_owner(commands.RespondTicket)),
            (9, self._message),
            (5, lambda: self._of_owner(commands.PendTicket, reason=random.choice(("customer", "third_party")))),
            (3, self._follow),
            (22, lambda: self._of_owner(commands.ResolveTicket)),
            (5, lambda: commands.ReopenTicket(SYSTEM, self._ticket("resolved", "closed"))),
            (3, lambda: commands.CloseTicket(SYSTEM, self._ticket("resolved"))),
            (3, lambda: commands.CancelTicket(SYSTEM, self._ticket(*OPEN))),
            (14, self._presence),
            (14, self._update),
            (5, self._bulk),
            (9, self.customers.next),
            (3, self._configure),
            (4, self._answer_any),
            (4, self._something_rare),
        ]

    def opening(self) -> list[Command]:
        """The first configuration, and everybody comes."""
        first = commands.ApplyConfiguration(SYSTEM, 0, self._document(), tuple(self.staff))
        return [first, *(commands.SetPresence(SYSTEM, each.agent, Presence.AVAILABLE) for each in self.staff)]

    def next(self) -> Command | Bulk:
        weights = [weight for weight, _ in self._usual]
        return self.random.choices([make for _, make in self._usual], weights)[0]()

    def reaction(self, offer: OfferId, ticket: TicketId, agent: AgentId) -> Command:
        """Whoever was asked answers; now and then somebody else does."""
        actor = self._actor(agent)
        return commands.AnswerOffer(actor, offer, ticket, self.random.random() < 0.7)

    # -- work ------------------------------------------------------------------------------------------------------

    def _submit(self) -> Command:
        random = self.random
        self._made += 1
        number = random.randrange(8)
        customer = CustomerDraft(
            CustomerId(ident(f"customer {self._made}")),
            random.choice((None, f"c-{number}", f"c-{number}")),
            email=self.customers.address(),
            tier=random.choice((None, None, *TIERS)),
            language=random.choice((None, None, *LANGUAGES)),
        )
        version = self.rows.head["configuration_version"]
        return commands.SubmitTicket(
            SYSTEM,
            TicketId(ident(f"ticket {self._made}")),
            random.choice(tuple(Kind)),
            random.choice(CHANNELS),
            random.choice(tuple(Priority)),
            self._content(),
            version if random.random() < 0.97 else max(version - 1, 0),
            patterns=frozenset({0}) if random.random() < 0.1 else frozenset(),
            category=random.choice((None, None, *CATEGORIES)),
            attributes=random.choice(ATTRIBUTES),
            external_id=f"e-{random.randrange(150)}" if random.random() < 0.5 else None,
            customer=customer if random.random() < 0.6 else None,
            queue=random.choice((None, None, "general", "other", "third")),
            team=random.choice((None,) * 8 + TEAMS),
            skills=tuple((name, random.randint(1, 4)) for name in SKILLS if random.random() < 0.12),
            wishes=tuple((name, random.randint(1, 4)) for name in SKILLS if random.random() < 0.12),
            language=random.choice((None,) * 5 + LANGUAGES),
            area=random.choice((None,) * 5 + AREAS),
        )

    def _content(self) -> TicketContent:
        random = self.random
        metadata: dict[str, str] = random.choice(({}, {}, {"from": "web"}))
        return TicketContent(random.choice(WORDS), random.choice(WORDS), random.choice(TAGS), metadata)

    def _update(self, ticket: TicketId | None = None) -> Command:
        """One field or many, as they are or otherwise; of a ticket that waits more often than not."""
        random = self.random
        names = random.sample(tuple(NAMED), random.choice((1, 1, 1, 2, 3, len(NAMED))))
        changes = Changes(
            frozenset(names),
            random.choice(tuple(Priority)),
            random.choice((None, *CATEGORIES)),
            random.choice((None, *LANGUAGES)),
            random.choice((None, *AREAS)),
            random.choice(WORDS),
            random.choice(WORDS),
            random.choice(TAGS),
            skills=tuple((name, random.randint(1, 4)) for name in SKILLS if random.random() < 0.3),
            wishes=tuple((name, random.randint(1, 4)) for name in SKILLS if random.random() < 0.3),
            attributes=random.choice(PATCHES),
            metadata=random.choice(METADATA),
        )
        if ticket is None and random.random() < 0.4:
            return self._of_owner(commands.UpdateTicket, changes=changes)
        found = ticket or self._ticket(*random.choice((("waiting",), ("waiting", "offered"), ("offered",), (*OPEN, "resolved"))))
        return commands.UpdateTicket(SYSTEM, found, None, changes)

    def _bulk(self) -> Bulk:
        """New tickets, changes of them and of others; what is atomic is short, or it would be refused more often than not."""
        random = self.random
        atomic = random.random() < 0.5
        many = random.randint(1, 4) if atomic else random.choice((1, 3, 8, 20, 45))
        items: list[Command] = []
        made: list[TicketId] = []
        for _ in range(many):
            command = self._item(random.choice(made) if made and random.random() < 0.4 else None)
            if isinstance(command, commands.SubmitTicket):
                made.append(command.ticket)
            items.append(command)
        return Bulk(tuple(items), atomic)

    def _item(self, ticket: TicketId | None) -> Command:
        """Of this ticket or, where there is none, of any, or a new one."""
        any_open, ended = ticket or self._ticket(*OPEN), ticket or self._ticket("resolved", "closed")
        makers: dict[Callable[[], Command], float] = {
            self._submit: 35,
            self.customers.put: 10,
            lambda: self._update(ticket): 30,
            lambda: commands.ResolveTicket(SYSTEM, ticket or self._ticket(*OWNED)): 10,
            lambda: commands.CancelTicket(SYSTEM, any_open): 5,
            lambda: commands.ReopenTicket(SYSTEM, ended): 5,
            lambda: commands.CloseTicket(SYSTEM, ended): 5,
            lambda: self._assign(any_open): 10,
            lambda: self._transfer(any_open): 5,
            lambda: commands.ReturnTicket(SYSTEM, ticket or self._ticket(*OWNED)): 5,
        }
        return self.random.choices(list(makers), list(makers.values()))[0]()

    def _ticket(self, *statuses: str) -> TicketId:
        """Mostly one of these statuses, of the latest; now and then any."""
        tickets = self.rows.tables["tickets"]
        anything = self.random.random() < 0.07
        found = [row for row in list(tickets.values())[-120:] if anything or row["status"] in statuses]
        return TicketId(self.random.choice(found)["id"].bytes) if found else TicketId(ident("no ticket"))

    def _row(self, ticket: TicketId) -> Row | None:
        return next((row for key, row in self.rows.tables["tickets"].items() if key.bytes == ticket), None)

    def _of_owner(self, kind: type[commands.TicketCommand], **fields: Any) -> Command:
        """By the owner, by somebody else, or by a program; with If-Match, right or wrong, or without."""
        ticket = self._ticket("assigned", "in_progress", "pending")
        row = self._row(ticket)
        owner = AgentId(row["agent_id"].bytes) if row and row["agent_id"] else None
        version = row["version"] - self.random.choice((0, 0, 0, 1)) if row and self.random.random() < 0.2 else None
        return kind(self._actor(owner), ticket, expected_version=version, **fields)

    def _actor(self, owner: AgentId | None) -> Actor:
        chance = self.random.random()
        if chance < 0.5:
            return SYSTEM
        name = next((each.name for each in self.staff if each.agent == owner), None)
        return as_agent(name if name and chance < 0.93 else self.random.choice(self.staff).name)

    def _message(self) -> Command:
        inbound = self.random.random() < 0.6
        if not inbound:
            return self._of_owner(commands.AddMessage, message=self.random.randbytes(16))
        ticket = self._ticket("pending", "pending", "resolved", "in_progress")
        return commands.AddMessage(SYSTEM, ticket, message=self.random.randbytes(16), inbound=True)

    def _assign(self, ticket: TicketId | None = None) -> Command:
        agent = self.random.choice(self.staff).agent if self.random.random() < 0.95 or not self.gone else self.gone[-1]
        return commands.AssignTicket(SYSTEM, ticket or self._ticket(*OPEN), agent=agent, force=self.random.random() < 0.35)

    def _transfer(self, ticket: TicketId | None = None) -> Command:
        """To a queue, a team or somebody, by the owner or others; now and then what waits, and to where it is."""
        random = self.random
        place: dict[str, Any] = random.choice(
            (
                {"queue": random.choice(("general", "other", "third"))},
                {"team": random.choice(TEAMS)},
                {"agent": random.choice(self.staff).agent, "force": random.random() < 0.3},
            )
        )
        if ticket is None and random.random() < 0.7:
            return self._of_owner(commands.TransferTicket, **place)
        return commands.TransferTicket(SYSTEM, ticket or self._ticket(*OPEN), None, **place)

    def _follow(self) -> Command:
        random = self.random
        who = random.choice(self.staff).agent
        return commands.FollowTicket(SYSTEM, self._ticket(*OPEN, "resolved"), agent=who, follows=random.random() < 0.6)

    def _switch(self) -> Command:
        """Pause, drain, go on; more often the last."""
        random = self.random
        if random.random() < 0.4:
            return commands.SwitchWorkspace(SYSTEM, random.random() < 0.3)
        to = random.choice((QueueState.PAUSED, QueueState.DRAINING, QueueState.RUNNING, QueueState.RUNNING, QueueState.RUNNING))
        return commands.SwitchQueue(SYSTEM, random.choice(("general", "other", "third")), to)

    def _release(self) -> Command:
        """Somebody falls ill, mostly going offline."""
        random = self.random
        place: dict[str, Any] = random.choice(
            ({}, {}, {"queue": random.choice(("general", "other"))}, {"team": random.choice(TEAMS)},
             {"to_agent": random.choice(self.staff).agent})
        )  # fmt: skip
        return commands.ReleaseAgent(SYSTEM, random.choice(self.staff).agent, offline=random.random() < 0.6, **place)

    def _take(self) -> Command:
        """What waits, or the next of a queue; now and then for somebody else."""
        random = self.random
        agent = random.choice(self.staff)
        actor = (
            SYSTEM
            if random.random() < 0.4
            else as_agent(agent.name if random.random() < 0.95 else random.choice(self.staff).name)
        )
        if random.random() < 0.5:
            return commands.TakeNext(actor, random.choice(("general", "other", "third")), agent.agent)
        return commands.TakeTicket(actor, self._ticket("waiting"), None, agent.agent)

    def _answer_any(self) -> Command:
        offers = list(self.rows.tables["offers"].values())
        if not offers:
            return commands.AnswerOffer(SYSTEM, OfferId(ident("no offer")), self._ticket(*OPEN), accept=True)
        row = self.random.choice(offers)
        return self.reaction(OfferId(row["id"].bytes), TicketId(row["ticket_id"].bytes), AgentId(row["agent_id"].bytes))

    def _presence(self) -> Command:
        agent = self.random.choice(self.staff)
        presence = self.random.choice((Presence.AVAILABLE, Presence.AVAILABLE, Presence.AVAILABLE, *Presence))
        actor = (
            SYSTEM
            if self.random.random() < 0.7
            else as_agent(self.random.choice((agent, agent, self.random.choice(self.staff))).name)
        )
        return commands.SetPresence(actor, agent.agent, presence)

    # -- rare things -----------------------------------------------------------------------------------------------

    def _something_rare(self) -> Command:
        return self.random.choice((self._unknown, self._park, self._drain, self._advance))()

    def _unknown(self) -> Command:
        return self.random.choice(
            (
                commands.ResolveTicket(SYSTEM, TicketId(ident("no ticket"))),
                commands.SetPresence(SYSTEM, AgentId(ident("nobody")), Presence.AVAILABLE),
                commands.AssignTicket(SYSTEM, self._ticket(*OPEN), agent=AgentId(ident("nobody"))),
            )
        )

    def _park(self) -> Command:
        return commands.ParkTimer(SYSTEM, self._ticket(*OPEN), self.random.choice(tuple(Metric)))

    def _drain(self) -> Command:
        return commands.Drain(SYSTEM)

    def _advance(self) -> Command:
        return commands.AdvanceClock(SYSTEM, self.random.choice((0, 1_000, 60_000, 900_000)))

    # -- configuration ---------------------------------------------------------------------------------------------

    def _configure(self) -> Command:
        """Other policies, capacities and rules; somebody leaves, somebody else is hired. Ids are never used twice."""
        random = self.random
        staff = [self._changed(each) if random.random() < 0.4 else each for each in self.staff]
        if random.random() < 0.3 and len(staff) > 2:
            self.gone.append(staff.pop(random.randrange(len(staff))).agent)
        if random.random() < 0.4 and len(staff) < 9:
            staff.append(self._somebody())
        self.staff = staff
        known = {row["id"].bytes for row in self.rows.tables["agents"].values() if not row["deleted"]}
        wanted = {each.agent for each in staff}
        removed = tuple(AgentId(agent) for agent in sorted(known - wanted))
        base = self.rows.head["configuration_version"]
        return commands.ApplyConfiguration(
            SYSTEM, base if random.random() < 0.95 else base - 1, self._document(), tuple(staff), removed
        )

    def _document(self) -> dict[str, Any]:
        random = self.random
        queues = [
            queue("general", random.choice((("front",), ("front", "back"))), sla_policy="promise", weight=random.randint(0, 2)),
            queue("other", ("back", "senior"), routing_policy="second", sla_policy=random.choice((None, "promise"))),
            queue("third", TEAMS, routing_policy="second", sla_policy="promise", weight=random.randint(0, 2)),
        ]
        rules = [named(f"rule {n}", **rule) for n, rule in enumerate(RULES) if random.random() < 0.5]
        return document(
            costs={"channels": {"phone": 2}, "kinds": {"meeting": 3}},
            routing_policies=[a_policy(random, "standard"), a_policy(random, "second")],
            sla_policies=[a_promise(random, random.choice(self.staff).agent)],
            queues=queues[: random.choice((3, 3, 3, 2, 1))] if self._made else queues,
            rules=rules,
        )

    def _somebody(self) -> AgentSetting:
        self.hired += 1
        return self._described(f"agent {self.hired}")

    def _changed(self, agent: AgentSetting) -> AgentSetting:
        return self._described(agent.name)

    def _described(self, name: str) -> AgentSetting:
        random = self.random
        return setting(
            name,
            random.sample(TEAMS, random.randint(1, 3)),
            skills={skill: random.randint(1, 4) for skill in SKILLS if random.random() < 0.5},
            languages=[language for language in LANGUAGES if random.random() < 0.7],
            areas=[area for area in AREAS if random.random() < 0.3],
            capacity=random.randint(0, 6),
            limits={Channel.PHONE: random.randint(0, 3)} if random.random() < 0.3 else {},
            weight=random.randint(1, 4),
        )
