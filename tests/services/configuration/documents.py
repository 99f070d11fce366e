"""Documents for tests: one that uses everything, and random ones that are right."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import count
from typing import Any

from hypothesis import strategies as st

from app.engine.commands import AgentSetting
from app.engine.vocabulary import Channel, Kind, Metric, Priority
from app.services.configuration.plan import Plan, plan

FULL: dict[str, Any] = {
    "time_zone": "Asia/Jakarta",
    "default_queue": "general",
    "costs": {"kinds": {"call": 2}, "channels": {"phone": 2}},
    "teams": [{"name": "billing", "title": "Billing"}, {"name": "senior"}],
    "skills": [{"name": "refunds", "title": "Refunds"}],
    "routing_policies": [
        {"name": "standard"},
        {"name": "by-skill", "strategy": "skill", "skill_fit": "least_sufficient", "order": "priority"},
        {"name": "tiers", "strategy": "vip", "vip": {"tiers": [{"tier": "vip", "team": "senior"}]}, "handover": "offer"},
    ],
    "sla_policies": [
        {
            "name": "standard",
            "targets": {"urgent": {"first_response_seconds": 900, "resolution_seconds": 7200}},
            "escalations": [
                {"metric": "first_response", "after_seconds": 0, "raise_priority": True, "move_to_team": "senior"},
                {"metric": "first_response", "after_seconds": 600, "hand_to": "sri"},
            ],
        }
    ],
    "queues": [
        {"name": "general", "routing_policy": "standard", "teams": ["senior", "billing"]},
        {"name": "billing", "title": "Billing", "routing_policy": "by-skill", "sla_policy": "standard", "teams": ["billing"]},
    ],
    "rules": [
        {
            "name": "refund-words",
            "when": {"any": [{"field": "text", "op": "contains", "value": "refund"}, {"not": {"field": "area", "op": "exists", "value": True}}]},
            "then": {"queue": "billing", "priority": "high", "require_skills": [{"skill": "refunds", "level": 3}], "tags": ["refund"]},
        },
        {"name": "rest", "when": {"field": "kind", "op": "ne", "value": "call"}, "then": {"team": "senior"}, "stop": True},
    ],
    "agents": [
        {"name": "sri", "title": "Sri", "teams": ["senior"], "external_id": "hr-1"},
        {
            "name": "ani",
            "title": "Ani Wijaya",
            "teams": ["billing", "senior"],
            "skills": [{"skill": "refunds", "level": 5}],
            "languages": ["id", "en"],
            "areas": ["bandung"],
            "channel_limits": [{"channel": "live_chat", "units": 3}],
        },
    ],
}  # fmt: skip


def full() -> dict[str, Any]:
    return deepcopy(FULL)


def changed(*path: str | int, to: object) -> dict[str, Any]:
    """FULL with one place replaced or added."""
    document = full()
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return document


def minting() -> Callable[[], bytes]:
    numbers = count(1)
    return lambda: next(numbers).to_bytes(16, "big")


class InForce:
    """What a workspace would hold: applies plans as the dispatcher does."""

    def __init__(self) -> None:
        self.version = 0
        self.document: dict[str, Any] | None = None
        self.agents: dict[str, AgentSetting] = {}
        self.mint = minting()

    def plan(self, wanted: Mapping[str, Any], *, prune: bool = False) -> Plan:
        now_ms = (self.version + 1) * 1000
        return plan(wanted, self.document, self.agents, prune=prune, mint=self.mint, version=self.version + 1, now_ms=now_ms)

    def apply(self, wanted: Mapping[str, Any], *, prune: bool = False) -> Plan:
        made = self.plan(wanted, prune=prune)
        assert made.mistakes == ()
        self.version += 1
        self.document = made.document_with_ids
        self.agents |= {setting.name: setting for setting in made.agents}
        self.agents = {name: setting for name, setting in self.agents.items() if setting.agent not in made.removed}
        return made


names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,6}", fullmatch=True)
name_lists = st.lists(names, min_size=1, max_size=4, unique=True)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8)
leaves = st.one_of(
    st.fixed_dictionaries({"field": st.just("text"), "op": st.just("contains"), "value": words}),
    st.fixed_dictionaries({"field": st.just("attributes.size"), "op": st.just("eq"), "value": st.integers(0, 9) | st.booleans()}),
    st.fixed_dictionaries(
        {"field": st.just("kind"), "op": st.just("in"), "value": st.lists(st.sampled_from(Kind).map(str), min_size=1)}
    ),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.fixed_dictionaries({"not": inner}) | st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
    max_leaves=6,
)


def some(values: list[str], *, at_least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.permutations(values).flatmap(lambda order: st.integers(at_least, len(order)).map(lambda size: list(order[:size])))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A document without mistakes, in the shape of the schema, with parts left out at random."""
    teams, skills, policies, promises, queues = (draw(name_lists) for _ in range(5))
    rules, agents = draw(st.lists(names, max_size=3, unique=True)), draw(st.lists(names, max_size=3, unique=True))
    team, queue = st.sampled_from(teams), st.sampled_from(queues)
    levels = some(skills).flatmap(lambda chosen: st.tuples(*(st.fixed_dictionaries({"skill": st.just(name), "level": st.integers(1, 10)}) for name in chosen)).map(list))  # fmt: skip
    escalation = {"metric": st.sampled_from(Metric).map(str), "after_seconds": st.integers(0, 9)}
    step = st.fixed_dictionaries(escalation, optional={"move_to_team": team})
    if agents:
        step |= st.fixed_dictionaries({**escalation, "hand_to": st.sampled_from(agents)})
    steps = st.lists(step, max_size=3, unique_by=lambda each: each["metric"])
    policy = st.fixed_dictionaries({}, optional={"order": st.sampled_from(["fifo", "priority"])}) | st.just(
        {"strategy": "vip", "vip": {"tiers": [{"tier": "gold", "team": teams[0]}]}}
    )
    target = st.fixed_dictionaries({}, optional={"resolution_seconds": st.integers(1, 99)})
    sla = st.fixed_dictionaries(
        {"escalations": steps},
        optional={
            "targets": st.dictionaries(st.sampled_from(Priority).map(str), target),
            "warn_at_percent": st.none() | st.integers(1, 99),
        },
    )
    queue_body = st.fixed_dictionaries(
        {"routing_policy": st.sampled_from(policies), "teams": some(teams, at_least=1)},
        optional={"sla_policy": st.sampled_from(promises), "weight": st.integers(-100, 100), "title": words},
    )
    then = st.fixed_dictionaries(
        {}, optional={"queue": queue, "team": team, "require_skills": levels, "tags": st.lists(words, unique=True)}
    )
    rule = st.fixed_dictionaries({"when": conditions}, optional={"then": then, "stop": st.booleans(), "enabled": st.booleans()})
    limits = some([str(channel) for channel in Channel]).map(
        lambda chosen: [{"channel": channel, "units": 3} for channel in chosen]
    )
    agent = st.fixed_dictionaries(
        {},
        optional={
            "teams": some(teams),
            "skills": levels,
            "title": words,
            "channel_limits": limits,
            "languages": some(["id", "en"]),
        },
    )

    def named(listed: list[str], body: st.SearchStrategy[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"name": name, **draw(body)} for name in listed]

    document: dict[str, Any] = {
        "teams": named(teams, st.fixed_dictionaries({}, optional={"title": words})),
        "skills": named(skills, st.just({})),
        "routing_policies": named(policies, policy),
        "sla_policies": named(promises, sla),
        "queues": named(queues, queue_body),
        "rules": named(rules, rule),
        "agents": named(agents, agent),
    }
    return document | draw(st.fixed_dictionaries({}, optional={"time_zone": st.just("Asia/Jakarta"), "default_queue": queue}))
