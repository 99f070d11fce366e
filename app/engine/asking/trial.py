"""What tickets of the past would get as they come in, under one configuration or another, with the agents of today."""

from dataclasses import dataclass

import numpy as np

from app.engine import keys
from app.engine.asking.pool import turns_as_they_are
from app.engine.candidates import rejections
from app.engine.commands import SubmitTicket
from app.engine.configuration import Configuration, Queue
from app.engine.decide.configuration import check_used
from app.engine.decide.decider import Decider
from app.engine.decide.facts import Facts
from app.engine.decide.submit import foresee
from app.engine.evolve.tickets import requirement_of
from app.engine.fit import fit
from app.engine.ids import AgentId
from app.engine.ranking import best, keys_of
from app.engine.refusals import ConfigurationMoved, NoQueue, UnknownReference
from app.engine.requirements import Requirement
from app.engine.state import State
from app.engine.vocabulary import Handover, Metric, Priority


@dataclass(frozen=True, slots=True)
class Past:
    """A ticket as it came in at `at` (ms). The command has the text patterns that its words match under the configuration."""

    at: int
    command: SubmitTicket


@dataclass(frozen=True, slots=True)
class Placed:
    """What it would get. `tags` are those of rules, `promises` pairs of metric and milliseconds; `chosen` is agent and number."""

    rules: tuple[bytes, ...]
    queue: bytes
    priority: Priority
    category: str | None
    language: str | None
    area: str | None
    team: bytes | None
    skills: tuple[tuple[bytes, int], ...]
    wishes: tuple[tuple[bytes, int], ...]
    tags: tuple[str, ...]
    cost: int
    promises: tuple[tuple[Metric, int], ...]
    handover: Handover
    eligible: int
    chosen: tuple[AgentId, int] | None


@dataclass(frozen=True, slots=True)
class Refused:
    """It would not be taken: what it names is not configured."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class MayApply:
    """Whether open tickets leave room for a configuration. Raises QueueInUse, TeamInUse, and ConfigurationMoved for another `base`."""

    base: int
    tried: Configuration

    def __call__(self, state: State, facts: Facts, now: int) -> None:  # noqa: ARG002  # one shape for all questions
        _check_base(state, self.base)
        check_used(state, self.tried)


@dataclass(frozen=True, slots=True)
class Trial:
    """Each ticket for itself: none of them takes another's place. `tried` None is the configuration in force."""

    base: int
    tried: Configuration | None
    pasts: tuple[Past, ...]

    def __call__(self, state: State, facts: Facts, now: int) -> list[Placed | Refused]:  # noqa: ARG002  # one shape for all
        _check_base(state, self.base)
        if self.tried is not None:
            state.journal.put_attribute(state, "configuration", self.tried)
        known: dict[Requirement, tuple[int, tuple[AgentId, int] | None]] = {}
        return [_placed(state, facts, past, known) for past in self.pasts]


def _check_base(state: State, base: int) -> None:
    version = state.configuration.version
    if version != base:
        raise ConfigurationMoved(f"The configuration is at version {version}, not {base}. Read it again.", version=version)


def _placed(
    state: State, facts: Facts, past: Past, known: dict[Requirement, tuple[int, tuple[AgentId, int] | None]]
) -> Placed | Refused:
    decider = Decider(state, facts, actor=past.command.actor, now=past.at, cause="asked")
    try:
        routing, created = foresee(decider, past.command)
    except (UnknownReference, NoQueue) as refusal:
        return Refused(refusal.code, refusal.detail)
    queue, wanted = decider.queue(created.queue), requirement_of(created)
    if wanted not in known:
        known[wanted] = _choice(state, wanted, queue)
    eligible, chosen = known[wanted]
    targets = queue.sla.targets.get(created.priority, {}) if queue.sla else {}
    return Placed(
        rules=created.rules,
        queue=created.queue,
        priority=created.priority,
        category=created.category,
        language=created.language,
        area=created.area,
        team=created.team,
        skills=tuple((need.skill, need.level) for need in created.skills),
        wishes=tuple((need.skill, need.level) for need in created.wishes),
        tags=tuple(routing.tags),
        cost=created.cost,
        promises=tuple((metric, targets[metric]) for metric in Metric if metric in targets),
        handover=queue.policy.handover,
        eligible=eligible,
        chosen=chosen,
    )


def _choice(state: State, wanted: Requirement, queue: Queue) -> tuple[int, tuple[AgentId, int] | None]:
    """How many could take it now, and who comes first."""
    agents = state.agents
    left, _ = rejections(agents, wanted, fit(agents, wanted, queue), ())
    slots = np.flatnonzero(left)
    if not len(slots):
        return 0, None
    question = keys.Question(agents, turns_as_they_are(state, queue), wanted, queue)
    slot = best(question, slots, keys_of(queue.policy), 1)[0].slot
    return len(slots), (agents.ids[slot], int(agents.number[slot]))
