"""Random lives of a workspace: all commands in any order, checked after each step in every way the state can come about."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from app.engine import commands
from app.engine.canonical import canonical
from app.engine.commands import AgentSetting, ApplyConfiguration, Command, CustomerChanges, CustomerDraft
from app.engine.configuration import compile_configuration
from app.engine.decide import decide
from app.engine.event_data import from_data, to_data
from app.engine.evolve import evolve
from app.engine.ids import CustomerId, OfferId, TicketId, WorkspaceId
from app.engine.refusals import Refusal
from app.engine.state import State
from app.engine.tickets import TIMER_STATE_INDEX
from app.engine.vocabulary import (
    Channel,
    ContactKind,
    Handover,
    Kind,
    Metric,
    Order,
    Presence,
    Priority,
    QueueState,
    Strategy,
    TimerState,
)
from tests.engine import invariants
from tests.engine.worlds import SYSTEM, World, agent_id, contact, document, ident, policy, queue, setting, sla

NAMES = ("ani", "budi", "citra", "dewi", "eko")
TIERS = {"tiers": [{"tier": "vip", "team": "senior"}]}
ESCALATIONS = [
    {"metric": "first_response", "after_seconds": 0, "raise_priority": True},
    {"metric": "first_response", "after_seconds": 30, "move_to_team": "senior"},
    {"metric": "resolution", "after_seconds": 10, "hand_to_id": agent_id("eko").hex()},
]
INDEX = st.integers(0, 9)
TICKING = (TIMER_STATE_INDEX[TimerState.RUNNING], TIMER_STATE_INDEX[TimerState.BREACHED])
Deed = tuple[type[commands.TicketCommand], dict[str, Any]]
START: Deed = (commands.StartTicket, {})
RESPOND: Deed = (commands.RespondTicket, {})
PEND: Deed = (commands.PendTicket, {})
PEND_ON_OTHERS: Deed = (commands.PendTicket, {"reason": "third_party"})
WRITE: Deed = (commands.AddMessage, {"inbound": True})
SNOOZE: Deed = (commands.SnoozeTicket, {"milliseconds": 20_000})
RESOLVE: Deed = (commands.ResolveTicket, {})
REOPEN: Deed = (commands.ReopenTicket, {})
SCRIPTS: list[list[Deed]] = [
    [START],
    [RESPOND],
    [WRITE],
    [(commands.AddMessage, {})],
    [PEND],
    [PEND, WRITE],
    [PEND_ON_OTHERS, WRITE, START],
    [RESOLVE],
    [RESPOND, RESOLVE],
    [RESOLVE, REOPEN],
    [RESOLVE, WRITE],
    [REOPEN],
    [(commands.ResolveTicket, {"expected_version": 1})],
    [RESOLVE, (commands.CloseTicket, {}), REOPEN],
    [(commands.CancelTicket, {})],
    [(commands.ReturnTicket, {})],
    [SNOOZE],
    [SNOOZE, WRITE],
    [PEND, SNOOZE, PEND],
    [SNOOZE, START],
    [SNOOZE, (commands.ReturnTicket, {})],
    [SNOOZE, RESOLVE, REOPEN],
    [(commands.SnoozeTicket, {"until_at": 1})],
    [PEND, (commands.ReturnTicket, {})],
    [(commands.FollowTicket, {"agent": agent_id("ani")})],
    [RESOLVE, (commands.FollowTicket, {"agent": agent_id("ani"), "follows": False})],
    [(commands.TransferTicket, {"queue": "other"})],
    [RESOLVE, REOPEN, (commands.TransferTicket, {"queue": "general"})],
    [(commands.TransferTicket, {"team": "senior"})],
    [(commands.TransferTicket, {"team": "front"}), (commands.TransferTicket, {"team": "front"})],
    [(commands.TransferTicket, {"agent": agent_id("ani")})],
    [PEND_ON_OTHERS, (commands.TransferTicket, {"agent": agent_id("budi"), "force": True})],
]
TICKETS: list[dict[str, Any]] = [
    {},
    {"queue": "other"},
    {"channel": Channel.PHONE, "kind": Kind.CALL},
    {"skills": (("law", 2),), "priority": Priority.HIGH},
    {"wishes": (("law", 1),), "tier": "vip"},
    {"language": "id", "queue": "other", "priority": Priority.URGENT},
    {"team": "senior", "area": "bogor"},
    {"queue": "nowhere", "external_id": "refused"},
    {"external_id": "twice", "customer": CustomerDraft(CustomerId(ident("c")), "c", tier="vip")},
    {"customer": CustomerDraft(CustomerId(ident("c1")), "c1", email="dewi@example.com", phone="0811")},
    {"customer": CustomerDraft(CustomerId(ident("c2")), "c2", "Dewi", email="Lestari@Example.com", language="id")},
]
UPDATES: list[dict[str, Any]] = [
    {},
    {"priority": Priority.URGENT},
    {"priority": Priority.LOW, "subject": "Halo"},
    {"language": "id"},
    {"language": None, "area": None},
    {"area": "depok"},
    {"skills": (("law", 3),)},
    {"skills": (), "wishes": (("law", 1), ("refunds", 2))},
    {"skills": (("nonesuch", 1),)},
    {"text": "x", "tags": ("a",), "attributes": {"a": 1}, "metadata": {"m": "1"}},
    {"category": "billing", "tags": (), "attributes": {"a": None, "b": True}, "metadata": None},
]
PERSON: list[dict[str, Any]] = [
    {},
    {"external_id": "c"},
    {"external_id": "c1", "tier": "vip"},
    {"external_id": None, "language": "id"},
    {"name": "Dewi", "contacts": (contact("dewi@example.com"), contact("+62811555", ContactKind.PHONE))},
    {"contacts": (contact("DEWI@example.com", verified=True), contact("lestari@example.com"))},
    {"contacts": (), "attributes": {"a": 1}, "metadata": {"m": "1"}},
    {"preferred_channel": Channel.EMAIL, "attributes": {"a": None}, "metadata": None},
    {"metadata": {"m": "x" * 17_000}},
]
PROFILES: list[dict[str, Any]] = [
    {"capacity": 2},
    {"capacity": 1, "teams": ("front", "back"), "weight": 3},
    {"capacity": 5, "teams": ("front", "senior"), "skills": {"law": 3}, "limits": {Channel.PHONE: 3}},
    {"capacity": 3, "teams": ("back",), "languages": ("id",), "areas": ("depok",)},
    {"capacity": 0, "teams": ("senior",)},
]


def a_document(strategy: Strategy, order: Order, handover: Handover, *, narrow: bool) -> dict[str, Any]:
    """Two queues under two policies; `narrow` drops the second queue."""
    vip = TIERS if strategy is Strategy.VIP else None
    policies = [policy("standard", strategy, order, handover=handover, vip=vip), policy("plain", "fair_share", "priority")]
    other = queue("other", ("back", "front"), weight=2, routing_policy="plain", sla_policy="promise")
    return document(
        costs={"channels": {"phone": 2}},
        routing_policies=policies,
        sla_policies=[sla(warn_at_percent=80, escalations=ESCALATIONS)],
        queues=[queue(sla_policy="promise")] if narrow else [queue(sla_policy="promise"), other],
    )


class Workspace(RuleBasedStateMachine):
    """`rebuilt` is for a state from rows: None says that there are none here."""

    world: World
    replayed: State
    read: int
    met: int

    def rebuilt(self) -> State | None:
        return None

    @initialize(strategy=st.sampled_from(Strategy), order=st.sampled_from(Order), handover=st.sampled_from(Handover))
    def begin(self, strategy: Strategy, order: Order, handover: Handover) -> None:
        self.world = World(sandbox=True)
        self.tickets: list[TicketId] = []
        self.offers: list[tuple[OfferId, TicketId]] = []
        self.replayed = State(WorkspaceId(ident("workspace")))
        self.read = self.met = 0
        self.seen: tuple[Any, ...] | None = None
        agents = tuple(setting(name, **PROFILES[index]) for index, name in enumerate(NAMES[:3]))
        self.apply(a_document(strategy, order, handover, narrow=False), agents, ())
        for agent in agents:
            self.step(commands.SetPresence(SYSTEM, agent.agent, Presence.AVAILABLE))
        self.submit(TICKETS[:5], 1)

    # -- steps -----------------------------------------------------------------------------------------------------

    @rule(kinds=st.lists(st.sampled_from(TICKETS), min_size=1, max_size=4), after=INDEX)
    def submit(self, kinds: list[dict[str, Any]], after: int) -> None:
        for kind in kinds:
            self.world.now += after * 1000
            draft = self.world.draft(**kind)
            if draft.customer is not None:
                draft = replace(draft, customer=replace(draft.customer, id=self.nobody()))
            if self.step(draft) and draft.ticket in self.world.state.tickets.slot_of:
                self.tickets.append(draft.ticket)

    @rule(index=INDEX, script=st.sampled_from(SCRIPTS), after=INDEX)
    def work(self, index: int, script: list[Deed], after: int) -> None:
        ticket = self.ticket(index)
        for command, fields in script:
            self.world.now += after * 1000
            self.step(command(SYSTEM, ticket, **fields))

    @rule(index=INDEX, script=st.sampled_from(SCRIPTS))
    def work_in_one_moment(self, index: int, script: list[Deed]) -> None:
        self.work(index, script, 0)

    @rule(index=INDEX, fields=st.sampled_from(UPDATES), version=st.sampled_from([None] * 4 + [1]))
    def update(self, index: int, fields: dict[str, Any], version: int | None) -> None:
        self.step(self.world.change(self.ticket(index), expected_version=version, **fields))

    @rule(index=INDEX, fields=st.sampled_from(UPDATES), script=st.sampled_from(SCRIPTS))
    def update_what_is_worked_on(self, index: int, fields: dict[str, Any], script: list[Deed]) -> None:
        self.work(index, script, 0)
        self.update(index, fields, None)
        self.step(commands.Drain(SYSTEM))
        assert not self.world.decided.events

    @rule(index=INDEX, agent=st.integers(0, 4), force=st.booleans())
    def assign(self, index: int, agent: int, force: bool) -> None:
        self.step(commands.AssignTicket(SYSTEM, self.ticket(index), agent=agent_id(NAMES[agent]), force=force))

    @rule(queue=st.sampled_from(["general", "other"]), to=st.sampled_from(QueueState))
    def switch(self, queue: str, to: QueueState) -> None:
        self.step(commands.SwitchQueue(SYSTEM, queue, to))

    @rule(paused=st.sampled_from([True, False, False]))
    def stop_or_go_on(self, paused: bool) -> None:
        self.step(commands.SwitchWorkspace(SYSTEM, paused))

    @rule(index=INDEX, agent=st.integers(0, 4))
    def take(self, index: int, agent: int) -> None:
        self.step(commands.TakeTicket(SYSTEM, self.ticket(index), agent=agent_id(NAMES[agent])))

    @rule(script=st.sampled_from(SCRIPTS), index=INDEX, queue=st.sampled_from(["general", "other"]), agent=st.integers(0, 2))
    def take_next(self, script: list[Deed], index: int, queue: str, agent: int) -> None:
        self.work(index, script, 0)
        self.step(commands.TakeNext(SYSTEM, queue, agent_id(NAMES[agent])))

    @rule(
        agent=st.integers(0, 4), offline=st.booleans(),
        place=st.sampled_from([{}, {"queue": "general"}, {"queue": "other"}, {"team": "senior"}, {"to_agent": agent_id("ani")}]),
    )  # fmt: skip
    def release(self, agent: int, offline: bool, place: dict[str, Any]) -> None:
        self.step(commands.ReleaseAgent(SYSTEM, agent_id(NAMES[agent]), offline=offline, **place))

    @rule(agent=st.integers(0, 4), presence=st.sampled_from([Presence.AVAILABLE] * 4 + list(Presence)))
    def presence(self, agent: int, presence: Presence) -> None:
        self.step(commands.SetPresence(SYSTEM, agent_id(NAMES[agent]), presence))

    @rule(index=INDEX, accept=st.booleans())
    def answer(self, index: int, accept: bool) -> None:
        unknown = (OfferId(ident("unknown")), self.ticket(index))
        offer, ticket = self.offers[-1 - index % len(self.offers)] if self.offers else unknown
        self.step(commands.AnswerOffer(SYSTEM, offer, ticket, accept))

    @rule(seconds=st.sampled_from([5, 20, 80, 200, 1000]))
    def time_passes(self, seconds: int) -> None:
        """Everything that falls due fires, as the sweep would have it; a second firing does nothing."""
        self.step(commands.AdvanceClock(SYSTEM, seconds * 1000))
        self.world.now += seconds * 1000
        for _ in range(8):
            due = self.due()
            for command in due:
                self.step(command)
            if not due:
                break
        self.step(commands.Drain(SYSTEM))
        assert not self.world.decided.events

    @rule(
        strategy=st.sampled_from(Strategy), order=st.sampled_from(Order), handover=st.sampled_from(Handover),
        narrow=st.booleans(), changed=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=2),
        removed=st.sampled_from([None] * 5 + list(range(5))),
    )  # fmt: skip
    def configure(
        self,
        strategy: Strategy,
        order: Order,
        handover: Handover,
        narrow: bool,
        changed: list[tuple[int, int]],
        removed: int | None,
    ) -> None:
        agents = {NAMES[index]: setting(NAMES[index], **PROFILES[profile]) for index, profile in changed}
        gone = () if removed is None or NAMES[removed] in agents else (NAMES[removed],)
        self.apply(a_document(strategy, order, handover, narrow=narrow), tuple(agents.values()), gone)

    @rule(index=st.integers(0, 3), fields=st.sampled_from(PERSON), version=st.sampled_from([None] * 4 + [1]))
    def person(self, index: int, fields: dict[str, Any], version: int | None) -> None:
        customer, changes = self.customer(index), CustomerChanges(frozenset(fields), **fields)
        self.step(commands.UpdateCustomer(SYSTEM, customer, version, changes))

    @rule(fields=st.sampled_from(PERSON), put=st.booleans())
    def newcomer(self, fields: dict[str, Any], put: bool) -> None:
        changes = CustomerChanges(frozenset(fields), **fields)
        self.step((commands.PutCustomer if put else commands.CreateCustomer)(SYSTEM, self.nobody(), changes))

    @rule(index=st.integers(0, 3), into=st.integers(0, 3))
    def merge(self, index: int, into: int) -> None:
        self.step(commands.MergeCustomers(SYSTEM, self.customer(index), None, self.customer(into)))

    @rule(index=st.integers(0, 3))
    def unmerge(self, index: int) -> None:
        self.step(commands.UnmergeCustomer(SYSTEM, self.customer(index)))

    @rule(index=st.integers(0, 3), into=st.integers(0, 3))
    def merge_and_unmerge(self, index: int, into: int) -> None:
        """Taken back at once it is as if nothing had been, but for versions."""
        facts, one = self.world.facts, self.customer(index)
        before = {id_: replace(customer, version=0, updated_at=0) for id_, customer in facts.customers.items()}
        if one in facts.customers and facts.customers[one].merged_into is None:
            tickets = {id_: set(facts.tickets_of[id_]) for id_ in facts.customers}
            if self.step(commands.MergeCustomers(SYSTEM, one, None, self.customer(into))):
                assert facts.tickets_of[one] == ()
                self.step(commands.UnmergeCustomer(SYSTEM, one))
            assert {id_: replace(each, version=0, updated_at=0) for id_, each in facts.customers.items()} == before
            assert {id_: set(facts.tickets_of[id_]) for id_ in facts.customers} == tickets

    @rule(index=st.integers(0, 3))
    def delete(self, index: int) -> None:
        self.step(commands.DeleteCustomer(SYSTEM, self.customer(index)))

    @rule()
    def batch_ends(self) -> None:
        self.world.settle()
        self.replayed.settle()
        self.seen = None

    @rule(index=INDEX, metric=st.sampled_from(Metric))
    def park(self, index: int, metric: Metric) -> None:
        self.step(commands.ParkTimer(SYSTEM, self.ticket(index), metric))

    # -- checking --------------------------------------------------------------------------------------------------

    def ticket(self, index: int) -> TicketId:
        """One of the latest; an unknown one where there is none."""
        return self.tickets[-1 - index % len(self.tickets)] if self.tickets else TicketId(ident("unknown"))

    def customer(self, index: int) -> CustomerId:
        """One of the latest; an unknown one where there is none."""
        known = list(self.world.facts.customers)
        return known[-1 - index % len(known)] if known else CustomerId(ident("unknown"))

    def nobody(self) -> CustomerId:
        """An id that nobody has had."""
        self.met += 1
        return CustomerId(ident(f"customer {self.met}"))

    def due(self) -> list[Command]:
        """Timers and offers whose moment has come, in the order of tickets."""
        state, now = self.world.state, self.world.now
        found: list[Command] = []
        for ticket, slot in state.tickets.slot_of.items():
            offer = state.tickets.offers.get(slot)
            if offer is not None and offer.expires_at <= now:
                found.append(commands.OfferDue(SYSTEM, offer.id, ticket))
            until = state.tickets.snoozed_until.get(slot)
            if until is not None and until <= now:
                found.append(commands.WakeTicket(SYSTEM, ticket, until))
            for metric, timers in state.tickets.timers.items():
                if timers.state[slot] in TICKING and 0 <= timers.next[slot] <= now:
                    found.append(commands.TimerDue(SYSTEM, ticket, metric, timers.version[slot]))
        return found

    def apply(self, whole: dict[str, Any], agents: tuple[AgentSetting, ...], removed: tuple[str, ...]) -> None:
        base = self.world.state.configuration.version
        self.world.facts.documents[base + 1] = compile_configuration(base + 1, whole)
        self.step(ApplyConfiguration(SYSTEM, base, whole, agents, tuple(agent_id(name) for name in removed)))

    def step(self, command: Command) -> bool:
        """Decide, take back, decide again: the same both times. Then look at everything. Returns whether it was accepted."""
        world = self.world
        before, mark = self.seen or world.everything(), world.state.journal.mark
        try:
            once = decide(world.state, command, world.facts, now=world.now)
        except Refusal:
            assert world.everything() == before
            return False
        after = world.everything()
        world.state.journal.undo(mark)
        assert world.everything() == before
        world.do(replace(command), settle=False)
        assert world.decided == once
        self.seen = world.everything()
        assert self.seen == after
        self.compare(self.seen[0])
        invariants.check(world)
        return True

    def compare(self, live: dict[str, Any]) -> None:
        """Evolved here, replayed from the log as JSON, and rebuilt from rows: the same."""
        for event, at in self.world.log[self.read :]:
            data = json.loads(json.dumps(to_data(event)))
            again = from_data(event.type, data)
            assert again == event
            evolve(self.replayed, again, at=at, documents=self.world.facts.documents)
            if self.read % 3 == 0:
                self.replayed.settle()
            self.read += 1
        assert canonical(self.replayed) == live
        rows = self.rebuilt()
        assert rows is None or canonical(rows) == live
        for ticket, slot in self.world.state.tickets.slot_of.items():
            offer = self.world.state.tickets.offers.get(slot)
            if offer is not None and (offer.id, ticket) not in self.offers:
                self.offers.append((offer.id, ticket))
