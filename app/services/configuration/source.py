"""A document that was read, with the places where its parts stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.mistakes import Mistake

MAX_DEPTH = 100


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Line and column, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Unreadable(Exception):  # noqa: N818 - errors are named after the situation
    """The file holds no document that could be checked."""

    def __init__(self, detail: str, place: Place | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.place = place

    def __str__(self) -> str:
        return self.detail if self.place is None else f"{self.place}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Source:
    """`places` has one entry per JSON pointer of the document."""

    document: dict[str, Any]
    places: Mapping[str, Place]

    def place_of(self, pointer: str) -> Place:
        """Where it stands, or where the nearest thing around it does when it is missing."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer, Place(1, 1))

    def located(self, mistake: Mistake) -> str:
        """The mistake as one line: place, pointer, sentence."""
        return f"{self.place_of(mistake.pointer)}: {mistake.pointer or '/'}: {mistake.detail}"


def storable(text: str) -> bool:
    """Whether a database and UTF-8 can hold it."""
    return not any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in text)
