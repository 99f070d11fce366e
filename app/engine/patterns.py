"""The patterns of a configuration, run by RE2: linear in the text whatever the pattern, which `re` is not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import re2

MAX_PATTERN_CHARACTERS = 500
MAX_EXPANSION = 300  # steps beyond one a character; a search can stand in all of them at every byte of a text
_CHECKED_BYTES = 512 << 10  # bounds the program to some 5,400 instructions, and so compiling to about 2 ms
_MATCHER_BYTES = 2 << 20  # cache of states for one pattern, filled as texts ask for it; 8 MiB made the worst ones slower
_SHARED_BYTES = 16 << 20  # the same for a pass that patterns share
_SHARED_PATTERNS = 50  # at 1,000 in one pass the cache of states no longer suffices and 10 KB take 67 ms
_SHARED_PROGRAM = 200  # larger programs run alone, so that one mean pattern does not slow its neighbours

_Reading = Callable[[bytes], Iterable[int]]


class PatternInvalid(Exception):  # noqa: N818 - an error is named as the situation
    """RE2 does not take the pattern; the text is RE2's own or names the limit."""


def check_pattern(pattern: str) -> None:
    """Raise PatternInvalid unless `pattern` compiles within the limits."""
    _compile(pattern, _options(max_mem=_CHECKED_BYTES))
    # One byte a character: counts steps instead of the byte sequences that a Unicode class expands to.
    steps = _compile(pattern, _options(latin1=True)).programsize
    allowed = MAX_EXPANSION + len(pattern)
    if steps > allowed:
        raise PatternInvalid(f"its repetitions expand to {steps} steps, {allowed} are allowed at this length")


@dataclass(frozen=True, slots=True)
class _Pattern:
    number: int
    value: bytes
    found_in: Callable[[bytes], object]  # truthy when it is there
    may_share: bool


class PatternTable:
    """The distinct text patterns of one configuration, numbered in order of appearance, each compiled once."""

    __slots__ = ("_ids", "_patterns", "_readings")

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str, str], int] = {}
        self._patterns: dict[tuple[str, str], list[_Pattern]] = {}
        self._readings: dict[tuple[str, str], list[_Reading]] | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def intern(self, field: str, op: str, value: str) -> int:
        """The id of a pattern: `field` is subject or text, `op` is contains (literal) or matches (RE2).

        Raises PatternInvalid when RE2 does not take it.
        """
        wanted = value.casefold() if op == "contains" else value
        number = self._ids.get((field, op, wanted))
        if number is not None:
            return number
        number = len(self._ids)
        pattern = _literal(number, wanted) if op == "contains" else _regular(number, wanted)
        self._ids[field, op, wanted] = number
        self._patterns.setdefault((field, op), []).append(pattern)
        self._readings = None
        return number

    def read(self, subject: str, text: str) -> frozenset[int]:
        """The ids of the patterns that are in a ticket. `text` patterns see the subject, a newline, and the text.

        Microseconds for a message; RE2 lets other threads run meanwhile, for whoever reads a book.
        """
        readings = self._readings
        if readings is None:
            readings = self._readings = {
                (field, op): list(_plan(patterns, case_sensitive=op == "contains"))
                for (field, op), patterns in self._patterns.items()
            }
        written = {"subject": subject, "text": f"{subject}\n{text}"}
        found: set[int] = set()
        for (field, op), passes in readings.items():
            given = written[field].casefold() if op == "contains" else written[field]
            encoded = _bytes(given)
            for reading in passes:
                found.update(reading(encoded))
        return frozenset(found)


def _literal(number: int, value: str) -> _Pattern:
    needle = _bytes(value)
    return _Pattern(number, re2.escape(needle), lambda given: needle in given, may_share=True)


def _regular(number: int, value: str) -> _Pattern:
    compiled = _compile(value, _options())
    return _Pattern(number, _bytes(value), compiled.search, may_share=compiled.programsize <= _SHARED_PROGRAM)


def _plan(patterns: list[_Pattern], *, case_sensitive: bool) -> Iterator[_Reading]:
    alone = [pattern for pattern in patterns if not pattern.may_share]
    shared = [pattern for pattern in patterns if pattern.may_share]
    if len(shared) == 1:
        alone += shared
        shared = []
    if alone:
        yield _one_by_one(alone)
    for start in range(0, len(shared), _SHARED_PATTERNS):
        yield _together(shared[start : start + _SHARED_PATTERNS], case_sensitive=case_sensitive)


def _one_by_one(patterns: list[_Pattern]) -> _Reading:
    return lambda given: [pattern.number for pattern in patterns if pattern.found_in(given)]


def _together(patterns: list[_Pattern], *, case_sensitive: bool) -> _Reading:
    """One pass over the text for all of them, or one pass each where RE2 runs out of states.

    A set that runs out answers like one that found nothing. So it also holds the empty pattern, which is in every
    text: where that one is missing, the answer is no answer.
    """
    one_by_one = _one_by_one(patterns)
    together = re2.Set.SearchSet(_options(max_mem=_SHARED_BYTES, case_sensitive=case_sensitive))
    together.Add(b"")
    try:
        for pattern in patterns:
            together.Add(pattern.value)
        together.Compile()
    except re2.error:
        return one_by_one
    numbers = [pattern.number for pattern in patterns]

    def reading(given: bytes) -> Iterable[int]:
        indexes = together.Match(given)
        return [numbers[i - 1] for i in indexes if i] if indexes else one_by_one(given)

    return reading


def _compile(pattern: str, options: re2.Options) -> "re2._Regexp":
    try:
        return re2.compile(_bytes(pattern), options)
    except re2.error as error:
        raise PatternInvalid(_text_of(error)) from None


def _options(*, max_mem: int = _MATCHER_BYTES, case_sensitive: bool = False, latin1: bool = False) -> re2.Options:
    options = re2.Options()
    options.max_mem = max_mem
    options.case_sensitive = case_sensitive  # literals are casefolded, and so is the text they are looked for in
    options.never_capture = True  # whether, never where: groups would cost a second, slower search
    options.log_errors = False
    if latin1:
        options.encoding = re2.Options.Encoding.LATIN1
    return options


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _text_of(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
