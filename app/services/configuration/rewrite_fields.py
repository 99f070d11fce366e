"""Changes of single values in a YAML text, as edits by offset."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.services.configuration.normalise import same
from app.services.configuration.spans import Member, Span, line_end, line_start
from app.services.configuration.yaml_write import entry, flow, scalar

_WHOLE = ("when",)


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """The part of `text` from `start` to `end` with the edits in it, which do not overlap. Of two at one place the first is first."""
    parts, at = [], start
    for edit in sorted(edits, key=lambda each: each.start):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:end]])


def fields(
    text: str, span: Span, before: Mapping[str, Any], after: Mapping[str, Any], said: Mapping[str, Any], *, top: bool = False
) -> Iterator[Edit]:
    """What makes the mapping at `span`, which means `before`, mean `after`; both filled in, `said` is `after` without defaults."""
    missing = {}
    for key, value in after.items():
        if same(before.get(key), value):
            continue
        if key not in span.keys:
            if key in said:
                missing[key] = said[key]
            continue
        member = span.keys[key]
        if member.value.keys and isinstance(before.get(key), dict) and isinstance(value, dict) and key not in _WHOLE:
            yield from fields(text, member.value, before[key], value, said.get(key, {}))
        else:
            yield _replaced(text, key, member, said.get(key, value), inline=span.braces)
    if missing:
        yield _added(text, span, missing, top=top)


def _replaced(text: str, key: str, member: Member, value: Any, *, inline: bool) -> Edit:
    at = member.value
    if at.empty:
        return Edit(at.start, at.end, f" {flow(value)}")
    if inline or at.braces or not (at.keys or at.items):
        return Edit(at.start, at.end, flow(value))
    indent = member.start - line_start(text, member.start)
    return Edit(member.start, at.end, entry(key, value, indent).strip())


def _added(text: str, span: Span, missing: Mapping[str, Any], *, top: bool) -> Edit:
    members = list(span.keys.values())
    if span.braces:
        at = members[-1].value.end
        return Edit(at, at, "".join(f", {scalar(key)}: {flow(value)}" for key, value in missing.items()))
    if top:
        at = line_start(text, members[0].start)
        return Edit(at, at, "".join(entry(key, value, 0) for key, value in missing.items()))
    at, first = line_end(text, members[-1].value.end), members[0].start
    return Edit(at, at, "".join(entry(key, value, first - line_start(text, first)) for key, value in missing.items()))
