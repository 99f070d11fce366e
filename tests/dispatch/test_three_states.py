"""One truth, three ways to it: the state that evolved, the one rebuilt from rows, the one replayed from the log, equal after each step."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.dispatch.catch_up import catch_up
from app.dispatch.dispatcher import Dispatcher
from app.dispatch.load import load
from app.dispatch.transaction import transaction
from app.engine.canonical import canonical
from app.engine.commands import (
    AddMessage,
    AdvanceClock,
    AnswerOffer,
    ApplyConfiguration,
    AssignTicket,
    CancelTicket,
    Changes,
    CloseTicket,
    Command,
    CreateCustomer,
    CustomerChanges,
    CustomerDraft,
    Drain,
    FollowTicket,
    MergeCustomers,
    OfferDue,
    PendTicket,
    ReleaseAgent,
    ReopenTicket,
    ResolveTicket,
    RespondTicket,
    ReturnTicket,
    SetPresence,
    SnoozeTicket,
    StartTicket,
    SubmitTicket,
    SwitchQueue,
    SwitchWorkspace,
    TakeNext,
    TakeTicket,
    TicketContent,
    TimerDue,
    TransferTicket,
    UnmergeCustomer,
    UpdateCustomer,
    UpdateTicket,
    WakeTicket,
)
from app.engine.ids import AgentId, CustomerId, TicketId, WorkspaceId
from app.engine.refusals import Refusal
from app.engine.state import State
from app.engine.vocabulary import Channel, Kind, Metric, Presence, Priority, QueueState
from tests.databases import Database
from tests.workspaces import SYSTEM, agents, document, hex_id, make_workspace

STEPS = 60
POLICIES = (
    {"strategy": "round_robin"},
    {"strategy": "weighted_round_robin", "order": "priority", "head_start_seconds": {"high": 60, "urgent": 600}},
    {"strategy": "least_load", "order": "deadline"},
    {"strategy": "skill", "skill_fit": "least_sufficient"},
    {"strategy": "vip", "vip": {"tiers": [{"tier": "vip", "team": "senior"}]}},
    {"strategy": "longest_idle", "handover": "offer", "offer_seconds": 30},
    {"strategy": "fair_share", "handover": "offer", "offer_seconds": 30},
    {"strategy": "fair_share"},
)


class Day:
    """A seeded day of commands, chosen by looking at the live state."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.known: list[TicketId] = []
        self.people: list[CustomerId] = []
        self.settings = list(agents(4))
        self.agents = [setting.agent for setting in self.settings]
        self.hired = 4
        self.version = 1

    def document(self) -> dict[str, Any]:
        policy = self.random.choice(POLICIES)
        return document(routing_policies=[{"name": "policy", "id": hex_id(3), **policy}])

    def commands(self, state: State) -> Iterator[Command]:
        choice = self.random.choice
        ticket = choice(self.known) if self.known else TicketId(bytes(16))
        agent = choice(self.agents)
        kinds: list[Callable[[], Command]] = [
            *[self._submit] * 10,
            lambda: AssignTicket(SYSTEM, ticket, agent=agent, force=choice((True, False, False))),
            lambda: StartTicket(SYSTEM, ticket),
            *[self._transfer(ticket, agent)] * 3,
            lambda: TakeTicket(SYSTEM, ticket, agent=agent),
            lambda: TakeNext(SYSTEM, "general", agent),
            lambda: SwitchQueue(SYSTEM, "general", choice(tuple(QueueState))),
            lambda: SwitchWorkspace(SYSTEM, choice((True, False, False))),
            lambda: ReleaseAgent(SYSTEM, agent, team=choice((None, "senior")), offline=choice((True, False)), reason="ill"),
            lambda: ReturnTicket(SYSTEM, ticket, reason="to the right people"),
            lambda: RespondTicket(SYSTEM, ticket),
            lambda: SnoozeTicket(SYSTEM, ticket, milliseconds=choice((1, 60_000, 600_000))),
            lambda: AddMessage(SYSTEM, ticket, message=self.random.randbytes(16), inbound=choice((True, False)), text="halo"),
            lambda: FollowTicket(SYSTEM, ticket, agent=agent, follows=choice((True, False))),
            lambda: PendTicket(SYSTEM, ticket, reason=choice(("customer", "third_party"))),
            *[lambda: self._update(ticket)] * 6,
            *[lambda: ResolveTicket(SYSTEM, ticket)] * 3,
            lambda: ReopenTicket(SYSTEM, ticket),
            lambda: CloseTicket(SYSTEM, ticket),
            lambda: CancelTicket(SYSTEM, ticket),
            *[lambda: SetPresence(SYSTEM, agent, choice(tuple(Presence)))] * 2,
            lambda: AdvanceClock(SYSTEM, self.random.randrange(1, 200_000)),
            lambda: Drain(SYSTEM),
            self._configure,
            *[self._person] * 3,
        ]
        yield choice(kinds)()
        for held, slot in list(state.tickets.slot_of.items()):
            offer = state.tickets.offers.get(slot)
            if offer is not None and self.random.random() < 0.3:
                yield choice((AnswerOffer(SYSTEM, offer.id, held, choice((True, False))), OfferDue(SYSTEM, offer.id, held)))
            if (until := state.tickets.snoozed_until.get(slot)) is not None:
                yield WakeTicket(SYSTEM, held, until)
            for metric in Metric:
                yield TimerDue(SYSTEM, held, metric, state.tickets.timers[metric].version[slot])

    def _transfer(self, ticket: TicketId, agent: AgentId) -> Callable[[], Command]:
        choice = self.random.choice
        places: tuple[dict[str, Any], ...] = ({"queue": "general"}, {"team": "senior"}, {"agent": agent, "force": True})
        return lambda: TransferTicket(SYSTEM, ticket, reason=choice(("", "not mine")), **choice(places))

    def _update(self, ticket: TicketId) -> UpdateTicket:
        choice = self.random.choice
        fields: dict[str, Any] = {
            "priority": choice(tuple(Priority)),
            "language": choice((None, "id")),
            "area": choice((None, "bogor")),
            "category": choice((None, "billing")),
            "skills": choice(((), (("refunds", self.random.randrange(1, 5)),))),
            "wishes": choice(((), (("refunds", 1),))),
            "subject": choice(("", "Halo")),
            "tags": choice(((), ("a", "b"))),
            "attributes": choice((None, {"a": None}, {"a": 1}, {"b": True})),
            "metadata": choice((None, {"m": "1"})),
        }
        renamed = {"skills": "require_skills", "wishes": "wish_skills"}
        chosen = {name: fields[name] for name in self.random.sample(sorted(fields), 3)}
        return UpdateTicket(SYSTEM, ticket, None, Changes(frozenset(renamed.get(name, name) for name in chosen), **chosen))

    def _submit(self) -> SubmitTicket:
        choice = self.random.choice
        ticket = TicketId(self.random.randbytes(16))
        self.known.append(ticket)
        number = self.random.randrange(5)
        customer = CustomerDraft(CustomerId(self.random.randbytes(16)), f"c-{number}", tier=choice((None, "vip")))
        self.people.append(customer.id)  # where it is the first of its name
        return SubmitTicket(
            SYSTEM,
            ticket,
            choice(tuple(Kind)),
            choice(tuple(Channel)),
            choice(tuple(Priority)),
            TicketContent("Halo", "Apa kabar"),
            self.version,
            external_id=choice((None, f"e-{self.random.randrange(30)}")),
            customer=choice((None, customer)),
            team=choice((None, None, "senior")),
            skills=choice(((), (), (("refunds", self.random.randrange(1, 5)),))),
            language=choice((None, None, "id")),
        )

    def _person(self) -> Command:
        """Somebody new who has a name that tickets know, other fields, a merge, its undoing."""
        choice = self.random.choice
        fields: dict[str, Any] = {
            "external_id": f"c-{self.random.randrange(5)}",
            "tier": choice((None, "vip")),
            "name": choice((None, "A")),
        }
        changes = CustomerChanges(frozenset(fields), **fields)
        if len(self.people) < 3:
            self.people.append(CustomerId(self.random.randbytes(16)))
            return CreateCustomer(SYSTEM, self.people[-1], changes)
        one, other = choice(self.people), choice(self.people)
        return choice(
            (
                UpdateCustomer(SYSTEM, one, None, replace(changes, named=frozenset({"tier"}))),
                MergeCustomers(SYSTEM, one, None, other),
                MergeCustomers(SYSTEM, one, None, other),
                UnmergeCustomer(SYSTEM, one),
            )
        )

    def _configure(self) -> ApplyConfiguration:
        """Other capacities; now and then somebody leaves and somebody else, with an id of their own, is hired."""
        removed: tuple[AgentId, ...] = ()
        if self.random.random() < 0.3:
            self.hired += 1
            leaver = self.settings.pop(0)
            removed = (leaver.agent,)
            self.settings.append(agents(self.hired)[-1])
            self.agents.append(self.settings[-1].agent)
        self.settings = [replace(setting, capacity=self.random.randrange(1, 4)) for setting in self.settings]
        return ApplyConfiguration(SYSTEM, self.version, self.document(), tuple(self.settings), removed)


