"""One class per resource, once to be called and once to be awaited."""

import re
from collections.abc import Iterable, Iterator

from clients.generator.operations import Operation, python_name, query_type
from clients.generator.types import HEADER, annotation, docstring

IMPORTS = """
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, overload

from giliran_client import models
from giliran_client.answers import Answer
from giliran_client.calls import Call
from giliran_client.{module} import {names}
"""


def resources(found: Iterable[Operation], tags: dict[str, str], *, awaited: bool) -> Iterator[str]:
    """The lines of resources.py or async_resources.py."""
    prefix = "Async" if awaited else ""
    by_tag: dict[str, list[Operation]] = {}
    for one in found:
        by_tag.setdefault(one.tag, []).append(one)
    names = ("Feed", "Pages", "Resource", "Resources")
    yield HEADER
    yield IMPORTS.format(module="async_transport" if awaited else "transport", names=", ".join(prefix + name for name in names))
    for tag, members in by_tag.items():
        yield f"\nclass {prefix}{camel(tag)}({prefix}Resource):"
        yield docstring(tags[tag], "    ") + "\n"
        taken: set[str] = set()
        for one in members:
            for name, lines in written(one, awaited=awaited):
                if name in taken:
                    raise ValueError(f"{tag}.{name} twice")
                taken.add(name)
                yield from lines
    yield f"\nclass {prefix}Api({prefix}Resources):"
    yield '    """Every resource by its name."""\n'
    yield "    def _open(self) -> None:"
    for tag in by_tag:
        yield f"        self.{tag} = {prefix}{camel(tag)}(self._send)"


def written(one: Operation, *, awaited: bool) -> Iterator[tuple[str, list[str]]]:
    """The method, and what walks its pages or follows it."""
    yield one.name, list(method(one, awaited=awaited))
    prefix = "Async" if awaited else ""
    if one.pages:
        name = re.sub(r"^[a-z]+", "iterate", one.name)
        yield name, list(walking(one, name, f"{prefix}Pages", without=("cursor",)))
    if one.follows:
        name = "follow" if one.name == "list" else f"follow_{one.name}"
        yield name, list(walking(one, name, f"{prefix}Feed", without=()))


def method(one: Operation, *, awaited: bool) -> Iterator[str]:
    define, wait = ("async def", "await ") if awaited else ("def", "")
    if switch := one.switch:
        for kind, default, answer in (
            (switch.usual, f" = {switch.default}", one.answers[0]),
            (switch.other, "", one.answers[1]),
        ):
            yield "    @overload"
            yield f"    {define} {one.name}({signature(one, {switch.name: kind + default})}) -> Answer[{answer}]: ..."
    if switch and switch.name == "dry_run":
        yield "    @overload"
        yield f"    {define} {one.name}({signature(one, {'dry_run': 'bool'})}) -> Answer[{one.answer}]: ..."
    given = {"dry_run": "bool = False"} if one.has("dry_run") else {}
    if switch and switch.name != "dry_run":
        given = {switch.name: f"{switch.usual} | {switch.other} = {switch.default}"}
    yield f"    {define} {one.name}({signature(one, given)}) -> Answer[{one.answer}]:"
    yield said(one)
    yield f"        return {wait}self._send({call(one)})\n"


def walking(one: Operation, name: str, kind: str, *, without: tuple[str, ...]) -> Iterator[str]:
    given = {"wait": "int = 25"} if one.follows else {}
    yield f"    def {name}({signature(one, given, without)}) -> {kind}[{one.item}]:"
    yield said(one)
    yield f"        return {kind}(self._send, {call(one, without)})\n"


def signature(one: Operation, given: dict[str, str], without: tuple[str, ...] = ()) -> str:
    """`given` says annotation and default of a parameter otherwise than the description."""
    positional = ["self", *(f"{python_name(place['name'])}: {annotation(place['schema'])}" for place in one.places("path"))]
    if one.body:
        positional.append(f"body: {one.body[1]}" + ("" if one.body[2] else " | None = None"))
    named = []
    for place in (*one.places("query"), *one.places("header")):
        name = python_name(place["name"])
        if name not in without:
            kind = (
                query_type(place["schema"]) if not place.get("required") else query_type(place["schema"]).removesuffix(" | None")
            )
            named.append(f"{name}: {given.get(name, kind if place.get('required') else f'{kind} = None')}")
    if one.has("If-Match"):
        named.append("version: int | None = None")
    if one.has("If-None-Match"):
        named.append("unless_version: int | None = None" if one.method == "GET" else "create: bool = False")
    if one.has("Idempotency-Key"):
        named.append("idempotency_key: str | None = None")
    return ", ".join([*positional, *(["*", *named] if named else [])])


def call(one: Operation, without: tuple[str, ...] = ()) -> str:
    parts = [repr(one.method), repr(one.path)]
    if places := one.places("path"):
        parts.append(f"path=({', '.join(python_name(place['name']) for place in places)},)")
    asked = [place["name"] for place in one.places("query") if place["name"] not in without]
    if asked:
        parts.append(f"query={{{', '.join(f'{name!r}: {python_name(name)}' for name in asked)}}}")
    if headers := [place["name"] for place in one.places("header")]:
        parts.append(f"headers={{{', '.join(f'{name!r}: {python_name(name)}' for name in headers)}}}")
    if one.body:
        parts.append("body=body")
        if not one.body[0].endswith("json"):
            parts.append(f"media={one.body[0]!r}")
    if one.has("If-Match"):
        parts.append("version=version")
    if one.has("If-None-Match"):
        parts.append("unless_version=unless_version" if one.method == "GET" else "create=create")
    if one.has("Idempotency-Key"):
        parts.append("key=idempotency_key, keyed=True")
    return f"Call({', '.join(parts)})"


def said(one: Operation) -> str:
    return docstring(f"{one.said['summary']}.\n\n{one.said['description']}", "        ")


def camel(tag: str) -> str:
    return "".join(word.capitalize() for word in tag.split("_"))
