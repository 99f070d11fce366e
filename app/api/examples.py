"""Examples of whole objects, made from those of their fields."""

from collections.abc import Mapping
from typing import Any

DEEPEST = 4

Schema = Mapping[str, Any]


def resolved(schema: Schema, schemas: Schema) -> Schema:
    """The schema that a reference means."""
    while "$ref" in schema:
        schema = schemas.get(schema["$ref"].rpartition("/")[2], {})
    return schema


def made_up(schema: Schema, schemas: Schema, depth: int = 1) -> Any:
    """Something that fits `schema`; what refers to itself ends where it is nested too deep."""
    shape = resolved(schema, schemas)
    given = schema.get("examples") or shape.get("examples") or shape.get("enum")
    if given or "const" in shape:
        return given[0] if given else shape["const"]
    if "properties" in shape:
        return {name: made_up(member, schemas, depth + 1) for name, member in shape["properties"].items() if depth <= DEEPEST}
    if "anyOf" in shape:
        return made_up(shape["anyOf"][0], schemas, depth)
    if shape.get("type") == "array":
        item = made_up(shape.get("items", {}), schemas, depth + 1)
        return [] if item in (None, {}) else [item]
    return shape.get("default", {"object": {}, "boolean": False, "integer": 0}.get(str(shape.get("type"))))
