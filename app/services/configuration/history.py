"""The changes of one object, read backwards from what it is or was last."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.services.configuration.diff import Change, ChangeKind, fields
from app.services.configuration.identify import unstamped, with_agent_names
from app.services.configuration.uses import USES, with_names

Item = Mapping[str, Any]


class Then(Protocol):
    """The object as a version has it; `item` is the stored form."""

    @property
    def version(self) -> int:
        """Of the configuration."""

    @property
    def item(self) -> Item: ...

    @property
    def place(self) -> int:
        """From 0."""


Look = Callable[[int], Awaitable["Then | None"]]
"""The object in the newest version before this one that has it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `before` is what the object was before it, None where it was not there."""

    version: int
    kind: ChangeKind
    name: str
    changes: tuple[Change, ...]
    before: Item | None
    before_version: int
    before_place: int = 0


async def entries(look: Look, *, newest: int, limit: int, before: int | None = None) -> list[Entry]:
    """At most `limit` changes made by versions before `before` (None for all), the last first. `newest` is the version in force."""
    found: list[Entry] = []
    wanted = newest + 1 if before is None else before
    now = await look(wanted)
    if now is not None and now.version < wanted - 1:
        found.append(Entry(now.version + 1, ChangeKind.REMOVED, now.item["name"], (), now.item, now.version, now.place))
    while now is not None and len(found) < limit:
        made = now.item["version"]
        earlier = await look(made)
        if earlier is not None and earlier.version == made - 1:
            changes = tuple(fields("", unstamped(earlier.item), unstamped(now.item)))
            found.append(Entry(made, ChangeKind.CHANGED, now.item["name"], changes, earlier.item, earlier.version, earlier.place))
        else:
            found.append(Entry(made, ChangeKind.CREATED, now.item["name"], (), None, made - 1))
            if earlier is not None:
                gone = earlier.version + 1
                found.append(
                    Entry(gone, ChangeKind.REMOVED, earlier.item["name"], (), earlier.item, earlier.version, earlier.place)
                )
        now = earlier
    return found[:limit]


def as_named_now(section: str, item: Item, then: Item, now: Item, agents: Mapping[str, str]) -> dict[str, Any]:
    """A stored object of the document `then` in the form of a document now: what has got another name since is named so.

    `now` is the stored document in force, `agents` names by id in hex.
    """
    form: Any = unstamped(item)
    if section == "sla_policies":
        (form,) = with_agent_names({"sla_policies": [form]}, agents)["sla_policies"]
    for named, ways in USES.items():
        for user, way in ways:
            if user == section and named != "agents":
                form = with_names(form, way, _new_names(then, now, named))
    result: dict[str, Any] = form
    return result


def _new_names(then: Item, now: Item, section: str) -> dict[str, str]:
    present = {item["id"]: item["name"] for item in now.get(section, ())}
    return {item["name"]: present[item["id"]] for item in then.get(section, ()) if item["id"] in present}
