"""What all answers have in common. These models describe; the bytes come from app.services.views, and tests hold both together."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_EXPECTED = "Expected a time with its zone, such as 2026-01-05T08:00:00.000Z, of the years 1970 to 9998."


class Out(BaseModel):
    """Every field is there in every answer; null means none."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


def written_out(value: object) -> object:
    """Nothing that could be taken for seconds, milliseconds or a local time."""
    if not isinstance(value, str) or _RFC_3339.fullmatch(value) is None:
        raise PydanticCustomError("wrong_form", _EXPECTED)
    return value


def storable(at: datetime) -> datetime:
    """Its offset cannot take it out of the calendar."""
    if not 1970 <= at.year <= 9998:
        raise PydanticCustomError("out_of_range", _EXPECTED)
    return at


def _digits(value: object) -> object:
    """A query is text: what else could be read as a number, 1.0 or 1_0 for example, is none."""
    if isinstance(value, str) and _WHOLE.fullmatch(value) is None:
        raise PydanticCustomError("wrong_type", "Expected a whole number.")
    return value


def _true_or_false(value: object) -> object:
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticCustomError("wrong_type", "It is true or false.")
    return value


TIME = {"type": "string", "format": "date-time", "examples": ["2026-01-05T08:00:00.000Z"]}
Moment = Annotated[datetime, WithJsonSchema(TIME)]
QueryMoment = Annotated[datetime, AfterValidator(storable), BeforeValidator(written_out), WithJsonSchema(TIME)]
QueryInt = Annotated[int, BeforeValidator(_digits)]
QueryBool = Annotated[bool, BeforeValidator(_true_or_false)]


class Count(Out):
    """How many there are."""

    count: int = Field(description="Exact up to 10,000.", examples=[42])
    capped: bool = Field(description="There are more than the count says.", examples=[False])


NextCursor = Annotated[
    str | None, Field(description="Send it as `cursor` for the next page; null on the last.", examples=["eyJoIjoi…"])
]
