"""Customers on the wire: what answers show."""

from pydantic import Field

from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.events import EventOut
from app.engine.vocabulary import Channel, ContactKind

CUSTOMER = "cus_069nnak9kphi75bkq3s0h6dn1k"


class ContactOut(Out):
    """A way to reach a customer."""

    kind: ContactKind = Field(description="What it is.", examples=["email"])
    value: str = Field(description="As it was sent.", examples=["dewi@example.com"])
    verified: bool = Field(description="Somebody made sure that it is theirs.", examples=[True])
    primary: bool = Field(description="The first choice among those of its kind.", examples=[True])


class CustomerFields(Out):
    """What a customer has beside an id."""

    external_id: str | None = Field(description="The id elsewhere.", examples=["crm-81"])
    name: str | None = Field(description="What people call them.", examples=["Dewi Lestari"])
    email: str | None = Field(description="The primary address among the contacts.", examples=["dewi@example.com"])
    phone: str | None = Field(description="The primary number among the contacts.", examples=["+62-811-5550100"])
    tier: str | None = Field(description="What rules look at, for tickets that come from now on.", examples=["vip"])
    language: str | None = Field(description="BCP 47; likewise.", examples=["id"])
    preferred_channel: Channel | None = Field(description="How they like to be answered.", examples=["whatsapp"])
    contacts: list[ContactOut] = Field(description="Where they can be reached.")
    attributes: dict[str, bool | int | float | str] = Field(description="Facts.", examples=[{"segment": "retail"}])
    metadata: dict[str, str] = Field(description="Texts of yours.", examples=[{"source": "crm"}])
    merged_into_id: str | None = Field(
        description="Who stands for this customer, where it was merged; that one may have been merged as well.", examples=[None]
    )
    version: int = Field(description="Counts changes; the ETag.", examples=[1])
    created_at: Moment = Field(description="First met.")
    updated_at: Moment = Field(description="Last changed.")


class CustomerOut(CustomerFields):
    """Who asks."""

    id: str = Field(description="Opaque.", examples=[CUSTOMER])


class CustomerDryRun(CustomerFields):
    """A customer as they would be. Nothing was stored."""

    id: str | None = Field(description="Null for somebody new.", examples=[None])
    would_status: int = Field(description="The status of the real call.", examples=[201])


class CustomerPage(Out):
    """One page of customers."""

    data: list[CustomerOut] = Field(description="In the order asked for.")
    next_cursor: NextCursor


class CustomerHistory(Out):
    """One page of a customer's history, oldest first."""

    data: list[EventOut] = Field(
        description="Lines of the log: what was created, changed, merged and set apart, and by whom. Of all fields but tier and "
        "language only the names are told."
    )
    next_cursor: NextCursor


class DeletionDryRun(Out):
    """What a deletion would have answered. Nothing was stored."""

    would_status: int = Field(description="The status of the real call.", examples=[204])
