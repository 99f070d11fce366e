"""What the description says of each operation, as far as a method needs it."""

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clients.generator.types import Schema, annotation, unique

MODELS = "models."
METHODS = ("get", "post", "put", "patch", "delete")
OF_THE_CLIENT = {"Idempotency-Key", "If-Match", "If-None-Match"}


@dataclass(frozen=True)
class Switch:
    """A query parameter that says which of two shapes the answer has."""

    name: str
    usual: str
    other: str
    default: str


@dataclass(frozen=True)
class Operation:
    """One operation of one resource."""

    method: str
    path: str
    said: Schema
    document: Schema

    @property
    def tag(self) -> str:
        return str(self.said["tags"][0]).replace("-", "_")

    @cached_property
    def name(self) -> str:
        """`create_ticket` of tickets is `create`, `list_ticket_decisions` is `list_decisions`, `report_queues` of reports `queues`."""
        identity = str(self.said["operationId"])
        verb, _, noun = identity.partition("_")
        if verb in (self.tag, singular(self.tag)):
            return python_name(noun)
        for own in (self.tag, singular(self.tag)):
            if noun == own or noun.startswith(f"{own}_"):
                return python_name("_".join(part for part in (verb, noun.removeprefix(own).strip("_")) if part))
        return python_name(identity)

    @property
    def parameters(self) -> list[Schema]:
        return list(self.said.get("parameters", ()))

    def places(self, place: str) -> list[Schema]:
        return [one for one in self.parameters if one["in"] == place and one["name"] not in OF_THE_CLIENT]

    def has(self, name: str) -> bool:
        return any(one["name"] == name for one in self.parameters)

    @cached_property
    def body(self) -> tuple[str, str, bool] | None:
        """Media type, annotation, required; None where there is none or nothing can stand in it."""
        content = self.said.get("requestBody", {}).get("content", {})
        if not content:
            return None
        media = next((name for name in content if name.endswith("json")), next(iter(content)))
        schema = content[media].get("schema", {})
        if media.endswith("json") and self.resolved(schema).get("properties") == {}:
            return None
        kind = annotation(schema, MODELS) if media.endswith("json") else "str | bytes"
        return media, kind, bool(self.said["requestBody"].get("required"))

    @cached_property
    def answers(self) -> list[str]:
        """Annotations of what a success can be; what the usual call gives stands first."""
        found = []
        for status in sorted((one for one in self.said["responses"] if one.startswith("2")), reverse=True):
            content = self.said["responses"][status].get("content", {})
            if not content:
                found.append("None")
            for media, inside in content.items():
                schema = inside.get("schema", {})
                alternatives = schema.get("anyOf", [schema]) if media.endswith("json") else [{"type": "string"}]
                found += [annotation(one, MODELS) for one in alternatives]
        return list(dict.fromkeys(found))

    @cached_property
    def switch(self) -> Switch | None:
        if len(self.answers) != 2:
            return None
        for one in self.places("query"):
            values = one["schema"].get("enum", ())
            if one["name"] == "dry_run":
                return Switch("dry_run", "Literal[False]", "Literal[True]", "False")
            if len(values) == 2 and "default" in one["schema"]:
                usual = one["schema"]["default"]
                (other,) = (value for value in values if value != usual)
                return Switch(python_name(one["name"]), f"Literal[{usual!r}]", f"Literal[{other!r}]", repr(usual))
        return None

    @cached_property
    def answer(self) -> str:
        return " | ".join(self.answers)

    @cached_property
    def item(self) -> str | None:
        """What a page is made of, where the answer is one."""
        if len(self.answers) != 1:
            return None
        data = self.page.get("data", {})
        return annotation(data["items"], MODELS) if data.get("type") == "array" else None

    @property
    def page(self) -> Schema:
        schema = self.document["components"]["schemas"].get(self.answers[0].removeprefix(MODELS), {})
        return dict(schema.get("properties", {}))

    @property
    def pages(self) -> bool:
        return self.item is not None and "next_cursor" in self.page and self.has("cursor")

    @property
    def follows(self) -> bool:
        return self.item is not None and "last_seq" in self.page and self.has("after") and self.has("wait")

    def resolved(self, schema: Schema) -> Schema:
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        return dict(self.document["components"]["schemas"][name]) if name else schema


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Those of the API itself; what serves health checks and people's browsers stays out."""
    for path, item in document["paths"].items():
        if path.startswith("/v1/"):
            for method in METHODS:
                if method in item:
                    yield Operation(method.upper(), path, item[method], document)


def query_type(schema: Schema) -> str:
    """What a caller may give for a query parameter; None is leaving it out."""
    kinds = schema.get("anyOf", [schema])
    names = []
    for one in kinds:
        if one.get("type") == "array":
            names.append(f"Sequence[{annotation(one['items'], MODELS)}]")
        else:
            names += [annotation(one, MODELS)] + (["datetime"] if one.get("format") == "date-time" else [])
    return " | ".join([name for name in unique(iter(names)) if name != "None"] + ["None"])


def singular(noun: str) -> str:
    return re.sub(r"ies$", "y", noun) if noun.endswith("ies") else noun.removesuffix("s")


def python_name(name: str) -> str:
    name = name.replace("-", "_").lower()
    return f"{name}_" if keyword.iskeyword(name) else name
