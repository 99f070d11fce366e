"""Whether an answer is like the one a page shows. `…` stands for anything."""

import json
import re
from collections.abc import Iterable
from typing import Any

ANYTHING = "…"


def last_document(printed: str) -> Any:
    """The last of several JSON documents that were printed one after the other, other lines between them; None where there is none."""
    decoder, rest, found = json.JSONDecoder(), printed.strip(), None
    while rest:
        try:
            found, end = decoder.raw_decode(rest)
            rest = rest[end:].lstrip()
        except json.JSONDecodeError:
            rest = rest.partition("\n")[2]
    return found


def unlike(shown: Any, answered: Any, place: str = "") -> str | None:
    """Where the answer differs in a field that is shown, else None. A list that ends with … may be longer."""
    if isinstance(shown, dict) and isinstance(answered, dict):
        missing = [f"{place}/{name}: not there" for name in shown if name not in answered]
        return missing[0] if missing else _first((shown[name], answered[name], f"{place}/{name}") for name in shown)
    if isinstance(shown, list) and isinstance(answered, list):
        wanted = shown[:-1] if shown and shown[-1] == ANYTHING else shown
        if len(answered) < len(wanted) or (wanted is shown and len(answered) != len(shown)):
            return f"{place}: {len(wanted)} shown, {len(answered)} answered: {answered}"
        return _first((wanted[at], answered[at], f"{place}/{at}") for at in range(len(wanted)))
    if isinstance(shown, str) and ANYTHING in shown and answered is not None:
        same = re.fullmatch(_pattern(shown), str(answered), re.DOTALL) is not None
    else:
        same = type(shown) is type(answered) and shown == answered
    return None if same else f"{place}: {shown!r} shown, {answered!r} answered"


def _first(pairs: Iterable[tuple[Any, Any, str]]) -> str | None:
    return next((wrong for pair in pairs if (wrong := unlike(*pair))), None)


def printed_like(shown: str, printed: str) -> bool:
    """Line by line; a line that is … alone stands for any number of lines."""
    lines = ("(?:.*\n)*" if line == ANYTHING else f"{_pattern(line)}\n" for line in shown.splitlines())
    return re.fullmatch("".join(lines), printed if printed.endswith("\n") or not printed else f"{printed}\n") is not None


def _pattern(text: str) -> str:
    return ".*".join(map(re.escape, text.split(ANYTHING)))
