"""A customer as the rows have it, gathered for commands: the state holds nobody."""

import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any

from app.engine.commands import CustomerDraft
from app.engine.contacts import Contact, told
from app.engine.ids import CustomerId
from app.engine.vocabulary import Channel, ContactKind

MOST_TICKETS = 10_000
"""How many tickets one merge may move: they are moved in one transaction."""


@dataclass(frozen=True, slots=True)
class Customer:
    """`merged_into` is set for one that was merged: everything new is that one's. Times in ms."""

    id: CustomerId
    external_id: str | None
    version: int
    created_at: int
    updated_at: int
    name: str | None = None
    tier: str | None = None
    language: str | None = None
    preferred_channel: Channel | None = None
    contacts: tuple[Contact, ...] = ()
    attributes: dict[str, str | int | float | bool] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    merged_into: CustomerId | None = None

    def changed(self, now: int, **fields: Any) -> "Customer":
        """With other fields, one version on."""
        return replace(self, version=self.version + 1, updated_at=now, **fields)


def differing(customer: Customer, draft: CustomerDraft) -> dict[str, Any]:
    """Fields of a known customer that a draft tells otherwise; what it leaves out stays as it is known."""
    found: dict[str, Any] = {}
    if draft.name is not None and draft.name != customer.name:
        found["name"] = draft.name
    if draft.tier is not None and draft.tier != customer.tier:
        found["tier"] = draft.tier
    if draft.language is not None and draft.language != customer.language:
        found["language"] = draft.language
    if draft.email is not None or draft.phone is not None:
        contacts = contacts_of(draft, customer.contacts)
        if contacts is not customer.contacts:
            found["contacts"] = contacts
    return found


def contacts_of(draft: CustomerDraft, known: tuple[Contact, ...] = ()) -> tuple[Contact, ...]:
    """Those that are known and those that the draft tells; `known` itself where it tells none."""
    if draft.email is not None:
        known = told(known, ContactKind.EMAIL, draft.email)
    if draft.phone is not None:
        known = told(known, ContactKind.PHONE, draft.phone)
    return known


def name_key(name: str) -> str:
    """A name as it is searched: case and the width of letters do not count."""
    return unicodedata.normalize("NFKC", name).casefold()
