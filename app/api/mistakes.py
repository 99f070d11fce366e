"""What pydantic found wrong, as mistakes with JSON pointers into what was sent. Never repeats a value: it may be a secret."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.engine.mistakes import Mistake, below

MOST = 100

# pydantic's type → code and sentence; what stands in braces comes from the error's context.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("required", "This field is required."),
    "extra_forbidden": ("unknown_field", "There is no such field here."),
    "string_type": ("wrong_type", "Expected text."),
    "string_too_short": ("too_short", "Expected at least {min_length} characters."),
    "string_too_long": ("too_long", "Expected at most {max_length} characters."),
    "string_pattern_mismatch": ("wrong_form", "Expected text that matches {pattern}"),
    "int_type": ("wrong_type", "Expected a whole number."),
    "int_from_float": ("wrong_type", "Expected a whole number."),
    "int_parsing": ("wrong_type", "Expected a whole number."),
    "int_parsing_size": ("out_of_range", "The number is too large."),
    "float_type": ("wrong_type", "Expected a number."),
    "float_parsing": ("wrong_type", "Expected a number."),
    "finite_number": ("out_of_range", "Expected a finite number."),
    "bool_type": ("wrong_type", "Expected true or false."),
    "bool_parsing": ("wrong_type", "Expected true or false."),
    "none_required": ("wrong_type", "Expected null."),
    "list_type": ("wrong_type", "Expected a list."),
    "tuple_type": ("wrong_type", "Expected a list."),
    "set_type": ("wrong_type", "Expected a list."),
    "frozen_set_type": ("wrong_type", "Expected a list."),
    "dict_type": ("wrong_type", "Expected an object."),
    "model_type": ("wrong_type", "Expected an object."),
    "model_attributes_type": ("wrong_type", "Expected an object."),
    "dataclass_type": ("wrong_type", "Expected an object."),
    "too_short": ("too_few", "Expected at least {min_length} items."),
    "too_long": ("too_many", "Expected at most {max_length} items."),
    "enum": ("not_allowed", "Expected one of {expected}."),
    "literal_error": ("not_allowed", "Expected one of {expected}."),
    "greater_than": ("out_of_range", "Expected a number above {gt}."),
    "greater_than_equal": ("out_of_range", "Expected a number of at least {ge}."),
    "less_than": ("out_of_range", "Expected a number below {lt}."),
    "less_than_equal": ("out_of_range", "Expected a number of at most {le}."),
    "multiple_of": ("out_of_range", "Expected a multiple of {multiple_of}."),
    "datetime_type": ("wrong_type", "Expected a time such as 2026-01-05T08:00:00.000Z."),
    "datetime_parsing": ("wrong_form", "Expected a time such as 2026-01-05T08:00:00.000Z."),
    "datetime_from_date_parsing": ("wrong_form", "Expected a time such as 2026-01-05T08:00:00.000Z."),
    "datetime_object_invalid": ("wrong_form", "Expected a time such as 2026-01-05T08:00:00.000Z."),
    "timezone_aware": ("wrong_form", "Expected a time with its zone, such as 2026-01-05T08:00:00.000Z."),
    "union_tag_invalid": ("not_allowed", "Expected one of {expected_tags}."),
    "union_tag_not_found": ("required", "This field is required: it says which kind this is."),
}
CHARACTER_NOT_ALLOWED = "Text may hold neither NUL nor half of a surrogate pair."


def mistakes_of(errors: Iterable[Mapping[str, Any]], document: object) -> list[Mistake]:
    """One mistake per place, at most 100. `document` is what was sent; places in it are told from pydantic's own names."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for error in errors:
        place, missing = _place(error)
        pointer = pointer_of(place, document, missing=missing)
        if pointer not in found and len(found) == MOST:
            break
        found.setdefault(pointer, []).append(error)
    return [_mistake(pointer, here) for pointer, here in found.items()]


def _place(error: Mapping[str, Any]) -> tuple[Sequence[str | int], bool]:
    """Where it is, and whether the last name may be missing there; what tells the members of a union apart has a place of its own."""
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return (*error["loc"], error["ctx"]["discriminator"].strip("'")), True
    return error["loc"], error["type"] == "missing"


def pointer_of(place: Sequence[str | int], document: object, *, missing: bool) -> str:
    """A place of pydantic's as an RFC 6901 pointer: members of a union and marks of a key are no places in the document."""
    pointer = ""
    here = document
    for n, token in enumerate(place):
        if (isinstance(here, dict) and token in here) or (isinstance(here, list) and _is_index(token, here)):
            here = here[token]  # type: ignore[index]
            pointer = below(pointer, token)
        elif missing and n == len(place) - 1:
            pointer = below(pointer, token)
    return pointer


def _is_index(token: str | int, items: list[Any]) -> bool:
    return isinstance(token, int) and 0 <= token < len(items)


def _mistake(pointer: str, errors: Sequence[Mapping[str, Any]]) -> Mistake:
    """Several errors in one place are the members of a union, each saying why it is not meant."""
    first = errors[0]
    codes = dict.fromkeys(SENTENCES.get(error["type"], ("not_allowed", ""))[0] for error in errors)
    if len(errors) > 1 and list(codes) == ["wrong_type"]:
        wanted = dict.fromkeys(SENTENCES[error["type"]][1].removeprefix("Expected ").rstrip(".") for error in errors)
        return Mistake(pointer, "wrong_type", f"Expected {' or '.join(wanted)}.")
    chosen = next((error for error in errors if SENTENCES.get(error["type"], ("",))[0] != "wrong_type"), first)
    code, sentence = SENTENCES.get(chosen["type"], (_custom(chosen["type"]), str(chosen.get("msg", ""))))
    context = chosen.get("ctx") or {}
    if chosen["type"] in SENTENCES:
        sentence = sentence.format_map({key: str(value) for key, value in context.items()} | _Unknown())
    return Mistake(pointer, code, sentence, _allowed(context))


class _Unknown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


def _custom(kind: str) -> str:
    """A validator of ours names its own code; one that raises ValueError says its sentence only."""
    return "not_allowed" if kind in ("value_error", "assertion_error") else kind


def _allowed(context: Mapping[str, Any]) -> tuple[str, ...] | None:
    expected = context.get("expected", context.get("expected_tags"))
    if not isinstance(expected, str):
        return None
    words = expected.replace(" or ", ", ").split(", ")
    return tuple(word[1:-1] for word in words) if all(word[:1] == "'" == word[-1:] for word in words) else None


def unstorable(document: object) -> list[Mistake]:
    """Texts, keys among them, that hold a NUL or half of a surrogate pair: no database and no UTF-8 can."""
    found: list[Mistake] = []
    waiting: list[tuple[str, object]] = [("", document)]
    while waiting and len(found) < MOST:
        pointer, item = waiting.pop()
        if isinstance(item, str):
            if not _storable(item):
                found.append(Mistake(pointer, "character_not_allowed", CHARACTER_NOT_ALLOWED))
        elif isinstance(item, dict):
            found += [
                Mistake(pointer, "character_not_allowed", f"A name: {CHARACTER_NOT_ALLOWED}")
                for key in item
                if not _storable(key)
            ]
            waiting += [(below(pointer, key), value) for key, value in item.items()]
        elif isinstance(item, list):
            waiting += [(below(pointer, n), value) for n, value in enumerate(item)]
    return found


def _storable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or not any("\ud800" <= mark <= "\udfff" for mark in text))
