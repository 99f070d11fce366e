"""What the value of a condition may be: each check yields the mistakes of one value and never raises."""

import math
import re
from collections.abc import Callable, Iterable, Iterator

from app.engine.mistakes import Mistake, below, on_one_line, shown, type_name
from app.engine.patterns import MAX_PATTERN_CHARACTERS, PatternInvalid, check_pattern

MAX_TEXT_CHARACTERS = 500
MAX_ITEMS = 200
_INTEGERS = range(-(2**63), 2**63)  # what the database and other JSON readers hold exactly
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")

Check = Callable[[object, str], Iterator[Mistake]]


def wrong_type(value: object, pointer: str, wanted: str) -> Mistake:
    return Mistake(pointer, "wrong_type", f"Must be {wanted}, not {type_name(value)}.")


def flag(value: object, pointer: str) -> Iterator[Mistake]:
    if not isinstance(value, bool):
        yield wrong_type(value, pointer, "true or false")


def number(value: object, pointer: str) -> Iterator[Mistake]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield wrong_type(value, pointer, "a number")
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Mistake(pointer, "not_allowed", "Must be a finite number.")
    elif value not in _INTEGERS:
        yield Mistake(pointer, "not_allowed", "Must be an integer of at most 64 bits (-2^63 to 2^63 - 1).")


def text(value: object, pointer: str) -> Iterator[Mistake]:
    """Text that may be empty."""
    if not isinstance(value, str):
        yield wrong_type(value, pointer, "text")
        return
    if len(value) > MAX_TEXT_CHARACTERS:
        yield Mistake(pointer, "too_long", f"Must be at most {MAX_TEXT_CHARACTERS} characters, has {len(value)}.")
    yield from _odd_characters(value, pointer)


def word(value: object, pointer: str) -> Iterator[Mistake]:
    """Text that says something."""
    if value == "":
        yield Mistake(pointer, "empty", "Must not be empty: no ticket has an empty text here.")
        return
    yield from text(value, pointer)


def scalar(value: object, pointer: str) -> Iterator[Mistake]:
    if isinstance(value, bool):
        return
    if isinstance(value, str):
        yield from text(value, pointer)
    elif isinstance(value, int | float):
        yield from number(value, pointer)
    else:
        yield wrong_type(value, pointer, "text, a number, true or false")


def needle(value: object, pointer: str) -> Iterator[Mistake]:
    """Literal text to look for."""
    if not isinstance(value, str):
        yield wrong_type(value, pointer, "text")
    elif not value:
        yield Mistake(pointer, "empty", "Must not be empty: it would be in every text.")
    elif len(value) > MAX_PATTERN_CHARACTERS:
        yield Mistake(pointer, "pattern_too_long", f"Must be at most {MAX_PATTERN_CHARACTERS} characters, has {len(value)}.")
    else:
        yield from _odd_characters(value, pointer)


def pattern(value: object, pointer: str) -> Iterator[Mistake]:
    """A regular expression in RE2's syntax."""
    refused = list(needle(value, pointer))
    if refused or not isinstance(value, str):
        yield from refused
        return
    try:
        check_pattern(value)
    except PatternInvalid as error:
        yield Mistake(pointer, "pattern_invalid", f"RE2 cannot take this pattern: {on_one_line(str(error))}.")


def span(value: object, pointer: str) -> Iterator[Mistake]:
    """Two local times, from and to."""
    if not isinstance(value, list):
        yield wrong_type(value, pointer, 'a list of two times like ["08:00", "17:00"]')
        return
    if len(value) != 2:
        yield Mistake(pointer, "not_allowed", f"Must be two times, from and to; has {len(value)}.")
        return
    wrong = [mistake for i, item in enumerate(value) for mistake in _clock(item, below(pointer, i))]
    yield from wrong
    if not wrong and value[0] == value[1]:
        yield Mistake(pointer, "empty", "From and to are the same time: no ticket would ever match.")


def one_of(words: Iterable[str]) -> Check:
    allowed = tuple(str(word) for word in words)

    def check(value: object, pointer: str) -> Iterator[Mistake]:
        if not isinstance(value, str):
            yield Mistake(pointer, "wrong_type", f"Must be text, not {type_name(value)}.", allowed)
        elif value not in allowed:
            yield Mistake(pointer, "not_allowed", f"{shown(value)} is not one of {', '.join(allowed)}.", allowed)

    return check


def many(check: Check) -> Check:
    def check_all(value: object, pointer: str) -> Iterator[Mistake]:
        if not isinstance(value, list):
            yield wrong_type(value, pointer, "a list")
        elif not value:
            yield Mistake(pointer, "empty", f"Must hold 1 to {MAX_ITEMS} values.")
        elif len(value) > MAX_ITEMS:
            yield Mistake(pointer, "too_many_values", f"Must hold at most {MAX_ITEMS} values, holds {len(value)}.")
        else:
            for i, item in enumerate(value):
                yield from check(item, below(pointer, i))

    return check_all


def _clock(value: object, pointer: str) -> Iterator[Mistake]:
    if not isinstance(value, str):
        yield wrong_type(value, pointer, 'a time like "08:00"')
    elif not _CLOCK.fullmatch(value):
        yield Mistake(pointer, "not_allowed", f"{shown(value)} is not a time from 00:00 to 23:59, two digits each.")


def _odd_characters(value: str, pointer: str) -> Iterator[Mistake]:
    if "\0" in value:
        yield Mistake(pointer, "character_not_allowed", "Must not contain the character U+0000.")
    if any("\ud800" <= c <= "\udfff" for c in value[:MAX_TEXT_CHARACTERS]):
        yield Mistake(pointer, "character_not_allowed", "Must not contain half a surrogate pair (U+D800 to U+DFFF).")
