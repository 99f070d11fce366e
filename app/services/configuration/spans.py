"""Where each part of a YAML text stands, by offset, so that one part can be changed and all others stay as they were written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True)
class Span:
    """One value: `start` of its first character, `end` after its last; comments and blank lines after it do not belong to it.

    `keys` are the values of a mapping by key, `items` those of a list. `braces` says that it is written with {} or [].
    """

    start: int
    end: int
    braces: bool = False
    keys: Mapping[str, "Member"] = field(default_factory=dict)
    items: tuple["Span", ...] = ()

    @property
    def empty(self) -> bool:
        return self.start == self.end


@dataclass(frozen=True, slots=True)
class Member:
    """A key, from its first character, and its value."""

    start: int
    key_end: int
    value: Span


def spans(text: str) -> Span:
    """Of a text that `read_yaml` has taken."""
    return _span(YAML(typ="safe", pure=True).compose(text), text)


def line_start(text: str, at: int) -> int:
    """Where the line of this offset begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """After the line of this offset, its end included."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _span(node: Node, text: str) -> Span:
    start = node.start_mark.index
    if isinstance(node, ScalarNode):
        block = node.style in ("|", ">")
        return Span(start, _trimmed(text, start, node.end_mark.index) if block else node.end_mark.index)
    if isinstance(node, MappingNode):
        keys = {key.value: _member(key, value, text) for key, value in node.value}
        return Span(start, _end(node, (member.value for member in keys.values())), bool(node.flow_style), keys)
    if not isinstance(node, SequenceNode):
        raise TypeError(type(node).__name__)
    return _list(node, text)


def _member(key: Node, value: Node, text: str) -> Member:
    span, key_end = _span(value, text), key.end_mark.index
    if span.empty:  # the parser has it anywhere up to the next key
        after_colon = text.index(":", key_end) + 1
        span = Span(after_colon, after_colon)
    return Member(key.start_mark.index, key_end, span)


def _list(node: SequenceNode, text: str) -> Span:
    items = tuple(_span(value, text) for value in node.value)
    return Span(node.start_mark.index, _end(node, iter(items)), bool(node.flow_style), items=items)


def _end(node: MappingNode | SequenceNode, parts: Iterator[Span]) -> int:
    """A block ends where its last part does: the parser says where the next thing begins."""
    return int(node.end_mark.index) if node.flow_style else max(part.end for part in parts)


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
