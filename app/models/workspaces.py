"""Tenants."""

from enum import StrEnum

from sqlalchemy import Table, Text

from app.models.columns import AT, one_of, required, workspace_key
from app.models.metadata import metadata


class Mode(StrEnum):
    """What a workspace is for."""

    LIVE = "live"
    SANDBOX = "sandbox"  # its clock can be moved on


workspaces = Table(
    "workspaces",
    metadata,
    workspace_key(),
    required("slug", Text),
    required("name", Text),
    required("mode", Text),
    required("created_at", AT),
    one_of("mode", Mode),
)
