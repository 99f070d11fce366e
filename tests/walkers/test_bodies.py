"""Every field of every body with every wrong type, number, length and text: refused with a pointer, and nothing is changed."""

import gzip
import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.walkers.bodies import BODIES, Place, body_for, places, pointer, preconditions, replaced, unread_fields
from tests.walkers.desks import Desk
from tests.walkers.document import BEHIND_A_KEY, BY_ID, DOCUMENT, Json, Operation, breaks, resolved
from tests.walkers.judging import code_of, complaints
from tests.walkers.selection import batched, part_or_whole, selected

WITH_BODY = [operation for operation in BEHIND_A_KEY if operation.body is not None]
EACH = pytest.mark.parametrize("operation", WITH_BODY, ids=[operation.id for operation in WITH_BODY])
HOLE = "\uf8ffhole"
JSON = {"Content-Type": "application/json"}
HUGE = ("create_ticket", "update_ticket", "change_tickets", "apply_configuration", "resolve_ticket")
TELL_CONDITIONS_APART = {"all", "any", "not"}  # without it nothing says which field is missing

# What JSON can say and no field may hold, and what no JSON can say though readers of it take it.
NEVER = {
    "5,000 digits": "9" * 5_000,
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "1e999": "1e999",
    "a NUL": '"a\\u0000b"',
    "a raw NUL": '"a\x00b"',
    "half a surrogate pair": '"\\ud800"',
    "a key with half a pair": '{"\\udfff": 1}',
    "a key with a NUL": '{"\\u0000": 1}',
    "a name twice": '{"a": 1, "a": 2}',
    "100,000 deep": "[" * 100_000 + "]" * 100_000,
}
PERHAPS = {
    "null": "null",
    "true": "true",
    "false": "false",
    "0": "0",
    "1": "1",
    "-1": "-1",
    "3.0": "3.0",
    "a half": "0.5",
    "2^31": str(2**31),
    "2^63": str(2**63),
    "-2^63 - 1": str(-(2**63) - 1),
    "2^64": str(2**64),
    "1e308": "1e308",
    "3 as text": '"3"',
    "empty": '""',
    "a space": '" "',
    "a word": '"word"',
    "a capital": '"Word"',
    "long": json.dumps("x" * 40_000),
    "control": '"a\\u001b[31m\\r\\nb\\u0085"',
    "a line separator": '"a\\u2028b"',
    "right to left": json.dumps("\u202ea\u200b\u2066" + "e" + "\u0301" * 1_000),
    "a joined emoji": json.dumps("\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    "a homoglyph": json.dumps("b\u0456lling"),
    "markup": json.dumps("<script>alert(1)</script>{{7*7}}${7*7}'\"--"),
    "[]": "[]",
    "[null]": "[null]",
    "[1]": "[1]",
    '["word"]': '["word"]',
    "1,001 words": json.dumps(["word"] * 1_001),
    "{}": "{}",
    '{"x": 1}': '{"x": 1}',
    "10,000 names": json.dumps({f"n{n}": 1 for n in range(10_000)}),
    "__proto__": '{"__proto__": 1}',
}


@EACH
def test_a_body_that_is_right_has_every_field(operation: Operation) -> None:
    """What the walkers change is complete: a new field has to come in there."""
    schema = operation.body
    assert schema is not None
    assert list(unread_fields(schema, BODIES[operation.id])) == []


async def test_a_body_that_is_right_is_taken(desk: Desk) -> None:
    """Else all that follows would be refused for another reason."""
    for operation in WITH_BODY:
        response = await _sent(desk, operation, json.dumps(body_for(operation, desk)))
        assert complaints(operation, response) == [], operation.id
        assert response.status_code in {200, 201, 409}, response.text


@part_or_whole(7)
@EACH
async def test_each_place_with_each_wrong_value(operation: Operation, desk: Desk, every: int) -> None:
    body = body_for(operation, desk)
    if operation.id == "advance_clock":
        await desk.settle()  # else it would wait for a worker
    walk = Walk(desk, operation)
    await walk.begin()
    for place, name, raw, at in selected(_tries(operation, body), every):
        await walk.try_value(place, body, f"{pointer(at or place)} {name}", raw, expected=at)
    await walk.end()
    assert walk.wrong == []


@part_or_whole(5)
async def test_each_place_of_an_item_with_each_wrong_value_beside_items_that_are_right(desk: Desk, every: int) -> None:
    """What is wrong is that item's problem, which points into it; the items before and after it are done."""
    operation = BY_ID["change_tickets"]
    before = await desk.fingerprints()
    wrong: list[str] = []
    for item in {one["operation"]: one for one in BODIES["change_tickets"]["items"]}.values():
        named = {**item, "id": desk.ids["tkt"]} if "id" in item else item
        values = {**PERHAPS, "surprise": '{"surprise": 1}'}
        tried = [
            (place, name, raw) for place, _ in places(named) for name, raw in values.items() if raw != PERHAPS["10,000 names"]
        ]
        for batch in batched(selected(tried, every), 100):
            items = [replaced(named, place, json.loads(raw)) for place, _, raw in batch]
            right = {"operation": "create", "ticket": {}}
            answer = await _sent(desk, operation, json.dumps({"items": [each for one in items for each in (right, one)]}))
            assert complaints(operation, answer) == []
            assert answer.status_code == 200, answer.text
            results = answer.json()["results"]
            assert {one["status"] for one in results[::2]} == {201}
            for index, ((place, name, _), sent, result) in enumerate(zip(batch, items, results[1::2], strict=True)):
                wrong += [f"{pointer(place)} {name}: {one}" for one in _of_item(operation, sent, result, 2 * index + 1)]
    assert wrong == []
    assert await desk.fingerprints() == before


def _of_item(operation: Operation, sent: Any, result: Json, index: int) -> list[str]:
    """What is wrong with what became of an item."""
    unfit = breaks(operation.id, operation.body or {}, {"items": [sent]})
    status, problem = result["status"], result["problem"]
    if problem is None:
        return [] if unfit is None else [f"taken, though {unfit}"]
    if status == 422:
        pointers = [one["pointer"] for one in problem["errors"]]
        inside = f"/items/{index}"
        return [] if pointers and all(f"{one}/".startswith(f"{inside}/") for one in pointers) else [f"points at {pointers[:3]}"]
    return [] if unfit is None and status in {404, 409, 412} else [f"{status}, though {unfit}"]


async def test_bytes_that_are_no_json_in_utf_8(desk: Desk) -> None:
    before = await desk.fingerprints()
    for operation in WITH_BODY:
        text = json.dumps(body_for(operation, desk))
        for name, sent in {
            "a byte-order mark": b"\xef\xbb\xbf" + text.encode(),
            "UTF-16": text.encode("utf-16"),
            "UTF-32": text.encode("utf-32"),
            "invalid UTF-8": b'{"text": "\xff"}',
            "an encoded surrogate": b'{"text": "\xed\xa0\x80"}',
            "overlong": b'{"text": "\xc0\x80"}',
            "cut": text.encode()[:-1],
            "two documents": text.encode() * 2,
            "single quotes": b"{'a': 1}",
            "a comment": b"/* */ " + text.encode(),
            "a trailing comma": b'{"a": 1,}',
            "a key without quotes": b"{a: 1}",
            "yaml": b"a: 1\n",
            "xml": b"<a/>",
        }.items():
            response = await _sent(desk, operation, sent)
            assert complaints(operation, response) == [], (operation.id, name)
            assert (response.status_code, code_of(response)) == (400, "malformed_json"), (operation.id, name)
    assert await desk.fingerprints() == before


async def test_other_languages_than_json(desk: Desk) -> None:
    before = await desk.fingerprints()
    bomb = gzip.compress(b" " * 10_000_000)
    for operation in WITH_BODY:
        text = json.dumps(body_for(operation, desk)).encode()
        for kind in (
            None, "", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/xml", "application/merge-patch+json", "application/json; charset=utf-16", "application/jsonp",
            "application/json; charset=latin-1", "application/json, text/plain", "\x00", "a" * 5_000,
        ):  # fmt: skip
            if operation.method == "PATCH" and kind == "application/merge-patch+json":
                continue
            response = await _sent(desk, operation, text, {} if kind is None else {"Content-Type": kind})
            assert complaints(operation, response) == [], (operation.id, kind)
            assert (response.status_code, code_of(response)) == (415, "unsupported_media_type"), (operation.id, kind)
        for encoding in ("gzip", "br", "deflate", "gzip, identity", "nonsense"):
            response = await _sent(desk, operation, bomb, {**JSON, "Content-Encoding": encoding})
            assert complaints(operation, response) == [], (operation.id, encoding)
            assert response.status_code == 415, (operation.id, encoding)
    assert await desk.fingerprints() == before


async def test_a_body_that_is_huge(desk: Desk) -> None:
    """413 or 422, whatever it holds."""
    before = await desk.fingerprints()
    huge = {
        "an object with 1,000,000 names": "{" + ",".join(f'"{n}":0' for n in range(1_000_000)) + "}",
        "a list of 1,000,000 numbers": "[" + "1," * 999_999 + "1]",
        "an object with 80,000 names": "{" + ",".join(f'"{n}":0' for n in range(80_000)) + "}",
        "a text of ten million": '{"text":"' + "x" * 10_000_000 + '"}',
        "a million spaces": " " * (1024 * 1024 - 2) + "[]",
    }
    for name, (said, sent) in product(HUGE, huge.items()):
        operation = BY_ID[name]
        response = await _sent(desk, operation, sent)
        assert complaints(operation, response) == [], (name, said)
        assert response.status_code in {413, 422}, (name, said)
    assert await desk.fingerprints() == before


class Walk:
    """Tries values on one operation, and keeps what went wrong."""

    def __init__(self, desk: Desk, operation: Operation) -> None:
        self.desk = desk
        self.operation = operation
        self.wrong: list[str] = []
        self.tried = 0
        self._before: dict[str, str] = {}

    async def begin(self) -> None:
        self._before = await self.desk.fingerprints()

    async def end(self) -> None:
        """Nothing that was refused has left a trace. What is taken here is taken with dry_run, or is written off."""
        if await self.desk.fingerprints() != self._before:
            self.wrong.append("something was changed")

    async def try_value(self, place: Place, body: Json, name: str, raw: str, *, expected: Place | None = None) -> None:
        """`expected` is the very place that has to be pointed at; without it any place on the way will do."""
        self.tried += 1
        response = await _sent(
            self.desk, self.operation, json.dumps(replaced(body, place, HOLE)).replace(f'"\\uf8ff{HOLE[1:]}"', raw)
        )
        found = complaints(self.operation, response)
        status = response.status_code
        if status in (400, 422):
            if self._breaks(place, body, raw):
                found += _unplaced(response.json(), place if expected is None else expected, exactly=expected is not None)
        elif status >= 400:
            known = (404, 409, 412) if place and place[-1] == "version" else (404, 409)
            found += [] if status in known else [f"refused with {status}"]
        else:
            found += self._taken(place, body, raw)
            if not self.operation.takes_dry_run:
                await self.begin()
        self.wrong += [f"{name}: {one}" for one in found]

    def _taken(self, place: Place, body: Json, raw: str) -> list[str]:
        if raw in NEVER.values():
            return ["taken"]
        if raw == "3.0" and self._breaks(place, body, "3.5"):
            return ["3.0 was taken for a whole number"]
        wrong = self._breaks(place, body, raw)
        return [] if wrong is None else [f"taken, though {wrong}"]

    def _breaks(self, place: Place, body: Json, raw: str) -> str | None:
        """What the description has against it."""
        if raw in NEVER.values():
            return "it cannot be read"
        return breaks(self.operation.id, self.operation.body or {}, replaced(body, place, json.loads(raw)))


def _unplaced(problem: Json, place: Place, *, exactly: bool) -> list[str]:
    """A 422 points at the place, at something around it, or at something in it; a 400 is about the whole."""
    if problem["status"] == 400:
        return []
    at = pointer(place)
    pointers = [one["pointer"] for one in problem.get("errors", ())]
    if not pointers:
        return _no_pointer(problem)
    if exactly:
        return [] if at in pointers else [f"points at {pointers[:3]}"]
    near = [one for one in pointers if at == one or at.startswith(f"{one}/") or one.startswith(f"{at}/")]
    return [] if near else [f"points at {pointers[:3]}"]


def _no_pointer(problem: Json) -> list[str]:
    """What cannot be read into a document has no places to point at."""
    unread = ("more than 5,000 names", "too many digits", "mistakes, too many")
    return [] if any(words in problem["detail"] for words in unread) else [f"no pointer: {problem['detail']}"]


def _tries(operation: Operation, body: Json) -> Iterator[tuple[Place, str, str, Place | None]]:
    """(place, what is tried, how it is written, the very place that has to be pointed at)"""
    for place, there in places(body):
        for name, raw in {**NEVER, **PERHAPS, **_at_the_bounds(operation, place)}.items():
            yield place, name, raw, None
        if isinstance(there, dict):
            for raw, at in _members_changed(there, place):
                yield place, "changed", raw, at


def _members_changed(there: Json, place: Place) -> Iterator[tuple[str, Place]]:
    """The object with a field more, and with each of its fields left out."""
    yield json.dumps({**there, "surprise": 1}), (*place, "surprise")
    for name in there:
        at = place if name in TELL_CONDITIONS_APART else (*place, name)
        yield json.dumps({key: value for key, value in there.items() if key != name}), at


def _at_the_bounds(operation: Operation, place: Place) -> dict[str, str]:
    """One below, at and above what the schema of the place says."""
    found: dict[str, Any] = {}
    for schema in _schemas_at(operation.body or {}, place):
        if "maxLength" in schema or schema.get("type") == "string":
            longest = schema.get("maxLength", 40_000)
            for letter in ("x", "\U0001f600"):
                found |= {f"{n} of {letter!r}": letter * n for n in (1, longest, longest + 1)}
        for bound in ("minimum", "maximum"):
            if bound in schema:
                found |= {str(n): n for n in range(int(schema[bound]) - 1, int(schema[bound]) + 2)}
        if "maxItems" in schema and schema["maxItems"] <= 1_000:
            found[f"{schema['maxItems'] + 1} items"] = ["x"] * (schema["maxItems"] + 1)
    return {name: json.dumps(value) for name, value in found.items()}


def _schemas_at(schema: Json, place: Place) -> list[Json]:
    """The alternatives that the description has for a place; none inside of what is described recursively."""
    schema = resolved(schema)
    if schema is DOCUMENT["components"]["schemas"].get("Comparison"):
        return []
    members = schema.get("anyOf", schema.get("oneOf"))
    if members is not None:
        return [found for one in members for found in _schemas_at(one, place)]
    if not place:
        return [schema]
    first, *rest = place
    inner = schema.get("items") if isinstance(first, int) else schema.get("properties", {}).get(first)
    inner = schema.get("additionalProperties") if inner is None else inner
    return _schemas_at(inner, tuple(rest)) if isinstance(inner, dict) else []


async def _sent(desk: Desk, operation: Operation, content: str | bytes, headers: Json | None = None) -> Any:
    params = {"dry_run": "true"} if operation.takes_dry_run else {}
    sent = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return await desk.send(
        operation, content=sent, params=params, headers={**preconditions(operation), **(JSON if headers is None else headers)}
    )
