"""JSON as RFC 8259 has it, with places: no repeated names, no NaN, bounded depth and numbers."""

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder
from math import isfinite
from typing import Any

from app.engine.mistakes import below, shown
from app.services.configuration.source import MAX_DEPTH, Place, Source, Unreadable, storable

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?(?![0-9.a-zA-Z_])")
_WORD = re.compile(r"[A-Za-z]+")
_WORDS = {"true": True, "false": False, "null": None}
_MAX_DIGITS = 20
_STRINGS = JSONDecoder()


def read_json(text: str) -> Source:
    """Raises Unreadable."""
    reader = _Reader(text)
    value, end = reader.value(reader.skip(0), "", 1)
    end = reader.skip(end)
    if end != len(text):
        raise reader.wrong("Nothing may follow the document.", end)
    if not isinstance(value, dict):
        raise reader.wrong("A configuration is an object.", 0)
    return Source(value, reader.places)


class _Reader:
    """Recursive descent; every method takes an offset and returns the value with the offset after it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[str, Place] = {}
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def place(self, at: int) -> Place:
        line = bisect_right(self.line_starts, at)
        return Place(line, at - self.line_starts[line - 1] + 1)

    def wrong(self, detail: str, at: int) -> Unreadable:
        return Unreadable(detail, self.place(at))

    def value(self, at: int, pointer: str, depth: int) -> tuple[Any, int]:
        if depth > MAX_DEPTH:
            raise self.wrong(f"A configuration is nested at most {MAX_DEPTH} deep.", at)
        self.places.setdefault(pointer, self.place(at))
        match self.text[at : at + 1]:
            case "{":
                return self.object(at, pointer, depth)
            case "[":
                return self.array(at, pointer, depth)
            case '"':
                return self.string(at)
            case "":
                raise self.wrong("The file ends too early.", at)
            case _:
                return self.scalar(at)

    def object(self, at: int, pointer: str, depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "}":
            if self.text[at : at + 1] != '"':
                raise self.wrong("Expected a name in double quotes.", at)
            name, end = self.string(at)
            if name in found:
                raise self.wrong(f"{shown(name)} stands here for the second time.", at)
            member = below(pointer, name)
            self.places[member] = self.place(at)
            end = self.skip(end)
            if self.text[end : end + 1] != ":":
                raise self.wrong("Expected a colon.", end)
            found[name], end = self.value(self.skip(end + 1), member, depth + 1)
            at = self.after_item(end, "}")
        return found, at + 1

    def array(self, at: int, pointer: str, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "]":
            item, end = self.value(at, below(pointer, len(found)), depth + 1)
            found.append(item)
            at = self.after_item(end, "]")
        return found, at + 1

    def after_item(self, at: int, closing: str) -> int:
        at = self.skip(at)
        if self.text[at : at + 1] == ",":
            at = self.skip(at + 1)
            if self.text[at : at + 1] != closing:
                return at
        elif self.text[at : at + 1] == closing:
            return at
        raise self.wrong(f"Expected a comma and one more, or {closing}.", at)

    def string(self, at: int) -> tuple[str, int]:
        try:
            text, end = _STRINGS.raw_decode(self.text, at)
        except JSONDecodeError as error:
            raise self.wrong(f"{error.msg}.", error.pos) from error
        if not storable(text):
            raise self.wrong("Text may hold neither NUL nor half of a surrogate pair.", at)
        return text, end

    def scalar(self, at: int) -> tuple[Any, int]:
        number = _NUMBER.match(self.text, at)
        if number:
            return self.number(number), number.end()
        word = _WORD.match(self.text, at)
        if word and word.group() in _WORDS:
            return _WORDS[word.group()], word.end()
        raise self.wrong("Expected an object, a list, text in double quotes, a number, true, false or null.", at)

    def number(self, found: re.Match[str]) -> int | float:
        whole, fraction, exponent = found.groups()
        if len(whole) > _MAX_DIGITS:
            raise self.wrong(f"A number has at most {_MAX_DIGITS} digits.", found.start())
        if fraction is None and exponent is None:
            return int(whole)
        value = float(found.group())
        if not isfinite(value):
            raise self.wrong("The number is too large.", found.start())
        return value