async def three(engine: AsyncEngine, dispatcher: Dispatcher, workspace: WorkspaceId) -> list[dict[str, Any]]:
    live = dispatcher._workspaces[workspace].state
    assert live is not None
    async with transaction(engine, workspace, snapshot=True) as opened:
        rebuilt = await load(opened.connection, workspace)
        replayed = State(workspace)
        await catch_up(opened.connection, replayed, live.seq)
    return [canonical(live), canonical(rebuilt), canonical(replayed)]


@pytest.mark.parametrize("seed", range(12))
async def test_evolved_rebuilt_and_replayed_states_are_equal(
    database: Database, engine: AsyncEngine, dispatcher: Dispatcher, seed: int
) -> None:
    workspace, day = await make_workspace(database), Day(seed)
    await dispatcher.submit(workspace, ApplyConfiguration(SYSTEM, 0, day.document(), agents(4, capacity=3)))
    for agent in day.agents[:3]:
        await dispatcher.submit(workspace, SetPresence(SYSTEM, agent, Presence.AVAILABLE))
    done: dict[str, int] = {}
    for _ in range(STEPS):
        state = dispatcher._workspaces[workspace].state
        assert state is not None
        for command in list(day.commands(state)):
            name = type(command).__name__
            try:
                outcome = await dispatcher.submit(workspace, command)
            except Refusal:
                continue
            if outcome.events:
                done[name] = done.get(name, 0) + 1
        day.version = state.configuration.version
        evolved, rebuilt, replayed = await three(engine, dispatcher, workspace)
        assert rebuilt == evolved
        assert replayed == evolved
    assert done["SubmitTicket"] > 5
    assert done["UpdateTicket"] > 0
