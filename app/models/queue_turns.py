"""The present pass of a queue: where newcomers and returners start."""

from sqlalchemy import BigInteger, Table

from app.models.columns import ID, key, required, workspace_key
from app.models.metadata import metadata

queue_turns = Table("queue_turns", metadata, workspace_key(), key("queue_id", ID), required("pass", BigInteger))
