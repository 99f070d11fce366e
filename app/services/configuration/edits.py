"""Changes to single objects, laid over a whole configuration, and mistakes of the whole said of what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.engine.mistakes import Mistake, below, shown
from app.services.configuration.normalise import fill
from app.services.configuration.sections import ALL_SECTIONS, NOUNS, SETTINGS, inherit, merge

Object = Mapping[str, Any]


@dataclass(slots=True)
class Edited:
    """The whole that results; `places` say by section and name where each object stood in what was sent."""

    whole: dict[str, Any]
    root: str
    settings: str
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def pointed(self, mistakes: Sequence[Mistake]) -> list[Mistake]:
        """With pointers into what was sent; one of an object that was not sent points at the whole and names it."""
        return [self._pointed(mistake) for mistake in mistakes]

    def _pointed(self, mistake: Mistake) -> Mistake:
        _, section, *rest = mistake.pointer.split("/")
        if section in SETTINGS:
            return replace(mistake, pointer=self.settings + mistake.pointer if self.settings else self.root)
        if section not in ALL_SECTIONS or not rest:
            return replace(mistake, pointer=self.root)
        index, *inner = rest
        name = self.whole[section][int(index)]["name"]
        place = self.places.get((section, name))
        if place is not None:
            return replace(mistake, pointer="/".join((place, *inner)))
        return replace(
            mistake, pointer=self.root, detail=f"In the {NOUNS[section]} {name}, which stays as it is: {mistake.detail}"
        )


def edited(document: Object | None, edits: Sequence[Object], present: Object, *, prune: bool) -> Edited:
    """`document` is laid over `present` as applying it would, then each of `edits` puts or removes one object.

    An edit is {"section", "object"} or {"section", "remove": name}. What is put under a name that is there takes its place in
    the order, what is new comes last.
    """
    sections = {section: [*present[section]] for section in ALL_SECTIONS}
    made = Edited({**present, **sections}, "/document" if document is not None and not edits else "/changes", "")
    if document is not None:
        whole = merge(fill(inherit(document, present, prune=prune)), present, prune=prune)
        made.whole, made.settings = {**whole, **{section: [*whole[section]] for section in ALL_SECTIONS}}, "/document"
        for section in ALL_SECTIONS:
            for index, item in enumerate(document.get(section, ())):
                made.places.setdefault((section, item["name"]), f"/document/{section}/{index}")
    for index, edit in enumerate(edits):
        _edit(made, edit, f"/changes/{index}")
    return made


def _edit(made: Edited, edit: Object, pointer: str) -> None:
    section, item = edit["section"], edit.get("object")
    items: list[Any] = made.whole[section]
    name = item["name"] if item is not None else edit["remove"]
    at = next((index for index, one in enumerate(items) if one["name"] == name), None)
    if item is not None:
        made.places[section, name] = f"{pointer}/object"
        if at is None:
            items.append(item)
        else:
            items[at] = item
    elif at is None:
        allowed = tuple(one["name"] for one in items[:50])
        detail = f"There is no {NOUNS[section]} named {shown(name)}."
        made.mistakes.append(Mistake(below(pointer, "remove"), "unknown_reference", detail, allowed))
    else:
        del items[at]
