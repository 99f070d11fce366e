"""The configuration as the engine uses it: compiled once per version from the document that the events name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from app.engine.ids import AgentId, QueueId, RoutingPolicyId, RuleId, SkillId, SlaPolicyId, TeamId
from app.engine.patterns import PatternTable
from app.engine.rules import Actions, Rule, compile_condition
from app.engine.vocabulary import Channel, Handover, Kind, Metric, Order, Priority, SkillFit, Strategy

PRIORITIES = tuple(Priority)


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """How a queue chooses. Times are milliseconds; `vip` maps a customer's tier to that tier's own team."""

    id: RoutingPolicyId
    strategy: Strategy
    skill_fit: SkillFit
    order: Order
    head_start: tuple[int, ...]
    vip: Mapping[str, TeamId]
    handover: Handover
    offer_ms: int


@dataclass(frozen=True, slots=True)
class Escalation:
    """What happens `after_ms` past a deadline."""

    after_ms: int
    raise_priority: bool
    team: TeamId | None
    agent: AgentId | None


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """The promises per priority, in milliseconds, and what is done as they near and pass."""

    id: SlaPolicyId
    targets: Mapping[Priority, Mapping[Metric, int]]
    warn_percent: int | None
    paused_by_pending: frozenset[Metric]
    escalations: Mapping[Metric, tuple[Escalation, ...]]


@dataclass(frozen=True, slots=True)
class Queue:
    """Where tickets wait."""

    id: QueueId
    name: str
    policy: RoutingPolicy
    sla: SlaPolicy | None
    teams: tuple[TeamId, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that decides, of one version."""

    version: int
    zone: ZoneInfo
    default_queue: QueueId | None
    kind_costs: Mapping[Kind, int]
    channel_costs: Mapping[Channel, int]
    queues: Mapping[QueueId, Queue]
    queue_names: Mapping[str, QueueId]
    team_names: Mapping[str, TeamId]
    skill_names: Mapping[str, SkillId]
    rules: tuple[Rule, ...]
    patterns: PatternTable

    def cost(self, kind: Kind, channel: Channel) -> int:
        """The units one ticket takes: the larger of its kind's and its channel's."""
        return max(self.kind_costs.get(kind, 1), self.channel_costs.get(channel, 1))


def empty_configuration() -> Configuration:
    """What a workspace has before anything was applied: no queue, so it takes no ticket."""
    return Configuration(0, ZoneInfo("UTC"), None, {}, {}, {}, {}, {}, {}, (), PatternTable())


def compile_configuration(version: int, document: Mapping[str, Any]) -> Configuration:
    """Compile a checked document with ids (`services.configuration` makes them)."""
    teams = {item["name"]: TeamId(bytes.fromhex(item["id"])) for item in document["teams"]}
    skills = {item["name"]: SkillId(bytes.fromhex(item["id"])) for item in document["skills"]}
    policies = {item["name"]: _policy(item, teams) for item in document["routing_policies"]}
    promises = {item["name"]: _sla(item, teams) for item in document["sla_policies"]}
    queues = {}
    names = {}
    for item in document["queues"]:
        queue = _queue(item, policies, promises, teams)
        queues[queue.id] = queue
        names[queue.name] = queue.id
    patterns = PatternTable()
    costs = document.get("costs") or {}
    return Configuration(
        version=version,
        zone=ZoneInfo(document["time_zone"]),
        default_queue=names.get(document.get("default_queue") or ""),
        kind_costs={Kind(key): units for key, units in (costs.get("kinds") or {}).items()},
        channel_costs={Channel(key): units for key, units in (costs.get("channels") or {}).items()},
        queues=queues,
        queue_names=names,
        team_names=teams,
        skill_names=skills,
        rules=tuple(_rule(item, patterns, names, teams, skills) for item in document["rules"] if item.get("enabled", True)),
        patterns=patterns,
    )


def _policy(item: Mapping[str, Any], teams: Mapping[str, TeamId]) -> RoutingPolicy:
    head_start = item.get("head_start_seconds") or {}
    vip = item.get("vip") or {"tiers": []}
    return RoutingPolicy(
        id=RoutingPolicyId(bytes.fromhex(item["id"])),
        strategy=Strategy(item["strategy"]),
        skill_fit=SkillFit(item.get("skill_fit") or SkillFit.BEST),
        order=Order(item.get("order") or Order.FIFO),
        head_start=tuple(head_start.get(priority, 0) * 1000 for priority in PRIORITIES),
        vip={entry["tier"]: teams[entry["team"]] for entry in vip["tiers"]},
        handover=Handover(item.get("handover") or Handover.DIRECT),
        offer_ms=(item.get("offer_seconds") or 60) * 1000,
    )


def _sla(item: Mapping[str, Any], teams: Mapping[str, TeamId]) -> SlaPolicy:
    targets = {}
    for priority, target in (item.get("targets") or {}).items():
        promised = {metric: target.get(f"{metric}_seconds") for metric in Metric}
        targets[Priority(priority)] = {metric: seconds * 1000 for metric, seconds in promised.items() if seconds}
    escalations: dict[Metric, list[Escalation]] = {metric: [] for metric in Metric}
    for step in item.get("escalations") or ():
        escalations[Metric(step["metric"])].append(
            Escalation(
                after_ms=step["after_seconds"] * 1000,
                raise_priority=bool(step.get("raise_priority")),
                team=teams[step["move_to_team"]] if step.get("move_to_team") else None,
                agent=AgentId(bytes.fromhex(step["hand_to_id"])) if step.get("hand_to_id") else None,
            )
        )
    return SlaPolicy(
        id=SlaPolicyId(bytes.fromhex(item["id"])),
        targets=targets,
        warn_percent=item.get("warn_at_percent"),
        paused_by_pending=frozenset(Metric(metric) for metric in item.get("pause_on_pending") or ()),
        escalations={metric: tuple(steps) for metric, steps in escalations.items()},
    )


def _queue(
    item: Mapping[str, Any],
    policies: Mapping[str, RoutingPolicy],
    promises: Mapping[str, SlaPolicy],
    teams: Mapping[str, TeamId],
) -> Queue:
    return Queue(
        id=QueueId(bytes.fromhex(item["id"])),
        name=item["name"],
        policy=policies[item["routing_policy"]],
        sla=promises[item["sla_policy"]] if item.get("sla_policy") else None,
        teams=tuple(teams[name] for name in item["teams"]),
        weight=item.get("weight") or 0,
    )


def _rule(
    item: Mapping[str, Any],
    patterns: PatternTable,
    queues: Mapping[str, QueueId],
    teams: Mapping[str, TeamId],
    skills: Mapping[str, SkillId],
) -> Rule:
    then = item["then"]
    return Rule(
        id=RuleId(bytes.fromhex(item["id"])),
        name=item["name"],
        matches=compile_condition(item["when"], patterns),
        then=Actions(
            queue=queues[then["queue"]] if then.get("queue") else None,
            priority=Priority(then["priority"]) if then.get("priority") else None,
            category=then.get("category"),
            require_skills=tuple((skills[need["skill"]], need["level"]) for need in then.get("require_skills") or ()),
            wish_skills=tuple((skills[need["skill"]], need["level"]) for need in then.get("wish_skills") or ()),
            language=then.get("language"),
            area=then.get("area"),
            team=teams[then["team"]] if then.get("team") else None,
            tags=tuple(then.get("tags") or ()),
        ),
        stop=bool(item.get("stop")),
    )
