"""The choice again, slowly and plainly: dicts, loops and sorted(). What the engine's vectors must agree with."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from app.engine.commands import AgentSetting, SubmitTicket
from app.engine.events import SkillLevel
from app.engine.ids import AgentId, SkillId, TeamId
from app.engine.vocabulary import Channel, Presence
from tests.engine.worlds import skill_id, team_id

TIERS = {"vip": "senior", "gold": "back"}
QUEUE_TEAMS = ("front", "back")


@dataclass(frozen=True)
class Asked:
    """What a ticket asks of an agent; `team` overrides the queue's teams."""

    channel: Channel
    cost: int
    team: TeamId | None = None
    skills: tuple[SkillLevel, ...] = ()
    wishes: tuple[SkillLevel, ...] = ()
    language: str | None = None
    area: str | None = None
    tier: str | None = None

    @classmethod
    def of(cls, ticket: SubmitTicket, cost: int) -> "Asked":
        return cls(
            ticket.channel,
            cost,
            team_id(ticket.team) if ticket.team else None,
            tuple(SkillLevel(skill_id(name), level) for name, level in ticket.skills),
            tuple(SkillLevel(skill_id(name), level) for name, level in ticket.wishes),
            ticket.language,
            ticket.area,
            ticket.customer.tier if ticket.customer else None,
        )


@dataclass
class PlainAgent:
    number: int
    setting: AgentSetting
    presence: Presence = Presence.AVAILABLE
    load: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    idle_since: int = -1
    presence_at: int = 0

    def level(self, skill: SkillId) -> int:
        return next((each.level for each in self.setting.skills if each.skill == skill), 0)

    def is_in(self, teams: Collection[TeamId]) -> bool:
        return any(team in teams for team in self.setting.teams)

    def left(self, channel: Channel) -> int:
        """Free units, in all and on the channel."""
        limit = next((each.units for each in self.setting.limits if each.channel == channel), None)
        free = self.setting.capacity - self.load
        return free if limit is None else min(free, limit - self.channels.get(channel, 0))

    def take(self, asked: Asked) -> None:
        self.load += asked.cost
        self.channels[asked.channel] = self.channels.get(asked.channel, 0) + asked.cost

    def give_back(self, asked: Asked) -> None:
        self.load -= asked.cost
        self.channels[asked.channel] -= asked.cost


@dataclass
class Turn:
    last_seq: int = 0
    stride: int = 0
    credit: int = 0


@dataclass
class PlainQueue:
    """One queue under one strategy; `tiers` is what a VIP policy maps."""

    strategy: str
    agents: list[PlainAgent]
    teams: tuple[TeamId, ...] = tuple(team_id(name) for name in QUEUE_TEAMS)
    tiers: dict[str, TeamId] = field(default_factory=dict)
    passed: int = 0
    turns: dict[int, Turn] = field(default_factory=lambda: defaultdict(Turn))

    def why_not(self, agent: PlainAgent, asked: Asked, declined: Collection[AgentId] = ()) -> str | None:
        """The first thing that stands in the way."""
        facts, tier_team = agent.setting, self.tiers.get(asked.tier or "")
        teams = [asked.team] if asked.team else [*self.teams, *([tier_team] if tier_team else [])]
        hurdles = [
            ("team", agent.is_in(teams)),
            ("skill", all(agent.level(need.skill) >= need.level for need in asked.skills)),
            ("language", asked.language is None or asked.language in facts.languages),
            ("area", asked.area is None or not facts.areas or asked.area in facts.areas),
            ("declined", facts.agent not in declined),
            (str(agent.presence), agent.presence is Presence.AVAILABLE),
            ("capacity", agent.load + asked.cost <= facts.capacity),
            ("channel_capacity", asked.cost <= agent.left(asked.channel)),
        ]
        return next((reason for reason, passed in hurdles if not passed), None)

    def rank(self, asked: Asked, declined: Collection[AgentId] = ()) -> list[PlainAgent]:
        """Everybody who may, the best first."""
        able = [agent for agent in self.agents if self.why_not(agent, asked, declined) is None]
        return sorted(able, key=lambda agent: (*self.preference(agent, asked), self.turns[agent.number].last_seq, agent.number))

    def preference(self, agent: PlainAgent, asked: Asked) -> tuple[float, ...]:
        share = (agent.load + asked.cost) / max(agent.setting.capacity, 1)
        required = sum(agent.level(need.skill) for need in asked.skills)
        wished = sum(agent.level(need.skill) for need in asked.wishes)
        preferences: dict[str, tuple[float, ...]] = {
            "round_robin": (),
            "weighted_round_robin": (self.turns[agent.number].stride,),
            "least_load": (share,),
            "skill best": (-required - wished, share),
            "skill least_sufficient": (required, -wished, share),
            "vip": (self.spared(agent, asked), share),
            "longest_idle": (agent.load > 0, max(agent.idle_since, agent.presence_at)),
            "fair_share": (-self.turns[agent.number].credit,),
        }
        return preferences[self.strategy]

    def spared(self, agent: PlainAgent, asked: Asked) -> bool:
        own = [self.tiers[asked.tier]] if asked.tier in self.tiers else list(self.tiers.values())
        return agent.is_in(own) is not (asked.tier in self.tiers)

    def give(self, winner: PlainAgent, able: list[PlainAgent], *, seq: int) -> None:
        """The winner's turn is over; `able` are all who could have taken it."""
        turn = self.turns[winner.number]
        turn.last_seq = seq
        self.passed = max(self.passed, turn.stride)
        turn.stride += 2**20 // winner.setting.weight
        if self.strategy == "fair_share":
            for agent in able:
                self.turns[agent.number].credit += 2**32 // len(able)
            turn.credit -= 2**32 // len(able) * len(able)

    def join(self, agent: PlainAgent) -> None:
        """Whoever comes (back) starts at the present pass."""
        turn = self.turns[agent.number]
        turn.stride = max(turn.stride, self.passed)

    def come_or_go(self, agent: PlainAgent, presence: Presence, *, at: int) -> None:
        if presence is agent.presence:
            return
        agent.presence, agent.presence_at = presence, at
        if presence is Presence.AVAILABLE and agent.is_in(self.teams):
            self.join(agent)
