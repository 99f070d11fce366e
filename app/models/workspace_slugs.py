"""The directory from a slug to its workspace, read before the workspace is known; only the owner's role writes it."""

from sqlalchemy import Table, Text

from app.models.columns import ID, key, required
from app.models.metadata import metadata

workspace_slugs = Table("workspace_slugs", metadata, key("slug", Text), required("workspace_id", ID))
