"""Who may take a ticket now, and why the others may not."""

import numpy as np

from app.engine.agents import Agents, Ints, Mask
from app.engine.filters import MOMENTARY
from app.engine.filters.reason import Reason, Verdicts
from app.engine.fit import Fit
from app.engine.frozen import frozen
from app.engine.ids import AgentId
from app.engine.requirements import Requirement
from app.engine.vocabulary import Rejection

EXPLAINED_AGENTS = 1000
_DECLINED = Reason(Rejection.DECLINED)


@frozen
class Candidates:
    """Slots of those who may, the counts of those who may not, and one reason byte per agent number up to 1,000 agents.

    In `codes` 0 means eligible and k the k-th of `reasons`, counted from 1; the order is that of agent numbers.
    """

    slots: Ints
    reasons: tuple[Reason, ...]
    counts: tuple[int, ...]
    considered: int
    codes: bytes | None


def candidates(agents: Agents, wanted: Requirement, fit: Fit, declined: tuple[AgentId, ...] = ()) -> Candidates:
    """Ask what changes by the minute: who declined this ticket, presence, capacity."""
    left, rejected = rejections(agents, wanted, fit, declined)
    eligible = fit.considered - sum(count for _, _, count in rejected)
    return Candidates(
        np.arange(eligible) if eligible == len(left) else np.flatnonzero(left),
        tuple(reason for reason, _, _ in rejected),
        tuple(count for _, _, count in rejected),
        fit.considered,
        _codes(agents, rejected) if fit.considered <= EXPLAINED_AGENTS else None,
    )


def rejections(
    agents: Agents, wanted: Requirement, fit: Fit, declined: tuple[AgentId, ...]
) -> tuple[Mask, list[tuple[Reason, Mask, int]]]:
    """Who is left, and each reason with those whose first it is, in the order of the filters."""
    left = fit.mask
    rejected = list(fit.rejected)
    for reason, failing in _verdicts(agents, wanted, declined):
        hit = left & failing
        count = int(np.count_nonzero(hit))
        if count:
            rejected.append((reason, hit, count))
            left = left ^ hit
    return left, rejected


def _verdicts(agents: Agents, wanted: Requirement, declined: tuple[AgentId, ...]) -> Verdicts:
    if declined:
        failing = np.zeros(agents.size, np.bool_)
        failing[[slot for agent in declined if (slot := agents.slot_of.get(agent)) is not None]] = True
        yield _DECLINED, failing
    for momentary in MOMENTARY:
        yield from momentary(agents, wanted)


def _codes(agents: Agents, rejected: list[tuple[Reason, Mask, int]]) -> bytes:
    """Codes in the order of agents' creation, so that slots stay this process's own affair."""
    code_of = np.zeros(agents.size, np.uint8)
    for code, (_, hit, _) in enumerate(rejected, 1):
        code_of[hit] = code
    if agents.in_order():
        return code_of.tobytes()
    alive = np.flatnonzero(agents.alive[: agents.size])
    return code_of[alive[np.argsort(agents.number[alive])]].tobytes()
