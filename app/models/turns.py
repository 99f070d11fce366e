"""How far each agent has come in the turns of a queue."""

from sqlalchemy import BigInteger, Table

from app.models.columns import ID, key, required, workspace_key
from app.models.metadata import metadata

turns = Table(
    "turns",
    metadata,
    workspace_key(),
    key("queue_id", ID),
    key("agent_id", ID),
    required("last_seq", BigInteger),
    required("pass", BigInteger),
    required("credit", BigInteger),
    required("assigned", BigInteger),
)
