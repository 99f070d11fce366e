"""A page of docs as steps that a reader takes: files to write, commands to run, what they answer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^(?P<above>[^\n]*)\n*^```(?P<language>[a-z]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:^|.* )`(?P<name>[\w-]+\.[a-z]+)`:$")


class Block(NamedTuple):
    """A fence. `file` is the name in backquotes at the end of the line above it, as in "`desk.yaml`:"."""

    language: str
    text: str
    file: str | None
    line: int


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> Iterator[Block]:
    for found in _FENCE.finditer(text):
        file = _FILE.match(found["above"])
        yield Block(found["language"], found["text"], file and file["name"], text.count("\n", 0, found.start("language")) + 1)


def block(text: str, language: str, place: int = 0) -> str:
    """The text of one of a page's fences of that language."""
    return [each.text for each in blocks(text) if each.language == language][place]
