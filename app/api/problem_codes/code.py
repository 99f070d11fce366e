"""What a code of a problem means."""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "id")


@dataclass(frozen=True, slots=True)
class Code:
    """`advice` says what to do about it. Both texts stand under the languages' names."""

    status: int
    title: Mapping[str, str]
    advice: Mapping[str, str]


def code(status: int, title: tuple[str, str], advice: tuple[str, str]) -> Code:
    """Title and advice in English and Indonesian."""
    return Code(status, dict(zip(LANGUAGES, title, strict=True)), dict(zip(LANGUAGES, advice, strict=True)))
