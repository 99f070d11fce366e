"""The description of the API, as the walkers read it: operations, their parameters and bodies, and what may be answered."""

import re
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from app.main import create_app
from app.settings import Settings

Json = dict[str, Any]

DOCUMENT: Json = create_app(Settings()).openapi()
PLACEHOLDER = re.compile(r"{(\w+)}")
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, with what the description says of it."""

    id: str
    method: str
    path: str
    said: Json

    @property
    def is_open(self) -> bool:
        return not self.said["security"]

    @property
    def statuses(self) -> frozenset[int]:
        return frozenset(int(status) for status in self.said["responses"])

    @property
    def path_names(self) -> list[str]:
        return PLACEHOLDER.findall(self.path)

    @property
    def queries(self) -> dict[str, Json]:
        return {one["name"]: one for one in self.said.get("parameters", ()) if one["in"] == "query"}

    @property
    def takes_dry_run(self) -> bool:
        return "dry_run" in self.queries

    @property
    def body(self) -> Json | None:
        """The schema of the body, references resolved by its own components."""
        if "requestBody" not in self.said:
            return None
        return complete(self.said["requestBody"]["content"]["application/json"]["schema"])

    def media_types(self, status: int) -> list[str]:
        return list(self.said["responses"][str(status)].get("content", {}))


def complete(schema: Json) -> Json:
    """A schema that stands alone."""
    return {**schema, "components": DOCUMENT["components"]}


def resolved(schema: Json) -> Json:
    """What a reference stands for."""
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


_VALIDATORS: dict[str, Draft202012Validator] = {}


def breaks(name: str, schema: Json, value: Any) -> str | None:
    """What of `value` the schema does not allow, in one line; None when it fits. `name` says which schema it is."""
    validator = _VALIDATORS.get(name)
    if validator is None:
        validator = _VALIDATORS[name] = Draft202012Validator(complete(schema))
    try:
        validator.validate(value)  # the first error only: ten thousand of them, each with a copy of the value, fill gigabytes
    except ValidationError as found:
        return f"{'/'.join(map(str, found.instance_path))}: {found.message[:120]}"
    return None


OPERATIONS = tuple(
    Operation(said["operationId"], method.upper(), path, said)
    for path, methods in DOCUMENT["paths"].items()
    for method, said in methods.items()
)
BEHIND_A_KEY = tuple(operation for operation in OPERATIONS if not operation.is_open)
BY_ID = {operation.id: operation for operation in OPERATIONS}
