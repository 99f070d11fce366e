"""`python -m app.openapi_differences` says what would break callers of the last release; with --release it keeps today's description.

The description of the last release is docs/openapi-released.json. Before a first release there is none, and nothing can break.
What callers send may be asked for less, never more; what they are given may be more, never less. New enum values in
answers are allowed: callers ignore what they do not know.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.main import create_app
from app.settings import Settings

RELEASED = Path(__file__).parent.parent / "docs" / "openapi-released.json"
METHODS = ("get", "post", "put", "patch", "delete")
SMALLEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
LARGEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")

Json = dict[str, Any]


@dataclass
class Comparison:
    """Two descriptions. `seen` ends the walk through schemas that hold themselves."""

    old: Json
    new: Json
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def breaking(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            for method in METHODS:
                if method in item:
                    yield from self.operation(
                        f"{method.upper()} {path}", item[method], self.new["paths"].get(path, {}).get(method)
                    )

    def operation(self, name: str, old: Json, new: Json | None) -> Iterator[str]:
        if new is None:
            yield f"{name}: is gone"
            return
        if old.get("operationId") != new.get("operationId"):
            yield f"{name}: operationId was {old.get('operationId')}"
        yield from self.parameters(name, old, new)
        yield from self.body(name, old.get("requestBody", {}), new.get("requestBody", {}))
        for status, answer in old.get("responses", {}).items():
            if not status.startswith("2"):
                continue
            if status not in new.get("responses", {}):
                yield f"{name}: no longer answers {status}"
                continue
            present = new["responses"][status].get("content", {})
            for media, inside in answer.get("content", {}).items():
                if media not in present:
                    yield f"{name}: {status} is no longer given as {media}"
                else:
                    yield from self.given(f"{name} {status}", inside.get("schema", {}), present[media].get("schema", {}))

    def parameters(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before = {(one["in"], one["name"]): one for one in old.get("parameters", ())}
        now = {(one["in"], one["name"]): one for one in new.get("parameters", ())}
        for key, one in before.items():
            if key not in now:
                yield f"{name}: {key[0]} parameter {key[1]} is gone"
            else:
                yield from self.taken(f"{name} ?{key[1]}", one["schema"], now[key]["schema"])
        for key, one in now.items():
            if one.get("required") and not before.get(key, {}).get("required"):
                yield f"{name}: {key[0]} parameter {key[1]} is required now"

    def body(self, name: str, old: Json, new: Json) -> Iterator[str]:
        if new.get("required") and not old.get("required"):
            yield f"{name}: a body is required now"
        for media, inside in old.get("content", {}).items():
            if media not in new.get("content", {}):
                yield f"{name}: a body of {media} is no longer taken"
            else:
                yield from self.taken(f"{name} body", inside.get("schema", {}), new["content"][media].get("schema", {}))

    def taken(self, where: str, old: Json, new: Json) -> Iterator[str]:
        """What could be sent must be taken still."""
        if self.known(old, new, sent=True):
            return
        was, now = self.alternatives(self.old, old), self.alternatives(self.new, new)
        if len(was) > 1 or len(now) > 1:
            for one in was:
                if not any(self.fits(one, other, sent=True) for other in now):
                    yield f"{where}: no longer takes {shown(one)}"
            return
        was, now = [resolved(self.old, was[0])], [resolved(self.new, now[0])]
        yield from narrowed(where, was[0], now[0], "takes")
        yield from bounds(where, was[0], now[0])
        yield from self.inside(where, was[0], now[0], sent=True)
        yield from (
            f"{where}: field {name} is required now"
            for name in now[0].get("required", ())
            if name not in was[0].get("required", ())
        )

    def given(self, where: str, old: Json, new: Json) -> Iterator[str]:
        """What was given must be given still, as something a caller could have been given before."""
        if self.known(old, new, sent=False):
            return
        was, now = self.alternatives(self.old, old), self.alternatives(self.new, new)
        if len(was) > 1 or len(now) > 1:
            for one in now:
                if not any(self.fits(other, one, sent=False) for other in was):
                    yield f"{where}: may be {shown(one)} now"
            return
        was, now = [resolved(self.old, was[0])], [resolved(self.new, now[0])]
        yield from narrowed(where, {**now[0], "enum": []}, {**was[0], "enum": []}, "was, and is not,")
        gone = [value for value in was[0].get("enum", ()) if "enum" in now[0] and value not in now[0]["enum"]]
        yield from (f"{where}: enum value {value!r} is gone" for value in gone)
        yield from self.inside(where, was[0], now[0], sent=False)
        yield from (
            f"{where}: field {name} may be missing now"
            for name in was[0].get("required", ())
            if name in now[0].get("properties", {}) and name not in now[0].get("required", ())
        )

    def inside(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        walk = self.taken if sent else self.given
        for name, schema in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                yield from walk(f"{where}.{name}", schema, new["properties"][name])
            elif not sent or new.get("additionalProperties") is False:
                yield f"{where}: field {name} is gone"
        for word in ("items", "additionalProperties"):
            if isinstance(old.get(word), dict) and isinstance(new.get(word), dict):
                yield from walk(f"{where}[]", old[word], new[word])

    def fits(self, old: Json, new: Json, *, sent: bool) -> bool:
        trial = Comparison(self.old, self.new, set(self.seen))
        return not any((trial.taken if sent else trial.given)("", old, new))

    def known(self, old: Json, new: Json, *, sent: bool) -> bool:
        key = (str(old.get("$ref", "")), str(new.get("$ref", "")), sent)
        if not (key[0] and key[1]):
            return False
        known = key in self.seen
        self.seen.add(key)
        return known

    @staticmethod
    def alternatives(document: Json, schema: Json) -> list[Json]:
        """What it may be; a schema with a name keeps it, so that `seen` can tell."""
        whole = resolved(document, schema)
        several = whole.get("anyOf") or whole.get("oneOf")
        return [end for one in several for end in Comparison.alternatives(document, one)] if several else [schema]


def resolved(document: Json, schema: Json) -> Json:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return dict(document["components"]["schemas"][name]) if name else schema


def narrowed(where: str, wide: Json, narrow: Json, word: str) -> Iterator[str]:
    """What `wide` allows and `narrow` does not, of types and words."""
    kinds = {"number": {"number", "integer"}}
    allowed = narrow.get("type")
    if allowed and wide.get("type") not in kinds.get(allowed, {allowed}):
        yield (
            f"{where}: {word} {wide.get('type', 'anything')}; is {allowed} now"
            if word == "takes"
            else f"{where}: is {wide.get('type', 'anything')} now, was {allowed}"
        )
    before = wide.get("enum") or ([wide["const"]] if "const" in wide else [])
    now = narrow.get("enum") or ([narrow["const"]] if "const" in narrow else [])
    if now:
        yield from (f"{where}: no longer {word} {value!r}" for value in before if value not in now)
        if not before:
            yield f"{where}: {word} only {now} now"


def bounds(where: str, old: Json, new: Json) -> Iterator[str]:
    for words, sign in ((SMALLEST, 1), (LARGEST, -1)):
        for word in words:
            if word in new and (word not in old or sign * new[word] > sign * old[word]) and (new[word] or word in LARGEST):
                yield f"{where}: {word} was {old.get(word, 'none')}, is {new[word]}"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"{where}: pattern was {old.get('pattern', 'none')}, is {new['pattern']}"


def shown(schema: Json) -> str:
    return schema.get("$ref", "").rpartition("/")[2] or str(
        schema.get("title") or schema.get("enum") or schema.get("const") or schema.get("type", "anything")
    )


def breaking(old: Json, new: Json) -> list[str]:
    return list(Comparison(old, new).breaking())


def main(arguments: list[str], released: Path = RELEASED) -> int:
    if arguments not in ([], ["--release"]):
        print("usage: python -m app.openapi_differences [--release]", file=sys.stderr)  # noqa: T201
        return 2
    present = create_app(Settings.model_construct()).openapi()
    if arguments:
        released.write_text(json.dumps(present, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return 0
    if not released.exists():
        return 0
    found = breaking(json.loads(released.read_text(encoding="utf-8")), present)
    for difference in found:
        print(difference)  # noqa: T201
    if found:
        print(f"\n{len(found)} differences would break callers of the last release: /v1 stays compatible.")  # noqa: T201
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
