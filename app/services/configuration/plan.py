"""From a wished-for document to what is to be applied: checked, identified, and with every change named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.engine.commands import AgentSetting
from app.engine.ids import AgentId
from app.engine.mistakes import Mistake
from app.services.configuration.agents import agent_ids, agents_change, retitled
from app.services.configuration.check import check
from app.services.configuration.diff import Change, ChangeKind, diff
from app.services.configuration.export import export
from app.services.configuration.identify import with_agent_ids, with_ids
from app.services.configuration.normalise import fill, normalise
from app.services.configuration.sections import ALL_SECTIONS, NOUNS, inherit, merge


@dataclass(frozen=True, slots=True)
class Plan:
    """Either `mistakes`, and nothing else, or what `ApplyConfiguration` needs and the changes it makes."""

    mistakes: tuple[Mistake, ...] = ()
    document_with_ids: dict[str, Any] | None = None
    agents: tuple[AgentSetting, ...] = ()
    removed: tuple[AgentId, ...] = ()
    retitled: tuple[AgentId, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def changes_anything(self) -> bool:
        return any(change.kind is not ChangeKind.KEPT_UNLISTED for change in self.changes)


def plan(
    wanted: Mapping[str, Any],
    present_document: Mapping[str, Any] | None,
    present_agents: Mapping[str, AgentSetting],
    *,
    prune: bool,
    mint: Callable[[], bytes],
    version: int,
    now_ms: int,
) -> Plan:
    """`wanted` has the shape of the schema, with what was left out left out; `present_document` is the stored form.

    `version` is the one the configuration would get, `mint` gives 16 bytes for each new object. Without prune what
    `wanted` does not mention stays as it is, and the whole that results is what is checked.
    """
    present = export(present_document, present_agents)
    asked = fill(inherit(wanted, present, prune=prune))
    whole = merge(asked, present, prune=prune)
    mistakes = check(whole)
    if mistakes:
        return Plan(mistakes=tuple(_pointed(mistakes, asked, whole)))
    ids = agent_ids(asked["agents"], present_agents, mint=mint)
    target = with_agent_ids(normalise(whole), ids)
    document = with_ids(target, present_document, mint=mint, prune=prune, version=version, now_ms=now_ms)
    named = normalise(asked)
    agents, removed = agents_change(named["agents"], present_agents, document, prune=prune, ids=ids)
    return Plan((), document, agents, removed, retitled(agents, present_agents), tuple(diff(present, named, prune=prune)))


def _pointed(mistakes: Sequence[Mistake], asked: Mapping[str, Any], whole: Mapping[str, Any]) -> list[Mistake]:
    """The mistakes of the whole with pointers into what was sent; one of a kept object points at its section and names it."""
    places = {section: _places(section, asked[section], whole[section]) for section in ALL_SECTIONS}
    return [_moved(mistake, places, whole) for mistake in mistakes]


def _places(section: str, asked: Sequence[Mapping[str, Any]], whole: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Pointer into the whole → pointer into what was sent. `merge` keeps the order of what was sent."""
    names = {item["name"] for item in asked}
    sent = (f"/{section}/{i}" for i in range(len(asked)))
    return {f"/{section}/{i}": next(sent) for i, item in enumerate(whole) if item["name"] in names}


def _moved(mistake: Mistake, places: Mapping[str, Mapping[str, str]], whole: Mapping[str, Any]) -> Mistake:
    _, section, *rest = mistake.pointer.split("/")
    if section not in places or not rest:
        return mistake
    index, *inner = rest
    place = places[section].get(f"/{section}/{index}")
    if place is not None:
        return replace(mistake, pointer="/".join((place, *inner)))
    name = whole[section][int(index)]["name"]
    detail = f"In the {NOUNS[section]} {name}, which the document does not name and which stays: {mistake.detail}"
    return replace(mistake, pointer=f"/{section}", detail=detail)
