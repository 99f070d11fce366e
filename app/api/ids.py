"""Ids in requests. What is no id names nothing."""

from app.engine.mistakes import Mistake, shown
from app.errors import Invalid, NotFound
from app.identifiers import NOUNS, encode, encode_optional, mint, new, read

__all__ = ["decode", "encode", "encode_optional", "mint", "new", "one_of", "read", "spoken"]


def spoken(name: str) -> str:
    """The name of a section or a noun as people say it."""
    return name.replace("_", " ").replace("sla", "SLA")


def one_of(words: str) -> str:
    """The words with their article."""
    return f"an {words}" if words.startswith(("a", "SLA")) else f"a {words}"


def decode(prefix: str, text: str, *, pointer: str | None = None) -> bytes:
    """The 16 bytes; else NotFound for a path, Invalid with the `pointer` for a body's field."""
    found = read(prefix, text)
    if found is not None:
        return found
    noun = NOUNS[prefix]
    said = spoken(noun)
    if pointer is None:
        raise NotFound(f"{noun}_not_found", f"There is no {said} with this id in this workspace.")
    mistake = Mistake(pointer, "wrong_id", f"{shown(text)} is not the id of {one_of(said)}; such an id starts with {prefix}_.")
    raise Invalid("invalid_body", "The body has a mistake.", errors=[mistake])
