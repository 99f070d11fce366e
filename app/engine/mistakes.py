"""What is wrong with a document, said so that a person can put it right."""

from dataclasses import dataclass

_SHOWN = 60
_TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "text"),
    ((list, tuple), "a list"),
    (dict, "an object"),
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in one place.

    `pointer` is an RFC 6901 JSON pointer, `code` never changes, `detail` is one sentence whose wording may,
    `allowed` is the closed list of what could stand there instead.
    """

    pointer: str
    code: str
    detail: str
    allowed: tuple[str, ...] | None = None


def below(pointer: str, token: str | int) -> str:
    """The pointer of a member or an item of what `pointer` names."""
    return f"{pointer}/{_encodable(str(token)).replace('~', '~0').replace('/', '~1')}"


def shown(text: str) -> str:
    """A user's text as it may stand in a sentence: quoted, on one line, cut when long."""
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f'"{on_one_line(cut)}"'


def on_one_line(text: str) -> str:
    """Text with all that a terminal or a line might obey, or UTF-8 not hold, written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def type_name(value: object) -> str:
    """JSON's word for a value. Never the value itself: an integer of 5,000 digits cannot even be printed."""
    if value is None:
        return "null"
    return next((name for types, name in _TYPE_NAMES if isinstance(value, types)), f"a {type(value).__name__}")


def _encodable(text: str) -> str:
    # A mistake is sent to the caller as UTF-8, which has no lone surrogates.
    return text.encode("utf-8", "replace").decode()
