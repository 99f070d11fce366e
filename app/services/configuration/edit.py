"""One object of the configuration is put in, changed, moved or taken out; all else is as when a whole document is applied."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.engine.commands import AgentSetting
from app.engine.mistakes import Mistake
from app.services.configuration.agents import agent_ids, agents_change, retitled
from app.services.configuration.check import check
from app.services.configuration.diff import diff
from app.services.configuration.export import export
from app.services.configuration.identify import STAMP, with_agent_ids, with_ids
from app.services.configuration.normalise import fill, normalise
from app.services.configuration.plan import Plan
from app.services.configuration.sections import ALL_SECTIONS, NOUNS
from app.services.configuration.uses import User, renamed, users

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of one object.

    `name` is what it is called now, None for a new one. `item` is as it shall be, in the document's form, None when it goes.
    `place` is where it shall stand among the others, counted from 0; None leaves it there, and a new one comes last.
    `stamp` has id and created_at of one that was removed and comes back.
    """

    section: str
    name: str | None = None
    item: Item | None = None
    place: int | None = None
    stamp: Item | None = None


class NameTaken(Exception):  # noqa: N818  # named as the situation
    """Another object of the section has the name."""


class InUse(Exception):  # noqa: N818  # named as the situation
    """Other objects name the one that would go."""

    def __init__(self, found: Sequence[User]) -> None:
        super().__init__(found)
        self.users = tuple(found)


def plan_edit(
    edit: Edit,
    present_document: Mapping[str, Any] | None,
    present_agents: Mapping[str, AgentSetting],
    *,
    mint: Callable[[], bytes],
    version: int,
    now_ms: int,
) -> Plan:
    """As `plan`, with pointers into the object. A mistake that it would make elsewhere points at the object as a whole.

    Raises:
        NameTaken: the name belongs to another object.
        InUse: it would go, but is named by others.

    """
    present = export(present_document, present_agents)
    whole = applied(present, edit)
    if mistakes := check(_for_check(whole, edit)):
        return Plan(mistakes=tuple(_pointed(mistake, whole, edit) for mistake in mistakes))
    agents = _under_new_name(present_agents, edit)
    ids = agent_ids(whole["agents"], agents, mint=mint)
    target = normalise(whole)
    document = with_ids(
        with_agent_ids(target, ids),
        present_document,
        mint=mint,
        prune=True,
        version=version,
        now_ms=now_ms,
        origins=_origins(present_document, edit),
    )
    new = _new_name(edit)
    wanted = [item for item in target["agents"] if edit.section == "agents" and item["name"] == new]
    settings, _ = agents_change(wanted, agents, document, prune=False, ids=ids)
    gone = edit.section == "agents" and edit.item is None and edit.name is not None
    removed = (present_agents[edit.name or ""].agent,) if gone else ()
    names = {edit.section: {new: edit.name}} if new is not None and edit.name is not None else {}
    return Plan(
        (),
        document,
        settings,
        removed,
        retitled(settings, present_agents),
        tuple(diff(present, target, prune=True, renamed=names)),
    )


def applied(present: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The whole that results, filled. `present` is filled as well."""
    section, name, new = edit.section, edit.name, _new_name(edit)
    items = list(present[section])
    if new is not None and new != name and any(item["name"] == new for item in items):
        raise NameTaken
    if new is None and (found := list(users(present, section, name or ""))):
        raise InUse(found)
    at = next((i for i, item in enumerate(items) if item["name"] == name), len(items))
    if name is not None:
        del items[at]
    if edit.item is not None:
        items.insert(at if edit.place is None else edit.place, edit.item)
    whole = {**present, section: items}
    if name is not None and new is not None and new != name:
        whole = renamed(whole, section, {name: new})
    return fill(whole)


def _new_name(edit: Edit) -> str | None:
    return None if edit.item is None else edit.item["name"]


def _for_check(whole: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The object stands last, so that what two objects must not share is a mistake of this one. The check asks for no order."""
    new = _new_name(edit)
    items = whole[edit.section]
    return {**whole, edit.section: sorted(items, key=lambda item: item["name"] == new)}


def _pointed(mistake: Mistake, whole: Mapping[str, Any], edit: Edit) -> Mistake:
    own = f"/{edit.section}/{len(whole[edit.section]) - 1}"
    if edit.item is not None and f"{mistake.pointer}/".startswith(f"{own}/"):
        return replace(mistake, pointer=mistake.pointer.removeprefix(own))
    _, section, *rest = mistake.pointer.split("/")
    if section in ALL_SECTIONS and rest:
        holder = _for_check(whole, edit)[section][int(rest[0])]
        return replace(mistake, pointer="", detail=f"In the {NOUNS[section]} {holder['name']}: {mistake.detail}")
    return replace(mistake, pointer="")


def _under_new_name(agents: Mapping[str, AgentSetting], edit: Edit) -> Mapping[str, AgentSetting]:
    new = _new_name(edit)
    if edit.section != "agents" or edit.name is None or new is None:
        return agents
    return {new if name == edit.name else name: setting for name, setting in agents.items()}


def _origins(document: Mapping[str, Any] | None, edit: Edit) -> Mapping[str, Mapping[str, Item]]:
    """What the object was before, where its name does not tell."""
    new = _new_name(edit)
    if new is None or edit.section == "agents":
        return {}
    if edit.stamp is not None:
        return {edit.section: {new: {field: edit.stamp[field] for field in STAMP}}}
    before = next((item for item in (document or {}).get(edit.section, ()) if item["name"] == edit.name), None)
    return {} if before is None else {edit.section: {new: before}}
