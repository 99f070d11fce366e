"""The choice again, slowly and plainly: dicts, loops and sorted(). What the engine's vectors must agree with."""

from dataclasses import dataclass, field

from app.engine.commands import AgentSetting, SubmitTicket
from app.engine.ids import SkillId
from app.engine.vocabulary import Presence
from tests.engine.worlds import skill_id, team_id

TIERS = {"vip": "senior", "gold": "back"}
QUEUE_TEAMS = ("front", "back")


@dataclass
class PlainAgent:
    number: int
    setting: AgentSetting
    presence: Presence = Presence.AVAILABLE
    load: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    last_seq: int = 0
    stride: int = 0
    credit: int = 0
    idle_since: int = -1
    presence_at: int = 0

    def level(self, skill: SkillId) -> int:
        return next((each.level for each in self.setting.skills if each.skill == skill), 0)


@dataclass
class PlainQueue:
    """One queue under one strategy; `tiers` is what a VIP policy maps."""

    strategy: str
    agents: list[PlainAgent]
    passed: int = 0

    @property
    def tiers(self) -> dict[str, str]:
        return TIERS if self.strategy == "vip" else {}

    def why_not(self, agent: PlainAgent, ticket: SubmitTicket, cost: int) -> str | None:
        """The first thing that stands in the way."""
        facts, tier = agent.setting, ticket.customer.tier if ticket.customer else None
        teams = [ticket.team] if ticket.team else [*QUEUE_TEAMS, *([self.tiers[tier]] if tier in self.tiers else [])]
        limit = next((each.units for each in facts.limits if each.channel == ticket.channel), None)
        hurdles = [
            ("team", any(team_id(team) in facts.teams for team in teams)),
            ("skill", all(agent.level(skill_id(name)) >= level for name, level in ticket.skills)),
            ("language", ticket.language is None or ticket.language in facts.languages),
            ("area", ticket.area is None or not facts.areas or ticket.area in facts.areas),
            (str(agent.presence), agent.presence is Presence.AVAILABLE),
            ("capacity", agent.load + cost <= facts.capacity),
            ("channel_capacity", limit is None or agent.channels.get(ticket.channel, 0) + cost <= limit),
        ]
        return next((reason for reason, passed in hurdles if not passed), None)

    def rank(self, ticket: SubmitTicket, cost: int) -> list[PlainAgent]:
        """Everybody who may, the best first."""
        able = [agent for agent in self.agents if self.why_not(agent, ticket, cost) is None]
        return sorted(able, key=lambda agent: (*self.preference(agent, ticket, cost), agent.last_seq, agent.number))

    def preference(self, agent: PlainAgent, ticket: SubmitTicket, cost: int) -> tuple[float, ...]:
        share = (agent.load + cost) / max(agent.setting.capacity, 1)
        required = sum(agent.level(skill_id(name)) for name, _ in ticket.skills)
        wished = sum(agent.level(skill_id(name)) for name, _ in ticket.wishes)
        preferences: dict[str, tuple[float, ...]] = {
            "round_robin": (),
            "weighted_round_robin": (agent.stride,),
            "least_load": (share,),
            "skill best": (-required - wished, share),
            "skill least_sufficient": (required, -wished, share),
            "vip": (self.spared(agent, ticket), share),
            "longest_idle": (agent.load > 0, max(agent.idle_since, agent.presence_at)),
            "fair_share": (-agent.credit,),
        }
        return preferences[self.strategy]

    def spared(self, agent: PlainAgent, ticket: SubmitTicket) -> bool:
        tier = ticket.customer.tier if ticket.customer else None
        own = [self.tiers[tier]] if tier in self.tiers else list(self.tiers.values())
        return any(team_id(team) in agent.setting.teams for team in own) is not (tier in self.tiers)

    def give(self, winner: PlainAgent, able: list[PlainAgent], ticket: SubmitTicket, cost: int, *, seq: int) -> None:
        winner.load += cost
        winner.channels[ticket.channel] = winner.channels.get(ticket.channel, 0) + cost
        winner.last_seq = seq
        self.passed = max(self.passed, winner.stride)
        winner.stride += 2**20 // winner.setting.weight
        if self.strategy == "fair_share":
            for agent in able:
                agent.credit += 2**32 // len(able)
            winner.credit -= 2**32 // len(able) * len(able)

    def take_back(self, agent: PlainAgent, ticket: SubmitTicket, cost: int, *, at: int) -> None:
        agent.load -= cost
        agent.channels[ticket.channel] -= cost
        agent.idle_since = at

    def come_or_go(self, agent: PlainAgent, presence: Presence, *, at: int, begun: bool) -> None:
        if presence is agent.presence:
            return
        agent.presence, agent.presence_at = presence, at
        mine = any(team_id(team) in agent.setting.teams for team in QUEUE_TEAMS)
        if presence is Presence.AVAILABLE and begun and mine:
            agent.stride = max(agent.stride, self.passed)
