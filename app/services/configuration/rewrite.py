"""A configuration file brought up to date in place: what means the same already stays byte for byte, with its comments and order."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.services.configuration.brief import brief, brief_item
from app.services.configuration.diff import diff
from app.services.configuration.normalise import normalise, same
from app.services.configuration.rewrite_fields import Edit, edited, fields
from app.services.configuration.sections import ALL_SECTIONS, SETTINGS, by_name
from app.services.configuration.source import Unreadable
from app.services.configuration.spans import Span, line_end, line_start, spans
from app.services.configuration.yaml_text import read_yaml
from app.services.configuration.yaml_write import WIDTH, entry, flow, item, whole_file

Object = Mapping[str, Any]
_COMMENT = re.compile(r"[ \t]*#")


def rewrite(text: str, target: Object) -> str:
    """`text`, YAML in the shape of the schema, so changed that applied with prune it means `target`, a normalised document.

    A value that differs is written anew. An object that is gone takes the comment lines directly above it along, a new one
    goes to the end of its list; rules stand in the order of `target`. Raises Unreadable for a layout that cannot be kept.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    plain += "" if plain.endswith("\n") else "\n"
    if _means(plain, target):
        return text
    changed = whole_file(brief(target)) if spans(plain).braces else _settings(_sections(plain, target), target)
    if not _means(changed, target):
        raise Unreadable("This file is laid out in a way that cannot be brought up to date in place.")
    return changed.replace("\n", newline)


def _means(text: str, target: Object) -> bool:
    return not diff(normalise(read_yaml(text).document), target, prune=True)


def _sections(text: str, target: Object) -> str:
    root, present = spans(text), normalise(read_yaml(text).document)
    edits: list[Edit] = []
    for section in ALL_SECTIONS:
        wanted = target[section]
        if section in root.keys:
            member = root.keys[section]
            listed = _List(text, section, member.value, present[section], wanted)
            if member.value.braces or not member.value.items or not wanted:
                if not listed.settled:
                    said = [brief_item(section, each) for each in wanted]
                    edits.append(Edit(member.start, member.value.end, entry(section, said, 0).rstrip("\n")))
                else:
                    edits.extend(listed.inside())
            else:
                edits.extend(listed.edits())
        elif wanted:
            said = [brief_item(section, each) for each in wanted]
            edits.append(Edit(len(text), len(text), "\n" + entry(section, said, 0)))
    return edited(text, edits)


def _settings(text: str, target: Object) -> str:
    root, present = spans(text), normalise(read_yaml(text).document)
    before, after = ({name: document[name] for name in SETTINGS} for document in (present, target))
    return edited(text, fields(text, root, before, after, brief(target), top=True))


@dataclass(frozen=True, slots=True)
class _List:
    """One section as it stands in the file, and as it should."""

    text: str
    section: str
    span: Span
    present: list[Object]
    wanted: list[Object]

    @property
    def settled(self) -> bool:
        """Whether the same objects stand in an order that means the same."""
        there, target = [each["name"] for each in self.present], [each["name"] for each in self.wanted]
        return there == target if self.section == "rules" else sorted(there) == sorted(target)

    def inside(self) -> Iterator[Edit]:
        """What changes within the objects that stay."""
        for changes in self._by_object():
            yield from changes

    def _by_object(self) -> Iterator[list[Edit]]:
        wanted = by_name(self.wanted)
        for before, span in zip(self.present, self.span.items, strict=True):
            after = wanted.get(before["name"])
            if after is None or same(before, after):
                yield []
            else:
                yield list(fields(self.text, span, before, after, brief_item(self.section, after)))

    def edits(self) -> Iterator[Edit]:
        """Of a list that is written with dashes."""
        if self.settled:
            yield from self.inside()
            return
        gaps, chunks = self._pieces()
        names = [each["name"] for each in self.present]
        order = self._order(names)
        lines = {**self._new(), **dict(zip(names, chunks, strict=True))}
        staying = set(order)
        kept = [name for name in names if name in staying]
        if order[: len(kept)] == kept:
            pairs = zip(gaps, names, strict=True)
            parts = [gap + (lines[name] if name in staying else "") for gap, name in pairs if gap.strip() or name in staying]
            parts.extend(lines[name] for name in order[len(kept) :])
        else:
            slots = [*gaps, *[""] * len(order)]
            parts = [slot + lines[name] for slot, name in zip(slots, order, strict=False)]
            parts.extend(gap for gap in gaps[len(order) :] if gap.strip())
        first, last = self._starts()[0], line_end(self.text, self.span.items[-1].end)
        yield Edit(first, last, "".join(parts))

    def _order(self, names: Iterable[str]) -> list[str]:
        wanted = dict.fromkeys(each["name"] for each in self.wanted)
        if self.section == "rules":
            return list(wanted)
        kept = dict.fromkeys(name for name in names if name in wanted)
        return [*kept, *(name for name in wanted if name not in kept)]

    def _new(self) -> dict[str, str]:
        there = by_name(self.present)
        said = {each["name"]: brief_item(self.section, each) for each in self.wanted if each["name"] not in there}
        indent = self.span.start - line_start(self.text, self.span.start)
        return {name: self._line(each, indent) for name, each in said.items()}

    def _line(self, said: Object, indent: int) -> str:
        """A new object in the manner of the last, unless it would be too long for one line."""
        line = f"{' ' * indent}- {flow(said)}\n"
        return line if self.span.items[-1].braces and len(line) <= WIDTH else item(said, indent)

    def _starts(self) -> list[int]:
        """Where the gap before each object begins: after the line of what is before it."""
        before_first = line_start(self.text, self.span.start)
        return [self._lead(before_first, 0), *(line_end(self.text, each.end) for each in self.span.items[:-1])]

    def _pieces(self) -> tuple[list[str], list[str]]:
        """For each object what stands before it and is not its own, and its lines, changed, with the comment directly above."""
        gaps, chunks = [], []
        for start, span, changes in zip(self._starts(), self.span.items, self._by_object(), strict=True):
            dash = line_start(self.text, self.text.rfind("-", 0, span.start))
            lead, end = self._lead(dash, start), line_end(self.text, span.end)
            gaps.append(self.text[start:lead])
            chunks.append(edited(self.text, changes, lead, end))
        return gaps, chunks

    def _lead(self, at: int, not_before: int) -> int:
        """The start of the comment lines directly above a line, or that line's own."""
        while at > not_before:
            above = line_start(self.text, at - 1)
            if above < not_before or not _COMMENT.match(self.text, above):
                break
            at = above
        return at
