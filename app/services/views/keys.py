"""Keys as answers have them: everything but what opens."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.identifiers import encode, encode_optional
from app.services.views.moments import stamp, stamp_or_none

Row = Mapping[str, Any]

_UNTOLD = frozenset({"updated_at", "version", "last_used_at"})


def key_view(row: Row) -> dict[str, Any]:
    """A row of `api_keys`. The end of an overlap is told as long as it lies ahead."""
    overlap = row["previous_until"]
    return {
        "id": encode("key", row["id"]),
        "kind": row["kind"],
        "name": row["name"],
        "role": row["role"],
        "scopes": row["scopes"],
        "agent_id": encode_optional("agt", row["agent_id"]),
        "last_four": row["last_four"],
        "rate_limit": row["rate_limit"],
        "previous_until_at": stamp(overlap) if overlap is not None and overlap > datetime.now(UTC) else None,
        "created_at": stamp(row["created_at"]),
        "updated_at": stamp(row["updated_at"]),
        "last_used_at": stamp_or_none(row["last_used_at"]),
        "expires_at": stamp_or_none(row["expires_at"]),
        "revoked_at": stamp_or_none(row["revoked_at"]),
        "version": row["version"],
    }


def told_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit says of two views: a name may be a person's, so only that it changed is told."""
    changed: dict[str, Any] = {
        name: [before.get(name), value] for name, value in after.items() if name not in _UNTOLD and before.get(name) != value
    }
    return changed | ({"name": None} if "name" in changed else {})
