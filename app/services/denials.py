"""Attempts at what only administrators do, by keys that may not: told in the audit, many of a kind as one entry."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import workspace_transaction
from app.dispatch.origins import Origin
from app.models.audit_entries import AuditOutcome
from app.queries import audit
from app.services.changes import entry
from app.tasks import ended

WRITE_SECONDS = 5.0
MOST = 1_000  # kinds between two writings; whoever is beyond is not told

log = structlog.get_logger()


@dataclass(slots=True)
class _Denied:
    first: Origin
    times: int = 1


class Denials:
    """One per process. A flood of attempts with one key costs one row each few seconds, and no request waits for it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._noted: dict[tuple[bytes, str, bytes | None], _Denied] = {}
        self._writer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._writer = asyncio.create_task(self._write_on())

    async def stop(self) -> None:
        if self._writer is not None:
            await ended(self._writer)
        await self.write()

    def note(self, workspace: bytes, origin: Origin) -> None:
        """Remember an attempt; written down within seconds."""
        kind = workspace, origin.operation, origin.key
        if (known := self._noted.get(kind)) is not None:
            known.times += 1
        elif len(self._noted) < MOST:
            self._noted[kind] = _Denied(origin)

    async def _write_on(self) -> None:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            await self.write()

    async def write(self) -> None:
        """Tell what was noted so far."""
        noted, self._noted = self._noted, {}
        try:
            for (workspace, operation, _), denied in sorted(noted.items(), key=lambda one: one[1].first.id):
                row = entry(
                    denied.first,
                    UUID(bytes=workspace),
                    "operation",
                    operation,
                    changed={},
                    outcome=AuditOutcome.DENIED,
                    times=denied.times,
                )
                async with workspace_transaction(self._engine, workspace) as connection:
                    await audit.append(connection, row)
        except (SQLAlchemyError, OSError) as error:
            log.warning("denials_not_written", error=type(error).__name__)
