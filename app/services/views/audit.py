"""Entries of the audit as answers have them."""

from collections.abc import Mapping
from typing import Any

from app.identifiers import encode, encode_optional
from app.services.views.events import data_view
from app.services.views.moments import stamp

Row = Mapping[str, Any]


def entry_view(row: Row, *, workspace: bytes) -> dict[str, Any]:
    """A row of `audit_entries`."""
    kind = row["subject_type"]
    return {
        "id": encode("aud", row["id"]),
        "at": stamp(row["at"]),
        "operation": row["operation"],
        "outcome": row["outcome"],
        "actor": {"type": row["actor_type"], "id": row["actor_id"]},
        "key_id": encode_optional("key", row["key_id"]),
        "person": row["person"],
        "subject": {"type": kind, "id": encode("wsp", workspace) if kind == "workspace" else row["subject_id"]},
        "changed": dict(row["changed"]) if row["event_type"] is None else _of_event(row["event_type"], row["changed"]),
        "seq": row["seq"],
        "times": row["times"],
        "ip": row["ip"],
        "user_agent": row["user_agent"],
        "request_id": row["request_id"],
    }


def _of_event(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says of a change: its own list of it, or all it holds as what is so now."""
    if kind == "configuration.applied":
        return {"configuration_version": [data["version"] - 1, data["version"]]}
    shown = data_view(kind, data)
    changed = shown.get("changed")
    if isinstance(changed, dict):
        return changed
    return {name: [None, value] for name, value in shown.items() if name != "agent_id" and value not in (None, [])}
