"""One read: a snapshot of one workspace, and where its log stood."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.api.context import Caller, Services
from app.db import workspace_transaction
from app.queries import events
from app.queries.events import Head
from app.services.documents import Documents, Known
from app.services.views.names import Names

DOCUMENTS = Documents()


@dataclass(frozen=True, slots=True)
class Reading:
    """All statements see the same moment; `head` says which."""

    connection: AsyncConnection
    workspace: UUID
    head: Head

    async def configuration(self, version: int | None = None) -> Known:
        """The configuration in force, or the one of a version."""
        return await DOCUMENTS.one(
            self.connection, self.workspace, self.head.configuration_version if version is None else version
        )

    async def names(self) -> Names:
        """What ids are called now."""
        return (await self.configuration()).names


@asynccontextmanager
async def reading(services: Services, caller: Caller, *, patience: float | None = None) -> AsyncIterator[Reading]:
    """A REPEATABLE READ READ ONLY transaction in the caller's workspace, when its turn has come.

    Raises Unavailable after `patience` seconds, by default one and a half.
    """
    workspace = UUID(bytes=caller.workspace)
    async with (
        services.reads.turn(caller.workspace, seconds=patience),
        workspace_transaction(services.engine, workspace, read_only=True) as connection,
    ):
        yield Reading(connection, workspace, await events.head(connection, workspace))
