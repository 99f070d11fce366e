"""Names that one part of a document uses for another."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.engine.mistakes import Mistake, below, shown
from app.services.configuration.sections import ALL_SECTIONS, NOUNS

MAX_ALLOWED = 50


class Known:
    """The names of a whole document, per section."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._names = {section: dict.fromkeys(item["name"] for item in document[section]) for section in ALL_SECTIONS}

    def refer(self, section: str, name: str, pointer: str) -> Iterator[Mistake]:
        """A mistake unless the section has that name; it lists the names there are, unless they are many."""
        names = self._names[section]
        if name not in names:
            allowed = tuple(names) if len(names) <= MAX_ALLOWED else None
            yield Mistake(pointer, "unknown_reference", f"There is no {NOUNS[section]} named {shown(name)}.", allowed)


def repeated(values: Sequence[str], pointer: str, *, field: str | None = None) -> Iterator[Mistake]:
    """A mistake for every value that stands in the list before; `field` is where in its item it stands."""
    seen = set()
    for i, value in enumerate(values):
        if value in seen:
            item = below(pointer, i)
            at = item if field is None else below(item, field)
            yield Mistake(at, "duplicate", f"{shown(value)} stands in this list already.")
        seen.add(value)
