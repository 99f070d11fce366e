"""JSON Schema as Python annotations, and the schemas of the description as TypedDicts."""

import keyword
import textwrap
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

HEADER = '"""Written by `make openapi` from the API\'s description. Do not edit."""\n'
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def annotation(schema: Schema, prefix: str = "") -> str:
    """The type of a value. `prefix` stands before the names of models."""
    if reference := schema.get("$ref"):
        return prefix + str(reference).rpartition("/")[2]
    if literal := schema.get("enum", [schema["const"]] if "const" in schema else None):
        return f"Literal[{', '.join(map(repr, literal))}]"
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(unique(annotation(one, prefix) for one in several))
    return typed(schema, prefix)


def typed(schema: Schema, prefix: str) -> str:
    """By the word `type`."""
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(unique(typed({**schema, "type": one}, prefix) for one in kind))
    if kind == "array":
        return f"list[{annotation(schema.get('items', {}), prefix)}]"
    if kind == "object":
        return mapping(schema, prefix)
    return PLAIN.get(str(kind), "Any")


def mapping(schema: Schema, prefix: str) -> str:
    """A dict by its values' type; where that is open, of anything."""
    values = [*schema.get("patternProperties", {}).values()]
    if isinstance(schema.get("additionalProperties"), dict):
        values.append(schema["additionalProperties"])
    return f"dict[str, {' | '.join(unique(annotation(one, prefix) for one in values)) or 'Any'}]"


def unique(names: Iterator[str]) -> list[str]:
    """None last, as people write it."""
    found = list(dict.fromkeys(part for name in names for part in name.split(" | ")))
    return sorted(found, key=lambda name: name == "None") if all("[" not in name for name in found) else found


def models(schemas: dict[str, Schema]) -> Iterator[str]:
    """The lines of models.py."""
    yield HEADER
    yield "from __future__ import annotations\n"
    yield "from typing import Any, Literal, NotRequired, TypeAlias, TypedDict\n"
    yield f"__all__ = {sorted(schemas)!r}\n"
    for name, schema in sorted(schemas.items(), key=lambda item: ("enum" not in item[1], item[0])):
        if "properties" in schema:
            yield from model(name, schema)
        else:
            yield (
                f"{name}: TypeAlias = {annotation(schema)!r}"
                if "enum" not in schema
                else f"{name}: TypeAlias = {annotation(schema)}"
            )
            yield docstring(schema.get("description", name), "")


def model(name: str, schema: Schema) -> Iterator[str]:
    fields: dict[str, Schema] = schema["properties"]
    required = set(schema.get("required", ()))
    if not all(field.isidentifier() and not keyword.iskeyword(field) for field in fields):
        kinds = {field: annotation(inside) for field, inside in fields.items()}
        items = (f"{field!r}: {(kind if field in required else f'NotRequired[{kind}]')!r}" for field, kind in kinds.items())
        yield f"\n{name} = TypedDict({name!r}, {{{', '.join(items)}}})"
        yield docstring(schema.get("description", name), "")
        return
    yield f"\nclass {name}(TypedDict):"
    yield docstring(schema.get("description", name), "    ")
    for field, inside in fields.items():
        kind = annotation(inside)
        if said := inside.get("description"):
            yield from textwrap.wrap(said, 120, initial_indent="    # ", subsequent_indent="    # ")
        yield f"    {field}: {kind if field in required else f'NotRequired[{kind}]'}"


def docstring(text: str, indent: str) -> str:
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, 116) or [""]]
    inside = "\n".join([lines[0], *(f"{indent}{line}".rstrip() for line in lines[1:])])
    return f'{indent}"""{inside}"""' if len(lines) == 1 else f'{indent}"""{inside}\n{indent}"""'
