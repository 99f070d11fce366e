"""A code from the command line, given once for a session: a key that ends soon."""

import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import workspace_transaction
from app.dispatch.origins import Origin
from app.engine.vocabulary import Role
from app.errors import Unauthenticated
from app.models.api_keys import KeyKind
from app.models.workspaces import Mode
from app.queries import audit, events, keys
from app.queries.keys import Row
from app.services import key_changes
from app.services.changes import entry
from app.services.key_changes import Draft
from app.services.keys import NewKey, hash_of, parse
from app.services.views.keys import key_view, told_changes

CODE_SECONDS = 600
SESSION_SECONDS = 12 * 3600
PREFIX = "gll_"
_KEYS_OWN = re.compile("glr_(?:live|test)_")


def code_of(key: NewKey) -> str:
    """As the key, but under another name: it is none."""
    return _KEYS_OWN.sub(PREFIX, key.text, count=1)


async def begin(engine: AsyncEngine, code: str, origin_of: Callable[[NewKey], Origin]) -> tuple[NewKey, Row, int]:
    """The session's key, its row, and the last event of its workspace. The code opens nothing afterwards.

    Raises Unauthenticated, the same whatever is wrong.
    """
    presented = parse(f"glr_live_{code.removeprefix(PREFIX)}") if code.startswith(PREFIX) else None
    if presented is None:
        raise _refused()
    workspace, now = UUID(bytes=presented.workspace), datetime.now(UTC)
    async with workspace_transaction(engine, workspace) as connection:
        found = await connection.execute(keys.LOGIN, {"workspace_id": workspace, "id": UUID(bytes=presented.id), "at": now})
        row = found.first()
        if row is None or not hmac.compare_digest(bytes(row.secret_hash), hash_of(presented.secret)):
            raise _refused()
        await keys.change(connection, workspace, row.id, {"revoked_at": now, "updated_at": now})
        ends = now + timedelta(seconds=SESSION_SECONDS)
        draft = Draft(Role(row.role), row.name, row.agent_id, ends, kind=KeyKind.SESSION)
        key, made = await key_changes.create(connection, presented.workspace, Mode(row.mode), draft)
        told = told_changes({}, key_view(made))
        await audit.append(connection, entry(origin_of(key), workspace, *key_changes.subject_of(made), changed=told))
        return key, made, await events.last_seq(connection, workspace)


def _refused() -> Unauthenticated:
    return Unauthenticated(
        "invalid_code",
        "This code opens nothing: it was used, is older than ten minutes, or was not copied whole. Ask for another one.",
        headers={"WWW-Authenticate": 'Bearer realm="giliran"'},
    )
