"""Customers as answers have them."""

from collections.abc import Mapping
from typing import Any

from app.identifiers import encode, encode_optional
from app.services.views.moments import stamp

Row = Mapping[str, Any]
View = dict[str, Any]


def customer_view(row: Row) -> View:
    """A row of `customers`; a dry run's has no id. `email` and `phone` are the primary ones of their kind."""
    contacts = row["contacts"]
    return {
        "id": encode_optional("cus", row["id"]),
        "external_id": row["external_id"],
        "name": row["name"],
        "email": _primary(contacts, "email"),
        "phone": _primary(contacts, "phone"),
        "tier": row["tier"],
        "language": row["language"],
        "preferred_channel": row["preferred_channel"],
        "contacts": [{name: one[name] for name in ("kind", "value", "verified", "primary")} for one in contacts],
        "attributes": row["attributes"],
        "metadata": row["metadata"],
        "merged_into_id": None if row["merged_into_id"] is None else encode("cus", row["merged_into_id"]),
        "version": row["version"],
        "created_at": stamp(row["created_at"]),
        "updated_at": stamp(row["updated_at"]),
    }


def _primary(contacts: list[View], kind: str) -> str | None:
    return next((one["value"] for one in contacts if one["kind"] == kind and one["primary"]), None)
