"""Routing and SLA policies whose settings do not suit each other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from app.engine.mistakes import Mistake, below
from app.engine.vocabulary import Handover, Order, Priority, Strategy
from app.services.configuration.references import Known, repeated

MAX_LEVELS = 10

# A setting, the field it depends on, and that field's only value under which it means something.
_DEPENDENT = (
    ("skill_fit", "strategy", Strategy.SKILL),
    ("vip", "strategy", Strategy.VIP),
    ("head_start_seconds", "order", Order.PRIORITY),
    ("offer_seconds", "handover", Handover.OFFER),
)


def routing_policy(pointer: str, policy: Mapping[str, Any], known: Known) -> Iterator[Mistake]:
    for field, other, value in _DEPENDENT:
        if policy[field] is not None and policy[other] != value:
            detail = f"{field} goes only with {other} {value}; here it is {policy[other]}."
            yield Mistake(below(pointer, field), "not_allowed", detail)
    if policy["strategy"] == Strategy.VIP and policy["vip"] is None:
        yield Mistake(below(pointer, "vip"), "required", "Strategy vip needs to know which team looks after which tier.")
    if policy["head_start_seconds"] is not None:
        yield from _head_start(below(pointer, "head_start_seconds"), policy["head_start_seconds"])
    if policy["vip"] is not None:
        at = below(below(pointer, "vip"), "tiers")
        tiers = policy["vip"]["tiers"]
        for i, entry in enumerate(tiers):
            yield from known.refer("teams", entry["team"], f"{at}/{i}/team")
        yield from repeated([entry["tier"] for entry in tiers], at, field="tier")


def _head_start(pointer: str, seconds: Mapping[str, int]) -> Iterator[Mistake]:
    for lower, higher in pairwise(Priority):
        if seconds[higher] < seconds[lower]:
            detail = f"{higher} ({seconds[higher]}) must not have less of a head start than {lower} ({seconds[lower]})."
            yield Mistake(below(pointer, higher), "not_rising", detail)


def sla_policy(pointer: str, policy: Mapping[str, Any], known: Known) -> Iterator[Mistake]:
    yield from repeated(policy["pause_on_pending"], below(pointer, "pause_on_pending"))
    at = below(pointer, "escalations")
    before: dict[str, int] = {}
    levels = Counter[str]()
    for i, step in enumerate(policy["escalations"]):
        metric, after = step["metric"], step["after_seconds"]
        yield from _step(below(at, i), step, known)
        if metric in before and after <= before[metric]:
            detail = f"Must be more than the {before[metric]} s of the level before it, within {metric}."
            yield Mistake(f"{at}/{i}/after_seconds", "not_rising", detail)
        before[metric] = after
        levels[metric] += 1
    for metric, count in levels.items():
        if count > MAX_LEVELS:
            yield Mistake(at, "too_many", f"There may be at most {MAX_LEVELS} levels of {metric}; these are {count}.")


def _step(pointer: str, step: Mapping[str, Any], known: Known) -> Iterator[Mistake]:
    if step["move_to_team"] is not None:
        yield from known.refer("teams", step["move_to_team"], below(pointer, "move_to_team"))
    if step["hand_to"] is not None:
        yield from known.refer("agents", step["hand_to"], below(pointer, "hand_to"))
        if step["move_to_team"] is not None:
            yield Mistake(below(pointer, "hand_to"), "not_allowed", "Either hand_to or move_to_team, not both.")
