"""Answers of people, understood or refused with what is wrong about them."""

import re
from collections.abc import Mapping, Sequence

from app.cli_init_words import ZONES
from app.engine.mistakes import shown
from app.engine.vocabulary import Channel
from app.services.configuration.check import time_zones

_TITLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,200}")
_TIME = re.compile(r"([0-9]{1,6})\s*([a-z]+)")
_SECONDS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_LONGEST = 366 * 86_400
_NOTHING = ("-", "")


class WrongAnswer(Exception):  # noqa: N818 - errors are named after the situation
    """`code` is the key of a sentence in Words.mistakes, `facts` fill its gaps."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def text(said: str) -> str:
    found = said.strip()
    if not _TITLE.fullmatch(found):
        raise WrongAnswer("text")
    return found


def listed(said: str, *, most: int, least: int = 0) -> tuple[str, ...]:
    """Names with commas between them, each once."""
    parts = [text(part) for part in said.split(",") if part.strip()]
    if len(parts) < least:
        raise WrongAnswer("text")
    if len(parts) > most or len({part.casefold() for part in parts}) < len(parts):
        raise WrongAnswer("many", most=most)
    return tuple(parts)


def channels(said: str, free: Sequence[Channel]) -> tuple[Channel, ...]:
    """Channels with commas between them; `web form` and `WhatsApp` are understood."""
    found = []
    for part in said.split(","):
        word = re.sub(r"[\s-]+", "_", part.strip().lower())
        if not word:
            continue
        if word not in free:
            raise WrongAnswer("channel", word=shown(part.strip()))
        found.append(Channel(word))
    return tuple(dict.fromkeys(found))


def zone(said: str) -> str:
    """An IANA name in any case, or one of Indonesia's three."""
    word = said.strip()
    known = {name.casefold(): name for name in time_zones()} | ZONES
    if word.casefold() not in known:
        raise WrongAnswer("zone", word=shown(word))
    return known[word.casefold()]


def number(said: str, *, least: int, most: int) -> int:
    if not re.fullmatch(r"\s*[0-9]{1,9}\s*", said) or not least <= int(said) <= most:
        raise WrongAnswer("number", least=least, most=most)
    return int(said)


def choice(said: str, words: Sequence[str]) -> int:
    """The place of what is meant, from 0: its number, or the words themselves."""
    word = said.strip().casefold()
    if word in words:
        return words.index(word)
    if not re.fullmatch("[0-9]{1,3}", word) or not 1 <= int(word) <= len(words):
        raise WrongAnswer("choice", most=len(words))
    return int(word) - 1


def pair(said: str, units: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Seconds until the first answer and until resolution; - for either or for both."""
    parts = [part.strip().lower() for part in said.split(",")]
    if parts == ["-"]:
        return None, None
    if len(parts) != 2:
        raise WrongAnswer("times")
    first, resolved = (_seconds(part, units) for part in parts)
    if first is not None and resolved is not None and resolved < first:
        raise WrongAnswer("rising")
    return first, resolved


def shown_pair(seconds: tuple[int | None, int | None], units: Mapping[str, str]) -> str:
    """As `pair` understands it."""
    return ", ".join("-" if each is None else _time(each, units) for each in seconds)


def _seconds(said: str, units: Mapping[str, str]) -> int | None:
    if said in _NOTHING:
        return None
    found = _TIME.fullmatch(said)
    unit = units.get(found[2]) if found else None
    if found is None or unit is None or not 1 <= int(found[1]) * _SECONDS[unit] <= _LONGEST:
        raise WrongAnswer("times")
    return int(found[1]) * _SECONDS[unit]


def _time(seconds: int, units: Mapping[str, str]) -> str:
    letters = {unit: word for word, unit in list(units.items())[::-1]}
    unit = next(unit for unit, size in _SECONDS.items() if seconds % size == 0)
    return f"{seconds // _SECONDS[unit]}{letters[unit]}"
