"""Customers on the wire: what a caller may send."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.api.body import Patch
from app.api.schemas.conditions import Strict
from app.api.schemas.configuration import ExternalId, Language, LaxChannel, Line, Word
from app.api.schemas.tickets import AttributeName, MetadataName, Scalar, plain_names
from app.engine.contacts import MOST_CONTACTS, match_of
from app.engine.free_data import FREE_BYTES, free_bytes
from app.engine.vocabulary import ContactKind

MOST_ITEMS = 1000
LaxKind = Annotated[ContactKind, Field(strict=False)]
CustomerName = Annotated[str, Line, StringConstraints(max_length=200)]
ContactValue = Annotated[str, Line, StringConstraints(max_length=254)]
EXPECTED = {
    ContactKind.EMAIL: "Expected an address such as dewi@example.com.",
    ContactKind.PHONE: "Expected a number with its country, such as +62 811-5550-100.",
    ContactKind.WHATSAPP: "Expected a number with its country, such as +62 811-5550-100.",
}
CONTACTS = [{"kind": "email", "value": "dewi@example.com", "verified": True}, {"kind": "whatsapp", "value": "+62 811-5550-100"}]


class ContactIn(Strict):
    """A way to reach a customer. Kept as it is sent; found again however it is written."""

    kind: LaxKind = Field(description="What it is.", examples=["email"])
    value: ContactValue = Field(
        description="An address; a number with its country (E.164, marks between the digits do not matter); a name or id on a network.",
        examples=["dewi@example.com"],
    )
    verified: bool = Field(default=False, description="Whether somebody made sure that it is theirs.", examples=[True])
    primary: bool = Field(
        default=False, description="The first choice of its kind: one at most; the first one where none is.", examples=[True]
    )

    @field_validator("value")
    @classmethod
    def _is_one(cls, value: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        if kind is not None and match_of(kind, value) is None:
            raise PydanticCustomError("wrong_form", EXPECTED.get(kind, "Expected a name or id without spaces."))
        return value


def each_once(contacts: list[ContactIn]) -> list[ContactIn]:
    """No contact twice, however it is written, and one primary of a kind at most."""
    if len({(one.kind, match_of(one.kind, one.value)) for one in contacts}) < len(contacts):
        raise PydanticCustomError("repeated", "A contact stands here twice.")
    primary = [one.kind for one in contacts if one.primary]
    if len(set(primary)) < len(primary):
        raise PydanticCustomError("repeated", "At most one contact of a kind is primary.")
    return contacts


Contacts = Annotated[list[ContactIn], Field(max_length=MOST_CONTACTS)]


class NewCustomer(Strict):
    """Somebody new. Everything may be left out, but for one field."""

    external_id: ExternalId | None = Field(
        default=None,
        description="The customer's id elsewhere, unique: a second call with it gets the first customer.",
        examples=["crm-81"],
    )
    name: CustomerName | None = Field(default=None, description="What people call them.", examples=["Dewi Lestari"])
    tier: Word | None = Field(default=None, description="Rules and the strategy vip look at it.", examples=["vip"])
    language: Language | None = Field(default=None, description="BCP 47, lower case.", examples=["id"])
    preferred_channel: LaxChannel | None = Field(default=None, description="How they like to be answered.", examples=["whatsapp"])
    contacts: Contacts = Field(default_factory=list, description="Where they can be reached.", examples=[CONTACTS])
    attributes: dict[AttributeName, Scalar] = Field(
        default_factory=dict, max_length=50, description="Facts. With metadata at most 16 KiB.", examples=[{"segment": "retail"}]
    )
    metadata: dict[MetadataName, str] = Field(
        default_factory=dict, max_length=50, description="Texts of your own that nothing looks at.", examples=[{"source": "crm"}]
    )

    @field_validator("contacts")
    @classmethod
    def _contacts_once(cls, contacts: list[ContactIn]) -> list[ContactIn]:
        return each_once(contacts)

    @field_validator("attributes", "metadata")
    @classmethod
    def _names_are_plain(cls, given: dict[str, Any]) -> dict[str, Any]:
        return plain_names(given)

    @model_validator(mode="after")
    def _makes_sense(self) -> "NewCustomer":
        if not self.model_fields_set:
            raise PydanticCustomError("required", "A customer needs at least one field.")
        if free_bytes(self.attributes, self.metadata) > FREE_BYTES:
            raise PydanticCustomError(
                "too_many_bytes", f"attributes and metadata together may have at most {FREE_BYTES:,} bytes."
            )
        return self


class CustomerPatch(Patch):
    """A JSON merge patch (RFC 7396): what is left out stays, null clears, a list is replaced whole."""

    external_id: ExternalId | None = Field(default=None, description="The customer's id elsewhere.", examples=["crm-81"])
    name: CustomerName | None = Field(default=None, description="What people call them.", examples=["Dewi Lestari"])
    tier: Word | None = Field(default=None, description="For tickets that come from now on.", examples=["vip"])
    language: Language | None = Field(default=None, description="BCP 47, lower case; likewise.", examples=["id"])
    preferred_channel: LaxChannel | None = Field(default=None, description="How they like to be answered.", examples=["whatsapp"])
    contacts: Contacts | None = Field(default=None, description="All of them.", examples=[CONTACTS])
    attributes: dict[AttributeName, Scalar | None] | None = Field(
        default=None,
        max_length=50,
        description="Merged with those that are there; null takes one away.",
        examples=[{"segment": "retail"}],
    )
    metadata: dict[MetadataName, str | None] | None = Field(
        default=None, max_length=50, description="Merged likewise.", examples=[{"source": "crm"}]
    )

    @field_validator("contacts")
    @classmethod
    def _contacts_once(cls, contacts: list[ContactIn] | None) -> list[ContactIn] | None:
        return contacts and each_once(contacts)

    @field_validator("attributes", "metadata")
    @classmethod
    def _names_are_plain(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        return given and plain_names(given)


class CustomerItem(CustomerPatch):
    """A customer as a merge patch: whoever has the external id is changed, else somebody new has it."""

    external_id: ExternalId = Field(description="Who.", examples=["crm-81"])


class CustomersIn(Strict):
    """Up to 1,000 customers, put in order in one transaction."""

    items: list[CustomerItem] = Field(
        min_length=1, max_length=MOST_ITEMS, description="Each is one customer, found by external_id."
    )
    atomic: bool = Field(default=False, description="All or nothing: one refused item refuses the call.", examples=[False])


class MergeIn(Strict):
    """Who the customer is as well."""

    into: str = Field(
        min_length=1,
        max_length=260,
        description="The customer who stays: an id, or ext:<external_id>.",
        examples=["cus_069nnak9kphi75bkq3s0h6dn1k"],
    )


class ContactSought(Strict):
    """A contact, however it is written."""

    value: ContactValue = Field(description="An address, a number with its country, a name.", examples=["+62 811 5550 100"])
    kind: LaxKind | None = Field(default=None, description="What it is; any kind when left out.", examples=["phone"])


class CustomerSearch(Strict):
    """Exactly one of external_id, contact and name."""

    external_id: ExternalId | None = Field(default=None, description="The id elsewhere.", examples=["crm-81"])
    contact: ContactSought | None = Field(default=None, description="Who can be reached so.")
    name: CustomerName | None = Field(default=None, description="The beginning of a name, whatever its case.", examples=["dewi"])
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.", examples=[50])
    cursor: str | None = Field(
        default=None, max_length=2000, description="next_cursor of the page before, of the same search.", examples=[None]
    )

    @model_validator(mode="after")
    def _seeks_one_thing(self) -> "CustomerSearch":
        if sum(one is not None for one in (self.external_id, self.contact, self.name)) != 1:
            raise PydanticCustomError("wrong_form", "Send exactly one of external_id, contact and name.")
        return self
