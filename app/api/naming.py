"""Names of the description's schemas: one name per schema, and one that a client's type may bear."""

from typing import Any

Schemas = dict[str, Any]


def readable_names(document: dict[str, Any]) -> dict[str, Any]:
    """Where two classes share a name FastAPI writes their modules' whole paths; the last part of the path is enough."""
    schemas: Schemas = document.get("components", {}).get("schemas", {})
    names = {name: _readable(name) for name in schemas if "__" in name}
    for name, readable in names.items():
        schemas[name]["title"] = readable  # generators name a type by its title
    if not names:
        return document
    renamed: dict[str, Any] = _renamed(document, {f"#/components/schemas/{old}": new for old, new in names.items()})
    renamed["components"]["schemas"] = {
        names.get(name, name): schema for name, schema in renamed["components"]["schemas"].items()
    }
    return renamed


def joined(schemas: Schemas, more: Schemas) -> Schemas:
    """Both together. Raises RuntimeError when one name stands for two things."""
    for name, schema in more.items():
        if name in schemas and _plain(schemas[name]) != _plain(schema):
            raise RuntimeError(f"two different schemas are named {name}")
    return {**more, **schemas}


def _readable(name: str) -> str:
    *_, module, plain = name.split("__")
    return "".join(part.title() for part in module.removesuffix("_out").split("_")) + plain


def _renamed(item: Any, names: dict[str, str]) -> Any:
    if isinstance(item, dict):
        return {
            key: f"#/components/schemas/{names[value]}" if key == "$ref" and value in names else _renamed(value, names)
            for key, value in item.items()
        }
    return [_renamed(one, names) for one in item] if isinstance(item, list) else item


def _plain(item: Any) -> Any:
    """Without what differs between two ways of writing the same: a default of null, and 1.0 for 1."""
    if isinstance(item, dict):
        return {key: _plain(value) for key, value in item.items() if not (key == "default" and value is None)}
    return [_plain(one) for one in item] if isinstance(item, list) else item
