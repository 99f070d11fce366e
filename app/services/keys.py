"""Keys of the API: made, shown once, stored as a hash, found again, revoked.

A key is `glr_<live|test>_<workspace 26><key 26>_<secret 43>`: what is asked before a workspace is known is in the key itself.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
import string
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import workspace_transaction
from app.engine.ids import AgentId, WorkspaceId
from app.engine.vocabulary import Role
from app.identifiers import PATTERN, bytes_of, text_of
from app.models.workspaces import Mode
from app.queries import keys as queries
from app.tasks import ended

KNOWN_SECONDS = 0.9  # a revoked key is refused within a second, on every process
KNOWN_KEYS = 10_000
FIND_SECONDS = 1.5
USED_EVERY_SECONDS = 60.0
SECRET_LENGTH = 43  # of 62 characters: 256 bits
WORDS = {Mode.LIVE: "live", Mode.SANDBOX: "test"}
MODES = {word: mode for mode, word in WORDS.items()}

_ALPHABET = string.ascii_letters + string.digits
_FORM = re.compile(rf"glr_(live|test)_({PATTERN})({PATTERN})_([A-Za-z0-9]{{{SECRET_LENGTH}}})")
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).digest()

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Presented:
    """A key as it was sent, taken apart."""

    mode: Mode
    workspace: WorkspaceId
    id: bytes
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """A key as it is stored."""

    secret_hash: bytes = field(repr=False)
    role: Role
    agent: AgentId | None
    expires_at: datetime | None
    revoked_at: datetime | None
    mode: Mode
    rate_limit: str | None = None
    scopes: frozenset[str] | None = None
    previous_hash: bytes | None = field(default=None, repr=False)
    previous_until: datetime | None = None

    def opens_with(self, secret_hash: bytes) -> bool:
        """Whether this is its secret, or after a rotation the one before. Both are compared whole, whatever the first says."""
        present = hmac.compare_digest(self.secret_hash, secret_hash)
        before = hmac.compare_digest(self.previous_hash or _NOBODY, secret_hash)
        return present or (before and self.previous_until is not None and datetime.now(UTC) < self.previous_until)


_STRANGER = Known(_NOBODY, Role.READ_ONLY, None, None, None, Mode.LIVE)


@dataclass(frozen=True, slots=True)
class NewKey:
    """`text` is the key itself, and exists nowhere else."""

    id: bytes
    text: str = field(repr=False)
    secret_hash: bytes = field(repr=False)
    last_four: str


def parse(text: str) -> Presented | None:
    """None when it has not the form of a key."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    word, workspace, key, secret = found.groups()
    workspace_id, key_id = bytes_of(workspace), bytes_of(key)
    if workspace_id is None or key_id is None:
        return None
    return Presented(MODES[word], WorkspaceId(workspace_id), key_id, secret)


def make(workspace: WorkspaceId, mode: Mode, key_id: bytes) -> NewKey:
    secret = "".join(secrets.choice(_ALPHABET) for _ in range(SECRET_LENGTH))
    text = f"glr_{WORDS[mode]}_{text_of(workspace)}{text_of(key_id)}_{secret}"
    return NewKey(key_id, text, hash_of(secret), secret[-4:])


def hash_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


class KeyRing:
    """Finds keys, and remembers what it found for under a second. Lookups of one key at one time share a query."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._found: OrderedDict[tuple[WorkspaceId, bytes], tuple[float, Known | None]] = OrderedDict()
        self._asking: dict[tuple[WorkspaceId, bytes], asyncio.Task[Known | None]] = {}
        self._used: dict[tuple[WorkspaceId, bytes], datetime] = {}
        self._writer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._writer = asyncio.create_task(self._write_use())

    async def stop(self) -> None:
        if self._writer is not None:
            await ended(self._writer)
        await self.write_use()

    async def find(self, presented: Presented) -> Known | None:
        """The stored key whose secret this is, also when it is revoked or expired; None otherwise. Raises TimeoutError."""
        known = await self._known((presented.workspace, presented.id))
        right = (known or _STRANGER).opens_with(hash_of(presented.secret))
        return known if right and known is not None and known.mode is presented.mode else None

    def fresh_until(self, presented: Presented) -> float:
        """The time.monotonic() until which what `find` said may be repeated without asking again."""
        remembered = self._found.get((presented.workspace, presented.id))
        return 0.0 if remembered is None else remembered[0]

    def has_seen(self, presented: Presented) -> bool:
        """Whether the key's id was found lately: whoever names it is perhaps no stranger."""
        found = self._found.get((presented.workspace, presented.id))
        return found is not None and found[1] is not None

    def use(self, presented: Presented) -> None:
        """Remember that the key was used now; written down once a minute."""
        self._used[presented.workspace, presented.id] = datetime.now(UTC)

    async def _known(self, name: tuple[WorkspaceId, bytes]) -> Known | None:
        remembered = self._found.get(name)
        if remembered is not None and time.monotonic() < remembered[0]:
            return remembered[1]
        task = self._asking.get(name)
        if task is None:
            task = self._asking[name] = asyncio.create_task(self._ask(name))
            task.add_done_callback(lambda done: self._answered(name, done))
        async with asyncio.timeout(FIND_SECONDS):
            return await asyncio.shield(task)

    def _answered(self, name: tuple[WorkspaceId, bytes], task: asyncio.Task[Known | None]) -> None:
        self._asking.pop(name, None)
        if not task.cancelled():
            task.exception()  # all who asked may have gone meanwhile, and then nobody else looks at it

    async def _ask(self, name: tuple[WorkspaceId, bytes]) -> Known | None:
        until = time.monotonic() + KNOWN_SECONDS  # counted from before the look, so that it is never older
        workspace, key_id = name
        async with workspace_transaction(self._engine, workspace) as connection:
            rows = await connection.execute(queries.FIND, {"workspace_id": UUID(bytes=workspace), "id": UUID(bytes=key_id)})
            row = rows.first()
        known = None if row is None else _known_of(row)
        self._found[name] = (until, known)
        self._found.move_to_end(name)
        while len(self._found) > KNOWN_KEYS:
            self._found.popitem(last=False)
        return known

    async def _write_use(self) -> None:
        while True:
            await asyncio.sleep(USED_EVERY_SECONDS)
            await self.write_use()

    async def write_use(self) -> None:
        used, self._used = self._used, {}
        try:
            for (workspace, key_id), at in sorted(used.items()):
                async with workspace_transaction(self._engine, workspace) as connection:
                    values = {"workspace_id": UUID(bytes=workspace), "id": UUID(bytes=key_id), "at": at}
                    await connection.execute(queries.USED, values)
        except (SQLAlchemyError, OSError) as error:
            log.warning("key_use_not_written", error=type(error).__name__)


def _known_of(row: Any) -> Known:
    agent = None if row.agent_id is None else AgentId(row.agent_id.bytes)
    return Known(
        bytes(row.secret_hash),
        Role(row.role),
        agent,
        row.expires_at,
        row.revoked_at,
        Mode(row.mode),
        row.rate_limit,
        None if row.scopes is None else frozenset(row.scopes),
        None if row.previous_hash is None else bytes(row.previous_hash),
        row.previous_until,
    )
