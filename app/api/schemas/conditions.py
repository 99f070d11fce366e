"""A rule's condition on the wire: described in full, read as a plain object, checked by the engine."""

import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

DEEPEST = 100


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AllOf(Strict):
    """Every one of these holds."""

    all: list["Condition"] = Field(min_length=1, description="Conditions that must all hold.")


class AnyOf(Strict):
    """At least one of these holds."""

    any: list["Condition"] = Field(min_length=1, description="Conditions of which one must hold.")


class NotOf(Strict):
    """This does not hold."""

    not_: "Condition" = Field(alias="not", description="The condition that must not hold.")


class Comparison(Strict):
    """One field against a value. Which operations a field knows stands in docs/configuration.md."""

    field: str = Field(description="kind, channel, priority, category, language, area, customer.tier, attributes.<key>, text, "
                       "subject, local_time or local_weekday.", examples=["text"])  # fmt: skip
    op: str = Field(description="eq, ne, in, not_in, exists, gt, gte, lt, lte, contains, matches, contains_any, matches_any or "
                    "between.", examples=["contains"])  # fmt: skip
    value: str | int | float | bool | list[str | int | float | bool] = Field(
        description="What the field is held against; a list for the operations that take several.", examples=["refund"]
    )


Condition = AllOf | AnyOf | NotOf | Comparison
for _model in (AllOf, AnyOf, NotOf):
    _model.model_rebuild()


def bounded(value: object) -> object:
    """Refuse what cannot be stored: nesting beyond any rule, numbers that JSON has not, text that a database has not."""
    rows = [(value, 1)]
    while rows:
        item, depth = rows.pop()
        if depth > DEEPEST:
            raise PydanticCustomError("too_deep", "A condition nests at most 20 deep.")
        if isinstance(item, dict):
            rows.extend((each, depth + 1) for pair in item.items() for each in pair)
        elif isinstance(item, list):
            rows.extend((each, depth + 1) for each in item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise PydanticCustomError("finite_number", "Only finite numbers.")
        elif isinstance(item, int) and not -(2**63) <= item < 2**63:
            raise PydanticCustomError("number_too_large", "A whole number fits in 64 bits.")
        elif isinstance(item, str) and any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in item):
            raise PydanticCustomError("text_not_storable", "Text without NUL and without lone surrogates.")
    return value


class DescribedCondition:
    """Described as the recursive Condition; read as a plain object, because the engine's own check says what is wrong with it."""

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(TypeAdapter[Any](Condition).core_schema)


When = Annotated[dict[str, Any], BeforeValidator(bounded), DescribedCondition]
