"""Properties of the choice, whatever the agents and the work: against a slow plain model, and in the long run."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import commands, keys
from app.engine.candidates import candidates
from app.engine.canonical import canonical
from app.engine.commands import AgentSetting, SubmitTicket
from app.engine.decide import Facts, decide
from app.engine.decide.routing import who_may
from app.engine.events import AgentCreated
from app.engine.evolve import evolve
from app.engine.ids import TicketId, WorkspaceId
from app.engine.ranking import best, keys_of
from app.engine.state import State
from app.engine.vocabulary import Channel, Kind, Presence
from tests.engine.plain import QUEUE_TEAMS, TIERS, Asked, PlainAgent, PlainQueue
from tests.engine.worlds import SYSTEM, TEAMS, World, agent_id, ident, policy, queue, setting, team_id

STRATEGIES = [
    "round_robin", "weighted_round_robin", "least_load", "skill best", "skill least_sufficient", "vip", "longest_idle", "fair_share",
]  # fmt: skip
COSTS = {"kinds": {"call": 3}, "channels": {"phone": 2}}
LEVELS = st.integers(1, 4)
SOME_SKILLS = st.dictionaries(st.sampled_from(["refunds", "law"]), LEVELS, max_size=2)
TICKETS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.just(Kind.CALL),
        "channel": st.just(Channel.PHONE),
        "team": st.sampled_from(TEAMS),
        "skills": SOME_SKILLS.map(lambda levels: tuple(levels.items())),
        "wishes": SOME_SKILLS.map(lambda levels: tuple(levels.items())),
        "language": st.sampled_from(["id", "en"]),
        "area": st.sampled_from(["bogor", "depok"]),
        "tier": st.sampled_from(["vip", "gold", "none"]),
    },
)
AGENT: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"teams": st.lists(st.sampled_from(TEAMS), min_size=1, max_size=3, unique=True)},
    optional={
        "skills": SOME_SKILLS,
        "languages": st.lists(st.sampled_from(["id", "en"]), unique=True),
        "areas": st.lists(st.sampled_from(["bogor", "depok"]), unique=True),
        "capacity": st.integers(0, 12),
        "limits": st.dictionaries(st.sampled_from([Channel.EMAIL, Channel.PHONE]), st.integers(0, 6), max_size=2),
        "weight": st.integers(1, 4),
    },
)
AGENTS = st.lists(AGENT, min_size=1, max_size=14).map(
    lambda all_fields: [setting(f"a{number}", **fields) for number, fields in enumerate(all_fields)]
)
SUBMIT = TICKETS.map(lambda fields: ("submit", fields))
RESOLVE = st.integers(0, 30).map(lambda index: ("resolve", index))
PRESENCE = st.tuples(st.integers(0, 13), st.sampled_from(Presence)).map(lambda pair: ("presence", pair))
STEPS = st.lists(st.one_of(SUBMIT, SUBMIT, SUBMIT, RESOLVE, PRESENCE), max_size=25)


def policy_for(strategy: str) -> dict[str, Any]:
    name, _, fit = strategy.partition(" ")
    tiers = [{"tier": tier, "team": team} for tier, team in TIERS.items()]
    return policy(strategy=name, skill_fit=fit or None, vip={"tiers": tiers} if name == "vip" else None)


def workspace(agents: list[AgentSetting], strategy: str) -> World:
    world = World(*agents, costs=COSTS, routing_policies=[policy_for(strategy)], queues=[queue(teams=QUEUE_TEAMS)])
    world.now += 1000
    return world


@dataclass
class Pair:
    """The engine and the plain model, side by side; nobody waits, so that every choice is made at submission."""

    world: World
    plain: PlainQueue
    held: list[tuple[TicketId, Asked, PlainAgent]]

    @classmethod
    def of(cls, agents: list[AgentSetting], strategy: str) -> "Pair":
        world = workspace(agents, strategy)
        plain = [PlainAgent(number, each, presence_at=world.now - 1000) for number, each in enumerate(agents, 1)]
        tiers = {tier: team_id(team) for tier, team in TIERS.items()} if strategy == "vip" else {}
        return cls(world, PlainQueue(strategy, plain, tiers=tiers), [])

    def cost(self, ticket: SubmitTicket) -> int:
        return max(COSTS["kinds"].get(ticket.kind, 1), COSTS["channels"].get(ticket.channel, 1))

    def submit(self, fields: dict[str, Any]) -> None:
        ticket = self.world.draft(**fields)
        asked = Asked.of(ticket, self.cost(ticket))
        ranked = self.plain.rank(asked)
        reasons = [self.plain.why_not(agent, asked) for agent in self.plain.agents]
        self.world.do(ticket)
        decision = self.world.decided.decisions[-1]
        said = [line["reason"] for line in decision.body["rejected"]]
        assert decision.codes is not None
        assert [said[code - 1] if code else None for code in decision.codes] == reasons
        assert sum(line["agents"] for line in decision.body["rejected"]) + len(ranked) == decision.body["considered"]
        assert [self.world.agent_of(place) for place in decision.body["ranked"]] == [agent.setting.agent for agent in ranked[:10]]
        if not ranked:
            assert decision.outcome == "waiting"
            self.world.do(commands.CancelTicket(SYSTEM, ticket.ticket))
            return
        seq = next(number for number, (event, _) in enumerate(self.world.log, 1) if event is self.world.decided.events[-1])
        self.plain.give(ranked[0], ranked, seq=seq)
        ranked[0].take(asked)
        self.held.append((ticket.ticket, asked, ranked[0]))

    def resolve(self, index: int) -> None:
        if self.held:
            ticket, asked, agent = self.held.pop(index % len(self.held))
            self.world.do(commands.ResolveTicket(SYSTEM, ticket))
            agent.give_back(asked)
            agent.idle_since = self.world.now

    def presence(self, change: tuple[int, Presence]) -> None:
        agent = self.plain.agents[change[0] % len(self.plain.agents)]
        self.world.presence(agent.setting.name, change[1])
        self.plain.come_or_go(agent, change[1], at=self.world.now)

    def run(self, steps: list[tuple[str, Any]]) -> None:
        for step, argument in steps:
            self.world.now += 7
            getattr(self, step)(argument)


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(max_examples=60, deadline=None)
@given(agents=AGENTS, steps=STEPS)
def test_engine_chooses_as_the_plain_model_does(strategy: str, agents: list[AgentSetting], steps: list[tuple[str, Any]]) -> None:
    Pair.of(agents, strategy).run(steps)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(STRATEGIES), AGENTS, STEPS, TICKETS)
def test_removing_losers_changes_no_winner(
    data: st.DataObject, strategy: str, agents: list[AgentSetting], steps: list[tuple[str, Any]], ticket: dict[str, Any]
) -> None:
    pair = Pair.of(agents, strategy)
    pair.run(steps)
    world = pair.world
    slot = world.slot(world.submit(**ticket))
    state, wanted, asked = world.state, world.state.requirement(slot), world.state.queue_of(slot)
    assert asked is not None
    slots = who_may(state, slot, asked).slots
    if not len(slots):
        return
    question = keys.Question(state.agents, state.turns_of(asked.id), wanted, asked)
    winner = best(question, slots, keys_of(asked.policy))[0].slot
    losers = data.draw(st.sets(st.sampled_from(slots.tolist()))) - {winner}
    left = np.array([each for each in slots.tolist() if each not in losers])
    assert best(question, left, keys_of(asked.policy))[0].slot == winner


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 40)), min_size=2, max_size=20), st.data())
def test_less_load_never_ranks_worse_under_least_load(holders: list[tuple[int, int]], data: st.DataObject) -> None:
    world = workspace([setting(f"a{number}", capacity=capacity) for number, (_, capacity) in enumerate(holders)], "least_load")
    agents = world.state.agents
    agents.load[: len(holders)] = [load for load, _ in holders]
    (asked,) = world.state.configuration.queues.values()
    ticket = world.slot(world.submit(team="senior"))
    question = keys.Question(agents, world.state.turns_of(asked.id), world.state.requirement(ticket), asked)

    def places() -> list[int]:
        return [entry.slot for entry in best(question, np.arange(len(holders)), keys_of(asked.policy), len(holders))]

    lighter = data.draw(st.sampled_from([slot for slot, (load, _) in enumerate(holders) if load] or [0]))
    before = places()
    agents.load[lighter] = data.draw(st.integers(0, max(int(agents.load[lighter]), 0)))
    after = places()
    assert after.index(lighter) <= before.index(lighter)
    shares = [Fraction(int(agents.load[slot]) + 1, holders[slot][1]) for slot in after]
    assert shares == sorted(shares)


@settings(max_examples=60, deadline=None)
@given(AGENTS, STEPS, st.sampled_from(STRATEGIES), st.randoms(use_true_random=False))
def test_slots_and_their_order_change_nothing(
    agents: list[AgentSetting], steps: list[tuple[str, Any]], strategy: str, chance: random.Random
) -> None:
    world = workspace(agents, strategy)
    other = State(WorkspaceId(ident("workspace")))
    begun = world.log[:]
    created = [entry for entry in begun if isinstance(entry[0], AgentCreated)]
    chance.shuffle(created)
    for event, at in [begun[0], *created, *begun[1 + len(created) :]]:
        evolve(other, event, at=at, documents=world.facts.documents)
    facts = Facts(documents=world.facts.documents)
    for command in drawn(world, steps):
        here = decide(world.state, command, world.facts, now=world.now)
        there = decide(other, command, facts, now=world.now)
        assert here == there
    assert canonical(world.state) == canonical(other)


def drawn(world: World, steps: list[tuple[str, Any]]) -> Iterator[commands.Command]:
    tickets = []
    for step, argument in steps:
        world.now += 7
        if step == "submit":
            command = world.draft(**argument)
            tickets.append(command.ticket)
            yield command
        elif step == "presence":
            yield commands.SetPresence(SYSTEM, agent_id(f"a{argument[0] % len(world.names)}"), argument[1])
        elif tickets:
            yield commands.ResolveTicket(SYSTEM, tickets.pop(argument % len(tickets)))


def test_turns_differ_by_one_at_most_over_ten_thousand_tickets() -> None:
    world = workspace([setting(f"a{number}", capacity=1000) for number in range(11)], "round_robin")
    given_to: Counter[str] = Counter()
    for number in range(10_000):
        ticket = world.submit(settle=number % 32 == 0)
        given_to[world.owner(ticket) or ""] += 1
    assert sum(given_to.values()) == 10_000
    assert max(given_to.values()) - min(given_to.values()) <= 1


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=6))
def test_weights_are_kept_to_within_one_ticket(weights: list[int]) -> None:
    agents = [setting(f"a{number}", capacity=1000, weight=weight) for number, weight in enumerate(weights)]
    world = workspace(agents, "weighted_round_robin")
    got: Counter[str | None] = Counter(world.owner(world.submit()) for _ in range(300))
    for one, other in combinations(agents, 2):
        ahead = got[one.name] * other.weight - got[other.name] * one.weight
        assert -1.01 * one.weight <= ahead <= 1.01 * other.weight


@pytest.mark.parametrize("seed", range(3))
def test_fair_share_stays_within_one_ticket_with_mixed_skills(seed: int) -> None:
    chance = random.Random(seed)
    pool = ["refunds", "routers", "law"]
    agents = [
        setting(f"a{number}", capacity=1000, skills=dict.fromkeys(chance.sample(pool, chance.randint(1, 3)), 1))
        for number in range(9)
    ]
    world = workspace(agents, "fair_share")
    owed = dict.fromkeys((agent.name for agent in agents), Fraction(0))
    for _ in range(1500):
        skill = chance.choice(pool)
        able = [agent.name for agent in agents if any(level.skill == ident(skill) for level in agent.skills)]
        owner = world.owner(world.submit(skills=((skill, 1),)))
        assert owner in able
        for name in able:
            owed[name] += Fraction(1, len(able))
        owed[owner] -= 1
    assert max(abs(share) for share in owed.values()) < 1


def test_candidates_of_nobody_is_nobody() -> None:
    world = World()
    slot = world.slot(world.submit())
    asked = world.state.queue_of(slot)
    assert asked is not None
    fit = world.state.fits.of(world.state.tickets.requirement[slot], world.state.agents, world.state.requirement(slot), asked)
    found = candidates(world.state.agents, world.state.requirement(slot), fit)
    assert (len(found.slots), found.considered, found.codes) == (0, 0, b"")
