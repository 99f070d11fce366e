"""YAML 1.2 in its plain part: no anchors, no tags, no repeated keys, and nothing that an older reader takes for something else."""

import re
from collections.abc import Iterator
from math import isfinite
from sys import maxunicode
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from app.engine.mistakes import below, shown
from app.services.configuration.source import MAX_DEPTH, Place, Source, Unreadable, storable

_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FRACTION = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_AMBIGUOUS = re.compile(
    r"y|n|yes|no|on|off"  # truth values in YAML 1.1, text in 1.2
    r"|[-+]?0[box][0-9a-f_]+"  # octal in one, text in the other
    r"|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?"  # leading zeros and underscores; plain decimals never come here
    r"|[-+]?[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?"  # base 60
    r"|[-+]?\.[0-9]+(?:e[-+]?[0-9]+)?|[-+]?[0-9]+\.(?:e[-+]?[0-9]+)?"
    r"|[-+]?\.inf|\.nan"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?"  # a date or text
    r"|<<|=",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\U([0-9A-Fa-f]{8})")
_MAX_DIGITS = 20
_SHORT = 40


def read_yaml(text: str) -> Source:
    """Raises Unreadable."""
    try:
        return _Composer(YAML(typ="safe", pure=True).parse(text)).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = "a tab may not stand here; write spaces" if "'\\t'" in str(error.problem) else error.problem
        raise Unreadable(f"This is not YAML: {problem}.", _place(mark) if mark else None) from error
    except ReaderError as error:
        raise Unreadable("This character may not stand in a file.", _place_of(text, error.position)) from error
    except YAMLError as error:
        raise Unreadable("This is not YAML.") from error
    except (ValueError, OverflowError) as error:  # the library makes a character of any number
        beyond = (found.start() for found in _ESCAPE.finditer(text) if int(found[1], 16) > maxunicode)
        raise Unreadable("This escape names no character.", _place_of(text, next(beyond, 0))) from error


def plainly_text(text: str) -> bool:
    """Whether every reader takes this for text though it stands without quotes. It begins with a letter."""
    return text not in _WORDS and not _AMBIGUOUS.fullmatch(text)


class _Composer:
    """Builds plain data from the parser's events, and remembers where each part stood."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.events = events
        self.places: dict[str, Place] = {}

    def document(self) -> Source:
        for event in self.events:
            if isinstance(event, StreamEndEvent):
                raise Unreadable("The file is empty.", Place(1, 1))
            if isinstance(event, DocumentStartEvent):
                if event.version not in (None, (1, 2)) or event.tags:
                    raise _wrong("Only YAML 1.2 without a %TAG is read.", event)
                break
        start = next(self.events)
        if not isinstance(start, MappingStartEvent):
            raise _wrong("A configuration is a mapping of names to values.", start)
        found = self.value(start, "", 1)
        next(self.events)
        after = next(self.events)
        if not isinstance(after, StreamEndEvent):
            raise _wrong("A file holds one document.", after)
        return Source(found, self.places)

    def value(self, event: Event, pointer: str, depth: int) -> Any:
        _refuse_tricks(event)
        if depth > MAX_DEPTH:
            raise _wrong(f"A configuration is nested at most {MAX_DEPTH} deep.", event)
        self.places.setdefault(pointer, _place(event.start_mark))
        if isinstance(event, MappingStartEvent):
            return self.mapping(pointer, depth)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(pointer, depth)
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        raise _wrong("Expected a value.", event)

    def mapping(self, pointer: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            _refuse_tricks(event)
            key = _scalar(event) if isinstance(event, ScalarEvent) else None
            if not isinstance(key, str):
                raise _wrong("A key is text; put it in double quotes.", event)
            if key in found:
                raise _wrong(f"{shown(key)} stands here for the second time.", event)
            member = below(pointer, key)
            self.places[member] = _place(event.start_mark)
            found[key] = self.value(next(self.events), member, depth + 1)
        return found

    def sequence(self, pointer: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            found.append(self.value(event, below(pointer, len(found)), depth + 1))
        return found


def _refuse_tricks(event: Event) -> None:
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
        raise _wrong("Anchors (&) and aliases (*) are not read; write the value out.", event)
    if getattr(event, "ctag", None) is not None:
        raise _wrong("Tags (!) are not read.", event)


def _scalar(event: ScalarEvent) -> str | int | float | bool | None:
    text: str = event.value
    if event.style is not None:
        if not storable(text):
            raise _wrong("Text may hold neither NUL nor half of a surrogate pair.", event)
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _FRACTION.fullmatch(text):
        return _number(text, event)
    if _AMBIGUOUS.fullmatch(text):
        raise _wrong(f"{shown(text)} means different things to different readers. {_way_out(text)}", event)
    return text


def _way_out(text: str) -> str:
    said = f'"{text}"' if len(text) <= _SHORT else "it"
    quoted = f"Write {said} in double quotes if it is text"
    truth = {"y": "true", "yes": "true", "on": "true", "n": "false", "no": "false", "off": "false"}.get(text.lower())
    if truth:
        return f"{quoted}, or {truth}."
    return f"{quoted}." if text in ("<<", "=") else f"{quoted}, or a plain decimal number."


def _number(text: str, event: Event) -> int | float:
    if len(text) > _MAX_DIGITS and _WHOLE.fullmatch(text):
        raise _wrong(f"A number has at most {_MAX_DIGITS} digits.", event)
    if _WHOLE.fullmatch(text):
        return int(text)
    value = float(text)
    if not isfinite(value):
        raise _wrong("The number is too large.", event)
    return value


def _wrong(detail: str, event: Event) -> Unreadable:
    return Unreadable(detail, _place(event.start_mark))


def _place_of(text: str, at: int) -> Place:
    before = text[:at]
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _place(mark: StringMark) -> Place:
    return Place(mark.line + 1, mark.column + 1)
