"""Two forms of what is read: with all that the service adds, or as a document has it, to be sent back."""

from typing import Literal

from pydantic import BaseModel, Field


class FormatQuery(BaseModel):
    """In which form."""

    format: Literal["full", "document"] = Field(
        default="full", description="document: without id, version and times, as PUT takes it back."
    )

    @property
    def is_document(self) -> bool:
        return self.format == "document"
