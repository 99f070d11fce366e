"""Many customers in one call: what comes back."""

from pydantic import Field

from app.api.schemas.answers import Out
from app.api.schemas.bulk import ItemResult
from app.api.schemas.customers_out import CustomerDryRun, CustomerOut


class CustomerResult(ItemResult):
    """What was done with one item."""

    customer: CustomerOut | None = Field(description="The customer as they are after the item; null where it was refused.")


class CustomersOut(Out):
    """One result per item, in order."""

    results: list[CustomerResult] = Field(description="In the order of items.")


class CustomerDryResult(ItemResult):
    """What would be done with one item."""

    customer: CustomerDryRun | None = Field(description="The customer as they would be; null where it would be refused.")


class CustomersDryRun(Out):
    """What a call would have answered. Nothing was stored."""

    results: list[CustomerDryResult] = Field(description="In the order of items.")
    would_status: int = Field(description="The status of the real call.", examples=[200])
