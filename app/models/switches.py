"""What is paused or drained: `subject_id` is a queue's id, or the workspace's own for the stop switch."""

from sqlalchemy import Table, Text

from app.engine.vocabulary import QueueState
from app.models.columns import AT, ID, key, one_of, required, workspace_key
from app.models.metadata import metadata

switches = Table(
    "switches",
    metadata,
    workspace_key(),
    key("subject_id", ID),
    required("state", Text),
    required("since", AT),
    one_of("state", QueueState),
)
