"""What all answers have in common. These models describe; the bytes come from app.services.views, and tests hold both together."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema


class Out(BaseModel):
    """Every field is there in every answer; null means none."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


Moment = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-05T08:00:00.000Z"]}),
]


class Count(Out):
    """How many there are."""

    count: int = Field(description="Exact up to 10,000.", examples=[42])
    capped: bool = Field(description="There are more than the count says.", examples=[False])


NextCursor = Annotated[
    str | None, Field(description="Send it as `cursor` for the next page; null on the last.", examples=["eyJoIjoi…"])
]
