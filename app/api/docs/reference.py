"""The description taken apart for people: sections of operations, each with its fields, examples and problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from app.api.examples import DEEPEST, made_up, resolved

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is dotted where it stands inside another, `required` only means something in what is sent."""

    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body: list[Field]
    body_example: str
    answer_status: str
    answer: list[Field]
    answer_example: str
    problems: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    tag: str
    description: str
    operations: list[Operation]


def sections(document: Mapping[str, Any]) -> list[Section]:
    by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    reader = _Reader(document)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            by_tag[operation["tags"][0]].append(reader.operation(method.upper(), path, operation))
    return [Section(tag["name"], tag["description"], by_tag[tag["name"]]) for tag in document["tags"]]


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.schemas = document.get("components", {}).get("schemas", {})

    def operation(self, method: str, path: str, said: Mapping[str, Any]) -> Operation:
        body = said.get("requestBody", {}).get("content", {}).get(JSON, {})
        status, answer = self.answer(said["responses"])
        return Operation(
            id=said["operationId"],
            method=method,
            path=path,
            summary=said.get("summary", ""),
            description=said.get("description", ""),
            parameters=[self.parameter(one) for one in said.get("parameters", ())],
            body=self.fields(body.get("schema")),
            body_example=self.example(body),
            answer_status=status,
            answer=self.fields(answer.get("schema")),
            answer_example=self.example(answer),
            problems=[(code, response["description"]) for code, response in said["responses"].items() if int(code) >= 400],
        )

    def answer(self, responses: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        status = "201" if "201" in responses else next((code for code in responses if int(code) < 300), "")
        return status, responses.get(status, {}).get("content", {}).get(JSON, {})

    def parameter(self, one: Mapping[str, Any]) -> Field:
        name = f"{one['name']} ({one['in']})"
        return Field(name, self.type_of(one["schema"]), one.get("required", False), one.get("description", ""))

    def fields(self, schema: Mapping[str, Any] | None) -> list[Field]:
        return list(self.walk(self.first_of(schema), "", 1)) if schema else []

    def first_of(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of an answer that may be several things, the one that is meant in earnest."""
        shape = self.shape_of(schema)
        return self.first_of(shape["anyOf"][0]) if "anyOf" in shape else shape

    def walk(self, schema: Mapping[str, Any], prefix: str, depth: int) -> Iterator[Field]:
        """Members, and theirs below them; what refers to itself ends where it is nested too deep."""
        shape = self.shape_of(schema)
        required = shape.get("required", ())
        for name, member in shape.get("properties", {}).items():
            yield Field(prefix + name, self.type_of(member), name in required, self.description_of(member))
            inner, marks = self.inner(member)
            if inner is not None and depth < DEEPEST:
                yield from self.walk(inner, f"{prefix}{name}{marks}.", depth + 1)

    def inner(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, str]:
        """The object that a member holds, and [] where it is a list of them."""
        shape = self.shape_of(self.one_of(schema))
        if shape.get("type") == "array":
            inner, marks = self.inner(shape.get("items", {}))
            return inner, f"[]{marks}"
        return (shape if "properties" in shape else None), ""

    def one_of(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The only meaning of a schema besides null; where there are several, none is chosen."""
        choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
        return choices[0] if len(choices) == 1 else ({} if choices else schema)

    def shape_of(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        return resolved(schema, self.schemas)

    def description_of(self, schema: Mapping[str, Any]) -> str:
        return str(schema.get("description") or self.shape_of(self.one_of(schema)).get("description", ""))

    def type_of(self, schema: Mapping[str, Any]) -> str:
        if "anyOf" in schema or "oneOf" in schema:
            kinds = dict.fromkeys(self.type_of(one) for one in schema.get("anyOf", schema.get("oneOf", ())))
            return " or ".join(kinds)
        shape = self.shape_of(schema)
        if shape is not schema:
            return self.type_of(shape)
        if "const" in shape or "enum" in shape:
            return " · ".join(str(value) for value in shape.get("enum", [shape.get("const")]))
        return self.plain_type(shape)

    def plain_type(self, shape: Mapping[str, Any]) -> str:
        kind = str(shape.get("type", "anything"))
        if kind == "array":
            return f"list of {self.type_of(shape.get('items', {}))}"
        bounds = [f"{word} {_number(shape[name])}" for name, word in _BOUNDS.items() if name in shape]
        name = {"string": "text", "number": "number", "boolean": "true or false"}.get(kind, kind)
        return ", ".join([name, *bounds])

    def example(self, content: Mapping[str, Any]) -> str:
        schema = content.get("schema")
        value = content.get("example", made_up(schema, self.schemas) if schema else None)
        return "" if value is None else to_json(value, indent=2).decode()


def _number(bound: Any) -> str:
    return f"{bound:.0f}" if isinstance(bound, float) and bound.is_integer() else str(bound)


_BOUNDS = {
    "minLength": "at least",
    "maxLength": "at most",
    "minimum": "from",
    "maximum": "to",
    "maxItems": "at most",
    "format": "as",
}
